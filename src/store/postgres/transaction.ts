import type pg from 'pg'
import type { Found, Lookup, NearQuery, RegistryTransaction } from '../../registry/store.ts'
import { encodeKey, fiveDigits, keysFrom, STATUSES } from '../shared/codec.ts'
import { coresOf, crowdedCore } from '../shared/cores.ts'
import { runsOf } from '../shared/runs.ts'
import { claim } from './claims.ts'
import { column, one, rows } from './connection.ts'
import { targetWriter } from './coverage.ts'
import { crosswalkWriter } from './crosswalks.ts'
import { doubtWriter } from './doubts.ts'
import { headOfKey } from './heads.ts'
import { recordChunk } from './jobs.ts'
import type { Names } from './names.ts'
import { observationWriter } from './observations.ts'
import { writePostcodes } from './postcodes.ts'
import { lockHouseholds, readHistories, readHouseholds } from './rows.ts'
import { sampleWriter } from './samples.ts'
import { readStands } from './stands.ts'
import { writeBatch } from './write.ts'

/**
 * The questions and changes of a writing transaction, on a connection that has one open. A household that is read here is
 * kept for this transaction. What is looked up is claimed (see claims.ts) and added to `claimed`.
 */
export function registryTransaction(
  client: pg.ClientBase,
  names: Names,
  claimed: Buffer[],
): RegistryTransaction {
  const claimAll = async (what: Iterable<Buffer>) => {
    const list = [...what]
    claimed.push(...list)
    await claim(client, list)
  }
  return {
    ...targetWriter(client),
    ...crosswalkWriter(client),
    ...doubtWriter(client),
    ...sampleWriter(client),
    ...observationWriter(client),
    async find(lookup) {
      const cores = coresOf(lookup)
      await claimAll([...cores.keys()].map((core) => encodeKey(keysFrom(core)[0])))
      return {
        keys: await findKeys(client, lookup, cores),
        externalIds: await findNumbers(client, names, lookup),
        listRows: await findRows(client, names, lookup),
      }
    },
    async findNear(list, queries, listed = false) {
      if (!listed) await claimAll(queries.flatMap(places))
      return findNear(client, (await names.find(list)) ?? 0, queries, listed)
    },
    stands: (keys, perKey) => readStands(client, keys, perKey),
    async households(ns) {
      await lockHouseholds(client, ns)
      return readHouseholds(client, names, ns)
    },
    history: async (n) => (await readHistories(client, names, [n])).get(n)!,
    alternativesOf: (n) => column(client, 'SELECT n FROM households WHERE of_n = $1 ORDER BY n', n),
    async glance(after, until) {
      const found = await rows<[number, number, number, number, number]>(
        client,
        `SELECT h.n, h.status, h.commune, h.engine, h.data
         FROM directory d JOIN households h ON h.province = d.province AND h.n = d.n
         WHERE d.n > $1 AND d.n <= $2 ORDER BY d.n`,
        after,
        until,
      )
      await names.know(found.flatMap(([, , , engine, data]) => [engine, data]))
      return found.map(([n, status, commune, engine, data]) => ({
        n,
        status: STATUSES[status]!,
        communeCode: fiveDigits(commune),
        engineVersion: names.nameOf(engine),
        dataVersion: names.nameOf(data),
      }))
    },
    writePostcodes: (entries) => writePostcodes(client, entries),
    reserve: async (count) => (await one<number>(client, 'SELECT reserve_households($1)', count))!,
    write: (batch) => writeBatch(client, names, batch),
    // Only SQLite has households from before there were lines.
    writeLines: async () => false,
    recordChunk: (job, chunk, reach) => recordChunk(client, job, chunk, reach),
  }
}

/** The first households between two keys, by key, then n; $1 to $3 the pairs and their heads, $4 how many of each. */
const BETWEEN = `
  SELECT asked.at::integer, h.key, h.n
  FROM unnest($1::bytea[], $2::bytea[], $3::integer[]) WITH ORDINALITY asked (low, high, head, at)
    CROSS JOIN LATERAL (
      SELECT own.key, own.n FROM heads p CROSS JOIN LATERAL (
        SELECT key, n FROM households WHERE province = p.province AND key BETWEEN asked.low AND asked.high
        ORDER BY key, n LIMIT $4) own
      WHERE p.head = asked.head ORDER BY own.key, own.n LIMIT $4) h
  ORDER BY asked.at, h.key, h.n`

