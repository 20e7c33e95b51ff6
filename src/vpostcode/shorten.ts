import { requireNumbers, show } from './grid.ts'
import { decodePlusCode, encodePlusCode } from './pluscode.ts'
import { isFull, isShort } from './validity.ts'

/** Degrees of a cell after 2, 4, 6 and 8 digits. */
const RESOLUTIONS = [20, 1, 0.05, 0.0025] as const

/**
 * Drops the first 8, 6 or 4 digits of a full plus code where a reference point (degrees WGS 84) is near enough to restore
 * them: nearer than 0.3 of the cell that the dropped digits name, as the specification asks. Else the code unchanged.
 * Throws RangeError for a code that is not full or that is padded.
 */
export function shortenPlusCode(code: string, lat: number, lon: number): string {
  requireNumbers(lat, lon)
  if (!isFull(code)) throw new RangeError(`not a full plus code: ${show(code)}`)
  if (code.includes('0')) throw new RangeError(`a padded plus code cannot be shortened: ${show(code)}`)
  const cell = decodePlusCode(code)
  const apart = Math.max(Math.abs(cell.lat - clipLatitude(lat)), Math.abs(turn(cell.lon - lon)))
  for (let pairs = 4; pairs >= 2; pairs--) {
    if (apart < RESOLUTIONS[pairs - 1]! * 0.3) return code.slice(pairs * 2).toUpperCase()
  }
  return code.toUpperCase()
}

/**
 * The full code nearest to a reference point (degrees WGS 84) that ends in a short one. A full code comes back in capitals.
 * Throws RangeError for a text that is neither.
 */
export function recoverPlusCode(code: string, lat: number, lon: number): string {
  requireNumbers(lat, lon)
  if (isFull(code)) return code.toUpperCase()
  if (!isShort(code)) throw new RangeError(`not a plus code: ${show(code)}`)
  const short = code.toUpperCase()
  const missing = 8 - short.indexOf('+')
  const step = RESOLUTIONS[missing / 2 - 1]!
  const near = clipLatitude(lat)
  const cell = decodePlusCode(encodePlusCode(near, lon).slice(0, missing) + short)
  let centreLat = cell.lat
  let centreLon = cell.lon
  if (near + step / 2 < centreLat && centreLat - step >= -90) centreLat -= step
  else if (near - step / 2 > centreLat && centreLat + step <= 90) centreLat += step
  const east = turn(centreLon - lon)
  if (east > step / 2) centreLon -= step
  else if (east < -step / 2) centreLon += step
  return encodePlusCode(centreLat, centreLon, cell.digits)
}

function clipLatitude(lat: number): number {
  return Math.min(90, Math.max(-90, lat))
}

/** A difference of longitudes as the shorter way round, -180 to 180. */
function turn(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360)
}
