import type { Request, RequestHandler } from 'express'
import { type Caller, mayUse, PUBLIC } from '../access/caller.ts'
import { Problem } from './problems.ts'
import { spendOfAddress, spendOfKey } from './quota.ts'
import type { Deps, Route } from './route.ts'

/** Longer than any key with its scheme: not looked at. */
const LONGEST = 200

/** Finds out who asks. The caller stands in `req.caller` from here on; whether that is allowed is seen by the route. */
export function identify({ keys }: Pick<Deps, 'keys'>): RequestHandler {
  return (req, _res, next) => {
    const key = keyOf(req)
    const caller = key === null ? PUBLIC : keys.callerOf(key)
    req.caller = caller ?? PUBLIC
    req.unknownKey = caller === null
    next()
  }
}

/** Refuses what the key does not allow, and what passes a quota. */
export function checkAccess({ access }: Route, deps: Deps): RequestHandler {
  return (req, res, next) => {
    if (access === 'open') return next()
    spendOfAddress(1, req, res, deps)
    if (req.unknownKey) throw new Problem('unknown-key')
    const { caller } = req
    const atHome = fromOwnPage(req)
    // What foreign pages ask with a browser key is not the shop's doing.
    if (atHome) spendOfKey(1, req, res, deps)
    if (!mayUse(caller, access)) {
      if (caller.key) throw new Problem('not-allowed')
      res.set('WWW-Authenticate', 'Bearer')
      throw new Problem('key-needed')
    }
    if (!atHome) throw new Problem('origin-not-allowed')
    next()
  }
}

/** A browser key is used from the pages that it was made for: it stands in them for everyone to read. */
const fromOwnPage = ({ caller, headers }: Request): boolean =>
  caller.role !== 'browser' || caller.key!.origins.includes(headers.origin ?? '')

/**
 * The key that came with a request, '' when it can be none: so is any other scheme than Bearer, else who forgets that word
 * would be taken for the public without being told. Never from the URL, which stands in histories and logs.
 */
function keyOf({ headers }: Request): string | null {
  const { authorization } = headers
  if (authorization !== undefined && !/^Bearer(\s|$)/i.test(authorization)) return ''
  const given = authorization ?? headers['x-api-key']
  if (typeof given !== 'string') return null
  return given.length > LONGEST ? '' : given.replace(/^Bearer\s*/i, '')
}

declare module 'express-serve-static-core' {
  interface Request {
    /** Set by `identify`; without a key, or with one that nobody has, the public. */
    caller: Caller
    unknownKey: boolean
  }
}
