import type { Request, RequestHandler } from 'express'
import { type Caller, mayUse, PUBLIC } from '../access/caller.ts'
import { Problem } from './problems.ts'
import type { Deps, Route } from './route.ts'

/** Finds out who asks and refuses what the key does not allow. The caller stands in `req.caller` from here on. */
export function checkAccess({ access }: Route, { keys }: Deps): RequestHandler {
  return (req, res, next) => {
    req.caller = PUBLIC
    if (access === 'open') return next()
    const key = keyOf(req)
    if (key !== null) {
      const caller = keys.callerOf(key)
      if (!caller) throw new Problem('unknown-key')
      req.caller = caller
    }
    if (!mayUse(req.caller, access)) {
      if (key !== null) throw new Problem('not-allowed')
      res.set('WWW-Authenticate', 'Bearer')
      throw new Problem('key-needed')
    }
    next()
  }
}

/** Never from the URL, which stands in histories and logs. */
function keyOf({ headers }: Request): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const given = headers['x-api-key']
  return bearer ?? (typeof given === 'string' ? given : null)
}

declare module 'express-serve-static-core' {
  interface Request {
    /** Set by `checkAccess`. */
    caller: Caller
  }
}
