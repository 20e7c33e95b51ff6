// How many likely duplicates are found, and how many of those found are one home: on made-up households with twins in known
// proportion, and on real pairs (one house under its former and its current units) where the labelled cases are there.
//   npx tsx scripts/bench/duplicates.ts [rows = 40000]
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCsv } from '../../src/gazetteer/csv.ts'
import { load } from '../../src/gazetteer/load.ts'
import { type PreparedRow, prepareRow, type RowFields } from '../../src/pipeline.ts'
import { assignRows } from '../../src/registry/assign.ts'
import { scan } from '../../src/registry/doubts/scan.ts'
import { idCodec } from '../../src/registry/id.ts'
import { Touched } from '../../src/registry/touched.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { readPlaces } from '../households/names.ts'
import { MIXES, rowMaker } from '../households/row.ts'

const ROWS = Number(process.argv[2] ?? 40_000)
const SHARED = process.env['VPOSTCODE_SHARED'] ?? '../shared'
const gazetteer = load()

/** Loads rows as one list and looks through all; answers the households of the rows and the pairs found. */
async function run(rows: readonly RowFields[]) {
  const store = openWriter(':memory:')
  const ids = idCodec(store.secret)
  const touched = new Touched()
  const ns: (number | null)[] = []
  for (let from = 0; from < rows.length; from += 1000) {
    const prepared: PreparedRow[] = rows
      .slice(from, from + 1000)
      .map((fields) => prepareRow(fields, gazetteer))
    const chunk = prepared.flatMap(({ draft }, i) => (draft ? [{ draft, row: from + i + 1 }] : []))
    const context = {
      ids,
      job: null,
      list: 'list',
      actor: 'bench',
      now: 1,
      engineVersion: '1',
      dataVersion: '1',
    }
    const outcomes = await store.transaction((tx) => assignRows(tx, chunk, { ...context, touched }))
    for (const { n } of outcomes) touched.add(n)
    let next = 0
    for (const { draft } of prepared) ns.push(draft ? outcomes[next++]!.n : null)
  }
  const places = []
  for (const { provinceCode } of await store.provinceTallies())
    for (const { communeCode } of await store.communeTallies(provinceCode))
      places.push({ provinceCode, communeCode })
  const started = performance.now()
  for await (const _ of scan(store, places, gazetteer));
  const seconds = (performance.now() - started) / 1000
  const found = (await store.doubts(null, 10_000_000)).filter(({ kind }) => kind === 'duplicate')
  const households = await store.count()
  const texts = new Map((await store.households(ns.flatMap((n) => n ?? []))).map((one) => [one.n, one.text]))
  await store.close()
  return { ns, found, households, seconds, texts }
}

/** Precision and recall, and by the kind of a pair how many are one household already, found and missed. */
function measure(
  { ns, found, households, seconds, texts }: Awaited<ReturnType<typeof run>>,
  twins: readonly { a: number; b: number; kind: string }[],
) {
  const pair = (a: number, b: number) => (a < b ? `${a} ${b}` : `${b} ${a}`)
  const pairs = new Map(found.map(({ n, other, score }) => [pair(n, other!), score]))
  const truth = new Set<string>()
  const kinds: Record<string, { pairs: number; oneHousehold: number; found: number; missed: number }> = {}
  const missed: string[] = []
  for (const { a, b, kind } of twins) {
    const [one, two] = [ns[a], ns[b]]
    if (one === null || two === null || one === undefined || two === undefined) continue
    kinds[kind] ??= { pairs: 0, oneHousehold: 0, found: 0, missed: 0 }
    kinds[kind].pairs++
    truth.add(pair(one, two))
    if (one === two) kinds[kind].oneHousehold++
    else if (pairs.has(pair(one, two))) kinds[kind].found++
    else {
      kinds[kind].missed++
      if (missed.length < 25) missed.push(`${texts.get(one)} / ${texts.get(two)}`)
    }
  }
  const right = [...pairs.keys()].filter((key) => truth.has(key)).length
  const wrong = [...pairs.keys()].filter((key) => !truth.has(key))
  const sum = (name: 'found' | 'missed') =>
    Object.values(kinds).reduce((total, kind) => total + kind[name], 0)
  return {
    households,
    found: pairs.size,
    precision: Math.round((1000 * right) / Math.max(1, pairs.size)) / 1000,
    recall: Math.round((1000 * sum('found')) / Math.max(1, sum('found') + sum('missed'))) / 1000,
    kinds,
    householdsPerSecond: Math.round(households / seconds),
    ...(process.argv.includes('--examples')
      ? {
          missed,
          wrong: wrong.slice(0, 12).map((key) => {
            const [a, b] = key.split(' ').map(Number)
            return `${pairs.get(key)} ${texts.get(a!)} / ${texts.get(b!)}`
          }),
        }
      : {}),
  }
}

async function madeUp() {
  const places = readPlaces(gazetteer, ['01', '33', '48', '79'])
  const make = rowMaker({
    rows: ROWS,
    seed: 7,
    order: 'shuffled',
    mix: MIXES.twins,
    // Some 2,000 households a commune, as in a town.
    places: places.filter((_, i) => i % Math.ceil(places.length / (ROWS / 2000)) === 0),
    boundaries: gazetteer.boundaries,
  })
  const made = Array.from({ length: ROWS }, (_, i) => make(i))
  const rows = made.map(({ cells: [, address, commune, district, province, lat, lon] }) => ({
    address,
    commune,
    district,
    province,
    lat,
    lon,
  }))
  const twins = made.flatMap(({ twin }, i) => (twin ? [{ a: twin.row - 1, b: i, kind: twin.kind }] : []))
  return measure(await run(rows as RowFields[]), twins)
}

async function real(points: boolean) {
  const file = join(SHARED, 'data/cases/old-new-pairs.csv')
  if (!existsSync(file)) return 'left out: the labelled cases are not there (VPOSTCODE_SHARED)'
  const { rows } = parseCsv(readFileSync(file, 'utf8'))
  const fields = (name: string) =>
    rows.map((row) => ({ address: row[name]!, ...(points ? { lat: row['lat']!, lon: row['lon']! } : {}) }))
  const twins = rows.map((row, i) => ({
    a: i,
    b: rows.length + i,
    kind: row['old_ward_was_split'] === '1' ? 'split commune' : 'whole commune',
  }))
  return measure(await run([...fields('old_address'), ...fields('new_address')]), twins)
}

console.log(
  JSON.stringify(
    { madeUp: await madeUp(), realPairsWithPoints: await real(true), realPairsTextOnly: await real(false) },
    null,
    2,
  ),
)
