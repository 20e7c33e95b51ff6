/**
 * The integer grid that all codes stand on. Latitudes are counted in 1/25,000,000 degree, longitudes in 1/8,192,000:
 * the height and width of the smallest cell, a plus code of 15 digits (Open Location Code specification, Google).
 * Everything after these two functions is integer arithmetic.
 */
export const LAT_UNITS = 25_000_000
export const LON_UNITS = 8_192_000
const LAT_SPAN = 180 * LAT_UNITS
const LON_SPAN = 360 * LON_UNITS

/**
 * A product within half a millionth under a whole number is that number: 10.7721 has no exact double, and a plain floor
 * would put a point that lies on a cell's edge into the neighbour. The error of the product stays below 0.43 millionths
 * everywhere on earth, and coordinates of up to six decimals never come nearer than 0.008 to an edge without lying on it.
 */
const HALF_MILLIONTH = 5e-7

/** Latitude in degrees to units above the south pole; beyond the poles it is clipped, 90 itself falls in the last cell. */
export function latitudeUnits(lat: number): number {
  if (lat <= -90) return 0
  if (lat >= 90) return LAT_SPAN - 1
  return Math.min(Math.floor(lat * LAT_UNITS + HALF_MILLIONTH) + 90 * LAT_UNITS, LAT_SPAN - 1)
}

/** Longitude in degrees to units east of the date line; any number of turns is taken off. */
export function longitudeUnits(lon: number): number {
  const units = Math.floor(lon * LON_UNITS + HALF_MILLIONTH) + 180 * LON_UNITS
  return units >= 0 && units < LON_SPAN ? units : ((units % LON_SPAN) + LON_SPAN) % LON_SPAN
}

/** Throws a RangeError that shows the value unless both are finite numbers. */
export function requireNumbers(lat: number, lon: number): void {
  if (!Number.isFinite(lat)) throw new RangeError(`latitude is not a finite number: ${show(lat)}`)
  if (!Number.isFinite(lon)) throw new RangeError(`longitude is not a finite number: ${show(lon)}`)
}

/** Throws a RangeError that shows the value unless the point lies in -90..90 and -180..180 degrees. */
export function requirePoint(lat: number, lon: number): void {
  if (typeof lat !== 'number' || !(lat >= -90 && lat <= 90))
    throw new RangeError(`latitude is not a number from -90 to 90: ${show(lat)}`)
  if (typeof lon !== 'number' || !(lon >= -180 && lon <= 180))
    throw new RangeError(`longitude is not a number from -180 to 180: ${show(lon)}`)
}

/** A value as it stands in a message: texts quoted and cut, everything else by its name. */
export function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value)
}
