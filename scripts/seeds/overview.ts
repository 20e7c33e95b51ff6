// Writes seeds/provinces.geojson, the provinces as the map of the pages shows them from afar, from the built boundaries.
// Run: npx tsx scripts/seeds/overview.ts
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { load } from '../../src/gazetteer/load.ts'
import type { Province } from '../../src/gazetteer/types.ts'
import type { OutlinePolygon } from '../../src/geo/outline.ts'
import { simplifyTopology } from '../../src/geo/simplify.ts'
import { buildTopology } from '../../src/geo/topology.ts'

/** Metres by which a border may be moved: a pixel at zoom 7. */
const TOLERANCE = 600
/** Millionths of a degree to which vertices are rounded. */
const STEP = 2_000
/** Square degrees below which an island is left out: about 6 km2. */
const SMALLEST = 5e-4

const gazetteer = load()
const rings: { province: number; xy: Int32Array }[] = []
gazetteer.provinces.forEach((province, at) => {
  const communes = gazetteer.communes.filter((commune) => commune.province === province)
  for (const polygon of done(gazetteer.boundaries.outline(communes.map(({ index }) => index))))
    if (Math.abs(areaOf(polygon[0])) > SMALLEST) rings.push({ province: at, xy: polygon[0] })
})
const xy = new Int32Array(rings.reduce((sum, ring) => sum + ring.xy.length, 0))
const ringStart = [0]
for (const ring of rings) {
  xy.set(ring.xy, 2 * ringStart.at(-1)!)
  ringStart.push(ringStart.at(-1)! + ring.xy.length / 2)
}
const topology = simplifyTopology(
  buildTopology({
    xy,
    ringStart: Uint32Array.from(ringStart),
    ringOwner: Uint32Array.from(rings, (_, i) => i),
  }),
  TOLERANCE,
  STEP,
)
const features = gazetteer.provinces.flatMap((province, at) => {
  const own = rings.flatMap((ring, i) => (ring.province === at ? [positions(i)] : []))
  const { code, name } = province
  const coordinates = own.map((ring) => `[[${ring.join()}]]`).join()
  const { lat, lon } = middleOf(province)
  return [
    `{"type":"Feature","properties":{"code":"${code}"},"geometry":{"type":"MultiPolygon","coordinates":[${coordinates}]}}`,
    `{"type":"Feature","properties":${JSON.stringify({ code, name })},"geometry":{"type":"Point","coordinates":[${lon},${lat}]}}`,
  ]
})
const file = fileURLToPath(new URL('../../seeds/provinces.geojson', import.meta.url))
const text = `{"type":"FeatureCollection","features":[\n${features.join(',\n')}\n]}\n`
writeFileSync(file, text)
console.log(
  JSON.stringify({ provinces: gazetteer.provinces.length, rings: rings.length, bytes: text.length }),
)

/** A ring as texts of positions, closed. */
function positions(ring: number): string[] {
  const { arcStart, ringArcs, ringStart } = topology
  const found: string[] = []
  for (let k = ringStart[ring]!; k < ringStart[ring + 1]!; k++) {
    const arc = ringArcs[k]!
    const at = arc < 0 ? ~arc : arc
    const vertices: string[] = []
    for (let i = arcStart[at]!; i < arcStart[at + 1]!; i++)
      vertices.push(`[${topology.xy[2 * i]! / 1e6},${topology.xy[2 * i + 1]! / 1e6}]`)
    if (arc < 0) vertices.reverse()
    for (const vertex of vertices) if (found.at(-1) !== vertex) found.push(vertex)
  }
  return found
}

/** Where its name stands: in the commune nearest to the middle of its area. */
function middleOf(province: Province): { lat: number; lon: number } {
  const communes = gazetteer.communes.filter((commune) => commune.province === province)
  const km2 = communes.reduce((sum, { declaredKm2 }) => sum + declaredKm2, 0)
  const mean = (of: 'lat' | 'lon') =>
    communes.reduce((sum, { inside, declaredKm2 }) => sum + inside[of] * declaredKm2, 0) / km2
  const [lat, lon] = [mean('lat'), mean('lon')]
  const away = ({ inside }: (typeof communes)[number]) => Math.hypot(inside.lat - lat, inside.lon - lon)
  return communes.reduce((best, one) => (away(one) < away(best) ? one : best)).inside
}

function areaOf(ring: Int32Array): number {
  let sum = 0
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
    sum += (ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!) / 2e12
  return sum
}

function done(work: Generator<undefined, OutlinePolygon[]>): OutlinePolygon[] {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}
