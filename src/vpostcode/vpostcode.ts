import { ALPHABET, digitAt, PAIRS } from './alphabet.ts'
import { LAT_UNITS, LON_UNITS, latitudeUnits, longitudeUnits, requirePoint, show } from './grid.ts'
import { type Cell, cellOf } from './pluscode.ts'

/** A cell of eleven digits in units: 0.000025 by 0.00003125 degrees, about 2.8 m by 3.4 m in Viet Nam. */
const CELL_HEIGHT = LAT_UNITS / 40_000
const CELL_WIDTH = LON_UNITS / 32_000

/** Digits 9, 10 and 11 by latitude step (0..99) * 80 + longitude step (0..79). */
const LAST_THREE: readonly string[] = Array.from({ length: 8000 }, (_, index) => {
  const lat = Math.floor(index / 80)
  const lon = index % 80
  return PAIRS[Math.floor(lat / 5) * 20 + Math.floor(lon / 4)]! + ALPHABET[(lat % 5) * 4 + (lon % 4)]!
})

/**
 * The Vpostcode of a point in degrees WGS 84: the five digits of its commune's postcode and digits 5 to 11 of the plus
 * code of eleven digits. `encodeVpostcode('71009', 10.7721, 106.6983)` is "71009QMCXR8V".
 * Throws RangeError for a postcode that is not five digits and a point that is not on earth.
 */
export function encodeVpostcode(postcode: string, lat: number, lon: number): string {
  requirePoint(lat, lon)
  if (typeof postcode !== 'string' || postcode.length !== 5 || digitsFrom(postcode, 0, 5) !== 5)
    throw new RangeError(`not a postcode of five digits: ${show(postcode)}`)
  const latCell = Math.floor(latitudeUnits(lat) / CELL_HEIGHT) % 40_000
  const lonCell = Math.floor(longitudeUnits(lon) / CELL_WIDTH) % 32_000
  const latPair = (latCell / 100) | 0
  const lonPair = (lonCell / 80) | 0
  return (
    postcode +
    PAIRS[((latPair / 20) | 0) * 20 + ((lonPair / 20) | 0)]! +
    PAIRS[(latPair % 20) * 20 + (lonPair % 20)]! +
    LAST_THREE[(latCell % 100) * 80 + (lonCell % 80)]!
  )
}

/** How many decimal digits stand from `start` on, at most to `end`. */
function digitsFrom(text: string, start: number, end: number): number {
  let index = start
  while (index < end && text.charCodeAt(index) >= 48 && text.charCodeAt(index) <= 57) index++
  return index - start
}

/** Degrees WGS 84. */
export interface Reference {
  lat: number
  lon: number
}

type Inside = (lat: number, lon: number) => boolean

/**
 * The cell of a canonical Vpostcode (twelve capitals, see `parseVpostcode`). The seven digits repeat every degree; the cell
 * nearest to the reference point of the postcode's commune is taken. Where the commune is wider than a degree pass
 * `inside`, which tells whether a point lies in it: the first of `cellsInside` is taken, if there is one.
 * Throws RangeError for a text that is not canonical or a reference that is not on earth.
 */
export function decodeVpostcode(code: string, reference: Reference, inside?: Inside): Cell {
  const { lat, lon } = reference
  requirePoint(lat, lon)
  if (!isCanonical(code)) throw new RangeError(`not a canonical Vpostcode: ${show(code)}`)
  const latCell = latitudeStep(code)
  const lonCell = longitudeStep(code)
  // The whole degrees that bring the cell nearest to the reference.
  const latDegree = Math.max(-90, Math.min(89, Math.round(lat - (latCell + 0.5) / 40_000)))
  const lonDegree = Math.round(lon - (lonCell + 0.5) / 32_000)
  const nearest = cellAt(latDegree, latCell, lonDegree, lonCell)
  if (inside === undefined || inside(nearest.lat, nearest.lon)) return nearest
  return cellsInside(code, reference, inside)[0] ?? nearest
}

/** How far `cellsInside` looks, in degrees: Truong Sa is 8.4 degrees wide. */
const REACH = 9

/**
 * Every cell that a canonical Vpostcode can mean inside a commune wider than a degree, nearest to the reference first.
 * More than one: the code alone does not tell the place (for one point in six of Truong Sa the nearest is another islet).
 * Throws RangeError as `decodeVpostcode`.
 */
export function cellsInside(code: string, reference: Reference, inside: Inside): Cell[] {
  const { lat, lon } = decodeVpostcode(code, reference)
  const latCell = latitudeStep(code)
  const lonCell = longitudeStep(code)
  const apart = (cell: Cell) => (cell.lat - reference.lat) ** 2 + (cell.lon - reference.lon) ** 2
  const found: Cell[] = []
  for (let latDegree = Math.floor(lat) - REACH; latDegree <= Math.floor(lat) + REACH; latDegree++) {
    if (latDegree < -90 || latDegree > 89) continue
    for (let lonDegree = Math.floor(lon) - REACH; lonDegree <= Math.floor(lon) + REACH; lonDegree++) {
      const cell = cellAt(latDegree, latCell, lonDegree, lonCell)
      if (inside(cell.lat, cell.lon)) found.push(cell)
    }
  }
  return found.sort((a, b) => apart(a) - apart(b))
}

/** The steps of 0.000025 degrees that the tail stands for, 0 to 39,999. */
function latitudeStep(code: string): number {
  return (digitAt(code, 5) * 400 + digitAt(code, 7) * 20 + digitAt(code, 9)) * 5 + (digitAt(code, 11) >> 2)
}

/** The steps of 0.00003125 degrees that the tail stands for, 0 to 31,999. */
function longitudeStep(code: string): number {
  return (digitAt(code, 6) * 400 + digitAt(code, 8) * 20 + digitAt(code, 10)) * 4 + (digitAt(code, 11) & 3)
}

function cellAt(latDegree: number, latCell: number, lonDegree: number, lonCell: number): Cell {
  const eastOfDateLine =
    lonDegree < -180 ? lonDegree + 540 : lonDegree > 179 ? lonDegree - 180 : lonDegree + 180
  return cellOf(
    (latDegree + 90) * LAT_UNITS + latCell * CELL_HEIGHT,
    eastOfDateLine * LON_UNITS + lonCell * CELL_WIDTH,
    CELL_HEIGHT,
    CELL_WIDTH,
  )
}

/** Twelve characters: five decimal digits and seven capitals of the alphabet. */
export function isCanonical(code: string): boolean {
  if (typeof code !== 'string' || code.length !== 12 || digitsFrom(code, 0, 5) !== 5) return false
  for (let index = 5; index < 12; index++) {
    if (digitAt(code, index) < 0 || code.charCodeAt(index) > 90) return false
  }
  return true
}

/** A canonical code in groups for people: "71009 QMCX R8V". Throws RangeError for a text that is not canonical. */
export function formatVpostcode(code: string): string {
  if (!isCanonical(code)) throw new RangeError(`not a canonical Vpostcode: ${show(code)}`)
  return `${code.slice(0, 5)} ${code.slice(5, 9)} ${code.slice(9)}`
}
