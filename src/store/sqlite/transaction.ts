import type Database from 'better-sqlite3'
import type { RegistryTransaction } from '../../registry/store.ts'
import { rangesOfBox } from './cells.ts'
import { encodeKey } from './codec.ts'
import { chunkRecorder } from './jobs.ts'
import { householdsReader, type Names, readNames } from './rows.ts'
import { batchWriter } from './write.ts'

/** The questions and changes of a writing transaction, on a connection that has one open. */
export function registryTransaction(db: Database.Database): RegistryTransaction {
  const names = readNames(db)
  const households = householdsReader(db, names)
  const last = db.prepare('SELECT max(n) FROM households').pluck()
  const write = batchWriter(db, names)
  const recordChunk = chunkRecorder(db)
  return {
    ...lookUps(db, names),
    households: async (ns) => households(ns),
    reserve: async () => ((last.get() as number | null) ?? 0) + 1,
    write: async (batch) => write(batch),
    recordChunk: async (job, chunk) => recordChunk(job, chunk),
  }
}

function lookUps(db: Database.Database, names: Names): Pick<RegistryTransaction, 'find' | 'findNear'> {
  const sameCore = db
    .prepare('SELECT key, n FROM households WHERE key >= ? AND key < ? ORDER BY key, n LIMIT ?')
    .raw()
  const sameKey = db.prepare('SELECT n FROM households WHERE key = ? ORDER BY n LIMIT ?').pluck()
  const external = db.prepare('SELECT n FROM external_ids WHERE scheme = ? AND value = ?').pluck()
  const listRow = db.prepare('SELECT n FROM list_rows WHERE list = ? AND row = ? ORDER BY n').pluck()
  const near = db
    .prepare(
      `SELECT n FROM households
       WHERE cell BETWEEN ? AND ? AND key = ?
         AND NOT EXISTS (SELECT 1 FROM list_rows WHERE n = households.n AND list = ?)`,
    )
    .pluck()

  /** By key, then n: all of the core when they are few, else its first and the first of each key asked for. */
  function keysOf(core: string, asked: readonly string[], perKey: number): { key: string; n: number }[] {
    const first = sameCore.all(encodeKey(core), encodeKey(`${core}${'ff'.repeat(16)}`), perKey) as [
      Buffer,
      number,
    ][]
    const entries = first.map(([key, n]) => ({ key: key.toString('hex'), n }))
    if (first.length < perKey) return entries
    return [
      ...entries.filter(({ key }) => !asked.includes(key)),
      ...asked.flatMap((key) => (sameKey.all(encodeKey(key), perKey) as number[]).map((n) => ({ key, n }))),
    ].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.n - b.n))
  }

  return {
    async find({ keys, coreLength, perKey, externalIds, list, rows }) {
      const cores = new Map<string, string[]>()
      for (const key of keys) {
        const core = key.slice(0, coreLength)
        const asked = cores.get(core)
        if (asked) asked.push(key)
        else cores.set(core, [key])
      }
      const listId = names.find(list)
      return {
        keys: [...cores].flatMap(([core, asked]) => keysOf(core, asked, perKey)),
        externalIds: externalIds.flatMap(({ scheme, value }) => {
          const id = names.find(scheme)
          const n = id === null ? undefined : (external.get(id, value) as number | undefined)
          return n === undefined ? [] : [{ scheme, value, n }]
        }),
        listRows:
          listId === null
            ? []
            : rows.flatMap((row) => (listRow.all(listId, row) as number[]).map((n) => ({ row, n }))),
      }
    },
    async findNear(list, queries) {
      const listId = names.find(list) ?? 0
      return queries.map((query) => {
        const key = encodeKey(query.key)
        const ns = [...rangesOfBox(query)].flatMap(
          ({ from, to }) => near.all(from, to, key, listId) as number[],
        )
        return ns.sort((a, b) => a - b)
      })
    },
  }
}
