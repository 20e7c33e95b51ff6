import type { Gazetteer } from '../gazetteer/types.ts'
import { streetIn, streetInDistrict } from '../match/complete/world.ts'
import { formerDistrict } from '../match/former.ts'
import { placeDoor } from './door/placeDoor.ts'
import { communePlace, type Place, placeInDistrict, placeWithin, provincePlace } from './place.ts'

/**
 * The id of a unit, street or house as `Place.id` has it: a code of 2 (province), 3 (former district) or 5 digits (commune),
 * the street, the turns to the door ("27139_le-van-sy_130_20").
 */
const ID = /^(\d{2}|\d{3}(?=_)|\d{5})(?:_([a-z0-9-]+)((?:_[a-z0-9-]{1,20}){1,8})?)?$/

/**
 * The place of an id that is no household's. Undefined for what is none, and for one of a hamlet or of a street that no list
 * has: those are known by their text alone.
 */
export function placeOfId(id: string, gazetteer: Gazetteer): Place | undefined {
  const [, code, name, turns] = ID.exec(id) ?? []
  if (!code) return undefined
  const key = name?.replaceAll('-', ' ')
  if (code.length === 3) {
    const district = gazetteer.district(code)
    const street = district && streetInDistrict(gazetteer, district, key!)
    return street === undefined
      ? undefined
      : placeInDistrict(district!, street, formerDistrict(district!), 1, gazetteer)
  }
  if (code.length === 2) {
    const province = key ? undefined : gazetteer.province(code, 'current')
    return province && provincePlace(province, null, 1, gazetteer)
  }
  const commune = gazetteer.commune(code)
  if (!commune || !key) return commune && communePlace(commune, null, 1)
  const street = streetIn(gazetteer, commune, key)
  if (street === undefined) return undefined
  const parts = turns ? { street, houseNumber: turns.slice(1).replaceAll('_', '/') } : { street }
  return placeDoor(placeWithin(commune, 'street', street, null, 1), parts, gazetteer)
}
