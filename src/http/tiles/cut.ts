import type { LoadedGazetteer } from '../../gazetteer/load.ts'
import type { CurrentCommune } from '../../gazetteer/types.ts'
import { type OutlinePolygon, onGrid } from '../../geo/outline.ts'
import { encodeTile, LINE, POINT, POLYGON, type TileFeature } from './encode.ts'
import { clipLine, clipRing, type Frame, frameOf, isWithin } from './frame.ts'

/** Zooms at which tiles are cut; maps enlarge those of the last one. Below the first, provinces are drawn from a file. */
export const ZOOMS = { first: 7, last: 16 } as const
/** Up to here borders are thinned to a grid of about 20 m, and kept. */
const COARSE = 11
const COARSE_STEP = 200
/** Units of the tile to which borders and streets are rounded: half a pixel, one at the first zooms. */
const stepAt = (z: number) => (z < 9 ? 8 : 4)
/** The greater roads: the zoom from which they are shown, and how broad. */
const ROADS: Record<string, { from: number; rank: number }> = {
  trunk: { from: 11, rank: 4 },
  primary: { from: 11, rank: 4 },
  secondary: { from: 12, rank: 3 },
  tertiary: { from: 13, rank: 2 },
}
const FIRST_STREETS = 11
/** Of all others, and of houses. */
const ALL_STREETS = 14
const HOUSES = 16
const MOST_HOUSES = 1_500
/** Metres from the middle of a tile at zoom 16 to its corners, at the equator. */
const HOUSE_RADIUS = 440

/** The coarse rings of communes (x, y in millionths of a degree), made once. */
const coarse = new WeakMap<LoadedGazetteer['boundaries'], Map<number, OutlinePolygon[]>>()

/**
 * A vector tile of our own map: `communes` (polygons: code, province), `places` (points: code, name), from zoom 11 on
 * `streets` (lines: name, rank 1 to 4, alley) and at 16 `houses` (points: number). It yields every millisecond or so.
 */
export function* cutTile(
  gazetteer: LoadedGazetteer,
  z: number,
  x: number,
  y: number,
): Generator<undefined, Uint8Array> {
  const frame = frameOf(z, x, y)
  const near = gazetteer.communes.filter(({ bbox }) => overlaps(bbox, frame.box))
  const communes: TileFeature[] = []
  const places: TileFeature[] = []
  const streets: TileFeature[] = []
  for (const commune of near) {
    const polygons =
      z <= COARSE ? yield* coarseRings(gazetteer, commune.index) : yield* ringsOf(gazetteer, commune.index)
    const parts = ringsWithin(polygons, frame, stepAt(z))
    const { code, fullName, province, inside } = commune
    if (parts.length > 0)
      communes.push({ type: POLYGON, parts, properties: { code, province: province.code } })
    const place = frame.place(inside.lat, inside.lon, 1)
    if (isWithin(...place)) places.push({ type: POINT, parts: [place], properties: { code, name: fullName } })
    if (z >= FIRST_STREETS && parts.length > 0) yield* streetsWithin(gazetteer, commune, frame, z, streets)
    yield
  }
  const houses = z >= HOUSES ? housesWithin(gazetteer, frame) : []
  return encodeTile({ communes, places, streets, houses })
}

const overlaps = (a: readonly number[], b: readonly number[]) =>
  a[0]! <= b[2]! && a[2]! >= b[0]! && a[1]! <= b[3]! && a[3]! >= b[1]!

const ringsOf = ({ boundaries }: LoadedGazetteer, index: number) => boundaries.outline([index])

function* coarseRings(
  { boundaries }: LoadedGazetteer,
  index: number,
): Generator<undefined, OutlinePolygon[]> {
  const known = coarse.get(boundaries) ?? new Map<number, OutlinePolygon[]>()
  coarse.set(boundaries, known)
  const made = known.get(index)
  if (made) return made
  const polygons = yield* boundaries.outline([index])
  const thinned = polygons.map((rings) => rings.map((ring) => onGrid(ring, COARSE_STEP)) as OutlinePolygon)
  known.set(index, thinned)
  return thinned
}

function ringsWithin(polygons: readonly OutlinePolygon[], frame: Frame, step: number): number[][] {
  return polygons.flatMap((rings) => {
    const [outer, ...holes] = rings.map((ring, i) => {
      const placed: number[] = []
      for (let k = 0; k < ring.length; k += 2)
        pushNew(placed, frame.place(ring[k + 1]! / 1e6, ring[k]! / 1e6, step))
      return clipRing(placed, i > 0)
    })
    return outer ? [outer, ...holes.filter((hole) => hole !== null)] : []
  })
}

/** Adds the streets of a commune to `found`. */
function* streetsWithin(
  { streetLayers }: LoadedGazetteer,
  commune: CurrentCommune,
  frame: Frame,
  z: number,
  found: TileFeature[],
): Generator<undefined, void> {
  let points = 0
  for (const { name, highway, lines, alley } of streetLayers.streetsOf(commune)) {
    const { from, rank } = ROADS[highway] ?? { from: ALL_STREETS, rank: 1 }
    if (z < from) continue
    const parts = lines.flatMap((line) => {
      const placed: number[] = []
      for (let i = 0; i < line.points.length; i += 2)
        pushNew(placed, frame.place(line.points[i]!, line.points[i + 1]!, stepAt(z)))
      points += line.points.length / 2
      return clipLine(placed)
    })
    if (parts.length > 0) found.push({ type: LINE, parts, properties: { name, rank, alley: alley ? 1 : 0 } })
    if (points > PAUSE) {
      points = 0
      yield
    }
  }
}
/** Points placed between two pauses: about a millisecond. */
const PAUSE = 2_000

function housesWithin({ streetLayers }: LoadedGazetteer, frame: Frame): TileFeature[] {
  const [west, south, east, north] = frame.box
  const hits = streetLayers.housesNear((south + north) / 2, (west + east) / 2, HOUSE_RADIUS, MOST_HOUSES)
  return hits.flatMap(({ house: { lat, lon, number } }) => {
    const place = frame.place(lat, lon, 1)
    return isWithin(...place) ? [{ type: POINT, parts: [place], properties: { number } }] : []
  })
}

function pushNew(list: number[], [x, y]: [number, number]): void {
  if (list.at(-2) !== x || list.at(-1) !== y) list.push(x, y)
}
