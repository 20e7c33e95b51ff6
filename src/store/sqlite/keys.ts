import type Database from 'better-sqlite3'
import type { KeyEvent, KeyStore, StoredKey } from '../../access/store.ts'
import { eventOf, type KeyEventRow, type KeyRow, keyOf } from '../shared/keyRows.ts'

/** Reads and writes keys. `alone` runs work in a writing transaction. */
export function keyStore(
  db: Database.Database,
  alone: <T>(work: () => T) => Promise<T>,
): Omit<KeyStore, 'close'> {
  const version = db.prepare("SELECT value FROM meta WHERE name = 'keys'").pluck()
  const all = db.prepare('SELECT * FROM keys ORDER BY id')
  const one = db.prepare('SELECT * FROM keys WHERE id = ?')
  const changed = db.prepare(
    "INSERT INTO meta VALUES ('keys', 1) ON CONFLICT DO UPDATE SET value = value + 1",
  )
  const add = db.prepare(
    `INSERT INTO keys (prefix, hash, role, name, origins, scope, per_minute, created_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const replace = db.prepare(
    'UPDATE keys SET replaced_by = ?, expires_at = min(coalesce(expires_at, ?), ?) WHERE id = ?',
  )
  const change = db.prepare('UPDATE keys SET origins = ?, scope = ?, per_minute = ? WHERE id = ?')
  const revoke = db.prepare('UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL')
  const events = db.prepare('SELECT * FROM key_events WHERE number > ? ORDER BY number')
  const addEvent = db.prepare('INSERT INTO key_events (at, kind, actor, key, body) VALUES (?, ?, ?, ?, ?)')
  const note = (
    kind: KeyEvent['kind'],
    at: number,
    actor: string,
    { id, role, name, origins, scope, perMinute, expiresAt }: StoredKey,
    replaces: KeyEvent['replaces'] = null,
  ) => {
    const body = { role, name, origins, scope, perMinute, expiresAt, replaces }
    addEvent.run(at, kind, actor, id, JSON.stringify(body))
  }
  const use = db.prepare("UPDATE keys SET used_on = ? WHERE id = ? AND coalesce(used_on, '') < ?")
  return {
    keysVersion: async () => (version.get() as number | undefined) ?? 0,
    keys: async () => (all.all() as KeyRow[]).map(keyOf),
    addKey: (key, actor, replaces) =>
      alone(() => {
        const { lastInsertRowid } = add.run(
          key.prefix,
          key.hash,
          key.role,
          key.name,
          JSON.stringify(key.origins),
          key.scope && JSON.stringify(key.scope),
          key.perMinute,
          key.createdAt,
          key.expiresAt,
        )
        const made = keyOf(one.get(lastInsertRowid) as KeyRow)
        if (replaces) {
          replace.run(made.id, replaces.until, replaces.until, replaces.id)
          const { id, expires_at: until } = one.get(replaces.id) as KeyRow
          note('rotate', key.createdAt, actor, made, { key: id, until: until! })
        } else note('create', key.createdAt, actor, made)
        changed.run()
        return made
      }),
    changeKeys: (ids, { origins, scope, perMinute }, at, actor) =>
      alone(() => {
        for (const id of ids) {
          change.run(JSON.stringify(origins), scope && JSON.stringify(scope), perMinute, id)
          note('change', at, actor, keyOf(one.get(id) as KeyRow))
        }
        changed.run()
      }),
    revokeKey: (id, at, actor) =>
      alone(() => {
        if (revoke.run(at, id).changes > 0) note('revoke', at, actor, keyOf(one.get(id) as KeyRow))
        changed.run()
      }),
    keyEvents: async (after) => (events.all(after) as KeyEventRow[]).map(eventOf),
    noteUse: (ids, day) =>
      alone(() => {
        for (const id of ids) use.run(day, id, day)
      }),
  }
}
