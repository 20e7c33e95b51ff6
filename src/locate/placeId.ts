import type { AlleyKind } from '../gazetteer/streetLayer/types.ts'
import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import { streetIn, streetInDistrict } from '../match/complete/world.ts'
import { formerDistrict } from '../match/former.ts'
import { fold } from '../text/tokens.ts'
import { namedDoor, placeDoor } from './door/placeDoor.ts'
import { houseId, localityId, readId, type SaidId } from './ids.ts'
import { atHouse, writtenDoor } from './mappedDoor.ts'
import { communePlace, type Place, placeInDistrict, placeWithin, provincePlace } from './place.ts'
import type { Address, ReadPlace } from './search.ts'

/**
 * The place of an id that is no household's, and the address to look for in the registry there. What no list has is written
 * as the id has it, without marks. Undefined for what is no id.
 */
export function placeOfId(text: string, gazetteer: Gazetteer): ReadPlace | undefined {
  const id = readId(text)
  if (!id) return undefined
  const { code, name } = id
  if (code.length === 3) return inDistrict(id, gazetteer)
  if (code.length === 2) {
    const province = name ? undefined : gazetteer.province(code, 'current')
    return province && { place: provincePlace(province, null, 1, gazetteer), address: null }
  }
  const commune = gazetteer.commune(code)
  if (!commune || !name) return commune && { place: communePlace(commune, null, 1, gazetteer), address: null }
  return id.isLocality ? locality(text, name, commune, gazetteer) : street(text, id, name, commune, gazetteer)
}

function street(
  text: string,
  { turns, alley }: SaidId,
  name: string,
  commune: CurrentCommune,
  gazetteer: Gazetteer,
): ReadPlace {
  const key = name.replaceAll('-', ' ')
  const street =
    gazetteer.streetLayers.streetsNamed(key, commune)[0]?.name ??
    streetIn(gazetteer, commune, key) ??
    capitals(key)
  const whole = placeWithin(commune, 'street', street, null, 1, gazetteer)
  const parts = { street, ...doorParts(turns, alley, street, commune, gazetteer) }
  const likely = placeDoor(whole, parts, gazetteer)
  const found = likely.precision === 'building' ? likely : (inMappedAlley(likely, turns, gazetteer) ?? likely)
  const place = turns.length > 0 ? namedDoor(found, parts) : found
  // A street has an id by each of its names.
  return { place: { ...place, id: text }, address: addressIn(commune, parts) }
}

/** The mapped house of an alley whose street is not mapped. */
function inMappedAlley(place: Place, turns: readonly string[], { streetLayers }: Gazetteer): Place | null {
  const { commune, street } = place
  if (!commune || !street || turns.length < 2) return null
  const house = streetLayers
    .alleysNamed(street, turns.slice(0, -1), commune)
    .flatMap((alley) => streetLayers.housesOf(alley))
    .find(({ chain }) => houseId('', chain) === houseId('', turns))
  return house ? atHouse(place, house) : null
}

/** The turns as the map would write them there. */
function doorParts(
  turns: readonly string[],
  alley: AlleyKind | null,
  street: string,
  commune: CurrentCommune,
  { streetLayers }: Gazetteer,
): Pick<Address['parts'], 'houseNumber' | 'alleys'> {
  if (turns.length === 0) return {}
  const numbers = turns.map((turn) => (/bis|ter/.test(turn) ? turn : turn.toUpperCase()))
  if (alley) return { alleys: [{ kind: alley, number: numbers.join('/') }] }
  for (let depth = numbers.length - 1; depth > 0; depth--) {
    const [mapped] = streetLayers.alleysNamed(street, numbers.slice(0, depth), commune)
    if (mapped) return writtenDoor(numbers, mapped.alley!.kind)
  }
  return writtenDoor(numbers, null)
}

function locality(id: string, name: string, commune: CurrentCommune, gazetteer: Gazetteer): ReadPlace {
  const mapped = gazetteer.streetLayers
    .hamletsOf(commune)
    .find((hamlet) => localityId(commune, hamlet.name) === id)
  const hamlet = mapped?.name ?? localityName(name.replaceAll('-', ' '))
  const place = placeWithin(commune, 'locality', hamlet, null, 1, gazetteer)
  const parts = { hamlet }
  return { place: placeDoor(place, parts, gazetteer), address: addressIn(commune, parts) }
}

function inDistrict({ code, name, turns, alley }: SaidId, gazetteer: Gazetteer): ReadPlace | undefined {
  const district = gazetteer.district(code)
  if (!district || !name) return undefined
  const key = name.replaceAll('-', ' ')
  const street = streetInDistrict(gazetteer, district, key) ?? capitals(key)
  const place = placeInDistrict(district, street, formerDistrict(district), 1, gazetteer)
  const door = turns.join('/').toUpperCase()
  const parts = alley ? { alleys: [{ kind: alley, number: door }] } : door ? { houseNumber: door } : {}
  return { place: namedDoor(place, parts), address: null }
}

const addressIn = ({ code }: CurrentCommune, parts: Address['parts']): Address => ({
  communeCode: code,
  formerCommuneCode: null,
  parts,
})

const capitals = (key: string) => key.replace(/(?<=^|\s)\p{L}/gu, (letter) => letter.toUpperCase())

/** The words of hamlets, groups and buildings with their marks. */
const WORDS = [
  ...['tổ dân phố', 'khu phố', 'khu vực', 'khóm', 'khối', 'cụm', 'đội', 'khu', 'tổ'],
  ...['thôn', 'xóm', 'ấp', 'bản', 'buôn', 'làng', 'sóc', 'chung cư', 'tòa nhà'],
]

/** "thon phu hoa" -> "thôn Phu Hoa" */
function localityName(folded: string): string {
  const word = WORDS.find((word) => folded.startsWith(`${fold(word)} `)) ?? ''
  return `${word}${capitals(folded.slice(word.length))}`
}
