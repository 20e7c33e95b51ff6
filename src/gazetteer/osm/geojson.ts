import { isUtf8 } from 'node:buffer'
import type { LayerSink } from '../streetLayer/types.ts'
import { features } from './features.ts'
import { KEYS, meaningOf, put } from './objects.ts'
import type { Watch } from './read.ts'
import { MapUnreadable } from './unreadable.ts'

/** The ids that tools give: "way/123", "w123"; osmium's areas are twice the id of their way, or that of their relation and one. */
const ID = /^(node|way|relation|n|w|r|a)\/?(-?\d{1,15})$/
const MOST_ID = 40
const POINT_TYPES = new Set(['Point', 'MultiPoint'])
/** How deep in `coordinates` the pieces of a geometry stand; of an area the outer ring of its first polygon counts. */
const PIECES: Readonly<Record<string, (coordinates: unknown) => unknown[]>> = {
  Point: (point) => [[point]],
  MultiPoint: (points) => [[(points as unknown[])[0]]],
  LineString: (line) => [line],
  MultiLineString: (lines) => lines as unknown[],
  Polygon: (rings) => [(rings as unknown[])[0]],
  MultiPolygon: (polygons) => [(polygons as unknown[][])[0]![0]],
}

/**
 * Reads a GeoJSON file of any size, plain or gzip, a FeatureCollection or one feature a line, one feature at a time. The
 * properties are the tags of OpenStreetMap ("name", "highway", "addr:housenumber" ...). Throws `MapUnreadable` at the first
 * feature that is broken.
 */
export async function readGeoJson(
  path: string,
  size: number,
  isGzip: boolean,
  sink: LayerSink,
  watch: Watch,
): Promise<{ incomplete: number; passed: number }> {
  let number = 0
  let passed = 0
  for await (const bytes of features(path, isGzip, (read) => watch(read / size))) {
    number++
    const fault = readFeature(bytes, number, sink, () => passed++)
    if (fault) throw new MapUnreadable(`${path}, feature ${number}: ${fault}`)
  }
  if (number === 0) throw new MapUnreadable(`${path} is no GeoJSON: it holds no features`)
  return { incomplete: 0, passed }
}

/** Says what is wrong with it, null when nothing is; a feature that means nothing to us is passed over. */
function readFeature(bytes: Buffer, number: number, sink: LayerSink, passOver: () => void): string | null {
  if (!isUtf8(bytes)) return 'it is not UTF-8'
  let feature: { type?: unknown; id?: unknown; properties?: unknown; geometry?: unknown }
  try {
    feature = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    return `it is no JSON (${(error as Error).message})`
  }
  if (feature.type !== 'Feature')
    return `its type is ${JSON.stringify(feature.type)?.slice(0, 40)}, not "Feature"`
  const properties = (feature.properties ?? {}) as Record<string, unknown>
  const tags = new Map<string, string>()
  for (const key of KEYS) {
    const value = properties[key]
    if (typeof value === 'string' || typeof value === 'number') tags.set(key, String(value))
  }
  const { type, coordinates } = (feature.geometry ?? {}) as { type?: string; coordinates?: unknown }
  const isPoint = POINT_TYPES.has(type ?? '')
  const meaning = tags.size > 0 ? meaningOf(tags, !isPoint) : null
  if (!meaning || !type || !Object.hasOwn(PIECES, type)) {
    passOver()
    return null
  }
  const pieces: number[][] = []
  try {
    for (const positions of PIECES[type]!(coordinates)) pieces.push(points(positions))
  } catch {
    return `its coordinates are not those of a ${type} in degrees, longitude before latitude`
  }
  put(sink, idOf(feature.id ?? properties['@id'] ?? properties['osm_id'], isPoint, number), meaning, pieces)
  return null
}

/** Longitude and latitude to latitude, longitude, latitude ... Throws for anything else. */
function points(positions: unknown): number[] {
  const points: number[] = []
  for (const position of positions as unknown[]) {
    const [lon, lat] = position as unknown[]
    if (!isDegrees(lat, 90) || !isDegrees(lon, 180)) throw new RangeError('no degrees')
    points.push(lat, lon)
  }
  return points
}

const isDegrees = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Math.abs(value) <= most

/** "w408206339" as the PBF reader has it; another id as it stands; without one its number in the file. */
function idOf(id: unknown, isPoint: boolean, place: number): string {
  if (typeof id === 'number' || (typeof id === 'string' && /^\d+$/.test(id)))
    return `${isPoint ? 'n' : 'w'}${id}`
  if (typeof id !== 'string' || id === '') return `f${place}`
  const [, kind, number] = ID.exec(id) ?? []
  if (!kind) return id.slice(0, MOST_ID)
  if (kind !== 'a') return `${kind[0]}${number}`
  return Number(number) % 2 ? `r${(Number(number) - 1) / 2}` : `w${Number(number) / 2}`
}
