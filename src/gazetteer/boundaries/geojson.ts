import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { enclosedKm2 } from '../../geo/flatEarth.ts'
import type { RingSet } from '../../geo/topology.ts'
import { type BoundaryFault, type BoundaryFaultCode, BoundaryFaults } from './faults.ts'

/** The rings of all communes, and the square kilometres that those of each enclose (holes taken off). */
export interface CommuneRings extends RingSet {
  readonly km2: Float64Array
}

/** A JavaScript string holds no more than about 512 MB; the full-detail file of the country has 162. */
const MAX_BYTES = 500 * 1024 * 1024
/** Degrees WGS 84 around the country with its islands: catches swapped axes and projected metres. */
const BOX = { minLat: 4, maxLat: 26, minLon: 100, maxLon: 120 }
/** Two official prints differ in the codes of Ba Che and Ia Mo. */
const OTHER_CODES: ReadonlyMap<string, string> = new Map([
  ['06978', '06970'],
  ['23737', '23938'],
])

/**
 * Reads a GeoJSON FeatureCollection (plain or gzip) of Polygons and MultiPolygons whose property `code` is a commune's
 * five-digit code, each of `codes` exactly once. Returns their rings, owner = position in `codes`, in that order
 * whatever the order of the file. Throws `BoundaryFaults` with everything that is wrong.
 */
export function readGeoJson(file: string, codes: readonly string[]): CommuneRings {
  let features: unknown
  try {
    const raw = readFileSync(file)
    const zipped = raw[0] === 0x1f && raw[1] === 0x8b
    const text = zipped ? gunzipSync(raw, { maxOutputLength: MAX_BYTES }) : raw
    if (text.length > MAX_BYTES) throw new RangeError('too large')
    features = JSON.parse(text.toString('utf8'))?.features
  } catch (error) {
    if (error instanceof RangeError) {
      throw new BoundaryFaults(file, [{ code: 'too-large', detail: `above ${MAX_BYTES} bytes unpacked` }])
    }
    if ((error as NodeJS.ErrnoException).syscall) throw error
    throw new BoundaryFaults(file, [{ code: 'not-geojson', detail: (error as Error).message }])
  }
  if (!Array.isArray(features)) {
    throw new BoundaryFaults(file, [{ code: 'not-geojson', detail: 'no FeatureCollection with features' }])
  }
  return ringsOf(features, codes, file)
}

/** The same for features already in memory; `source` names them in the faults. */
export function ringsOf(
  features: readonly unknown[],
  codes: readonly string[],
  source: string,
): CommuneRings {
  const faults: BoundaryFault[] = []
  const fault = (code: BoundaryFaultCode, detail: string) => {
    faults.push({ code, detail })
  }
  const known = new Map(codes.map((code, owner) => [code, owner]))
  const polygons = new Map<number, unknown[]>()
  for (const [at, feature] of features.entries()) {
    const { properties, geometry } = (feature ?? {}) as {
      properties?: { code?: unknown }
      geometry?: { type?: unknown; coordinates?: unknown }
    }
    const given = properties?.code
    if (typeof given !== 'string' || given === '') {
      fault('missing-code', `feature ${at} has no text property "code"`)
      continue
    }
    const owner = known.get(given) ?? known.get(OTHER_CODES.get(given) ?? '')
    if (owner === undefined) {
      fault('unknown-code', `${given} is no current commune`)
      continue
    }
    if (polygons.has(owner)) {
      fault('duplicate-code', `${given} stands more than once`)
      continue
    }
    const coordinates = geometry?.coordinates
    if ((geometry?.type !== 'Polygon' && geometry?.type !== 'MultiPolygon') || !Array.isArray(coordinates)) {
      polygons.set(owner, [])
      fault('not-a-polygon', `${given} is ${String(geometry?.type ?? 'without geometry')}`)
      continue
    }
    polygons.set(owner, geometry.type === 'Polygon' ? [coordinates] : coordinates)
  }
  codes.forEach((code, owner) => {
    if (!polygons.has(owner)) fault('missing-commune', `${code} has no polygon`)
  })

  const xy: number[] = []
  const km2 = new Float64Array(codes.length)
  const ringStart: number[] = [0]
  const ringOwner: number[] = []
  codes.forEach((code, owner) => {
    for (const rings of polygons.get(owner) ?? []) {
      if (!Array.isArray(rings) || rings.length === 0) {
        fault('bad-ring', `${code} has a polygon without rings`)
        continue
      }
      rings.forEach((ring, place) => {
        const from = xy.length
        const wrong = addRing(ring, xy)
        if (wrong) {
          fault(wrong, `${code}: ${RING_FAULTS[wrong]}`)
        }
        // A closed ring that rounds to a line or a point has no area.
        if (wrong || xy.length - from < 6) {
          xy.length = from
          return
        }
        km2[owner]! += (place === 0 ? 1 : -1) * Math.abs(enclosedKm2(xy, from))
        ringStart.push(xy.length / 2)
        ringOwner.push(owner)
      })
    }
  })
  if (faults.length > 0) throw new BoundaryFaults(source, faults)
  return {
    xy: Int32Array.from(xy),
    ringStart: Uint32Array.from(ringStart),
    ringOwner: Uint32Array.from(ringOwner),
    km2,
  }
}

const RING_FAULTS = {
  'bad-ring': 'a ring needs at least four positions of two numbers, the last equal to the first',
  'not-degrees': `a position lies outside longitude ${BOX.minLon}-${BOX.maxLon}, latitude ${BOX.minLat}-${BOX.maxLat}`,
}

/** Adds the vertices of a ring in millionths of a degree, without repeats; says what is wrong with it. */
function addRing(ring: unknown, xy: number[]): keyof typeof RING_FAULTS | null {
  if (!Array.isArray(ring) || ring.length < 4) return 'bad-ring'
  const from = xy.length
  for (const position of ring) {
    const lon: unknown = position?.[0]
    const lat: unknown = position?.[1]
    if (!Number.isFinite(lon) || !Number.isFinite(lat)) return 'bad-ring'
    if ((lon as number) < BOX.minLon || (lon as number) > BOX.maxLon) return 'not-degrees'
    if ((lat as number) < BOX.minLat || (lat as number) > BOX.maxLat) return 'not-degrees'
    const x = Math.round((lon as number) * 1e6)
    const y = Math.round((lat as number) * 1e6)
    if (xy.length > from && xy[xy.length - 2] === x && xy[xy.length - 1] === y) continue
    xy.push(x, y)
  }
  if (xy[from] !== xy[xy.length - 2] || xy[from + 1] !== xy[xy.length - 1]) return 'bad-ring'
  xy.length -= 2
  return null
}
