/**
 * The shapes of the known world. A unit is keyed by (code, era): since July 2025 a 5-digit code can name another area
 * than it did before (26740 was Ben Nghe, now Sai Gon).
 */

import type { OutlinePolygon } from '../geo/outline.ts'
import type { StreetLayers } from './streetLayer/types.ts'

/** `current` = since 1 July 2025 (province > commune); `former` = the state of 30 June 2025 (province > district > commune). */
export type Era = 'current' | 'former'

export type UnitType =
  | 'tinh'
  | 'thanh-pho'
  | 'quan'
  | 'huyen'
  | 'thi-xa'
  | 'phuong'
  | 'xa'
  | 'thi-tran'
  | 'dac-khu'

/** What every unit shows to the outside: `name` without its type word ("13", "Mường Khương"), `fullName` with it. */
export interface Unit {
  readonly code: string
  readonly name: string
  readonly fullName: string
  readonly type: UnitType
}

/** A change of type after 1 July 2025 ("xa" became "phuong"); code, name and postcode stayed. */
export interface TypeChange {
  readonly from: UnitType
  readonly to: UnitType
  /** ISO date. */
  readonly on: string
}

export interface Province extends Unit {
  readonly era: Era
  /** Two-digit postcode prefixes (current provinces only, else empty). */
  readonly postcodePrefixes: readonly string[]
  readonly typeChange: TypeChange | null
}

export interface District extends Unit {
  readonly province: Province
  /** Other spellings or names of the same district, as written ("Thị xã Dĩ An"). */
  readonly otherNames: readonly string[]
  /** The commune that the whole district became, for the five island districts that had no communes (Lý Sơn), else null. */
  readonly becameCommune: CurrentCommune | null
}

export interface CurrentCommune extends Unit {
  readonly era: 'current'
  /** Position in `Gazetteer.communes`; the id that `Boundaries` answers with. */
  readonly index: number
  readonly province: Province
  readonly postcode: string
  readonly typeChange: TypeChange | null
  readonly otherNames: readonly string[]
  /** Degrees WGS 84. A point surely inside the commune. */
  readonly inside: { readonly lat: number; readonly lon: number }
  readonly centroid: { readonly lat: number; readonly lon: number }
  /** As the decrees declare it. */
  readonly declaredKm2: number
  /** [minLon, minLat, maxLon, maxLat] in degrees WGS 84. */
  readonly bbox: readonly [number, number, number, number]
  /** The former communes that it was made from; empty for the five that were a whole island district. */
  readonly sources: readonly Succession[]
}

export interface FormerCommune extends Unit {
  readonly era: 'former'
  readonly index: number
  readonly district: District
  readonly province: Province
  readonly otherNames: readonly string[]
  /** Where it went on 1 July 2025: one, or several when it was split. The one that takes the population first. */
  readonly successors: readonly Succession[]
}

/** One row of the official relation of June 2025 to July 2025. */
export interface Succession {
  readonly former: FormerCommune
  readonly current: CurrentCommune
  /** The whole former commune went there. */
  readonly whole: boolean
  /** This successor takes the (whole) population although the area was split. */
  readonly takesPopulation: boolean
}

/** A commune that was gone before June 2025 (merged or renamed between 2018 and 2025). Leads to former communes. */
export interface EarlierCommune {
  readonly name: string
  readonly fullName: string
  readonly type: UnitType
  /** Its code in October 2019; null for the few that were gone by then. */
  readonly code: string | null
  /** The district it stood in when it went: of June 2025 where that still stood under its name, else the earlier one. */
  readonly district: District | EarlierDistrict
  /** With its type word, as it was in October 2019. */
  readonly districtName: string
  readonly province: Province
  /** The last date, or the year, on which it stood, where known. */
  readonly asOf: string | null
  /** Empty only where the district had no communes left in June 2025: then its `becameCommune` is the successor. */
  readonly successors: readonly FormerCommune[]
}

/** A district that was gone or renamed before June 2025 (Quận 9, Quận 2, Thị xã Dĩ An). */
export interface EarlierDistrict {
  readonly name: string
  readonly fullName: string
  readonly type: UnitType
  /** Its code in October 2019, which another district may have had in June 2025 (769: Quận 2, then Thành phố Thủ Đức); null for those gone by then. */
  readonly code: string | null
  readonly province: Province
  /** The last date, or the year, on which it stood, where known. */
  readonly asOf: string | null
  /** Never empty; the one that took most of its communes first. */
  readonly successors: readonly District[]
  /** The communes of June 2025 that its own became; empty where that is not known. */
  readonly communes: readonly FormerCommune[]
}

