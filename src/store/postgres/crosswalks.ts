import type { Era } from '../../gazetteer/types.ts'
import type { CrosswalkReader, CrosswalkWriter } from '../../registry/crosswalks/store.ts'
import { change, one, type Queryable, rows } from './connection.ts'

type Row = [scheme: string, asOf: string | null, loadedAt: number, entries: string]
type Entry = [era: Era, code: string, id: string, name: string]

export const crosswalkReader = (db: Queryable): CrosswalkReader => ({
  crosswalksVersion: async () =>
    (await one<number>(db, "SELECT number FROM meta WHERE name = 'crosswalks'")) ?? 0,
  async crosswalks() {
    const found = await rows<Row>(
      db,
      'SELECT scheme, as_of, loaded_at, entries FROM crosswalks ORDER BY scheme',
    )
    return found.map(([scheme, asOf, loadedAt, entries]) => ({
      scheme,
      asOf,
      loadedAt,
      entries: (JSON.parse(entries) as Entry[]).map(([era, code, id, name]) => ({ era, code, id, name })),
    }))
  },
})

export function crosswalkWriter(db: Queryable): CrosswalkWriter {
  const changed = () => count(db, 'crosswalks')
  return {
    async writeCrosswalk({ scheme, asOf, loadedAt, entries }) {
      const list = entries.map(({ era, code, id, name }): Entry => [era, code, id, name])
      await change(
        db,
        `INSERT INTO crosswalks (scheme, as_of, loaded_at, entries) VALUES ($1, $2, $3, $4)
         ON CONFLICT (scheme) DO UPDATE
         SET as_of = excluded.as_of, loaded_at = excluded.loaded_at, entries = excluded.entries`,
        scheme,
        asOf,
        loadedAt,
        JSON.stringify(list),
      )
      await changed()
    },
    async removeCrosswalk(scheme) {
      const removed = await change(db, 'DELETE FROM crosswalks WHERE scheme = $1', scheme)
      if (removed > 0) await changed()
      return removed > 0
    },
  }
}

/** Another change of what a counter of `meta` counts. */
export const count = (db: Queryable, name: string) =>
  change(
    db,
    'INSERT INTO meta (name, number) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET number = meta.number + 1',
    name,
  )
