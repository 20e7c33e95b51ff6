import type { KeyEvent, KeyStore, StoredKey } from '../../access/store.ts'
import { eventOf, type KeyEventRow, type KeyRow, keyOf } from '../shared/keyRows.ts'
import { change, one, type Queryable } from './connection.ts'
import { count } from './crosswalks.ts'
import type { Transact } from './jobs.ts'

/** Reads and writes keys. */
export function keyStore(db: Queryable, transact: Transact): Omit<KeyStore, 'close'> {
  const read = async (db: Queryable, text: string, ...values: unknown[]) =>
    ((await db.query(text, values)).rows as KeyRow[]).map(keyOf)
  const key = async (db: Queryable, id: number): Promise<StoredKey> => {
    const [found] = await read(db, 'SELECT * FROM keys WHERE id = $1', id)
    if (!found) throw new Error(`there is no key ${id}`)
    return found
  }
  /** Changes of keys one after the other, so that their log has no gap. */
  const changing = <T>(work: (db: Queryable) => Promise<T>) =>
    transact(async (db) => {
      await count(db, 'keys')
      return work(db)
    })
  const note = (
    db: Queryable,
    kind: KeyEvent['kind'],
    at: number,
    actor: string,
    { id, role, name, origins, scope, perMinute, expiresAt }: StoredKey,
    replaces: KeyEvent['replaces'] = null,
  ) =>
    change(
      db,
      `INSERT INTO key_events (number, at, kind, actor, key, body)
       SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5 FROM key_events`,
      ...[at, kind, actor, id],
      JSON.stringify({ role, name, origins, scope, perMinute, expiresAt, replaces }),
    )
  return {
    keysVersion: async () => (await one<number>(db, "SELECT number FROM meta WHERE name = 'keys'")) ?? 0,
    keys: () => read(db, 'SELECT * FROM keys ORDER BY id'),
    addKey: (made, actor, replaces) =>
      changing(async (db) => {
        const [added] = await read(
          db,
          `INSERT INTO keys (prefix, hash, role, name, origins, scope, per_minute, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *`,
          ...[made.prefix, Buffer.from(made.hash), made.role, made.name, JSON.stringify(made.origins)],
          ...[made.scope && JSON.stringify(made.scope), made.perMinute, made.createdAt, made.expiresAt],
        )
        if (!replaces) {
          await note(db, 'create', made.createdAt, actor, added!)
          return added!
        }
        await change(
          db,
          'UPDATE keys SET replaced_by = $1, expires_at = least(coalesce(expires_at, $2), $2) WHERE id = $3',
          ...[added!.id, replaces.until, replaces.id],
        )
        const { id, expiresAt } = await key(db, replaces.id)
        await note(db, 'rotate', made.createdAt, actor, added!, { key: id, until: expiresAt! })
        return added!
      }),
    changeKeys: (ids, { origins, scope, perMinute }, at, actor) =>
      changing(async (db) => {
        for (const id of ids) {
          await change(
            db,
            'UPDATE keys SET origins = $1, scope = $2, per_minute = $3 WHERE id = $4',
            ...[JSON.stringify(origins), scope && JSON.stringify(scope), perMinute, id],
          )
          await note(db, 'change', at, actor, await key(db, id))
        }
      }),
    revokeKey: (id, at, actor) =>
      changing(async (db) => {
        const revoked = await change(
          db,
          'UPDATE keys SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL',
          ...[at, id],
        )
        if (revoked > 0) await note(db, 'revoke', at, actor, await key(db, id))
      }),
    async keyEvents(after) {
      const { rows } = await db.query('SELECT * FROM key_events WHERE number > $1 ORDER BY number', [after])
      return (rows as KeyEventRow[]).map(eventOf)
    },
    noteUse: (ids, day) =>
      transact(async (db) => {
        await change(
          db,
          "UPDATE keys SET used_on = $1 WHERE id = ANY($2::bigint[]) AND coalesce(used_on, '') < $1",
          ...[day, ids],
        )
      }),
  }
}
