import cors, { type CorsOptions } from 'cors'
import type { Request, RequestHandler } from 'express'
import { mayUse, PUBLIC } from '../access/caller.ts'
import type { Route } from './route.ts'

/** What scripts of a page may send and read beside what every page may. */
const ALLOWED = ['Authorization', 'Content-Type', 'If-None-Match', 'X-Api-Key', 'X-Request-Id']
const EXPOSED = ['ETag', 'Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id']
/** Seconds for which a browser may remember the answer to a preflight; it takes as much of it as it likes. */
const REMEMBERED = 86_400

const ANYBODY: CorsOptions = { origin: '*', exposedHeaders: EXPOSED }
const NOBODY: CorsOptions = { origin: false }

/**
 * Lets pages read the answers, refusals too: every page what was asked without a key (or with one that nobody has), its own
 * pages what was asked with a browser key. Other keys do not belong into pages: what they are answered no page can read.
 * Credentials (cookies) are never allowed, and there are none.
 */
export function answerPages(): RequestHandler {
  const answer = cors((req, done) => done(null, optionsFor(req as Request)))
  return (req, res, next) => {
    // The same URL is answered differently by key, so no cache may mix them up.
    res.setHeader('Vary', 'Authorization, X-Api-Key')
    if (req.method === 'OPTIONS') next()
    else answer(req, res, next)
  }
}

function optionsFor({ caller, headers, path }: Request): CorsOptions {
  if (!path.startsWith('/v1/') && path !== '/openapi.json') return NOBODY
  if (!caller.key) return ANYBODY
  return { origin: (caller.role === 'browser' && headers.origin) || false, exposedHeaders: EXPOSED }
}

/** Answers the preflights of a path: the methods that need no key or a browser key. Null where there are none. */
export function answerPreflight(operations: readonly Route[]): RequestHandler | null {
  const open = operations.filter(
    ({ access, path }) =>
      path.startsWith('/v1/') && (mayUse(PUBLIC, access) || mayUse({ role: 'browser' }, access)),
  )
  if (open.length === 0) return null
  // A preflight brings no key: that the page is one of the key's is seen by the request itself.
  return cors({
    origin: '*',
    methods: open.map(({ method }) => method.toUpperCase()),
    allowedHeaders: ALLOWED,
    maxAge: REMEMBERED,
  })
}