/** Which commune a point lies in. Answers are positions in `Gazetteer.communes`. */
export interface Boundaries {
  /** Index of the commune that contains the point (degrees WGS 84), -1 outside the country. */
  communeAt(lat: number, lon: number): number
  /** Communes whose area comes within `metres` of the point, nearest first, with the distance (0 inside). */
  communesWithin(lat: number, lon: number, metres: number): { index: number; metres: number }[]
  /** Metres from the point to a commune (0 inside), exact up to `limit`, Infinity beyond it. */
  distanceTo(index: number, lat: number, lon: number, limit: number): number
  /** The border of communes taken together, made in steps of about a millisecond. */
  outline(indexes: readonly number[]): Generator<undefined, OutlinePolygon[]>
}

/** How much of a street lies in a commune. */
export interface StreetInCommune {
  readonly commune: CurrentCommune
  /** Metres of mapped way, alleys included. */
  readonly metres: number
  /** How many mapped addresses of the street lie there. */
  readonly addresses: number
}

export interface Gazetteer {
  /** Changes whenever a seed, the boundaries or a street layer changes. */
  readonly version: string
  readonly provinces: readonly Province[]
  readonly communes: readonly CurrentCommune[]
  readonly formerProvinces: readonly Province[]
  readonly districts: readonly District[]
  readonly formerCommunes: readonly FormerCommune[]
  readonly earlierCommunes: readonly EarlierCommune[]
  readonly earlierDistricts: readonly EarlierDistrict[]
  readonly boundaries: Boundaries
  /** The central meridian (degrees) of the VN-2000 maps in zones of 3 degrees of a former province. */
  meridian(former: Province): number
  province(code: string, era: Era): Province | undefined
  district(code: string): District | undefined
  commune(code: string): CurrentCommune | undefined
  formerCommune(code: string): FormerCommune | undefined
  /** The commune with this five-digit postcode of Decision 2334. */
  communeByPostcode(postcode: string): CurrentCommune | undefined
  /** The current province whose postcodes begin with these two digits. */
  provinceByPrefix(prefix: string): Province | undefined
  /**
   * Mapped streets, alleys, house numbers and hamlets. Taken anew it may be another one, after an import; take it once for what
   * has to fit together.
   */
  readonly streetLayers: StreetLayers
  /** Every street name known, with accents and without its type word unless that is needed ("Đường số 10"). */
  readonly streetNames: readonly string[]
  /**
   * The communes that a street runs through, most metres first; mapped in Ho Chi Minh City and inner Ha Noi only, empty
   * elsewhere. Names are compared without accents and type word; streets of one name are one street.
   * @param number an alley or a house of it ("130", "130/20"): only where that is; empty when it is not mapped.
   */
  communesOfStreet(name: string, number?: string): readonly StreetInCommune[]
  /**
   * The mapped number of a street (alley or house) that is nearest to `number` on its side of the street (odd or even),
   * of those that lie in the communes `among`; null when there is none, or `number` begins with no digit.
   */
  nearestNumber(
    name: string,
    number: string,
    among: readonly CurrentCommune[],
  ): { readonly number: number; readonly commune: CurrentCommune } | null
  /** The districts of June 2025 that have a street of this name (list of 2019, nationwide). */
  districtsOfStreet(name: string): readonly District[]
  /**
   * Every street in every place that a list or the map has it in. `key` is the first of `streetKeys`, `names` are its
   * spellings, the usual one first, `metres` what is mapped of it there (0 in a district).
   */
  eachStreet(
    visit: (key: string, names: readonly string[], place: CurrentCommune | District, metres: number) => void,
  ): void
  /**
   * The successor of a split commune in which the places lie that bear its name on the map (centre, health station,
   * addresses): no more than a hint of where most of its homes went. Null when it is whole or has no such place.
   */
  coreOf(former: FormerCommune): CurrentCommune | null
  /**
   * Where the streets of a former commune lie within a current one: their middle (degrees WGS 84) and the metres over which
   * they spread (standard deviation). Estimated as `formerStreet`; null where no streets are mapped.
   */
  groundOf(
    former: FormerCommune,
    commune: CurrentCommune,
  ): { readonly lat: number; readonly lon: number; readonly spread: number } | null
  /** What is known of the former communes in which a street or hamlet of a current one lay; null when nothing is. */
  formerStreet(name: string, commune: CurrentCommune): FormerStreet | null
}

/** How much speaks for a former commune; of several the shares add up to 1. */
export interface FormerShare {
  readonly former: FormerCommune
  readonly share: number
}

/**
 * In which former communes a street of one current commune lay: an estimate, told by streets and places near by whose
 * ward is known; Ho Chi Minh City and Hà Nội with their surroundings only. Names as for `communesOfStreet`.
 */
export interface FormerStreet {
  /** Those that a list of 2019 has it in. */
  readonly listed: readonly FormerCommune[]
  /** By the length of the mapped street; empty when it is not mapped. */
  readonly shares: readonly FormerShare[]
  /** That of the mapped number (alley or house) nearest to `number` on its side of the street, with that number. */
  nearest(number: string): { readonly former: FormerCommune; readonly number: number } | null
}
