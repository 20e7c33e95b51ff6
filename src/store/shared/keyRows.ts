import type { Role } from '../../access/caller.ts'
import type { KeyEvent, StoredKey } from '../../access/store.ts'

/** A row of `keys`. */
export interface KeyRow {
  id: number
  prefix: string
  hash: Buffer
  role: Role
  name: string
  origins: string
  scope: string | null
  per_minute: number
  created_at: number
  expires_at: number | null
  revoked_at: number | null
  replaced_by: number | null
  used_on: string | null
}

/** A row of `key_events`. */
export interface KeyEventRow extends Pick<KeyEvent, 'number' | 'at' | 'kind' | 'actor' | 'key'> {
  body: string
}

export const keyOf = (row: KeyRow): StoredKey => ({
  id: row.id,
  prefix: row.prefix,
  hash: Uint8Array.from(row.hash),
  role: row.role,
  name: row.name,
  origins: JSON.parse(row.origins),
  scope: row.scope === null ? null : JSON.parse(row.scope),
  perMinute: row.per_minute,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  replacedBy: row.replaced_by,
  usedOn: row.used_on,
})

export const eventOf = ({ body, ...event }: KeyEventRow): KeyEvent => ({ ...event, ...JSON.parse(body) })
