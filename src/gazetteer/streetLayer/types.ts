/**
 * The street layer: named ways, alleys, house numbers and hamlets with their geometry, compiled from a map. Coordinates
 * are degrees WGS 84, lengths metres. Rows are valid in one version of one layer only.
 */
import type { CurrentCommune } from '../types.ts'

/** A named way as a map has it. `points` is latitude, longitude, latitude, longitude ... in the order of the way. */
export interface RawWay {
  /** Names the object in its source ("w408206339"); the same id twice is the same object. */
  readonly id: string
  readonly name: string
  /** alt_name, old_name, name:vi, cut at ";". */
  readonly otherNames: readonly string[]
  /** The value of the tag: "primary", "residential", "service" ... */
  readonly highway: string
  readonly points: ArrayLike<number>
}

/** A mapped house number. */
export interface RawHouse {
  readonly id: string
  /** addr:housenumber as written ("448/3", "14;16", "11BIS"). */
  readonly number: string
  /** addr:street as written. */
  readonly street: string | null
  readonly lat: number
  readonly lon: number
}

/** A named place: hamlet, village, neighbourhood, suburb ... */
export interface RawPlace {
  readonly id: string
  /** The value of the tag `place`. */
  readonly kind: string
  readonly name: string
  readonly lat: number
  readonly lon: number
}

/** Takes raw objects in any order, each checked at once. Readers write to it; `LayerCompiler` is one. */
export interface LayerSink {
  way(way: RawWay): void
  house(house: RawHouse): void
  place(place: RawPlace): void
}

/** What a layer says of itself. */
export interface LayerHead {
  /** Names the layer among others, and its files: a to z, 0 to 9 and "-", at most 40 characters ("osm-hcmc-hanoi"). */
  readonly name: string
  /** Where it comes from, for people ("OpenStreetMap, Ho Chi Minh City 2018"). */
  readonly source: string
  /** Date of its data, for people: ISO day, month or year of an import ("2026-10"), "2018 to 2025" of the shipped one. */
  readonly date: string
  /** "ODbL 1.0" */
  readonly licence: string
  /** What has to be shown with its data: "(c) OpenStreetMap contributors". */
  readonly notice: string
}

export interface LatLon {
  readonly lat: number
  readonly lon: number
}

export type AlleyKind = 'ngo' | 'ngach' | 'hem' | 'kiet'

/** A named street, or an alley, within one commune. Ways of one name that do not hang together are several streets. */
export interface Street {
  readonly layer: StreetLayer
  readonly row: number
  /**
   * The usual spelling, without its type word unless that is needed ("Lê Lợi", "Đường số 10"), as in
   * `Gazetteer.streetNames`; of an alley with its kind, numbers and street ("Hẻm 42/3 Lê Lợi").
   */
  readonly name: string
  /** Other and old names, in the same form. */
  readonly otherNames: readonly string[]
  /** `streetKeys(name)[0]`; of an alley that of the street that it belongs to, '' when that is not known. */
  readonly key: string
  readonly commune: CurrentCommune
  /** Its most common `highway` value. */
  readonly highway: string
  /** Length of its lines; both carriageways count. */
  readonly metres: number
  /**
   * Row of the first of the pieces that one street was cut into at the borders of communes (its own when it was not cut).
   * Numbers and `along` run on through all of them.
   */
  readonly whole: number
  /** Smallest and largest `along` of this piece. */
  readonly from: number
  readonly to: number
  /** The neighbourhood it lies in, where that is needed to tell it from others of its name ("Đường số 3"), else null. */
  readonly neighbourhood: string | null
  /** Null when it is no alley. */
  readonly alley: Alley | null
  /** Its lines within the commune. */
  readonly lines: readonly StreetLine[]
}

/** A run of points. `along` is for each the way from the street's start, through all pieces of the whole street. */
export interface StreetLine {
  /** Latitude, longitude, latitude, longitude ... */
  readonly points: Float64Array
  readonly along: Float64Array
}

export interface Alley {
  /** Null when the name does not say it ("42/3 Lê Lợi"). */
  readonly kind: AlleyKind | null
  /** The chain of numbers from the street inwards, as written: ["42", "3"]. Never empty. */
  readonly numbers: readonly string[]
  /** The mapped alley or street that it leaves: alley 42 where that is mapped, else the street; null when neither is. */
  readonly parent: Street | null
  /** Where it meets its parent, and where on the parent that is; null without parent, or when they do not meet. */
  readonly mouth: OnStreet | null
}

/** Left and right as one walks with growing `along`; 'on' within 2 m of the line, where none can be told. */
export type Side = 'left' | 'right' | 'on'

