import type { Gazetteer } from '../../gazetteer/types.ts'
import { doorLine } from '../../match/doorLine.ts'
import { isWithinReach } from '../../match/placedBy.ts'
import { encodeVpostcode } from '../../vpostcode/vpostcode.ts'
import { alleyId, houseId, streetId } from '../ids.ts'
import type { Place } from '../place.ts'
import type { AskedDoor, FoundDoor, KnownNear } from './findDoor.ts'
import { locateAddress } from './locateAddress.ts'
import { turnsOf, wayOf } from './way.ts'

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

/** A place with the point that was found for its address: the house or alley, where that is known better than its street. */
export function placedAt(
  place: Place,
  parts: AskedDoor['parts'],
  found: FoundDoor,
  gazetteer: Gazetteer,
): Place {
  const { lat, lon, precision, accuracy } = found
  const { commune } = place
  const at = { ...place, lat, lon, precision, accuracy, door: found }
  if (!AT_A_HOUSE.has(precision)) return at
  const named = namedDoor(at, parts)
  if (!parts.houseNumber) return named
  return {
    ...named,
    type: 'housenumber',
    // Only a known place has a code, and only that of the commune it stands in.
    vpostcode:
      precision === 'building' && commune && isWithinReach(commune, found, gazetteer)
        ? encodeVpostcode(commune.postcode, lat, lon)
        : null,
  }
}

/** A street with the numbers of a house or alley in its name and id. What is no street ("149 Xóm Đất") is taken for one. */
export function namedDoor(place: Place, parts: AskedDoor['parts']): Place {
  const way = wayOf(parts)
  // Of a hamlet the part says it, of a street that a list has the place is spelled better.
  const street = place.street ?? parts.street ?? place.name
  const unit = place.commune ?? place.former?.district
  if (!way || !unit?.code) return place
  const { houseNumber, alleys } = parts
  const id = streetId({ code: unit.code }, street)
  const line = doorLine({ houseNumber, alleys, street })
  return {
    ...place,
    id: houseNumber ? houseId(id, turnsOf(way)) : alleyId(id, turnsOf(way), alleys?.at(-1)?.kind ?? null),
    name: line[0]!.toUpperCase() + line.slice(1),
    street,
    housenumber: houseNumber ?? null,
  }
}

/** The answer is a house or alley, known or where it should be; else it is the street. */
const AT_A_HOUSE: ReadonlySet<FoundDoor['precision']> = new Set(['building', 'interpolated', 'alley'])
