import type { LineHousehold, LinePlace } from '../../registry/lineStore.ts'
import { decodeParts, fiveDigits, SOURCES } from './codec.ts'

/** The columns of a household that is read by its line. */
export const LINE_COLUMNS = 'n, parts, former, lat, lon, source, accuracy, access_lat, access_lon'
export type LineRow = [
  n: number,
  parts: string,
  former: number | null,
  lat: number,
  lon: number,
  source: number,
  accuracy: number,
  accessLat: number | null,
  accessLon: number | null,
]

export const lineHouseholdOf = ([
  n,
  parts,
  former,
  lat,
  lon,
  source,
  accuracy,
  accessLat,
  accessLon,
]: LineRow): LineHousehold => ({
  n,
  parts: decodeParts(parts),
  formerCommuneCode: former === null ? null : fiveDigits(former),
  point: { lat, lon, source: SOURCES[source]!, accuracy },
  access: accessLat === null ? null : { lat: accessLat, lon: accessLon! },
})

/** parts, lat, lon of a household. */
export type PlaceRow = [parts: string, lat: number, lon: number]
export const linePlaceOf = ([parts, lat, lon]: PlaceRow): LinePlace => ({
  parts: decodeParts(parts),
  lat,
  lon,
})
