import type { ReadSearch } from '../bulk/addok/readAddress.ts'
import type { Sense } from '../gazetteer/names.ts'
import { once } from '../gazetteer/once.ts'
import type { LatLon, StreetLayers } from '../gazetteer/streetLayer/types.ts'
import { streetKeys } from '../gazetteer/streetsKey.ts'
import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import { namedDoor, placeDoor } from '../locate/door/placeDoor.ts'
import {
  communePlace,
  labelOf,
  type Place,
  placeInDistrict,
  placeWithin,
  provincePlace,
} from '../locate/place.ts'
import { communeOfFilters, fits, type SearchFilters } from '../locate/search.ts'
import { type Completion, completions } from '../match/complete/complete.ts'
import { isCommuneOf, type World, worldOf } from '../match/complete/world.ts'
import { formerDistrict, formerOf } from '../match/former.ts'
import { SURE } from '../match/outcomes.ts'
import type { Components, FormerReading, Understanding } from '../match/types.ts'
import { understandText } from '../match/understand.ts'
import { prepareRow } from '../pipeline.ts'
import { openKept } from './kept.ts'

/** A place that is offered while somebody types. */
export interface Offer {
  readonly place: Place
  /** What was typed of a unit before July 2025 stands in it with the unit of today. */
  readonly label: string
  /** How well the text was understood that names it; null for what it could become. */
  readonly grade: Understanding['grade'] | null
}

/** Which places are wanted, and how many. */
export interface Wanted {
  readonly filters: SearchFilters
  /** Where the person is, degrees WGS 84: decides among what is alike. */
  readonly near: LatLon | null
  readonly limit: number
}

/** Filters are looked at behind the search: so many times as many places are looked for. */
const MORE = 4

/**
 * What a text can become whose last word may be unfinished, best first; of the map and the lists alone, nobody registered is asked
 * for.
 */
export function complete(text: string, wanted: Wanted, gazetteer: Gazetteer): readonly Offer[] {
  const { filters, near, limit } = wanted
  // Where persons are differs from one to the next.
  if (near) return completeAnew(text, wanted, gazetteer)
  const memo = memoOf(worldOf(gazetteer))(gazetteer.streetLayers)
  const { type = '', postcode = '', citycode = '' } = filters
  const key = `${limit} ${type} ${postcode} ${citycode} ${text}`
  return memo.get(key) ?? memo.keep(key, completeAnew(text, wanted, gazetteer))
}

/** Texts whose offers are remembered, some 4 kB each: everybody types the same first letters. */
const MOST_REMEMBERED = 2_000
const memoOf = once((_: World) =>
  once((_: StreetLayers) => openKept<readonly Offer[]>(MOST_REMEMBERED, () => 1)),
)

function completeAnew(text: string, { filters, near, limit }: Wanted, gazetteer: Gazetteer): Offer[] {
  const within = communeOfFilters(filters, gazetteer)
  if (within === undefined && (filters.citycode || filters.postcode)) return []
  const most = filters.type ? limit * MORE : limit
  const door = doorReader(gazetteer)
  return completions(text, worldOf(gazetteer), { limit: most, near, within })
    .map((found) => offerOf(found, door, gazetteer))
    .filter(({ place }) => fits(place, filters))
    .slice(0, limit)
}

/** A name that many streets bear says little of which is meant. */
const NAME_ALONE = 0.5

/**
 * The streets of exactly the name that is all of a text, or all of it behind a house number: for a text that names no unit, or
 * a unit of the name. Empty where the text says more.
 */
export function streetsNamed(
  { understanding }: ReadSearch,
  text: string,
  wanted: Wanted,
  gazetteer: Gazetteer,
): Offer[] {
  const { filters, limit } = wanted
  const { type } = filters
  if (type === 'municipality' || type === 'locality' || /[,;]/.test(text)) return []
  const { components, grade, confidence } = understanding!
  // Read beside its units, or surely a unit: "Hà Nội".
  if (grade === 'C' && (components.street || confidence >= SURE)) return []
  const keys = new Set(
    [text, ...(grade === 'D' && components.street ? [components.street] : [])].flatMap(streetKeys),
  )
  return complete(text, { ...wanted, limit: limit * MORE }, gazetteer)
    .filter(({ place: { street } }) => street && keys.has(streetKeys(street)[0]!))
    .slice(0, limit)
    .map(({ place, label }) => ({ place: { ...place, score: place.score * NAME_ALONE }, label, grade: 'C' }))
}

/**
 * The same of a text whose head, before the first comma, names a street or hamlet that no list has: in the communes that the
 * rest can become.
 */
