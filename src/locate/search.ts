import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import { streetIn } from '../match/complete/world.ts'
import { doorLine } from '../match/doorLine.ts'
import { juneCommune } from '../match/possible.ts'
import type { Components, CurrentReading, FormerReading, Understanding } from '../match/types.ts'
import { foldKeepingMarks } from '../text/tokens.ts'
import { COARSE, type KnownNear } from './door/findDoor.ts'
import { knownNear } from './door/knownNear.ts'
import { locateAddress } from './door/locateAddress.ts'
import { placeDoor, placedAt } from './door/placeDoor.ts'
import { knownHead } from './knownHead.ts'
import type { KnownHousehold, KnownPlaces } from './knownHouseholds.ts'
import {
  communePlace,
  householdPlace,
  type Place,
  type PlaceType,
  placeWithin,
  provincePlace,
} from './place.ts'

/** An address as the registry finds households by it. */
export interface Address {
  communeCode: string
  formerCommuneCode: string | null
  parts: Omit<Components, 'postcode' | 'vpostcode' | 'plusCode'>
}

/** A text that was understood: what search goes by. */
export interface ReadAddress {
  readonly understanding: Understanding | null
  /** Of its best reading; null when it is not understood. */
  readonly draft: (Address & { vpostcode: string | null }) | null
  readonly location: { lat: number; lon: number; precision: string; accuracy: number } | null
}

/** A reading of the text: the place it names without a look at the registry, and the address to look for there. */
export interface ReadPlace {
  /** Its door may be looked for when this is first read: that of a registered home is known already. */
  readonly place: Place
  /** Of the place, without looking for its door. */
  readonly reading?: Pick<Place, 'former' | 'score'>
  /** Null when a house is not wanted, or the text names no commune. */
  readonly address: Address | null
}

export interface SearchFilters {
  readonly type?: PlaceType | undefined
  /** Postcode and code of a commune of today. */
  readonly postcode?: string | undefined
  readonly citycode?: string | undefined
}

/** Readings that are looked at. */
const MOST_READINGS = 20

/** The places that a text can mean, best reading first: one for a sure text, each candidate's for an ambiguous one. */
export function readPlaces(
  { understanding, draft, location }: ReadAddress,
  gazetteer: Gazetteer,
  { type, ...units }: SearchFilters = {},
): ReadPlace[] {
  if (!understanding?.current || !draft) return []
  const { components } = understanding
  const point = location?.precision === 'point' ? location : null
  const found: ReadPlace[] = []
  for (const [i, { current, former, confidence }] of readingsOf(understanding).entries()) {
    const commune = current.commune && gazetteer.commune(current.commune.code)!
    if (!isIn(commune, units)) continue
    const province = gazetteer.province(current.province.code, 'current')!
    const best = i === 0 && commune !== null
    const said = best ? knownHead(understanding, commune, gazetteer) : components
    const place = commune
      ? placeIn(commune, written(said, commune, gazetteer), former, confidence, type, gazetteer)
      : !type || type === 'municipality'
        ? provincePlace(province, former, confidence, gazetteer)
        : null
    if (!place) continue
    const placed = () => {
      if (best && point !== null && !type) return atPoint(place, components, point, draft.vpostcode)
      if (isWhole(place) || i >= MOST_ASKED) return place
      if (type === 'street') return placeDoor(place, { street: place.name }, gazetteer)
      if (!best || point !== null || said !== components) return placeDoor(place, said, gazetteer)
      // By the units that are sure, as a row of a file.
      const door = locateAddress(said, commune, understanding.former, gazetteer)
      return placedAt(place, said, door, gazetteer)
    }
    let made: Place | undefined
    found.push({
      get place() {
        made ??= placed()
        return made
      },
      reading: place,
      address:
        commune && (!type || type === 'housenumber')
          ? {
              communeCode: commune.code,
              formerCommuneCode: i === 0 ? draft.formerCommuneCode : juneCommune(former),
              parts: said === components ? draft.parts : said,
            }
          : null,
    })
  }
  return found
}

