import { ALPHABET, digitAt, PAIRS } from './alphabet.ts'
import { LAT_UNITS, LON_UNITS, latitudeUnits, longitudeUnits, requireNumbers, show } from './grid.ts'
import { isFull } from './validity.ts'

/** Digits beyond this are neither written nor read. */
const MAX_DIGITS = 15

/** Units of one cell after ten digits; below it five rows and four columns a digit. */
const LAT_TEN = LAT_UNITS / 8000
const LON_TEN = LON_UNITS / 8000

/** A cell in degrees WGS 84; north and east edges belong to the neighbours. `lat`, `lon` is its centre. */
export interface Cell {
  south: number
  west: number
  north: number
  east: number
  lat: number
  lon: number
}

/** The cell of a plus code and the number of digits read. */
export interface PlusCodeCell extends Cell {
  digits: number
}

/**
 * The plus code (Open Location Code) of a point in degrees WGS 84. Latitudes are clipped to -90..90, longitudes wrapped.
 * `digits`: 2, 4, 6, 8 (padded with 0), or 10 to 15; above 15 counts as 15.
 * Throws RangeError for a number that is not finite or another count of digits.
 */
export function encodePlusCode(lat: number, lon: number, digits = 10): string {
  requireNumbers(lat, lon)
  if (!Number.isInteger(digits) || digits < 2 || (digits < 10 && digits % 2 === 1))
    throw new RangeError(`not a length of a plus code (2, 4, 6, 8, 10 to 15): ${show(digits)}`)
  const latUnits = latitudeUnits(lat)
  const lonUnits = longitudeUnits(lon)
  let latCell = Math.floor(latUnits / LAT_TEN)
  let lonCell = Math.floor(lonUnits / LON_TEN)
  const latRest = latUnits - latCell * LAT_TEN
  const lonRest = lonUnits - lonCell * LON_TEN
  const fifth = PAIRS[(latCell % 20) * 20 + (lonCell % 20)]!
  latCell = (latCell / 20) | 0
  lonCell = (lonCell / 20) | 0
  const fourth = PAIRS[(latCell % 20) * 20 + (lonCell % 20)]!
  latCell = (latCell / 20) | 0
  lonCell = (lonCell / 20) | 0
  const third = PAIRS[(latCell % 20) * 20 + (lonCell % 20)]!
  latCell = (latCell / 20) | 0
  lonCell = (lonCell / 20) | 0
  const second = PAIRS[(latCell % 20) * 20 + (lonCell % 20)]!
  const first = PAIRS[((latCell / 20) | 0) * 20 + ((lonCell / 20) | 0)]!
  if (digits < 10) return `${(first + second + third + fourth).slice(0, digits).padEnd(8, '0')}+`
  const code = `${first + second + third + fourth}+${fifth}`
  return digits === 10 ? code : code + gridDigits(latRest, lonRest, digits - 10)
}

/** The digits after the tenth: each names one of five rows and four columns. */
function gridDigits(latRest: number, lonRest: number, count: number): string {
  let text = ''
  let rowSize = LAT_TEN
  let columnSize = LON_TEN
  for (let digit = Math.min(count, MAX_DIGITS - 10); digit > 0; digit--) {
    rowSize /= 5
    columnSize /= 4
    const row = ((latRest / rowSize) | 0) % 5
    const column = ((lonRest / columnSize) | 0) % 4
    text += ALPHABET[row * 4 + column]!
  }
  return text
}

/**
 * The cell of a full plus code (either case). Digits beyond the fifteenth are not read.
 * Throws RangeError for a text that is not a full plus code.
 */
export function decodePlusCode(code: string): PlusCodeCell {
  if (!isFull(code)) throw new RangeError(`not a full plus code: ${show(code)}`)
  let south = 0
  let west = 0
  let height = 400 * LAT_UNITS
  let width = 400 * LON_UNITS
  let digits = 0
  for (let index = 0; index < code.length && digits < MAX_DIGITS; index++) {
    const value = digitAt(code, index)
    if (value < 0) continue // the plus sign and the padding
    if (digits >= 10) {
      height /= 5
      width /= 4
      south += Math.floor(value / 4) * height
      west += (value % 4) * width
    } else if (digits % 2 === 0) {
      height /= 20
      south += value * height
    } else {
      width /= 20
      west += value * width
    }
    digits++
  }
  const cell = cellOf(south, west, height, width) as PlusCodeCell
  cell.digits = digits
  return cell
}

/** Units to degrees: one division each, so that every edge is the double nearest to the true number. */
export function cellOf(south: number, west: number, height: number, width: number): Cell {
  const bottom = south - 90 * LAT_UNITS
  const left = west - 180 * LON_UNITS
  return {
    south: bottom / LAT_UNITS,
    west: left / LON_UNITS,
    north: (bottom + height) / LAT_UNITS,
    east: (left + width) / LON_UNITS,
    lat: (bottom + height / 2) / LAT_UNITS,
    lon: (left + width / 2) / LON_UNITS,
  }
}
