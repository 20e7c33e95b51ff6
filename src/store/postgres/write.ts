import type pg from 'pg'
import type { Batch, Change, Revision, StoredHousehold } from '../../registry/store.ts'
import { checkPoint } from '../shared/bounds.ts'
import { encodeHousehold, encodeVpostcode, HOUSEHOLD_COLUMNS } from '../shared/codec.ts'
import { bodyOf, EVENT_KINDS } from '../shared/events.ts'
import { valuesOf } from '../shared/tallies.ts'
import { change, one, type Queryable, rows } from './connection.ts'
import { copyRows, type Value } from './copy.ts'
import { Counter } from './coverage.ts'
import { StreetCounter } from './decidedStreets.ts'
import { countFindings } from './doubts.ts'
import { erase } from './erase.ts'
import { HEAD_LIMIT, headOfCode, headOfKey, headOfPoint } from './heads.ts'
import type { Names } from './names.ts'
import { lockHouseholds, readHistories, readHouseholds } from './rows.ts'
import { watchSamples } from './samples.ts'
import { writeStands } from './stands.ts'

const [KEY, PROVINCE, COMMUNE] = [columnAt('key'), columnAt('province'), columnAt('commune')]
const [LAT, LON, CODE] = [columnAt('lat'), columnAt('lon'), columnAt('code')]
function columnAt(name: (typeof HOUSEHOLD_COLUMNS)[number]): number {
  return HOUSEHOLD_COLUMNS.indexOf(name)
}

/** Writes the changes of a batch in their order, each with its event, in a few round trips whatever their number. */
export async function writeBatch(client: pg.ClientBase, names: Names, batch: Batch): Promise<void> {
  const { changes, list = '', listRows = [], stands = [], actor } = batch
  for (const { household } of changes) checkPoint(household)
  await names.idsOf(wordsOf(changes, actor))
  for (const part of parts(changes)) await writePart(client, names, { ...batch, changes: part })
  await writeStands(client, stands)
  if (listRows.length === 0) return
  await change(
    client,
    `INSERT INTO list_rows (province, n, list, row)
     SELECT d.province, u.n, $1, u.row FROM unnest($2::bigint[], $3::integer[]) u (n, row) JOIN directory d ON d.n = u.n
     ON CONFLICT DO NOTHING`,
    (await names.idsOf([list])).get(list)!,
    listRows.map(({ n }) => n),
    listRows.map(({ row }) => row),
  )
}

function* wordsOf(changes: readonly Change[], actor: string) {
  yield actor
  for (const { household } of changes) {
    yield household.engineVersion
    yield household.dataVersion
    for (const { scheme } of household.externalIds) yield scheme
  }
}

/** What is erased goes out of all that was written before it: it stands alone. */
function* parts(changes: readonly Change[]): Generator<Change[]> {
  let part: Change[] = []
  for (const change of changes) {
    const erases = change.kind !== 'insert' && change.erases
    if (erases && part.length > 0) yield part
    if (erases) {
      yield [change]
      part = []
    } else part.push(change)
  }
  if (part.length > 0) yield part
}

