import { readCoordinates } from '../geo/coordinates.ts'
import { GIVEN_ACCURACY, type Row } from './row.ts'

/** Metres of the last decimal of a degree, for 0 to 3 decimals; more are good enough for a cell of 3 m. */
const DECIMAL_METRES = [111_000, 11_100, 1_110, 111]
/** Metres between two values of coordinates that are too coarse for a code. */
const COARSE = 12

/** The given point in degrees, or metres of a projection that wait for the province. */
export function readPoint(row: Row): void {
  const { lat, lon } = row.fields
  const read = readCoordinates(lat ?? '', lon ?? '')
  if (read === null) return
  if ('error' in read) {
    row.issues.push(read.error)
    if (read.error === 'projected-coordinates') row.metres = read
    return
  }
  // Excel drops trailing zeros, so the longer of the two numbers tells how many decimals there were.
  const decimals = DECIMAL_METRES.findIndex((_, count) => ends(read.lat, count) && ends(read.lon, count))
  // Seconds without a fraction are 31 m apart; hundredths of a minute 18.
  const coarse =
    read.step === undefined ? DECIMAL_METRES[decimals] : read.step > COARSE ? read.step : undefined
  row.point = {
    lat: read.lat,
    lon: read.lon,
    accuracy: coarse ?? GIVEN_ACCURACY,
    known: coarse === undefined,
  }
  row.issues.push(...read.issues)
  if (coarse !== undefined) row.issues.push('coarse-coordinates')
}

/** Has the number at most so many decimals? */
function ends(value: number, decimals: number): boolean {
  const unit = 10 ** decimals
  return Math.round(value * unit) / unit === value
}
