// Point -> commune: agreement with the full-detail polygons, look-ups a second beside rbush + ray cast, build and load.
// The truth is computed apart from the code under test: a plain ray cast over the raw rings of the GeoJSON.
// Run: npx tsx scripts/bench/boundaries.ts   (about a minute; needs the reference data, see VPOSTCODE_SHARED)
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import RBush from 'rbush'
import { buildBoundaries, SEED_FILE } from '../../src/gazetteer/boundaries/build.ts'
import { loadBoundaries } from '../../src/gazetteer/boundaries/load.ts'
import { parseCsv } from '../../src/gazetteer/csv.ts'
import { randomOf } from './random.ts'

const POINTS = 200_000
const SEED = 20250701
const shared = `${process.env.VPOSTCODE_SHARED ?? '../shared'}/data`
const seeds = fileURLToPath(new URL('../../seeds', import.meta.url))
const communes = parseCsv(readFileSync(join(seeds, 'communes.csv'), 'utf8')).rows.map((row) => ({
  code: row.code!,
  otherCode: row.code_alt!,
  declaredKm2: Number(row.declared_area_km2) || null,
}))

const folder = mkdtempSync(join(tmpdir(), 'boundaries-'))
const started = performance.now()
const report = buildBoundaries(seeds, folder, communes)
const buildSeconds = (performance.now() - started) / 1000
const loads = [1, 2, 3].map(() => {
  const from = performance.now()
  loadBoundaries(folder, communes)
  return (performance.now() - from) / 1000
})
const boundaries = loadBoundaries(folder, communes)
rmSync(folder, { recursive: true })

const truth = readTruth()
const random = randomOf(SEED)
const inside: Point[] = []
const outside: Point[] = []
while (inside.length < POINTS) {
  const point = randomPoint()
  const commune = truth.at(point.lat, point.lon)
  if (commune >= 0) inside.push({ ...point, commune })
  else outside.push({ ...point, commune })
}
const pairs = parseCsv(readFileSync(`${shared}/cases/old-new-pairs.csv`, 'utf8')).rows
const position = new Map(communes.map(({ code }, at) => [code, at]))
for (const [at, { otherCode }] of communes.entries()) if (otherCode) position.set(otherCode, at)
const pairPoints = pairs.map((row) => ({
  lat: Number(row.lat),
  lon: Number(row.lon),
  commune: position.get(row.new_ward_code!) ?? -2,
}))

const ours = (lat: number, lon: number) => boundaries.communeAt(lat, lon)
const pairsFull = agreement(pairPoints, truth.at)
const pairsCompact = agreement(pairPoints, ours)
const perSecond = median([1, 2, 3, 4, 5].map(() => speed(inside, ours)))
const peerPerSecond = median([1, 2, 3].map(() => speed(inside.slice(0, 20_000), truth.at)))
const near = inside.slice(0, 50_000)
const withinPerSecond = speed(near, (lat, lon) => boundaries.communesWithin(lat, lon, 50).length)

const figures = {
  agreementPercent: floor(agreement(inside, ours), 99.95),
  agreementOutsidePercent: floor(agreement(outside.slice(0, POINTS), ours), 99.95),
  pairsFullPolygonsPercent: pairsFull,
  pairsCompactPercent: floor(pairsCompact, pairsFull - 0.2),
  lookupsPerSecond: floor(Math.round(perSecond), 500_000),
  rbushAndRayCastPerSecond: Math.round(peerPerSecond),
  within50mPerSecond: Math.round(withinPerSecond),
  seedBytes: ceiling(statSync(join(seeds, SEED_FILE)).size, 12e6),
  buildSeconds: ceiling(buildSeconds, 10),
  loadSeconds: ceiling(median(loads), 0.5),
  indexBytes: ceiling(boundaries.buffer.byteLength, 120e6),
}
const pass = Object.values(figures).every((figure) => typeof figure !== 'object' || figure.pass)
const { version, vertices, overlapKm2, areaDifferences } = report
console.log(
  JSON.stringify(
    {
      bench: 'boundaries',
      points: POINTS,
      seed: SEED,
      pairs: pairs.length,
      toleranceMetres: boundaries.toleranceMetres,
      version,
      vertices,
      overlapKm2,
      areasThatDiffer: areaDifferences.length,
      ...figures,
      pass,
    },
    null,
    2,
  ),
)
process.exitCode = pass ? 0 : 1

