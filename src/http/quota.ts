import type { Request, Response } from 'express'
import { secondsLeft, WINDOW } from '../access/counts.ts'
import { networkOf } from '../access/network.ts'
import { Problem } from './problems.ts'
import type { Deps } from './route.ts'

/** What a request counts in: `title` is its name in the headers, `name` whose count it is. */
interface Quota {
  title: 'address' | 'key'
  name: string
  limit: number
}

type With = Pick<Deps, 'counts' | 'settings'>

/**
 * Counts `n` requests of the client's address: of those who ask without a key and, for each line of keys by itself, of those who
 * use a browser key, which everybody can read. Throws `too-many-requests`.
 */
export function spendOfAddress(n: number, req: Request, res: Response, deps: With): void {
  const limit = deps.settings.publicPerMinute
  const { key, role } = req.caller
  if (limit === 0 || (key && role !== 'browser')) return
  const name = `${key?.line ?? ''}@${clientOf(req, deps)}`
  take({ title: 'address', name, limit }, n, res, deps)
}

/** The client's address as it is counted: see `networkOf`. */
export function clientOf(req: Request, { settings }: Pick<Deps, 'settings'>): string {
  // express reads X-Forwarded-For for every req.ip, also when nobody is believed.
  return networkOf((settings.trustProxy === 0 ? req.socket.remoteAddress : req.ip) ?? '')
}

/** Counts `n` requests of the key's line: a rotated key and its successor are one client. Throws `too-many-requests`. */
export function spendOfKey(n: number, req: Request, res: Response, deps: With): void {
  const { key } = req.caller
  if (key) take({ title: 'key', name: `${key.line}`, limit: key.perMinute }, n, res, deps)
}

function take({ title, name, limit }: Quota, n: number, res: Response, { counts }: With): void {
  const now = Date.now()
  const { taken, left } = counts.take(name, n, limit, now)
  const seconds = secondsLeft(now)
  if (!res.headersSent) {
    // Of the draft (RateLimit header fields for HTTP, 8); the last one told of a quota is what holds.
    setItem(res, 'RateLimit-Policy', title, `"${title}";q=${limit};w=${WINDOW / 1_000}`)
    setItem(res, 'RateLimit', title, `"${title}";r=${left};t=${seconds}`)
    if (!taken) res.setHeader('Retry-After', seconds)
  }
  if (taken) return
  const never = n > limit && {
    detail: {
      en: `It counts as ${n} requests; the quota is ${limit} a minute`,
      vi: `Tính là ${n} yêu cầu; hạn mức là ${limit} mỗi phút`,
    },
  }
  throw new Problem('too-many-requests', never || {})
}

/** Sets the item of a quota in a list, beside that of the other quota. */
function setItem(res: Response, header: string, title: string, item: string): void {
  const before = res.getHeader(header) as string | undefined
  const others = before?.split(', ').filter((one) => !one.startsWith(`"${title}"`)) ?? []
  res.setHeader(header, others.length === 0 ? item : [...others, item].join(', '))
}
