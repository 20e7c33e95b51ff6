/**
 * A household is looked up by its key, its code, its commune or its point, but stands in the partition of its province. `heads` says in
 * which provinces households have a key of this commune, a code of this postcode, this commune, or a point in this square: nearly
 * always in one. Provinces are added and never taken away.
 */

/** A key begins with its commune, in decimal digits. */
export const headOfKey = (key: string): number => Number.parseInt(key.slice(0, 6), 10) || 0

/** A code begins with its postcode (see shared/codec.ts). */
export const headOfCode = (code: number): number => Math.floor(code / 20 ** 7)

/** Squares of a tenth of a degree, 11 km; above all other heads. */
const FIRST_SQUARE = 1_000_000
const ROW = 3_600
const north = (lat: number) => Math.floor((lat + 90) * 10)
const east = (lon: number) => Math.floor((lon + 180) * 10)
const square = (row: number, column: number) => FIRST_SQUARE + row * ROW + column
/** The square of a point; degrees WGS 84. As `SQUARES` in migrations.ts. */
export const headOfPoint = (lat: number, lon: number): number => square(north(lat), east(lon))
/** The squares in which points at most so many degrees away to each side stand. */
export function headsAround(lat: number, lon: number, reach: { lat: number; lon: number }): number[] {
  const heads: number[] = []
  for (let row = north(lat - reach.lat); row <= north(lat + reach.lat); row++)
    for (let column = east(lon - reach.lon); column <= east(lon + reach.lon); column++)
      heads.push(square(row, column))
  return heads
}
/** All heads are below. */
export const HEAD_LIMIT = 10_000_000
