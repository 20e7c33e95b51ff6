import type { KnownPlaces } from '../knownHouseholds.ts'
import type { AskedDoor, KnownNear } from './findDoor.ts'
import { turnsOf, wayOf } from './way.ts'

/** Households of a kind that are looked at: one may stand in the wrong place. */
const EACH = 3

/** Streets and hamlets of which is remembered whether anybody of them is registered. */
const MOST_REMEMBERED = 20_000

/** Whether anybody of a street or hamlet is registered, remembered: rows of a file come by street. */
export type SeenStreets = Map<string, boolean>

/**
 * What the registry knows of the neighbours of an address; null when that is nothing.
 * @param seen of a file: with it a row of a street of which nobody is registered costs one look into memory.
 */
export async function knownNear(
  { communeCode, parts }: { communeCode: string; parts: AskedDoor['parts'] },
  places: Partial<KnownPlaces>,
  seen?: SeenStreets,
): Promise<KnownNear | null> {
  const { street, hamlet } = parts
  const way = street ? wayOf(parts) : null
  const name = street ? { street } : hamlet ? { hamlet } : null
  if (!name || (street && !way)) return null
  if (seen && places.hasHomes) {
    const key = `${communeCode} ${street ? 's' : 'h'} ${street ?? hamlet}`
    let has = seen.get(key)
    if (has === undefined) {
      has = await places.hasHomes(communeCode, name)
      if (seen.size >= MOST_REMEMBERED) seen.clear()
      seen.set(key, has)
    }
    if (!has) return null
  }
  const doors =
    way && places.onStreet ? await places.onStreet(communeCode, street!, turnsOf(way).join('/'), EACH) : []
  const known = !street && places.hamlet ? await places.hamlet(communeCode, hamlet!) : null
  return doors.length > 0 || known ? { doors, hamlet: known } : null
}