/** A place on a street. */
export interface OnStreet extends LatLon {
  readonly along: number
  /** On which side of the street the thing lies that is spoken of (house, alley, point asked for). */
  readonly side: Side
}

/** A mapped house number. */
export interface House extends LatLon {
  readonly layer: StreetLayer
  readonly row: number
  /** As mapped ("448/3"). */
  readonly number: string
  /** The street or alley that it says it is in; null when it says none or that one is not mapped near it. */
  readonly street: Street | null
  /**
   * How it is known that it belongs there: 'said' by its address, 'alley' = the numbers of an alley near by are the beginning of
   * its own ("42/7" beside Hẻm 42), 'near' = a guess, the street nearest to a house that says none. Null without street.
   */
  readonly tie: 'said' | 'alley' | 'near' | null
  /** The numbers from the street inwards, the house's own last: ["448", "3"], also for house 3 that says "Hẻm 448". */
  readonly chain: readonly string[]
  /** The nearest place on that street; its own distance from the line is `metres`. */
  readonly on: (OnStreet & { readonly metres: number }) | null
  readonly commune: CurrentCommune
}

/** A hamlet, neighbourhood or other named place. */
export interface Hamlet extends LatLon {
  readonly layer: StreetLayer
  readonly row: number
  readonly kind: string
  readonly name: string
  readonly commune: CurrentCommune
}

/** All streets of one name. */
export interface StreetName {
  /** As `Street.key`. */
  readonly key: string
  /** Its most common spelling. */
  readonly name: string
  /** Main names before other names, longest street first. */
  readonly streets: readonly Street[]
}

export interface StreetHit extends OnStreet {
  readonly street: Street
  /** From the point asked for to (lat, lon), which lies on the street. */
  readonly metres: number
}
export interface HouseHit {
  readonly house: House
  readonly metres: number
}

/** Look-ups in one layer or several. Every list is bounded by `limit` or by what one commune or street holds. */
export interface StreetLookups {
  /**
   * Streets of this name in a commune (not alleys), compared by `streetKeys`; main names before other names, longest
   * first. Without a commune at most 1,000 of the whole layer.
   */
  streetsNamed(name: string, commune?: CurrentCommune): readonly Street[]
  /**
   * The pieces of a street, in the order of `along`: those at most 15 km before or behind it, with itself. Alleys and houses of
   * a street are those of these pieces.
   */
  pieces(street: Street): readonly Street[]
  /** Mapped alleys at any depth of all pieces of a street, or those inside an alley; in the order of their numbers. */
  alleysOf(street: Street): readonly Street[]
  /** The alleys with this chain of numbers ("42", "3") on a street of this name, compared without case and type words. */
  alleysNamed(name: string, numbers: readonly string[], commune?: CurrentCommune): readonly Street[]
  /**
   * Mapped houses of all pieces of a street, without those in its alleys that are mapped; in the order of their numbers. Of a piece with
   * more than 20,000 every second, third ... so that no more are looked at.
   */
  housesOf(street: Street): readonly House[]
  /** Streets and alleys within `metres` (at most 2,000) of a point, nearest first. */
  nearestStreets(lat: number, lon: number, metres: number, limit: number): readonly StreetHit[]
  /** Houses within `metres` (at most 2,000) of a point, nearest first. */
  housesNear(lat: number, lon: number, metres: number, limit: number): readonly HouseHit[]
  /** Every street and alley in a commune. */
  streetsOf(commune: CurrentCommune): readonly Street[]
  hamletsOf(commune: CurrentCommune): readonly Hamlet[]
}

export interface StreetLayer extends StreetLookups {
  readonly head: LayerHead
  /** 12 hexadecimal digits, changed by every change of its content. */
  readonly version: string
  /** Alleys are no streets here, as in the report of `import streets`. */
  readonly counts: {
    readonly streets: number
    readonly alleys: number
    readonly houses: number
    readonly hamlets: number
  }
  /** Number of different names, sorted by key: `nameAt(0)` has the smallest key. */
  readonly nameCount: number
  nameAt(index: number): StreetName
  streetAt(row: number): Street
  houseAt(row: number): House
  hamletAt(row: number): Hamlet
}

/**
 * All layers in use, imported ones before the shipped one. An answer of several layers says which by `street.layer`; a
 * street or house of a later layer is left out where an earlier one has it in the same commune.
 */
export interface StreetLayers extends StreetLookups {
  readonly layers: readonly StreetLayer[]
  /** Changes with every layer. */
  readonly version: string
}
