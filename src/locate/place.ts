import type { CurrentCommune, District, Gazetteer, Province } from '../gazetteer/types.ts'
import { doorLine } from '../match/doorLine.ts'
import type { FormerReading } from '../match/types.ts'
import { accuracyOf } from './door/accuracy.ts'
import type { FoundDoor } from './door/findDoor.ts'
import { locateAddress } from './door/locateAddress.ts'
import { turnsOf, wayOf } from './door/way.ts'
import { communeReach, districtExtent, provinceExtent } from './extent.ts'
import { localityId, streetId } from './ids.ts'
import type { KnownHousehold } from './knownHouseholds.ts'
import type { NumberEstimate } from './numberAt.ts'
import type { Precision } from './precision.ts'

/** The levels of addok: a house, a street, a hamlet or building, a commune or province. */
export const PLACE_TYPES = ['housenumber', 'street', 'locality', 'municipality'] as const
export type PlaceType = (typeof PLACE_TYPES)[number]

/** The way to a place: where a courier leaves the street, the numbers from there, what told the point. */
export type WayTo = Pick<FoundDoor, 'access' | 'turns' | 'evidence'>

/** One answer of a geocoder. */
export interface Place {
  readonly type: PlaceType
  /** The id of a household, else as `ids.ts` has it. */
  readonly id: string
  /** What stands on the house, else the name of the street, hamlet or unit. */
  readonly name: string
  readonly housenumber: string | null
  readonly street: string | null
  readonly province: Province
  /** Null for a province, and for a street of which only the district before July 2025 is known. */
  readonly commune: CurrentCommune | null
  /** The units before July 2025 that were asked for, when some were. */
  readonly former: FormerReading | null
  readonly postcode: string | null
  readonly lat: number
  readonly lon: number
  /** Metres. */
  readonly accuracy: number
  /** What the point is good for; `none` for that of a province or district. */
  readonly precision: Precision
  readonly vpostcode: string | null
  /** The way to it, and how the point was found where none was given; null for units. */
  readonly door: WayTo | null
  /** How sure it is, 0 to 1. */
  readonly score: number
}

/** The full text of a place: what it is called and the units it lies in. */
export const labelOf = ({ name, commune, province, street, former }: Place): string => {
  const around = commune?.fullName ?? (street ? former?.district?.fullName : undefined)
  return [...new Set([name, ...(around ? [around] : []), province.fullName])].join(', ')
}

/** Of a street or alley beside a point, with the number that a house there should have: "khoảng 42 Lê Lợi, ...". */
export const aboutLabel = (place: Place, { number }: NumberEstimate): string =>
  `khoảng ${place.door?.turns.length ? `số ${number}, ` : `${number} `}${labelOf(place)}`

/** The units above a place. */
export const contextOf = ({ type, commune, province }: Place): string =>
  commune && type !== 'municipality' ? `${commune.fullName}, ${province.fullName}` : province.fullName

export const provincePlace = (
  province: Province,
  former: FormerReading | null,
  score: number,
  gazetteer: Gazetteer,
): Place => ({
  type: 'municipality',
  id: province.code,
  name: province.fullName,
  housenumber: null,
  street: null,
  province,
  commune: null,
  former,
  postcode: null,
  ...provinceExtent(province, gazetteer),
  precision: 'none',
  vpostcode: null,
  door: null,
  score,
})

export const communePlace = (
  commune: CurrentCommune,
  former: FormerReading | null,
  score: number,
  gazetteer: Gazetteer,
): Place => ({
  type: 'municipality',
  id: commune.code,
  name: commune.fullName,
  housenumber: null,
  street: null,
  province: commune.province,
  commune,
  former,
  postcode: commune.postcode,
  lat: commune.inside.lat,
  lon: commune.inside.lon,
  accuracy: accuracyOf('commune', communeReach(commune, gazetteer)),
  precision: 'commune',
  vpostcode: null,
  door: null,
  score,
})

/** A street, hamlet, group or building of a commune. Where it lies in it is not known here: the point is the commune's. */
export const placeWithin = (
  commune: CurrentCommune,
  type: 'street' | 'locality',
  name: string,
  former: FormerReading | null,
  score: number,
  gazetteer: Gazetteer,
): Place => ({
  ...communePlace(commune, former, score, gazetteer),
  type,
  id: type === 'street' ? streetId(commune, name) : localityId(commune, name),
  name,
  street: type === 'street' ? name : null,
})

/** A street of which only the district before July 2025 is known that it lay in: the point is the middle of that. */
export const placeInDistrict = (
  district: District,
  name: string,
  former: FormerReading,
  score: number,
  gazetteer: Gazetteer,
): Place => {
  const { province, ...extent } = districtExtent(district, gazetteer)
  return {
    ...provincePlace(province, former, score, gazetteer),
    ...extent,
    type: 'street',
    id: streetId(district, name),
    name,
    street: name,
  }
}

/**
 * A registered household. Its name says what stands on the house, never what lies behind the door. One without a known
 * place stands where its street and number put it. Null when a decree newer than the data made its commune.
 */
export function householdPlace(
  household: KnownHousehold,
  former: FormerReading | null,
  score: number,
  gazetteer: Gazetteer,
): Place | null {
  const commune = gazetteer.commune(household.communeCode)
  if (!commune) return null
  const { point, parts } = household
  const at = communePlace(commune, former, score, gazetteer)
  const way = wayOf(parts)
  const found = point ? null : locateAddress(parts, commune, former, gazetteer)
  return {
    ...at,
    type: 'housenumber',
    id: household.id,
    name: nameOf(parts) || commune.fullName,
    housenumber: parts.houseNumber ?? null,
    street: parts.street ?? null,
    postcode: household.postcode,
    ...(point
      ? { lat: point.lat, lon: point.lon, accuracy: point.accuracy, precision: 'household' as const }
      : whereabouts(found!)),
    vpostcode: household.vpostcode,
    door: {
      access: household.access ?? found?.access ?? null,
      turns: way ? turnsOf(way) : [],
      evidence: found?.evidence ?? [],
    },
  }
}

/** "5 thôn Phú Hòa": a number is one of the street, else of the building, hamlet or group. */
const nameOf = ({ street, building, hamlet, group, ...door }: KnownHousehold['parts']): string =>
  doorLine({ ...door, street: street ?? building ?? hamlet ?? group })

const whereabouts = (door: FoundDoor) => ({
  lat: door.lat,
  lon: door.lon,
  accuracy: door.accuracy,
  precision: door.precision,
})
