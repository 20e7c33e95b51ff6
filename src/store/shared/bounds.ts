import type { StoredHousehold } from '../../registry/store.ts'

/** The south-west corner (degrees WGS 84) of the 20 x 20 degrees that a store can hold: Viet Nam with its seas lies well inside. */
export const SOUTH = 4
export const WEST = 100

export const inGrid = (lat: number, lon: number) =>
  lat >= SOUTH && lat < SOUTH + 20 && lon >= WEST && lon < WEST + 20

/** Throws RangeError for a point that no store can give back. */
export function checkPoint({ point }: StoredHousehold): void {
  if (point && !inGrid(point.lat, point.lon))
    throw new RangeError(`a point outside Viet Nam cannot be stored: ${point.lat}, ${point.lon}`)
}
