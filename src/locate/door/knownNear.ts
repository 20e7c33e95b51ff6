import type { KnownPlaces } from '../knownHouseholds.ts'
import type { AskedDoor, KnownNear } from './findDoor.ts'
import { turnsOf, wayOf } from './way.ts'

/** Households of a kind that are looked at: one may stand in the wrong place. */
const EACH = 3

/** What the registry knows of the neighbours of an address; null when that is nothing. */
export async function knownNear(
  { communeCode, parts }: { communeCode: string; parts: AskedDoor['parts'] },
  places: Partial<KnownPlaces>,
): Promise<KnownNear | null> {
  const way = wayOf(parts)
  const doors =
    places.onStreet && parts.street && way
      ? await places.onStreet(communeCode, parts.street, turnsOf(way).join('/'), EACH)
      : []
  const hamlet =
    places.hamlet && parts.hamlet && !parts.street ? await places.hamlet(communeCode, parts.hamlet) : null
  return doors.length > 0 || hamlet ? { doors, hamlet } : null
}
