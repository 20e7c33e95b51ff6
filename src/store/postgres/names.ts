import { type Queryable, rows } from './connection.ts'

/** The words of `names`; kept in memory once read, for they are few and never change. */
export interface Names {
  /** A word that `know` was asked for. */
  nameOf(id: number): string
  /** Reads those of the words that are not known yet. */
  know(ids: Iterable<number>): Promise<void>
  /** The number of a word, null when no row uses it. */
  find(name: string): Promise<number | null>
  /** Gives words a number where they have none, at once and whatever becomes of the transaction. */
  idsOf(names: Iterable<string>): Promise<ReadonlyMap<string, number>>
}

export function namesOn(pool: Queryable): Names {
  const byId = new Map<number, string>()
  const byName = new Map<string, number>()
  const keep = (found: readonly [number, string][]) => {
    for (const [id, name] of found) {
      byId.set(id, name)
      byName.set(name, id)
    }
  }
  const read = async (names: readonly string[]) =>
    keep(await rows(pool, 'SELECT id, name FROM names WHERE name = ANY($1::text[])', names))
  return {
    nameOf(id) {
      const name = byId.get(id)
      if (name === undefined) throw new Error(`name ${id} is missing`)
      return name
    },
    async know(ids) {
      const unknown = [...new Set(ids)].filter((id) => !byId.has(id))
      if (unknown.length > 0)
        keep(await rows(pool, 'SELECT id, name FROM names WHERE id = ANY($1::integer[])', unknown))
    },
    async find(name) {
      if (!byName.has(name)) await read([name])
      return byName.get(name) ?? null
    },
    async idsOf(names) {
      const unknown = [...new Set(names)].filter((name) => !byName.has(name))
      if (unknown.length > 0) await read(unknown)
      const fresh = unknown.filter((name) => !byName.has(name))
      if (fresh.length > 0) {
        await rows(
          pool,
          'INSERT INTO names (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING RETURNING id, name',
          fresh,
        )
        // Another one may have been faster.
        await read(fresh)
      }
      return byName
    },
  }
}
