import pg from 'pg'

/** How long a connection may take to come, and rest before it is closed (milliseconds). */
const CONNECT_TIMEOUT = 10_000
const IDLE_TIMEOUT = 30_000
/** How long one statement may take, and how long a transaction may do nothing, before the server ends it (milliseconds). */
const STATEMENT_TIMEOUT = 60_000
const IDLE_IN_TRANSACTION = 120_000

/** Something that statements can be sent to: a pool, or one connection. */
export type Queryable = Pick<pg.ClientBase, 'query'>

export interface PoolOptions {
  /** Connections at most. */
  size?: number
  /** The server refuses every change. */
  readonly?: boolean
}

/** The connections of this process to a server. `url`: postgres://user:password@host:port/database. */
export function openPool(url: string, { size = 8, readonly = false }: PoolOptions = {}): pg.Pool {
  const settings = {
    statement_timeout: STATEMENT_TIMEOUT,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
    // Statements are short and many: compiling them, or planning them anew each time, takes longer than they do.
    jit: 'off',
    plan_cache_mode: 'force_generic_plan',
    // No question of ours is for a whole table, but the plan of a new, empty one would say so and be kept.
    enable_seqscan: 'off',
    default_transaction_read_only: readonly ? 'on' : 'off',
  }
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'vpostcode',
    max: size,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    idleTimeoutMillis: IDLE_TIMEOUT,
    keepAlive: true,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types: { getTypeParser },
  })
  // A connection that breaks while nothing is asked is replaced; who has it hears of it with the next statement.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

const [INT8, JSON_TEXT, NUMERIC] = [20, 114, 1700]

/** bigint comes as a number, json as its text. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8 || oid === NUMERIC) return safeNumber
  if (oid === JSON_TEXT) return (text: string) => text
  return pg.types.getTypeParser(oid, format as 'text')
}

function safeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is no safe integer`)
  return number
}

/** Statements are prepared once a connection, under a name of their own. */
const names = new Map<string, string>()
function nameOf(text: string): string {
  let name = names.get(text)
  if (!name) {
    name = `v${names.size}`
    names.set(text, name)
  }
  return name
}

/** Rows by position. The text is one of few: what changes from question to question is in `values`. */
export async function rows<R extends unknown[]>(
  db: Queryable,
  text: string,
  ...values: unknown[]
): Promise<R[]> {
  const result = await db.query<R>({ name: nameOf(text), text, values, rowMode: 'array' })
  return result.rows
}

/** The first column of each row. */
export async function column<T>(db: Queryable, text: string, ...values: unknown[]): Promise<T[]> {
  return (await rows<[T]>(db, text, ...values)).map(([value]) => value)
}

/** The first column of the first row. */
export async function one<T>(db: Queryable, text: string, ...values: unknown[]): Promise<T | undefined> {
  return (await column<T>(db, text, ...values))[0]
}

/** How many rows a change concerned. */
export async function change(db: Queryable, text: string, ...values: unknown[]): Promise<number> {
  const result = await db.query({ name: nameOf(text), text, values })
  return result.rowCount ?? 0
}