async function writePart(client: pg.ClientBase, names: Names, batch: Batch): Promise<void> {
  const { changes, lineOf, at } = batch
  const revisions = changes.filter((change) => change.kind !== 'insert')
  const revised = [...new Set(revisions.map(({ household }) => household.n))]
  await lockHouseholds(client, revised)
  const before = new Map(
    (await readHouseholds(client, names, revised)).map((household) => [household.n, household]),
  )
  const counter = new Counter()
  const opened = [...new Set(revisions.filter(opensOrCloses).map(({ household }) => household.n))]
  await countFindings(client, opened, -1, counter)

  const streets = new StreetCounter()
  const current = new Map(before)
  for (const { household } of changes) {
    const old = current.get(household.n)
    for (const [version, times] of [
      [old, -1],
      [household, 1],
    ] as const) {
      if (!version) continue
      count(counter, version, times)
      streets.add(version, times)
    }
    current.set(household.n, household)
  }
  const aliases = await replacedCodes(client, names, batch, before)
  const written = [...new Map(changes.map(({ household }) => [household.n, household])).values()]
  const isErased = revisions.some(({ erases }) => erases)
  for (const { household, erases } of revisions) if (erases) await erase(client, household.n, erases)
  await place(client, written, before)
  const numbers = await names.idsOf([])
  const table = written.map((household) =>
    encodeHousehold(household, (name) => numbers.get(name)!, isErased ? null : lineOf(household)),
  )
  await copyRows(client, 'households', HOUSEHOLD_COLUMNS, table)
  if (!isErased) await writeNumbers(client, names, changes)
  await writeAliases(client, aliases)
  await writeHeads(client, table, aliases, before)
  const historical = new Map<number, boolean>()
  for (const { household, after } of revisions)
    if (after.status !== undefined) historical.set(household.n, household.status === 'historical')
  if (historical.size > 0) await watchSamples(client, historical, counter)
  await countFindings(client, opened, 1, counter)
  // What many writers share comes last, always in this order: who holds it is soon done.
  await writeEvents(client, names, batch)
  await counter.write(client, at)
  await streets.write(client)
}

const opensOrCloses = ({ after, erases }: Revision) => (after.status ?? after.cleared ?? erases) !== undefined

function count(counter: Counter, household: StoredHousehold, times: 1 | -1): void {
  const { provinceCode, communeCode, status, review, vpostcode } = household
  const values = valuesOf(status, review.length > 0, vpostcode !== null)
  if (values) counter.add(Number(provinceCode), Number(communeCode), values, times)
}

/** Enters new households in the directory, moves those that change their province, and takes the old rows away. */
async function place(
  client: pg.ClientBase,
  written: readonly StoredHousehold[],
  before: ReadonlyMap<number, StoredHousehold>,
): Promise<void> {
  const fresh = written.filter(({ n }) => !before.has(n))
  if (fresh.length > 0) {
    await change(
      client,
      'INSERT INTO directory (n, province) SELECT * FROM unnest($1::bigint[], $2::smallint[])',
      fresh.map(({ n }) => n),
      fresh.map(({ provinceCode }) => Number(provinceCode)),
    )
    const highest = fresh.reduce((most, { n }) => Math.max(most, n), 0)
    const reserved = await one<number>(client, 'SELECT last_value FROM household_n')
    if (highest >= reserved!) await one(client, 'SELECT pass_household($1)', highest)
  }
  const old = written.filter(({ n }) => before.has(n))
  if (old.length === 0) return
  await change(
    client,
    `DELETE FROM households h USING unnest($1::smallint[], $2::bigint[]) u (province, n)
     WHERE h.province = u.province AND h.n = u.n`,
    old.map(({ n }) => Number(before.get(n)!.provinceCode)),
    old.map(({ n }) => n),
  )
  const moved = old.filter(({ n, provinceCode }) => before.get(n)!.provinceCode !== provinceCode)
  if (moved.length === 0) return
  const values = [moved.map(({ n }) => n), moved.map(({ provinceCode }) => Number(provinceCode))]
  await change(
    client,
    `UPDATE directory d SET province = u.province,
       earlier = ARRAY(SELECT DISTINCT e FROM unnest(d.province || d.earlier) e WHERE e <> u.province)
     FROM unnest($1::bigint[], $2::smallint[]) u (n, province) WHERE d.n = u.n`,
    ...values,
  )
  for (const [table, columns] of MOVED)
    await change(
      client,
      `WITH gone AS (
         DELETE FROM ${table} t USING unnest($1::bigint[], $2::smallint[]) u (n, province) WHERE t.n = u.n
         RETURNING u.province AS there, t.*)
       INSERT INTO ${table} (province, ${columns}) SELECT there, ${columns} FROM gone`,
      ...values,
    )
}
/** What goes with a household into another province. */
const MOVED = [
  ['list_rows', 'n, list, row'],
  ['aliases', 'code, until_at, n, from_at'],
  ['stands', 'key, n, until_at, lat, lon'],
  ['observations', 'n, actor, at, found, lat, lon, accuracy'],
] as const