/** Of each core all households when they are few, else its first and the first of each key asked for; by key, then n. */
async function findKeys(
  client: pg.ClientBase,
  { perKey }: Lookup,
  cores: ReadonlyMap<string, string[]>,
): Promise<Found['keys']> {
  if (cores.size === 0) return []
  const between = async (pairs: readonly (readonly [low: string, high: string])[]) => {
    const found = await rows<[at: number, key: Buffer, n: number]>(
      client,
      BETWEEN,
      pairs.map(([low]) => encodeKey(low)),
      pairs.map(([, high]) => encodeKey(high)),
      pairs.map(([low]) => headOfKey(low)),
      Math.floor(perKey),
    )
    const lists = pairs.map((): Found['keys'] => [])
    for (const [at, key, n] of found) lists[at - 1]!.push({ key: key.toString('hex'), n })
    return lists
  }
  const all = [...cores]
  const lists = await between(all.map(([core]) => keysFrom(core)))
  const crowded = all.flatMap(([, asked], i) => (lists[i]!.length < perKey ? [] : asked))
  if (crowded.length === 0) return lists.flat()
  const own = await between(crowded.map((key) => [key, key] as const))
  const ofKey = new Map(crowded.map((key, i) => [key, own[i]!]))
  return lists.flatMap((list, i) =>
    list.length < perKey ? list : crowdedCore(list, all[i]![1], (key) => ofKey.get(key)!),
  )
}

async function findNumbers(
  client: pg.ClientBase,
  names: Names,
  { externalIds }: Lookup,
): Promise<Found['externalIds']> {
  if (externalIds.length === 0) return []
  const schemes = new Map<string, number>()
  for (const scheme of new Set(externalIds.map(({ scheme }) => scheme)))
    schemes.set(scheme, (await names.find(scheme)) ?? 0)
  const found = await rows<[at: number, n: number]>(
    client,
    `SELECT asked.at::integer, e.n FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY asked (scheme, value, at)
       JOIN external_ids e ON e.scheme = asked.scheme AND e.value = asked.value ORDER BY asked.at`,
    externalIds.map(({ scheme }) => schemes.get(scheme)!),
    externalIds.map(({ value }) => value),
  )
  return found.map(([at, n]) => ({ ...externalIds[at - 1]!, n }))
}

async function findRows(
  client: pg.ClientBase,
  names: Names,
  { list, rows: asked }: Lookup,
): Promise<Found['listRows']> {
  const id = await names.find(list)
  if (id === null || asked.length === 0) return []
  const runs = runsOf(asked)
  const found = await rows<[row: number, n: number]>(
    client,
    `SELECT l.row, l.n FROM unnest($2::integer[], $3::integer[]) run (low, high) CROSS JOIN LATERAL (
       SELECT row, n FROM list_rows WHERE list = $1 AND row BETWEEN run.low AND run.high OFFSET 0) l
     ORDER BY l.row, l.n`,
    id,
    runs.map(([from]) => from),
    runs.map(([, to]) => to),
  )
  return found.map(([row, n]) => ({ row, n }))
}

/** Cells of 0.0005 degrees (55 m) that the box touches, with the key: what two writers could add twice. */
function places({ south, west, north, east, key }: NearQuery): Buffer[] {
  const cell = (degrees: number) => Math.floor(degrees * 2000)
  const found: Buffer[] = []
  for (let row = cell(south); row <= cell(north); row++)
    for (let at = cell(west); at <= cell(east); at++) {
      const place = Buffer.alloc(8)
      place.writeInt32BE(row)
      place.writeInt32BE(at, 4)
      found.push(Buffer.concat([encodeKey(key), place]))
    }
  return found
}

async function findNear(
  client: pg.ClientBase,
  list: number,
  queries: readonly NearQuery[],
  listed: boolean,
): Promise<number[][]> {
  const found = queries.map((): number[] => [])
  if (queries.length === 0) return found
  const near = await rows<[at: number, n: number]>(
    client,
    listed ? NEAR_LISTED : NEAR,
    queries.map(({ south }) => south),
    queries.map(({ west }) => west),
    queries.map(({ north }) => north),
    queries.map(({ east }) => east),
    queries.map(({ key }) => encodeKey(key)),
    queries.map(({ key }) => headOfKey(key)),
    list,
  )
  for (const [at, n] of near) found[at - 1]!.push(n)
  return found
}
// By place, not by key (what is joined to it keeps its index out): hundreds of rows can say the same hamlet.
const [NEAR, NEAR_LISTED] = ['NOT EXISTS', 'EXISTS'].map(
  (led) => `
  SELECT asked.at::integer, h.n
  FROM unnest($1::float8[], $2::float8[], $3::float8[], $4::float8[], $5::bytea[], $6::integer[])
      WITH ORDINALITY asked (south, west, north, east, key, head, at)
    JOIN heads p ON p.head = asked.head
    CROSS JOIN LATERAL (
      SELECT own.n FROM households own
      WHERE own.province = p.province AND own.key || ''::bytea = asked.key
        AND own.geom && ST_MakeEnvelope(asked.west, asked.south, asked.east, asked.north, 4326)
        AND ${led} (
          SELECT 1 FROM list_rows l WHERE l.province = own.province AND l.n = own.n AND l.list = $7 OFFSET 0)
      OFFSET 0) h
  ORDER BY asked.at, h.n`,
) as [string, string]
