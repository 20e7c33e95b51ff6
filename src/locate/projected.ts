import { nameIndex } from '../gazetteer/names.ts'
import type { CurrentCommune, Gazetteer, Province } from '../gazetteer/types.ts'
import { fromVn2000 } from '../geo/vn2000.ts'
import type { Understanding } from '../match/types.ts'

/** Metres: a point this near to the commune of the text belongs to it. Neighbouring zones are 26 km apart. */
const REACH = 2000

/**
 * Where metres of VN-2000 (TM-3) are, in degrees WGS 84. They do not tell their zone: of the central meridians of the provinces
 * that the text may mean the one is taken with which the point lies in its commune, or in its province when it names no commune.
 * Null when none does, or several.
 */
export function fromMetres(
  gazetteer: Gazetteer,
  northing: number,
  easting: number,
  { current, candidates, former }: Understanding,
): { lat: number; lon: number } | null {
  const communes = [current, ...candidates.map((candidate) => candidate.current)].flatMap((reading) =>
    reading?.commune ? [gazetteer.commune(reading.commune.code)!] : [],
  )
  const province = current && gazetteer.province(current.province.code, 'current')
  if (!province) return null
  const said = former?.province && gazetteer.province(former.province.code, 'former')
  const fits = (point: { lat: number; lon: number }) =>
    communes.some((commune) => isNear(gazetteer, commune, point)) ||
    (!current.commune && isIn(gazetteer, province, point))
  const points = meridiansOf(gazetteer, province, said ?? null).map((meridian) =>
    fromVn2000(northing, easting, meridian),
  )
  if (said && fits(points[0]!)) return points[0]!
  const fitting = points.filter(fits)
  return fitting.length === 1 ? fitting[0]! : null
}

/** Each once, the one of the former province that the text names first. */
function meridiansOf(gazetteer: Gazetteer, province: Province, said: Province | null): number[] {
  const { currentOf } = nameIndex(gazetteer)
  const formers = gazetteer.formerProvinces.filter((former) => currentOf(former) === province)
  return [...new Set([...(said ? [said] : []), ...formers].map((former) => gazetteer.meridian(former)))]
}

const isNear = (
  { boundaries }: Gazetteer,
  commune: CurrentCommune,
  { lat, lon }: { lat: number; lon: number },
) => boundaries.distanceTo(commune.index, lat, lon, REACH) <= REACH

function isIn(
  { boundaries, communes }: Gazetteer,
  province: Province,
  point: { lat: number; lon: number },
): boolean {
  const index = boundaries.communeAt(point.lat, point.lon)
  return index >= 0 && communes[index]!.province === province
}
