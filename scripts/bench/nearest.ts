// Nearest household among millions on one core: right against brute force, questions a second, cold and warm, beside the row
// search in SQLite's own index over the same cells; memory, and how soon another process's change is seen.
//   npx tsx scripts/bench/nearest.ts [households = 5000000] [--db FILE made by an earlier run, or to keep]
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { load } from '../../src/gazetteer/load.ts'
import { scaleAt } from '../../src/geo/flatEarth.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import { openBeside, openReader } from '../../src/store/sqlite/open.ts'
import { registerMillions } from './millions.ts'
import { randomOf } from './random.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { db: { type: 'string' } },
})
const HOUSEHOLDS = Number(positionals[0] ?? 5_000_000)
const POINTS = 10_000
const ROUNDS = 20
const METRES = 10_000

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-nearest-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const path = values.db ?? join(folder, 'nearest.db')
if (!existsSync(path)) await registerMillions(path, HOUSEHOLDS)
const db = new Database(path, { readonly: true })
const count = db.prepare('SELECT max(n) FROM households').pluck().get() as number

// Half of the points within some 200 m of a household, half anywhere in communes.
const random = randomOf(7)
const gazetteer = load()
const pointOf = db.prepare('SELECT lat, lon FROM households WHERE n = ?').raw()
const points = Array.from({ length: POINTS }, (_, i) => {
  if (i % 2 === 0) {
    const [lat, lon] = pointOf.get(1 + Math.floor(random() * count)) as [number, number]
    return { lat: lat + (random() - 0.5) * 0.004, lon: lon + (random() - 0.5) * 0.004 }
  }
  for (;;) {
    const { bbox, index } = gazetteer.communes[Math.floor(random() * gazetteer.communes.length)]!
    const [west, south, east, north] = bbox
    const at = { lat: south + random() * (north - south), lon: west + random() * (east - west) }
    if (gazetteer.boundaries.communeAt(at.lat, at.lon) === index) return at
  }
})
const queries = points.map((at) => ({ ...at, scale: scaleAt(at.lat), metres: METRES, limit: 1 }))

const rssBefore = process.memoryUsage.rss()
const store = openReader(path)
const opened = performance.now()
await store.nearest(queries[0]!)
const firstAnswer = performance.now() - opened
const cold = await round()
const warm = []
for (let i = 0; i < ROUNDS; i++) warm.push(await round())
const found = await Promise.all(queries.map((query) => store.nearest(query)))
const rss = process.memoryUsage.rss() - rssBefore
const registry = openRegistry(store)
const whole = await timed(async () => {
  for (const { lat, lon } of points) await registry.nearest(lat, lon, METRES, 1)
})
const lag = await seenAfter()
await store.close()
const rows = await rowSearch()
const wrong = bruteForce()

console.log(
  JSON.stringify(
    {
      bench: 'nearest',
      households: count,
      points: POINTS,
      withinMetres: METRES,
      databaseMb: Math.round(statSync(path).size / 2 ** 20),
      wrong,
      perSecond: { cold: cold.perSecond, warm: median(warm.map(({ perSecond }) => perSecond)) },
      perCpuSecond: { cold: cold.perCpuSecond, warm: median(warm.map(({ perCpuSecond }) => perCpuSecond)) },
      firstAnswerMs: Math.round(firstAnswer * 10) / 10,
      withHouseholdPerCpuSecond: whole.perCpuSecond,
      rowSearchPerCpuSecond: rows.perCpuSecond,
      megabytes: Math.round(rss / 2 ** 20),
      seenAfterMs: lag,
      floors: { perSecond: 100_000, wrong: 0 },
      ok: wrong === 0 && median(warm.map(({ perCpuSecond }) => perCpuSecond)) >= 100_000,
    },
    null,
    2,
  ),
)

function round() {
  return timed(async () => {
    for (const query of queries) await store.nearest(query)
  })
}

async function timed(work: () => Promise<void> | void) {
  const from = performance.now()
  const before = process.cpuUsage()
  await work()
  const seconds = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage(before)
  return {
    perSecond: Math.round(POINTS / seconds),
    perCpuSecond: Math.round((POINTS / (user + system)) * 1e6),
  }
}

/** Milliseconds until a reader sees what another connection committed, at a place that it holds in memory. */
async function seenAfter(): Promise<number> {
  const { lat, lon } = points[0]!
  const query = { ...queries[0]!, metres: 1 }
  await store.nearest(query)
  const [like] = await store.households([1])
  const writer = openBeside(path)
  const at = Date.now()
  const household = { ...like!, n: count + 1, point: { lat, lon, source: 'given' as const, accuracy: 5 } }
  const batch = { lineOf, list: 'bench', listRows: [], at, actor: 'bench', job: null }
  await writer.transaction((tx) => tx.write({ ...batch, changes: [{ kind: 'insert', household }] }))
  const committed = performance.now()
  while ((await store.nearest(query)).length === 0)
    if (performance.now() - committed > 1000) throw new Error('not seen')
  const lag = performance.now() - committed
  const gone = { ...household, point: null, status: 'historical' as const }
  const erased = {
    kind: 'erase' as const,
    household: gone,
    before: {},
    after: {},
    erases: ['point' as const],
  }
  await writer.transaction((tx) => tx.write({ ...batch, changes: [erased] }))
  await writer.close()
  return Math.round(lag * 100) / 100
}

/** The floor: rows of cells around the point, read from the index of the table each time. */
function rowSearch() {
  const inTile = db.prepare('SELECT n, lat, lon FROM households WHERE place BETWEEN ? AND ?').raw()
  const places = db.prepare('SELECT place FROM households WHERE n = ?').pluck()
  const near = Array.from({ length: POINTS }, () => places.get(1 + Math.floor(random() * count)) as number)
  return timed(() => {
    // Only the cell of the point and its eight neighbours in the tile: less than an answer needs.
    for (const place of near)
      for (let row = -8; row <= 8; row += 8) inTile.all(place + row - 1, place + row + 1)
  })
}

/** Answers that differ from a search through all households. */
function bruteForce(): number {
  const total = db.prepare('SELECT count(*) FROM households WHERE place IS NOT NULL').pluck().get() as number
  const lats = new Float64Array(total)
  const lons = new Float64Array(total)
  const ns = new Float64Array(total)
  let read = 0
  const all = db.prepare('SELECT n, lat, lon FROM households WHERE status <> 3 AND lat IS NOT NULL').raw()
  for (const [n, lat, lon] of all.iterate() as Iterable<[number, number, number]>) {
    ns[read] = n
    lats[read] = lat
    lons[read++] = lon
  }
  let different = 0
  for (const [i, { lat, lon, scale, metres }] of queries.entries()) {
    const [x, y] = [scale.x * 1e6, scale.y * 1e6]
    let best = metres * metres
    let at = -1
    for (let j = 0; j < read; j++) {
      const dy = (lats[j]! - lat) * y
      const dx = (lons[j]! - lon) * x
      const squared = dx * dx + dy * dy
      if (squared < best || (squared === best && ns[j]! < ns[at]!)) {
        best = squared
        at = j
      }
    }
    if ((found[i]![0]?.n ?? -1) !== (at < 0 ? -1 : ns[at])) different++
  }
  return different
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!
}