/** A unit is what was asked for: its point is its own. */
const isWhole = ({ type, former }: Place) => type === 'municipality' && !former?.commune

interface Reading {
  readonly current: CurrentReading
  readonly former: FormerReading | null
  readonly confidence: number
}

/**
 * Each commune once. A reading that stops above the commune stands only where no other one goes further; the best of the communes
 * that share its belief has its place: the street Nguyễn Huệ of Huế comes before the commune of that name.
 */
function readingsOf({ candidates, current, former, confidence }: Understanding): Reading[] {
  if (candidates.length === 0) return [{ current: current!, former, confidence }]
  const seen = new Set<string>()
  const further = candidates.filter(({ current: { commune } }) => {
    if (!commune || seen.has(commune.code)) return false
    seen.add(commune.code)
    return true
  })
  for (const stop of candidates.filter(({ current: { commune } }) => !commune).reverse()) {
    const best = further.findIndex((one) => one.current.province.code === stop.current.province.code)
    const before = further.findIndex((one) => one.confidence < stop.confidence)
    if (before >= 0 && before < best) further.splice(before, 0, ...further.splice(best, 1))
  }
  return (further.length > 0 ? further : candidates.slice(0, 1)).slice(0, MOST_READINGS)
}

/** The street as the lists write it there, where the text has no marks or only another spelling of the same ("Lê Văn Sĩ"). */
export function written(components: Components, commune: CurrentCommune, gazetteer: Gazetteer): Components {
  const { street } = components
  if (!street) return components
  const known = streetIn(gazetteer, commune, street)
  if (!known || known === street) return components
  if (!NOT_ASCII.test(street)) return { ...components, street: known }
  // What stands before the name is the word for a street.
  const word = street.length - known.length
  const isSame = word >= 0 && foldKeepingMarks(street.slice(word)) === foldKeepingMarks(known)
  return isSame ? { ...components, street: street.slice(0, word) + known } : components
}
const NOT_ASCII = /[^\0-\x7f]/

/** The most precise thing that the text names in the commune; null when it is not of the wanted type. */
function placeIn(
  commune: CurrentCommune,
  { street, hamlet, group, building }: Components,
  former: FormerReading | null,
  score: number,
  type: PlaceType | undefined,
  gazetteer: Gazetteer,
): Place | null {
  const locality = hamlet ?? building ?? group
  if (street && (!type || type === 'street' || type === 'housenumber'))
    return placeWithin(commune, 'street', street, former, score, gazetteer)
  if (locality && (!type || type === 'locality' || type === 'housenumber'))
    return placeWithin(commune, 'locality', locality, former, score, gazetteer)
  const isMunicipality = !type || type === 'municipality' || type === 'housenumber'
  return isMunicipality ? communePlace(commune, former, score, gazetteer) : null
}

/** A place whose point the text itself gives as a code. */
function atPoint(
  place: Place,
  components: Components,
  { lat, lon, accuracy }: { lat: number; lon: number; accuracy: number },
  vpostcode: string | null,
): Place {
  const door = components.houseNumber ? doorLine(components) : ''
  const code = components.vpostcode ?? components.plusCode ?? ''
  return {
    ...place,
    lat,
    lon,
    accuracy,
    precision: 'point',
    vpostcode,
    ...(door
      ? { type: 'housenumber', name: door, housenumber: components.houseNumber! }
      : place.type === 'municipality'
        ? { type: 'locality', name: code, id: code }
        : {}),
  }
}

/**
 * A place as an answer of this grade tells it. Of several readings none is known: only a registered household has a code then, not
 * the mapped house of one of them, nor what stands beside a registered one.
 */
export const toldAt = (place: Place, grade: Understanding['grade'] | null | undefined): Place =>
  grade === 'C' && place.precision === 'building' ? { ...place, vpostcode: null } : place

/** Whether a place is what the filters ask for. */
export const fits = ({ type: is, commune }: Place, { type, ...units }: SearchFilters): boolean =>
  (!type || is === type) && isIn(commune, units)

