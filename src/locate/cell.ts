import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import type { Cell } from '../vpostcode/pluscode.ts'
import { decodeVpostcode } from '../vpostcode/vpostcode.ts'

/** A code whose cell is this near (metres) to the commune of its postcode is valid: boundaries are drawn anew. */
export const COMMUNE_REACH = 500

/** A little under one degree, the distance after which the seven digits repeat. */
const REPEAT = 0.95

/**
 * The cell of a canonical code in or near a commune. From the middle of the commune's box no cell of it is more than half
 * a degree away, so that the nearest is the one meant; only Truong Sa is wider and has to be searched.
 */
export function cellNear(code: string, commune: CurrentCommune, { boundaries }: Gazetteer): Cell {
  const [west, south, east, north] = commune.bbox
  const middle = { lat: (south + north) / 2, lon: (west + east) / 2 }
  if (east - west < REPEAT && north - south < REPEAT) return decodeVpostcode(code, middle)
  const reaches = (metres: number) => (lat: number, lon: number) =>
    boundaries.distanceTo(commune.index, lat, lon, metres) <= metres
  const inside = decodeVpostcode(code, middle, reaches(0))
  return reaches(0)(inside.lat, inside.lon) ? inside : decodeVpostcode(code, middle, reaches(COMMUNE_REACH))
}
