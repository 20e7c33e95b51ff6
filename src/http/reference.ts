import { createHash } from 'node:crypto'
import type { Context } from './route.ts'

/** Seconds for which a client need not ask again. */
const HOUR = 3_600
export const WEEK = 604_800

/**
 * Marks an answer that changes only with the data or the engine: ETag and Cache-Control. True when the client has it already: then
 * 304 was sent and nothing is left to do. Call it when nothing can be refused any more.
 * @param state what else the answer depends on
 */
export function isKnown({ req, res, gazetteer, settings }: Context, state = '', maxAge = HOUR): boolean {
  res.set('ETag', etagOf([settings.version, gazetteer.version, state]))
  res.set('Cache-Control', `public, max-age=${maxAge}`)
  if (!req.fresh) return false
  res.status(304).end()
  return true
}

/** Of what follows from these texts alone. */
export const etagOf = (parts: string[]) =>
  `"${createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 20)}"`