interface Point {
  lat: number
  lon: number
  /** Position in `communes`, -1 outside. */
  commune: number
}

/** The polygons as they stand in the source, asked through boxes in an R-tree; the first in code order answers. */
function readTruth(): { at(lat: number, lon: number): number } {
  interface Item {
    minX: number
    minY: number
    maxX: number
    maxY: number
    commune: number
    rings: Float64Array[]
  }
  const file = gunzipSync(readFileSync(`${shared}/boundaries/wards_full_6dp.geojson.gz`))
  const positions = new Map(communes.map(({ code }, at) => [code, at]))
  for (const [at, { otherCode }] of communes.entries()) if (otherCode) positions.set(otherCode, at)
  const items: Item[] = []
  for (const { properties, geometry } of JSON.parse(file.toString('latin1')).features) {
    for (const polygon of geometry.coordinates as number[][][][]) {
      const rings = polygon.map((ring) => Float64Array.from(ring.flat()))
      const xs = polygon[0]!.map((position) => position[0]!)
      const ys = polygon[0]!.map((position) => position[1]!)
      items.push({
        minX: xs.reduce((a, b) => Math.min(a, b)),
        maxX: xs.reduce((a, b) => Math.max(a, b)),
        minY: ys.reduce((a, b) => Math.min(a, b)),
        maxY: ys.reduce((a, b) => Math.max(a, b)),
        commune: positions.get(properties.code)!,
        rings,
      })
    }
  }
  const tree = new RBush<Item>().load(items)
  return {
    at(lat, lon) {
      let best = -1
      for (const { commune, rings } of tree.search({ minX: lon, minY: lat, maxX: lon, maxY: lat })) {
        if (best >= 0 && best < commune) continue
        let crossings = 0
        for (const ring of rings) {
          for (let i = 0; i + 3 < ring.length; i += 2) {
            const y0 = ring[i + 1]!
            const y1 = ring[i + 3]!
            if (y0 > lat === y1 > lat) continue
            if (lon < ring[i]! + ((lat - y0) / (y1 - y0)) * (ring[i + 2]! - ring[i]!)) crossings++
          }
        }
        if (crossings % 2 === 1) best = commune
      }
      return best
    },
  }
}

/** Uniform on the ground over the box of the country with its seas and neighbours. */
function randomPoint(): { lat: number; lon: number } {
  const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180)
  const [low, high] = [sine(6.5), sine(23.5)]
  return {
    lat: (Math.asin(low + random() * (high - low)) * 180) / Math.PI,
    lon: 102 + random() * 16,
  }
}

/** Percent of the points whose commune is answered. */
function agreement(points: readonly Point[], at: (lat: number, lon: number) => number): number {
  const right = points.filter(({ lat, lon, commune }) => at(lat, lon) === commune).length
  return Math.round((right / points.length) * 1e6) / 1e4
}

/** Calls a second. The coordinates are laid out flat first, so that the work is timed and not the walk over objects. */
function speed(points: readonly Point[], work: (lat: number, lon: number) => number): number {
  const lats = Float64Array.from(points, ({ lat }) => lat)
  const lons = Float64Array.from(points, ({ lon }) => lon)
  const from = performance.now()
  let sum = 0
  for (let i = 0; i < lats.length; i++) sum += work(lats[i]!, lons[i]!)
  const seconds = (performance.now() - from) / 1000
  if (Number.isNaN(sum)) throw new Error('no answers')
  return points.length / seconds
}

function floor(value: number, least: number) {
  return { value, floor: least, pass: value >= least }
}
function ceiling(value: number, most: number) {
  return { value, ceiling: most, pass: value <= most }
}
function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}
