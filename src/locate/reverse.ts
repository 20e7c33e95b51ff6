import type { Gazetteer } from '../gazetteer/types.ts'
import { type EncodedPoint, encodePoint } from './encode.ts'
import type { KnownHouseholds, NearHousehold } from './knownHouseholds.ts'

/** What stands at a point: `place` is the point itself, null outside coverage. */
export interface Surroundings {
  place: EncodedPoint | null
  /** Registered households within the radius, nearest first, distance in metres. */
  households: NearHousehold[]
}

/** The commune and the nearest households of a point (degrees WGS 84). */
export async function reverse(
  deps: { gazetteer: Gazetteer; households: Pick<KnownHouseholds, 'nearest'> },
  lat: number,
  lon: number,
  radius: number,
  limit: number,
): Promise<Surroundings> {
  const place = encodePoint(deps.gazetteer, lat, lon)
  return { place, households: await deps.households.nearest(lat, lon, radius, limit) }
}
