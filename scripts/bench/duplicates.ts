// How many likely duplicates are found, and how many of those found are one home: on made-up households with twins in known
// proportion, and on real pairs (one house under its former and its current units) where the labelled cases are there.
// How many houses far from their street's numbering are found: on made-up streets with points put elsewhere in known proportion.
//   npx tsx scripts/bench/duplicates.ts [rows = 40000]
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCsv } from '../../src/gazetteer/csv.ts'
import { load } from '../../src/gazetteer/load.ts'
import { metresBetween } from '../../src/geo/flatEarth.ts'
import type { PreparedRow, RowFields } from '../../src/pipeline/row.ts'
import { prepareRow } from '../../src/pipeline.ts'
import { assignRows } from '../../src/registry/assign.ts'
import { scan } from '../../src/registry/doubts/scan.ts'
import { idCodec } from '../../src/registry/id.ts'
import { Touched } from '../../src/registry/touched.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { readPlaces } from '../households/names.ts'
import { drawsFor } from '../households/random.ts'
import { MIXES, pointIn, rowMaker } from '../households/row.ts'

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
  const doubts = await store.doubts(null, 10_000_000)
  const found = doubts.filter(({ kind }) => kind === 'duplicate')
  const outliers = new Set(doubts.filter(({ kind }) => kind === 'numbering').map(({ n }) => n))
  const households = await store.count()
  const texts = new Map((await store.households(ns.flatMap((n) => n ?? []))).map((one) => [one.n, one.text]))
  await store.close()
  return { ns, found, outliers, households, seconds, texts }
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

/** Houses a street, metres between two, and of how many the point stands somewhere else in the commune. */
const HOUSES = 40
const STEP = 12
const MOVED = 0.02
/** Of how many the point lies in an alley, and how deep (metres). */
const IN_ALLEY = 0.3
const DEEPEST = 120

/**
 * Streets that bend, in real communes under real names: house after house along them, some up an alley. A point that was put
 * elsewhere is to be found from 500 m on.
 */
async function numbering() {
  const places = readPlaces(gazetteer, ['01', '33', '48', '79'])
    .filter(({ streets }) => streets.length > 3)
    .slice(0, 120)
  const draw = drawsFor(7, 11)
  const rows: RowFields[] = []
  const moved: number[] = []
  for (const { commune, streets } of places) {
    const metre = 1 / 111_320
    const east = metre / Math.cos((commune.inside.lat * Math.PI) / 180)
    for (const street of streets.slice(0, 5)) {
      let { lat, lon } = pointIn(commune, gazetteer.boundaries, draw)
      let heading = draw.next() * 2 * Math.PI
      for (let house = 1; house <= HOUSES; house++) {
        heading += (draw.next() - 0.5) * 0.5
        lat += STEP * metre * Math.sin(heading)
        lon += STEP * east * Math.cos(heading)
        const depth = (draw.chance(IN_ALLEY) ? draw.next() * DEEPEST : 8) * (house % 2 === 0 ? 1 : -1)
        const at = {
          lat: lat + depth * metre * Math.cos(heading),
          lon: lon - depth * east * Math.sin(heading),
        }
        if (gazetteer.boundaries.communeAt(at.lat, at.lon) !== commune.index) break
        const point = draw.chance(MOVED) ? pointIn(commune, gazetteer.boundaries, draw) : at
        moved.push(metresBetween(at, point))
        rows.push({
          houseNumber: String(house),
          street: `đường ${street}`,
          commune: commune.fullName,
          province: commune.province.fullName,
          lat: point.lat.toFixed(6),
          lon: point.lon.toFixed(6),
        })
      }
    }
  }
  const { ns, outliers } = await run(rows)
  const bands = {
    'in place': [0, 0],
    'below 500 m': [0, 0],
    '500 to 1,000 m': [0, 0],
    'above 1,000 m': [0, 0],
  }
  for (const [i, metres] of moved.entries()) {
    const band =
      metres === 0
        ? 'in place'
        : metres < 500
          ? 'below 500 m'
          : metres < 1000
            ? '500 to 1,000 m'
            : 'above 1,000 m'
    bands[band][0]!++
    if (ns[i] && outliers.has(ns[i])) bands[band][1]!++
  }
  const right = bands['500 to 1,000 m'][1]! + bands['above 1,000 m'][1]!
  const wanted = bands['500 to 1,000 m'][0]! + bands['above 1,000 m'][0]!
  return {
    houses: rows.length,
    found: outliers.size,
    precision: Math.round((1000 * right) / Math.max(1, outliers.size)) / 1000,
    recall: Math.round((1000 * right) / Math.max(1, wanted)) / 1000,
    movedAndFound: bands,
  }
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
    {
      madeUp: await madeUp(),
      numbering: await numbering(),
      realPairsWithPoints: await real(true),
      realPairsTextOnly: await real(false),
    },
    null,
    2,
  ),
)