const isIn = (commune: Place['commune'], { postcode, citycode }: Omit<SearchFilters, 'type'>) =>
  (!postcode || commune?.postcode === postcode) && (!citycode || commune?.code === citycode)

/** The commune that the filters name. */
export function communeOfFilters(
  { citycode, postcode }: SearchFilters,
  gazetteer: Gazetteer,
): CurrentCommune | undefined {
  if (citycode) return gazetteer.commune(citycode)
  return postcode ? gazetteer.communeByPostcode(postcode) : undefined
}

/** What search asks the registry; one that keeps no streets and hamlets answers without them. */
export interface AddressedHouseholds extends Partial<KnownPlaces> {
  atAddress(
    address: Address,
    limit: number,
  ): Promise<readonly (KnownHousehold & { review: readonly string[] })[]>
}

/** Homes of one address that are answered. */
const MOST_HOMES = 20
/** Readings whose households are asked for. */
export const MOST_ASKED = 5

/**
 * The answer to a search, the most precise first: the registered households of the first readings, then the places of the
 * readings without one. `type` housenumber: houses alone. Scores are those of the readings.
 */
export async function withHouseholds(
  found: readonly ReadPlace[],
  households: AddressedHouseholds,
  gazetteer: Gazetteer,
  type?: PlaceType,
): Promise<Place[]> {
  const homes: Place[] = []
  const others: Place[] = []
  for (const [i, one] of found.entries()) {
    const { address, reading = one.place } = one
    const here = address && i < MOST_ASKED ? await homesAt(address, reading, households, gazetteer) : []
    homes.push(...here)
    if (here.length > 0) continue
    const { place } = one
    if (type === 'housenumber' && place.type !== 'housenumber') continue
    const known = address && i < MOST_ASKED && place.door ? await knownNear(address, households) : null
    others.push(known ? placeDoor(place, address!.parts, gazetteer, known) : place)
  }
  return [...homes, ...others]
}

/** The living households of an address about which nothing is in doubt; `limit` counts the others too. */
export const livingAt = async (address: Address, households: AddressedHouseholds, limit: number) =>
  (await households.atAddress(address, limit)).filter(
    ({ status, review }) => status !== 'historical' && review.length === 0,
  )

/** The places of these households. */
export async function homesAt(
  address: Address,
  { former, score }: Pick<Place, 'former' | 'score'>,
  households: AddressedHouseholds,
  gazetteer: Gazetteer,
): Promise<Place[]> {
  const places: Place[] = []
  const asked: AskedDoors = new Map()
  for (const home of await livingAt(address, households, MOST_HOMES)) {
    const place = householdPlace(home, former, score, gazetteer)
    if (!place) continue
    const isLoose = !home.point || home.point.accuracy > COARSE
    places.push(isLoose ? await byItsText(place, home, households, gazetteer, asked) : place)
  }
  return places
}

/** A household without an exact point where its text and its neighbours put it, when they tell more. */
async function byItsText(
  place: Place,
  { id, parts, communeCode }: KnownHousehold,
  households: AddressedHouseholds,
  gazetteer: Gazetteer,
  asked: AskedDoors,
): Promise<Place> {
  const { street, hamlet, houseNumber, alleys } = parts
  const door = JSON.stringify([communeCode, street, hamlet, houseNumber, alleys])
  let near = asked.get(door)
  if (near === undefined) {
    near = await knownNear({ communeCode, parts }, households)
    asked.set(door, near)
  }
  const known = near ? { ...near, doors: near.doors.filter((door) => door.id !== id) } : undefined
  const found = locateAddress(parts, place.commune!, place.former, gazetteer, known)
  if (found.accuracy >= place.accuracy) return place
  const { lat, lon, accuracy, precision, evidence } = found
  const way = { access: place.door!.access ?? found.access, turns: found.turns, evidence }
  return { ...place, lat, lon, accuracy, precision, door: way }
}

/** What is known near doors: the homes of a building have one. */
type AskedDoors = Map<string, KnownNear | null>