export function completeBehind(
  text: string,
  { filters, near, limit }: Wanted,
  gazetteer: Gazetteer,
): Offer[] {
  const cut = text.indexOf(',')
  const tail = text.slice(cut + 1).trim()
  if (cut < 0 || !tail) return []
  const components = prepareRow({ address: text.slice(0, cut) }, gazetteer).understanding?.components
  const street = components?.street
  const name = street ?? components?.hamlet ?? components?.building ?? components?.group
  if (!name) return []
  const house = (street && components?.houseNumber) || null
  const door = doorReader(gazetteer)
  return completions(tail, worldOf(gazetteer), {
    limit: limit * MORE,
    near,
    within: communeOfFilters(filters, gazetteer),
  })
    .flatMap((found) => {
      if (found.street || !('inside' in found.place)) return []
      const former = found.former && formerReading(found.former.sense)
      const place = placeWithin(
        found.place,
        street ? 'street' : 'locality',
        name,
        former,
        found.score,
        gazetteer,
      )
      return [offered(withHouse(place, house, door, gazetteer), found.place, found.former?.sense ?? null)]
    })
    .filter(({ place }) => fits(place, filters))
    .slice(0, limit)
}

function offerOf(
  { street, house, place, former, score }: Completion,
  door: DoorReader,
  gazetteer: Gazetteer,
): Offer {
  const sense = former?.sense ?? null
  const then = sense && formerReading(sense)
  if ('inside' in place) {
    const found = street
      ? withHouse(placeWithin(place, 'street', street, then, score, gazetteer), house, door, gazetteer)
      : communePlace(place, then, score, gazetteer)
    return offered(found, place, sense)
  }
  if ('becameCommune' in place) {
    const found = withHouse(
      placeInDistrict(place, street!, formerDistrict(place), score, gazetteer),
      house,
      door,
      gazetteer,
    )
    // Else the text names the ward.
    const name = isCommuneOf(gazetteer, place, street!)
      ? found.name.replace(street!, `Đường ${street}`)
      : found.name
    return offered({ ...found, name }, null, null)
  }
  const found = provincePlace(place, then, score, gazetteer)
  return sense
    ? { place: found, label: `${nameOf(sense)} (nay ${place.fullName})`, grade: null }
    : offer(found)
}

/** The place with the unit before July 2025 by which it was found beside that of today. */
function offered(place: Place, commune: CurrentCommune | null, sense: Sense | null): Offer {
  const { former, province, name } = place
  const line = place.type === 'municipality' ? [] : [name]
  if (commune && sense) {
    const units =
      sense.level === 'province'
        ? [commune.fullName, `${nameOf(sense)} (nay ${province.fullName})`]
        : [`${nameOf(sense)} (nay ${commune.fullName})`, province.fullName]
    return { place, label: [...line, ...units].join(', '), grade: null }
  }
  // The district lay in a province that is part of another now.
  const then = commune ? null : former?.province
  if (then && then.fullName !== province.fullName) {
    const units = [former!.district!.fullName, `${then.fullName} (nay ${province.fullName})`]
    return { place, label: [...line, ...units].join(', '), grade: null }
  }
  return offer(place)
}

/** A unit before July 2025 with the district that it lay in. */
function nameOf({ former, earlier, district, earlierDistrict, formerProvince }: Sense): string {
  if (former) return `${former.fullName}, ${former.district.fullName}`
  if (earlier) return `${earlier.fullName}, ${earlier.districtName}`
  return (district ?? earlierDistrict ?? formerProvince)!.fullName
}

const formerReading = (sense: Sense): FormerReading | null =>
  formerOf(
    sense.level === 'commune' ? sense : null,
    sense.level === 'district' ? sense : null,
    sense.level === 'province' ? sense : null,
  )

/** A street with what was typed in front of it, at the point where that house is or should be. */
function withHouse(place: Place, house: string | null, door: DoorReader, gazetteer: Gazetteer): Place {
  const parts = { street: place.street ?? undefined, ...(house ? door(house) : {}) }
  const found = place.street && place.commune ? placeDoor(place, parts, gazetteer) : place
  const name = house ? `${house} ${place.name}` : place.name
  // As it was typed, also where only the street is known.
  return { ...namedDoor(found, parts), name }
}

/** Reads the numbers in front of a street: "12A", "130/20", "25 ngách 34/56 ngõ 78". */
type DoorReader = (house: string) => Pick<Components, 'houseNumber' | 'alleys'>

/** One that reads the same numbers once: all offers of a text mostly have them. */
function doorReader(gazetteer: Gazetteer): DoorReader {
  const read = new Map<string, ReturnType<DoorReader>>()
  return (house) => {
    const plain = PLAIN.exec(house)
    if (plain) return { houseNumber: plain[1] }
    let door = read.get(house)
    if (!door) {
      const { houseNumber, alleys } = understandText(`${house} Đường A`, gazetteer).components
      door = { houseNumber, alleys }
      read.set(house, door)
    }
    return door
  }
}
const PLAIN = /^(?:s[oố] (?:nh[aà] )?)?(\d[\da-z/]*)$/i

export const offer = (place: Place, grade: Offer['grade'] = null): Offer => ({
  place,
  label: labelOf(place),
  grade,
})
