import type Database from 'better-sqlite3'
import type { RegistryReader } from '../../registry/store.ts'
import { decodeVpostcode, encodeKey, encodeVpostcode, keysFrom } from '../shared/codec.ts'
import { PROVINCE_STEP, provinceOf } from '../shared/events.ts'
import { coverageReader } from './coverage.ts'
import { crosswalkReader } from './crosswalks.ts'
import { doubtReader } from './doubts.ts'
import { jobEventsReader } from './jobEvents.ts'
import { copyState, keptIds } from './keptIds.ts'
import { lineReader } from './lines.ts'
import { nearestSearch } from './nearest.ts'
import { observationReader } from './observations.ts'
import { postcodeReader } from './postcodes.ts'
import { ARRIVES, eventEnds, eventsReader, historyReader, householdsReader, readNames } from './rows.ts'
import { sampleReader } from './samples.ts'
import { standsReader } from './stands.ts'

/** Answers questions about what is committed. */
export function registryReader(db: Database.Database): RegistryReader {
  const names = readNames(db)
  const households = householdsReader(db, names)
  const nearest = nearestSearch(db)
  const atCode = db.prepare('SELECT n FROM households WHERE code = ? ORDER BY n LIMIT ?').pluck()
  const knownCodes = db
    .prepare('SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM households WHERE code = value)')
    .pluck()
  const oldCodes = db
    .prepare(
      `SELECT n, from_at, until_at FROM aliases
       WHERE code = ? AND (SELECT code FROM households WHERE n = aliases.n) IS NOT aliases.code
       ORDER BY until_at DESC, n LIMIT ?`,
    )
    .raw()
  const external = db.prepare('SELECT n FROM external_ids WHERE scheme = ? AND value = ?').pluck()
  const lists = db
    .prepare(
      `SELECT jobs.list AS name FROM events JOIN jobs ON jobs.id = events.job WHERE events.n = ? AND jobs.list <> ''
       UNION SELECT names.name FROM list_rows JOIN names ON names.id = list_rows.list WHERE list_rows.n = ? AND names.name <> ''
       ORDER BY name`,
    )
    .pluck()
  // The limit is written out: as a parameter SQLite prepares the statement anew each time.
  const sameCore = new Map<number, Database.Statement>()
  const sameCoreOf = (limit: number) => {
    const known = sameCore.get(limit)
    if (known) return known
    const sql = `SELECT key, n FROM households WHERE key BETWEEN ? AND ? ORDER BY key, n LIMIT ${Math.floor(limit)}`
    sameCore.set(limit, db.prepare(sql).raw())
    return sameCore.get(limit)!
  }
  const alternatives = db.prepare('SELECT n FROM households WHERE of_n = ? ORDER BY n').pluck()
  const jobEvents = jobEventsReader(db)
  const oldPostcodes = postcodeReader(db)
  const stands = standsReader(db)
  const history = historyReader(db, names)
  const withHistory = db.transaction((ns: readonly number[]) =>
    households(ns).map((household) => ({ household, events: history(household.n) })),
  )
  const events = eventsReader(db, names, 'id > ? AND id < ? ORDER BY id LIMIT ?')
  const arrivals = eventsReader(db, names, `id > ? AND id < ? AND ${ARRIVES} ORDER BY id LIMIT ?`)
  const lastEvents = eventEnds(db)
  const count = db.prepare('SELECT count(*) FROM households').pluck()
  const secret = db.prepare("SELECT value FROM meta WHERE name = 'secret'").pluck().get() as Buffer

  return {
    ...coverageReader(db),
    ...crosswalkReader(db),
    ...doubtReader(db, households),
    ...sampleReader(db),
    ...observationReader(db),
    secret,
    ...(copyState(db) === null ? {} : { ids: keptIds(db) }),
    households: async (ns) => households(ns),
    atCode: async (vpostcode, limit) => atCode.all(encodeVpostcode(vpostcode), limit) as number[],
    async knownCodes(vpostcodes) {
      const known = knownCodes.all(JSON.stringify(vpostcodes.map(encodeVpostcode))) as number[]
      return new Set(known.map(decodeVpostcode))
    },
    async oldCodes(vpostcode, limit) {
      const rows = oldCodes.all(encodeVpostcode(vpostcode), limit) as [number, number, number][]
      return rows.map(([n, from, until]) => ({ vpostcode, n, from, until }))
    },
    nearest: async (query) => nearest(query),
    ...lineReader(db),
    async byExternalId(scheme, value) {
      const id = names.find(scheme)
      return id === null ? null : ((external.get(id, value) as number | undefined) ?? null)
    },
    listsOf: async (n) => lists.all(n, n) as string[],
    async sameCore(key, coreLength, limit) {
      const [from, to] = keysFrom(key.slice(0, coreLength)).map(encodeKey)
      const rows = sameCoreOf(limit).all(from, to) as [Buffer, number][]
      return rows.map(([key, n]) => ({ key: key.toString('hex'), n }))
    },
    alternativesOf: async (n) => alternatives.all(n) as number[],
    jobEvents: async (...page) => jobEvents(...page),
    stands: async (key, limit) => stands([key], limit),
    oldPostcodes: async (postcode) => oldPostcodes(postcode),
    history: async (n) => history(n),
    withHistory: async (ns) => withHistory(ns),
    async events(province, after, limit, onlyArrivals = false) {
      const first = Number(province) * PROVINCE_STEP
      return (onlyArrivals ? arrivals : events)(first + after, first + PROVINCE_STEP, limit)
    },
    lastEvents: async () =>
      lastEvents().map((id) => ({ province: provinceOf(id), number: id % PROVINCE_STEP })),
    count: async () => count.get() as number,
  }
}