/** Others' numbers change hands in the order of the changes; one that two households have in the end is refused. */
async function writeNumbers(client: Queryable, names: Names, changes: readonly Change[]): Promise<void> {
  const ids = await names.idsOf([])
  const owners = new Map<string, { scheme: number; value: string; n: number | null }>()
  const gone = new Set<string>()
  for (const change of changes) {
    const { household, kind } = change
    const before = kind === 'insert' ? [] : (change.before.externalIds ?? [])
    const after = kind === 'insert' ? household.externalIds : (change.after.externalIds ?? [])
    for (const { scheme, value } of before) {
      gone.add(`${scheme}\n${value}`)
      owners.set(`${scheme}\n${value}`, { scheme: ids.get(scheme)!, value, n: null })
    }
    for (const { scheme, value } of after) {
      const owner = owners.get(`${scheme}\n${value}`)?.n
      if (owner) throw new Error(`households ${owner} and ${household.n} have the same number of "${scheme}"`)
      owners.set(`${scheme}\n${value}`, { scheme: ids.get(scheme)!, value, n: household.n })
    }
  }
  const dropped = [...gone].map((name) => owners.get(name)!)
  if (dropped.length > 0)
    await change(
      client,
      `DELETE FROM external_ids e USING unnest($1::integer[], $2::text[]) u (scheme, value)
       WHERE e.scheme = u.scheme AND e.value = u.value`,
      dropped.map(({ scheme }) => scheme),
      dropped.map(({ value }) => value),
    )
  const kept = [...owners.values()].filter(({ n }) => n !== null)
  if (kept.length > 0)
    await change(
      client,
      'INSERT INTO external_ids (scheme, value, n) SELECT * FROM unnest($1::integer[], $2::text[], $3::bigint[])',
      kept.map(({ scheme }) => scheme),
      kept.map(({ value }) => value),
      kept.map(({ n }) => n),
    )
}

interface Alias {
  province: number
  code: number
  until: number
  n: number
  from: number
}

/** Codes that the changes replace, from when they were given until now. */
async function replacedCodes(
  client: Queryable,
  names: Names,
  { changes, at }: Batch,
  before: ReadonlyMap<number, StoredHousehold>,
): Promise<Alias[]> {
  const replaced = changes.filter(
    (change): change is Revision =>
      change.kind !== 'insert' &&
      !change.erases &&
      change.after.vpostcode !== undefined &&
      Boolean(change.before.vpostcode),
  )
  if (replaced.length === 0) return []
  // Most households change for the first time.
  const known = replaced.flatMap(({ household: { n } }) => {
    const old = before.get(n)
    return old && old.updatedAt !== old.createdAt ? n : []
  })
  const histories = await readHistories(client, names, known)
  const aliases: Alias[] = []
  const replacing = new Set<Change>(replaced)
  const current = new Map(before)
  /** Codes that earlier changes of the batch gave. */
  const given = new Map<number, string | null | undefined>()
  for (const change of changes) {
    const { household, kind } = change
    const { n } = household
    if (kind !== 'insert' && replacing.has(change)) {
      const code = change.before.vpostcode!
      const old = current.get(n)
      const from = () => {
        if (old && old.updatedAt === old.createdAt) return old.createdAt
        if (given.get(n) === code) return at
        const events = histories.get(n) ?? []
        return events.findLast(({ kind, after }) => kind === 'insert' || after?.vpostcode === code)?.at
      }
      const province = Number(household.provinceCode)
      aliases.push({ province, code: encodeVpostcode(code), until: at, n, from: from() ?? at })
    }
    if (kind === 'insert' || change.after.vpostcode !== undefined) given.set(n, household.vpostcode)
    current.set(n, household)
  }
  return aliases
}

