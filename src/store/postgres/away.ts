/** Codes of Node and of PostgreSQL (08: connections; 57P: the server stops or starts; 53300: it has no connection left). */
const AWAY =
  /^(?:E(?:CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|08...|57P0[123]|53300|25006)$/
/** What the driver says in words only. */
const SAID =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/

/** Could the database not be asked, for it is away, starts, stops or takes no more connections? The same can be asked again. */
export function isAway(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isAway)
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  return AWAY.test(String(code)) || SAID.test(String(message))
}
