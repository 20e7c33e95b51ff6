import { stateOf } from './manage.ts'
import type { KeyEvent, StoredKey } from './store.ts'

/** ISO time of milliseconds since 1970. */
export const isoTime = (at: number | null) => (at === null ? null : new Date(at).toISOString())

/** A key as the command and the API show it: nothing here leads back to its secret. Times are ISO, its state that of `now`. */
export const viewKey = (key: StoredKey, now: number) => ({
  id: key.id,
  prefix: key.prefix,
  role: key.role,
  name: key.name,
  state: stateOf(key, now),
  scope: key.scope && [...key.scope],
  origins: [...key.origins],
  perMinute: key.perMinute,
  createdAt: isoTime(key.createdAt)!,
  expiresAt: isoTime(key.expiresAt),
  revokedAt: isoTime(key.revokedAt),
  replacedBy: key.replacedBy,
  usedOn: key.usedOn,
})

/** A line of the audit log, likewise. */
export const viewKeyEvent = ({ at, expiresAt, replaces, scope, origins, ...event }: KeyEvent) => ({
  ...event,
  scope: scope && [...scope],
  origins: [...origins],
  at: isoTime(at)!,
  expiresAt: isoTime(expiresAt),
  replaces: replaces && { key: replaces.key, until: isoTime(replaces.until)! },
})
