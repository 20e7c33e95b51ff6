import type pg from 'pg'
import type { RegistryReader } from '../../registry/store.ts'
import { decodeVpostcode, encodeKey, encodeVpostcode, keysFrom, twoDigits } from '../shared/codec.ts'
import { column, one, type Queryable, rows } from './connection.ts'
import { coverageReader } from './coverage.ts'
import { crosswalkReader } from './crosswalks.ts'
import { doubtReader } from './doubts.ts'
import { headOfCode, headOfKey } from './heads.ts'
import { readJobEvents } from './jobEvents.ts'
import { lineReader } from './lines.ts'
import type { Names } from './names.ts'
import { readNearest } from './nearest.ts'
import { observationReader } from './observations.ts'
import { readPostcodes } from './postcodes.ts'
import { readEvents, readHistories, readHouseholds } from './rows.ts'
import { sampleReader } from './samples.ts'
import { readStands } from './stands.ts'

/** Answers questions about what is committed. */
export function registryReader(pool: pg.Pool, names: Names, secret: Uint8Array): RegistryReader {
  const households = (ns: readonly number[]) => readHouseholds(pool, names, ns)
  return {
    ...coverageReader(pool),
    ...crosswalkReader(pool),
    ...doubtReader(pool, households),
    ...sampleReader(pool),
    ...observationReader(pool),
    ...lineReader(pool),
    secret,
    households,
    atCode: (vpostcode, limit) =>
      column(
        pool,
        `SELECT h.n FROM heads p CROSS JOIN LATERAL (
           SELECT n FROM households WHERE province = p.province AND code = $2 ORDER BY n LIMIT $3) h
         WHERE p.head = $1 ORDER BY h.n LIMIT $3`,
        ...codeOf(vpostcode),
        limit,
      ),
    async knownCodes(vpostcodes) {
      const codes = vpostcodes.map(encodeVpostcode)
      const known = await column<number>(
        pool,
        `SELECT DISTINCT asked.code FROM unnest($1::integer[], $2::bigint[]) asked (head, code)
           JOIN heads p ON p.head = asked.head
           CROSS JOIN LATERAL (
             SELECT 1 FROM households WHERE province = p.province AND code = asked.code LIMIT 1) h`,
        codes.map(headOfCode),
        codes,
      )
      return new Set(known.map(decodeVpostcode))
    },
    async oldCodes(vpostcode, limit) {
      const found = await rows<[number, number, number]>(
        pool,
        `SELECT a.n, a.from_at, a.until_at FROM heads p
           JOIN aliases a ON a.province = p.province AND a.code = $2
           CROSS JOIN LATERAL (
             SELECT code FROM households WHERE province = p.province AND n = a.n LIMIT 1) h
         WHERE p.head = $1 AND h.code IS DISTINCT FROM $2 ORDER BY a.until_at DESC, a.n LIMIT $3`,
        ...codeOf(vpostcode),
        limit,
      )
      return found.map(([n, from, until]) => ({ vpostcode, n, from, until }))
    },
    nearest: (query) => readNearest(pool, query),
    async byExternalId(scheme, value) {
      const id = await names.find(scheme)
      if (id === null) return null
      const n = await one<number>(
        pool,
        'SELECT n FROM external_ids WHERE scheme = $1 AND value = $2',
        id,
        value,
      )
      return n ?? null
    },
    listsOf: (n) =>
      column(
        pool,
        `SELECT name FROM (
           SELECT jobs.list AS name
           FROM (SELECT n, unnest(province || earlier) AS province FROM directory WHERE n = $1) d
             JOIN events e ON e.province = d.province AND e.n = d.n JOIN jobs ON jobs.id = e.job
           UNION SELECT names.name FROM list_rows l JOIN names ON names.id = l.list WHERE l.n = $1) lists
         WHERE name <> '' ORDER BY name COLLATE "C"`,
        n,
      ),
    async sameCore(key, coreLength, limit) {
      const found = await rows<[Buffer, number]>(
        pool,
        `SELECT h.key, h.n FROM heads p CROSS JOIN LATERAL (
           SELECT key, n FROM households WHERE province = p.province AND key BETWEEN $2 AND $3
           ORDER BY key, n LIMIT $4) h
         WHERE p.head = $1 ORDER BY h.key, h.n LIMIT $4`,
        headOfKey(key),
        ...keysFrom(key.slice(0, coreLength)).map(encodeKey),
        Math.floor(limit),
      )
      return found.map(([key, n]) => ({ key: key.toString('hex'), n }))
    },
    alternativesOf: (n) => column(pool, 'SELECT n FROM households WHERE of_n = $1 ORDER BY n', n),
    jobEvents: (job, cursor, limit) => readJobEvents(pool, job, cursor, limit),
    stands: (key, limit) => readStands(pool, [key], limit),
    oldPostcodes: (postcode) => readPostcodes(pool, postcode),
    history: async (n) => (await readHistories(pool, names, [n])).get(n)!,
    withHistory: (ns) =>
      atOneMoment(pool, async (db) => {
        const found = await readHouseholds(db, names, ns)
        const histories = await readHistories(
          db,
          names,
          found.map(({ n }) => n),
        )
        return found.map((household) => ({ household, events: histories.get(household.n)! }))
      }),
    events: (province, after, limit, onlyArrivals = false) =>
      readEvents(pool, names, province, after, limit, onlyArrivals),
    async lastEvents() {
      const ends = await rows<[number, number]>(
        pool,
        'SELECT province, number FROM event_numbers ORDER BY province',
      )
      return ends.map(([province, number]) => ({ province: twoDigits(province), number }))
    },
    count: async () => (await one<number>(pool, 'SELECT count(*) FROM directory'))!,
  }
}

const codeOf = (vpostcode: string) => {
  const code = encodeVpostcode(vpostcode)
  return [headOfCode(code), code] as const
}

/** Runs questions that all see the database as it was at one moment. */
async function atOneMoment<T>(pool: pg.Pool, work: (db: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: unknown
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return await work(client)
  } catch (error) {
    broken = error
    throw error
  } finally {
    await client.query('COMMIT').catch((error) => {
      broken = error
    })
    client.release(broken !== undefined)
  }
}
