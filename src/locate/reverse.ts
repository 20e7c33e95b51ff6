import { streetKeys } from '../gazetteer/streetsKey.ts'
import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import { metresBetween } from '../geo/flatEarth.ts'
import { locateCommune } from './commune.ts'
import { accuracyOf } from './door/accuracy.ts'
import { outermost } from './door/alley.ts'
import { namedDoor } from './door/placeDoor.ts'
import { type EncodedPoint, encodePoint } from './encode.ts'
import { alleyId } from './ids.ts'
import type { KnownHouseholds, NearHousehold } from './knownHouseholds.ts'
import { atHouse, doorOfHouse, streetOf } from './mappedDoor.ts'
import { type BetweenHomes, betweenHomes, homesAround } from './nearHomes.ts'
import { type NearStreet, nearHouses, nearStreets } from './nearStreets.ts'
import type { NumberEstimate } from './numberAt.ts'
import { householdPlace, type Place, type PlaceType, placeWithin } from './place.ts'

/** Something that stands at or near a point. */
export interface Beside {
  readonly place: Place
  /** Metres from the point. */
  readonly metres: number
  /** Of a street: the number that a house at the point should have. */
  readonly estimate: NumberEstimate | null
}

export interface Surroundings {
  /** The point itself, null outside coverage. */
  readonly place: EncodedPoint | null
  /** Registered households within the radius, nearest first. */
  readonly households: readonly NearHousehold[]
  /** The most precise things that are known there; empty where nothing but the commune is. */
  readonly found: readonly Beside[]
  /** Ids of all households where the nearest one stands, when they are several: a building. At most 100. */
  readonly building: readonly string[]
}

type Known = Pick<KnownHouseholds, 'nearest' | 'idsNear'>

/** Metres within which households stand at one point. */
const ONE_POINT = 3
const MOST_HOMES = 100
/** Metres in which the hamlet of a point is looked for. */
const HAMLET_REACH = 1000
const MOST_ASKED = 8

/**
 * What stands at a point (degrees WGS 84): the registered households within `metres`, else the mapped houses at it, else the
 * streets along which a house there is numbered, with what registered homes a few doors away tell of it, else the hamlet. With a `type` what is of that type.
 */
export async function reverse(
  deps: { gazetteer: Gazetteer; households: Known },
  lat: number,
  lon: number,
  metres: number,
  limit: number,
  type?: PlaceType,
): Promise<Surroundings> {
  const { gazetteer, households } = deps
  const place = encodePoint(gazetteer, lat, lon)
  const wants = (one: PlaceType) => type === undefined || type === one
  const near = wants('housenumber') ? await households.nearest(lat, lon, metres, limit) : []
  const found = near.flatMap((one) => besideHousehold(one, gazetteer) ?? [])
  if (near.length > 0)
    return { place, households: near, found, building: await buildingOf(near[0]!, households) }
  const mapped = await withHomes(deps, lat, lon, onMap(gazetteer, lat, lon, metres, type), wants('street'))
  mapped.splice(limit)
  if (mapped.length === 0 && wants('locality')) {
    const hamlet = (await knownHamlet(deps, lat, lon)) ?? mappedHamlet(gazetteer, lat, lon)
    if (hamlet) mapped.push(hamlet)
  }
  return { place, households: [], found: mapped, building: [] }
}

/** What the map has at a point with what the registered homes a few doors away tell of it: a number, or a street that it lacks. */
async function withHomes(
  { gazetteer, households }: { gazetteer: Gazetteer; households: Known },
  lat: number,
  lon: number,
  mapped: readonly Beside[],
  wantsStreet: boolean,
): Promise<Beside[]> {
  if (!wantsStreet || mapped[0]?.place.type === 'housenumber') return [...mapped]
  const streets = await homesAround(households, lat, lon)
  const found = mapped.map((one) => {
    const { street, commune, door } = one.place
    // The homes are those at the street.
    if (!street || door?.turns.length) return one
    const key = streetKeys(street)[0]
    const homes = streets.find((homes) => homes.key === key && homes.communeCode === commune?.code)
    const between = homes && betweenHomes(homes, lat, lon)
    if (!between || (one.estimate && one.estimate.gap <= between.estimate.gap)) return one
    return { ...one, place: atHomes(one.place, between), estimate: between.estimate }
  })
  const [nearest] = streets
  if (found.length > 0 || !nearest) return found
  const commune = gazetteer.commune(nearest.communeCode)
  if (!commune) return found
  const [home, ...others] = nearest.homes
  const between = betweenHomes(nearest, lat, lon)
  const { metres } = between ?? home!
  const place = placeWithin(commune, 'street', nearest.street, null, surety(metres), gazetteer)
  if (between) return [{ place: atHomes(place, between), metres, estimate: between.estimate }]
  const spread = Math.max(0, ...others.map((other) => metresBetween(home!, other)))
  const evidence = [{ kind: 'household' as const, text: home!.text, layer: null }]
  const at = { lat: home!.lat, lon: home!.lon, accuracy: Math.round(metres + LOOSE + spread) }
  const door = { turns: [], access: null, evidence }
  return [{ place: { ...place, ...at, precision: 'street', door }, metres, estimate: null }]
}

