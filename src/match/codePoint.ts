import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import type { Components } from '../parse/types.ts'
import { parseVpostcode } from '../vpostcode/parse.ts'
import { decodePlusCode } from '../vpostcode/pluscode.ts'
import { recoverPlusCode } from '../vpostcode/shorten.ts'
import { isFull, isValid } from '../vpostcode/validity.ts'
import { decodeVpostcode } from '../vpostcode/vpostcode.ts'

/** A code whose cell is this near (metres) to the commune of its postcode is valid: boundaries are drawn anew. */
export const COMMUNE_REACH = 500
/** A plus code of fewer digits names an area, not a place. */
const LEAST_DIGITS = 10
const METRES_PER_DEGREE = 111_320

/** The place that a code names: the centre of its cell (degrees WGS 84), at most `accuracy` metres off. */
export interface CodePoint {
  readonly lat: number
  readonly lon: number
  readonly accuracy: number
  /** The commune of a Vpostcode's postcode; null for a plus code. */
  readonly commune: CurrentCommune | null
}

/**
 * Where the code is that a line holds; null when it holds none, or one that names no place (a mistyped one, an area).
 * @param near the commune of the line: a plus code without its first digits is meant near to it.
 */
export function codePoint(
  { vpostcode, plusCode }: Pick<Components, 'vpostcode' | 'plusCode'>,
  near: CurrentCommune | null,
  gazetteer: Gazetteer,
): CodePoint | null {
  return (vpostcode && ofVpostcode(vpostcode, gazetteer)) || (plusCode && ofPlusCode(plusCode, near)) || null
}

function ofVpostcode(text: string, { communeByPostcode, boundaries }: Gazetteer): CodePoint | null {
  const parsed = parseVpostcode(text)
  const commune = parsed.ok ? communeByPostcode(parsed.postcode) : undefined
  if (!parsed.ok || !commune) return null
  const reaches = (lat: number, lon: number, metres: number) =>
    boundaries.distanceTo(commune.index, lat, lon, metres) <= metres
  const cell = decodeVpostcode(parsed.code, commune.inside, (lat, lon) => reaches(lat, lon, 0))
  if (!reaches(cell.lat, cell.lon, COMMUNE_REACH)) return null
  return { ...centre(cell), commune }
}

function ofPlusCode(text: string, near: CurrentCommune | null): CodePoint | null {
  if (!isValid(text) || !(isFull(text) || near)) return null
  const cell = decodePlusCode(near ? recoverPlusCode(text, near.inside.lat, near.inside.lon) : text)
  return cell.digits < LEAST_DIGITS ? null : { ...centre(cell), commune: null }
}

function centre({ lat, lon, north, south }: ReturnType<typeof decodeVpostcode>) {
  // To the corner of a cell that is about as wide as high.
  return { lat, lon, accuracy: Math.ceil((north - south) * METRES_PER_DEGREE * Math.SQRT1_2 * 10) / 10 }
}
