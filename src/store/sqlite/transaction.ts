import type Database from 'better-sqlite3'
import type { RegistryTransaction } from '../../registry/store.ts'
import { encodeKey, fiveDigits, KEY_LENGTH, keysFrom, STATUSES } from '../shared/codec.ts'
import { coresOf, crowdedCore } from '../shared/cores.ts'
import { runsOf } from '../shared/runs.ts'
import { placesOfBox } from './cells.ts'
import { targetWriter } from './coverage.ts'
import { crosswalkWriter } from './crosswalks.ts'
import { doubtWriter } from './doubts.ts'
import { chunkRecorder } from './jobs.ts'
import { lineWriter } from './lines.ts'
import { observationWriter } from './observations.ts'
import { postcodeWriter } from './postcodes.ts'
import { historyReader, householdsReader, type Names, readNames } from './rows.ts'
import { sampleWriter } from './samples.ts'
import { standsReader } from './stands.ts'
import { batchWriter } from './write.ts'

/** The questions and changes of a writing transaction, on a connection that has one open. */
export function registryTransaction(db: Database.Database): RegistryTransaction {
  const names = readNames(db)
  const households = householdsReader(db, names)
  // 'given': numbers of households that a restored backup does not have; none is given twice.
  const last = db
    .prepare(
      "SELECT max((SELECT coalesce(max(n), 0) FROM households), (SELECT coalesce(max(value), 0) FROM meta WHERE name = 'given'))",
    )
    .pluck()
  const history = historyReader(db, names)
  const alternatives = db.prepare('SELECT n FROM households WHERE of_n = ? ORDER BY n').pluck()
  const glance = db
    .prepare('SELECT n, status, commune, engine, data FROM households WHERE n > ? AND n <= ? ORDER BY n')
    .raw()
  const stands = standsReader(db)
  const writePostcodes = postcodeWriter(db)
  const write = batchWriter(db, names)
  const recordChunk = chunkRecorder(db)
  return {
    ...lookUps(db, names),
    ...targetWriter(db),
    ...crosswalkWriter(db),
    ...doubtWriter(db),
    ...sampleWriter(db),
    ...observationWriter(db),
    stands: async (keys, perKey) => stands(keys, perKey),
    households: async (ns) => households(ns),
    history: async (n) => history(n),
    alternativesOf: async (n) => alternatives.all(n) as number[],
    async glance(after, until) {
      const rows = glance.all(after, until) as [number, number, number, number, number][]
      return rows.map(([n, status, commune, engine, data]) => ({
        n,
        status: STATUSES[status]!,
        communeCode: fiveDigits(commune),
        engineVersion: names.nameOf(engine),
        dataVersion: names.nameOf(data),
      }))
    },
    writePostcodes: async (entries) => writePostcodes(entries),
    reserve: async () => (last.get() as number) + 1,
    write: async (batch) => write(batch),
    writeLines: lineWriter(db, names),
    recordChunk: async (job, chunk, reach) => recordChunk(job, chunk, reach),
  }
}

function lookUps(db: Database.Database, names: Names): Pick<RegistryTransaction, 'find' | 'findNear'> {
  // The limit is written out: as a parameter SQLite prepares the statement anew each time (5 of 7 us).
  const limited = (perKey: number) => ({
    perKey,
    sameCore: db
      .prepare(`SELECT key, n FROM households WHERE key BETWEEN ? AND ? ORDER BY key, n LIMIT ${perKey}`)
      .raw(),
    sameKey: db.prepare(`SELECT n FROM households WHERE key = ? ORDER BY n LIMIT ${perKey}`).pluck(),
  })
  let statements = limited(256)
  const external = db.prepare('SELECT n FROM external_ids WHERE scheme = ? AND value = ?').pluck()
  const listRows = db
    .prepare('SELECT row, n FROM list_rows WHERE list = ? AND row BETWEEN ? AND ? ORDER BY row, n')
    .raw()
  const [near, nearListed] = ['NOT EXISTS', 'EXISTS'].map((led) =>
    db
      .prepare(
        // By place, not by key (the plus keeps its index out): hundreds of rows can say the same hamlet.
        `SELECT n FROM households
         WHERE place = ? AND +key = ?
           AND ${led} (SELECT 1 FROM list_rows WHERE n = households.n AND list = ?)`,
      )
      .pluck(),
  )

  // Used again for each question: binding copies them.
  const from = Buffer.alloc(KEY_LENGTH / 2)
  const to = Buffer.alloc(KEY_LENGTH / 2)

  /** By key, then n: all of the core when they are few, else its first and the first of each key asked for. */
  function keysOf(core: string, asked: readonly string[]): { key: string; n: number }[] {
    const [lowest, highest] = keysFrom(core)
    from.write(lowest, 'hex')
    to.write(highest, 'hex')
    const { perKey, sameCore, sameKey } = statements
    const first = sameCore.all(from, to) as [Buffer, number][]
    if (first.length === 0) return []
    const entries = first.map(([key, n]) => ({ key: key.toString('hex'), n }))
    if (first.length < perKey) return entries
    return crowdedCore(entries, asked, (key) =>
      (sameKey.all(encodeKey(key)) as number[]).map((n) => ({ key, n })),
    )
  }

  return {
    async find({ keys, coreLength, perKey, externalIds, list, rows }) {
      if (perKey !== statements.perKey) statements = limited(Math.floor(perKey))
      const listId = names.find(list)
      const runs = listId === null ? [] : runsOf(rows)
      return {
        keys: [...coresOf({ keys, coreLength })].flatMap(([core, asked]) => keysOf(core, asked)),
        externalIds: externalIds.flatMap(({ scheme, value }) => {
          const id = names.find(scheme)
          const n = id === null ? undefined : (external.get(id, value) as number | undefined)
          return n === undefined ? [] : [{ scheme, value, n }]
        }),
        listRows: runs.flatMap(([from, to]) =>
          (listRows.all(listId, from, to) as [number, number][]).map(([row, n]) => ({ row, n })),
        ),
      }
    },
    async findNear(list, queries, listed = false) {
      const listId = names.find(list) ?? 0
      const search = (listed ? nearListed : near)!
      return queries.map((query) => {
        const key = encodeKey(query.key)
        const ns = [...placesOfBox(query)].flatMap((place) => search.all(place, key, listId) as number[])
        return ns.sort((a, b) => a - b)
      })
    },
  }
}
