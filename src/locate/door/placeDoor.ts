import type { Gazetteer } from '../../gazetteer/types.ts'
import { doorLine } from '../../match/doorLine.ts'
import { isWithinReach } from '../../match/placedBy.ts'
import { fold } from '../../text/tokens.ts'
import { encodeVpostcode } from '../../vpostcode/vpostcode.ts'
import type { Place } from '../place.ts'
import type { AskedDoor, FoundDoor, KnownNear } from './findDoor.ts'
import { locateAddress } from './locateAddress.ts'

/** A place with the point at which streets, house numbers and neighbours put its address. A province stays as it is. */
export function placeDoor(
  place: Place,
  parts: AskedDoor['parts'],
  gazetteer: Gazetteer,
  known?: KnownNear,
): Place {
  const { commune, former } = place
  const found = commune && locateAddress(parts, commune, former, gazetteer, known)
  return found ? placedAt(place, parts, found, gazetteer) : place
}

/** A place with the point that was found for its address. */
export function placedAt(
  place: Place,
  parts: AskedDoor['parts'],
  found: FoundDoor,
  gazetteer: Gazetteer,
): Place {
  const { lat, lon, precision, accuracy } = found
  const { commune } = place
  const at = { ...place, lat, lon, precision, accuracy, door: found }
  if (!parts.houseNumber || !AT_A_HOUSE.has(precision)) return at
  return {
    ...at,
    type: 'housenumber',
    // Of the street, also when a first answer was a house of it already.
    id: houseId(place.id.split('_', 2).join('_'), found.turns),
    name: doorLine(parts),
    housenumber: parts.houseNumber,
    // Only a known place has a code, and only that of the commune it stands in.
    vpostcode:
      precision === 'building' && commune && isWithinReach(commune, found, gazetteer)
        ? encodeVpostcode(commune.postcode, lat, lon)
        : null,
  }
}

/** The id of a house by that of its street and the turns from there; `placeOfId` reads it. */
export const houseId = (street: string, turns: readonly string[]) =>
  `${street}_${turns.map(idPart).join('_')}`

/** "109-111", "40bis", "BL.A-10" as they stand in an id. */
const idPart = (turn: string) => fold(turn).replace(/[^a-z0-9]+/g, '-')

/** The answer is a house, known or where it should be; else it is the street. */
const AT_A_HOUSE: ReadonlySet<FoundDoor['precision']> = new Set(['building', 'interpolated', 'alley'])