async function writeAliases(client: Queryable, aliases: readonly Alias[]): Promise<void> {
  if (aliases.length === 0) return
  const last = [...new Map(aliases.map((alias) => [`${alias.code} ${alias.n}`, alias])).values()]
  await change(
    client,
    `INSERT INTO aliases (province, code, until_at, n, from_at)
     SELECT d.province, u.code, u.until_at, u.n, u.from_at
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) u (code, until_at, n, from_at)
       JOIN directory d ON d.n = u.n
     ON CONFLICT (code, until_at, n, province) DO UPDATE SET from_at = excluded.from_at`,
    last.map(({ code }) => code),
    last.map(({ until }) => until),
    last.map(({ n }) => n),
    last.map(({ from }) => from),
  )
}

/** Notes in which provinces keys, communes and codes begin like this, and points stand in these squares. */
async function writeHeads(
  client: Queryable,
  table: readonly (readonly Value[])[],
  aliases: readonly Alias[],
  before: ReadonlyMap<number, StoredHousehold>,
): Promise<void> {
  const heads = new Set<number>()
  const note = (head: number, province: number) => heads.add(province * HEAD_LIMIT + head)
  const moved = []
  for (const row of table) {
    const [n, province] = [row[0] as number, row[PROVINCE] as number]
    note(headOfKey((row[KEY] as Buffer).toString('hex')), province)
    note(row[COMMUNE] as number, province)
    if (row[CODE] !== null) note(headOfCode(row[CODE] as number), province)
    if (row[LAT] !== null) note(headOfPoint(row[LAT] as number, row[LON] as number), province)
    const old = before.get(n)
    if (old && Number(old.provinceCode) !== province) moved.push([n, province] as const)
  }
  for (const { code, province } of aliases) note(headOfCode(code), province)
  if (moved.length > 0) {
    const found = await rows<[number, number]>(
      client,
      'SELECT DISTINCT code, province FROM aliases WHERE n = ANY($1::bigint[])',
      moved.map(([n]) => n),
    )
    for (const [code, province] of found) note(headOfCode(code), province)
  }
  const all = [...heads].sort((a, b) => a - b)
  await change(
    client,
    'INSERT INTO heads (head, province) SELECT * FROM unnest($1::integer[], $2::smallint[]) ON CONFLICT DO NOTHING',
    all.map((head) => head % HEAD_LIMIT),
    all.map((head) => Math.floor(head / HEAD_LIMIT)),
  )
}

async function writeEvents(client: pg.ClientBase, names: Names, batch: Batch): Promise<void> {
  const { changes, at, actor, job, reason = null } = batch
  const ofProvince = new Map<number, number>()
  for (const { household } of changes) {
    const province = Number(household.provinceCode)
    ofProvince.set(province, (ofProvince.get(province) ?? 0) + 1)
  }
  const provinces = [...ofProvince].sort(([a], [b]) => a - b)
  const ends = await rows<[province: number, number: number]>(
    client,
    `INSERT INTO event_numbers (province, number) SELECT * FROM unnest($1::smallint[], $2::bigint[])
     ON CONFLICT (province) DO UPDATE SET number = event_numbers.number + excluded.number RETURNING province, number`,
    provinces.map(([province]) => province),
    provinces.map(([, count]) => count),
  )
  const next = new Map(ends.map(([province, number]) => [province, number - ofProvince.get(province)!]))
  const actorId = (await names.idsOf([actor])).get(actor)!
  const events = changes.map((change): Value[] => {
    const { household, kind } = change
    const province = Number(household.provinceCode)
    const number = next.get(province)! + 1
    next.set(province, number)
    const body = bodyOf(change, reason)
    const arrives = kind !== 'insert' && ('provinceCode' in change.before || 'provinceCode' in change.after)
    return [province, number, household.n, EVENT_KINDS.indexOf(kind), at, actorId, job, body, arrives]
  })
  await copyRows(client, 'events', EVENT_COLUMNS, events)
}
const EVENT_COLUMNS = ['province', 'number', 'n', 'kind', 'at', 'actor', 'job', 'body', 'arrives']