/** A street at the place between two registered homes. */
const atHomes = (place: Place, { estimate, lat, lon, metres }: BetweenHomes): Place => ({
  ...place,
  lat,
  lon,
  accuracy: Math.round(metres + LOOSE + estimate.gap / 2),
  precision: 'interpolated',
  door: {
    turns: [],
    access: null,
    evidence: estimate.between.map((text) => ({ kind: 'household', text, layer: null })),
  },
})

/** The mapped houses at a point, else the streets beside it. */
function onMap(
  gazetteer: Gazetteer,
  lat: number,
  lon: number,
  metres: number,
  type?: PlaceType,
): readonly Beside[] {
  const wants = (one: PlaceType) => type === undefined || type === one
  const houses = wants('housenumber') ? mappedHouses(gazetteer, lat, lon) : []
  if (houses.length > 0) return houses
  return wants('street')
    ? nearStreets(gazetteer, lat, lon, metres).map((hit) => besideStreet(gazetteer, hit))
    : []
}

/** What the map alone tells of a point, the likeliest: house, street or hamlet. */
export function bestOnMap(gazetteer: Gazetteer, lat: number, lon: number, metres: number): Beside | null {
  return onMap(gazetteer, lat, lon, metres)[0] ?? mappedHamlet(gazetteer, lat, lon)
}

/** How sure a house is that stands so far from the point. */
const surety = (metres: number, half = 100) => 1 / (1 + metres / half)

function besideHousehold({ household, metres }: NearHousehold, gazetteer: Gazetteer): Beside | null {
  const place = householdPlace(household, null, surety(metres), gazetteer)
  return place && { place, metres, estimate: null }
}

async function buildingOf({ household }: NearHousehold, households: Known): Promise<readonly string[]> {
  if (!household.point) return []
  const { lat, lon } = household.point
  const ids = await households.idsNear(lat, lon, ONE_POINT, MOST_HOMES)
  return ids.length > 1 ? ids : []
}

function mappedHouses(gazetteer: Gazetteer, lat: number, lon: number): Beside[] {
  return nearHouses(gazetteer, lat, lon, MOST_ASKED).flatMap(({ house, metres }) => {
    const door = doorOfHouse(house)
    if (!door) return []
    const at = placeWithin(house.commune, 'street', door.street!, null, surety(metres), gazetteer)
    const place = atHouse(namedDoor(at, door), house)
    return { place, metres, estimate: null }
  })
}

function besideStreet(
  gazetteer: Gazetteer,
  { street, lat, lon, metres, number, confidence }: NearStreet,
): Beside {
  const layer = street.layer.head.name
  const { alley } = street
  const precision = number ? 'interpolated' : alley ? 'alley' : 'street'
  const whole = placeWithin(street.commune, 'street', streetOf(street), null, confidence, gazetteer)
  const at = alley && { id: alleyId(whole.id, alley.numbers, alley.kind), name: street.name }
  const place: Place = {
    ...whole,
    ...at,
    lat,
    lon,
    accuracy: Math.round(metres + (number ? LOOSE + number.gap / 2 : street.to - street.from)),
    precision,
    door: {
      turns: alley ? alley.numbers : [],
      access: (alley && outermost(street).alley?.mouth) ?? null,
      evidence: [
        ...(number?.between ?? []).map((text) => ({ kind: 'house' as const, text, layer })),
        { kind: 'street', text: street.name, layer },
      ],
    },
  }
  return { place, metres, estimate: number }
}
/** Metres from a house to the middle of its street, and the width of houses. */
const LOOSE = 20

/** The hamlet that the nearest registered households name which name one and no street. */
async function knownHamlet(
  { gazetteer, households }: { gazetteer: Gazetteer; households: Known },
  lat: number,
  lon: number,
): Promise<Beside | null> {
  for (const { household, metres } of await households.nearest(lat, lon, HAMLET_REACH, MOST_ASKED)) {
    const { parts, communeCode, point } = household
    const commune = gazetteer.commune(communeCode)
    if (commune && point && parts.hamlet && !parts.street)
      return hamletAt(gazetteer, commune, parts.hamlet, point, metres, metres)
  }
  return null
}

function mappedHamlet(gazetteer: Gazetteer, lat: number, lon: number): Beside | null {
  const { commune } = locateCommune(gazetteer, lat, lon)
  if (!commune) return null
  let best: Beside | null = null
  for (const hamlet of gazetteer.streetLayers.hamletsOf(commune)) {
    const metres = metresBetween({ lat, lon }, hamlet)
    if (metres <= (best?.metres ?? HAMLET_REACH))
      best = hamletAt(gazetteer, commune, hamlet.name, hamlet, metres, accuracyOf('hamlet', metres))
  }
  return best
}

function hamletAt(
  gazetteer: Gazetteer,
  commune: CurrentCommune,
  name: string,
  { lat, lon }: { lat: number; lon: number },
  metres: number,
  accuracy: number,
): Beside {
  const at = placeWithin(commune, 'locality', name, null, surety(metres, 300), gazetteer)
  return {
    place: { ...at, lat, lon, accuracy: Math.round(accuracy), precision: 'hamlet' },
    metres,
    estimate: null,
  }
}
