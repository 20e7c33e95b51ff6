import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Metrics } from './metrics.ts'
import type { ProblemCode } from './problems.ts'

/** A trace id of the caller is taken over when it cannot carry anything else: a UUID or 32 hexadecimal digits. */
const TRACE_ID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i

/**
 * One line and one count a request: id, method, route pattern, status, milliseconds, number of the key, code of a refusal.
 * URL, query, body and client address are personal data (an address stands in them) and never reach the log, therefore no
 * serialiser of a library is used here.
 */
export function logRequests(log: Logger, metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const started = performance.now()
    const given = req.headers['x-request-id']
    req.id = typeof given === 'string' && TRACE_ID.test(given) ? given.toLowerCase() : randomUUID()
    res.set('X-Request-Id', req.id)
    res.once('close', () => {
      const ms = performance.now() - started
      const route = req.route?.path ?? null
      metrics.request(req.method, route, res.statusCode, ms / 1000)
      const line = {
        id: req.id,
        method: req.method,
        route,
        status: res.statusCode,
        ms: Math.round(ms * 100) / 100,
        // A number: the key itself never reaches the log.
        ...(req.caller?.key ? { key: req.caller.key.id } : {}),
        ...(req.problem ? { problem: req.problem } : {}),
        ...(res.writableFinished ? {} : { cut: true }),
      }
      // Refused on purpose, to stay able to answer the others: no fault of the server.
      if (res.statusCode === 503 && req.problem) log.warn(line, 'request')
      else if (res.statusCode >= 500) log.error(line, 'request')
      else log.info(line, 'request')
    })
    next()
  }
}

/** Kind and place of an unexpected error. Its message may quote what a user sent and is left out. */
export function logFailure(log: Logger, id: string, error: unknown): void {
  const frames =
    error instanceof Error ? (error.stack ?? '').split('\n').filter((l) => /^\s+at /.test(l)) : []
  const kind = error instanceof Error ? error.name : typeof error
  const code = (error as { code?: unknown })?.code
  log.error(
    { id, kind, code: typeof code === 'string' ? code : undefined, stack: frames.join('\n') },
    'failure',
  )
}

declare module 'express-serve-static-core' {
  interface Request {
    /** Why it was refused; set with the answer. */
    problem?: ProblemCode
    /** Set by `logRequests`; also in the header X-Request-Id and in problems. */
    id: string
  }
}
