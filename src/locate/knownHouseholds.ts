import type { Alley } from '../match/types.ts'

/** What locating needs to know of a registered household. */
export interface KnownHousehold {
  id: string
  status: 'provisional' | 'verified' | 'alternative' | 'historical'
  parts: {
    building?: string
    block?: string
    floor?: string
    unit?: string
    houseNumber?: string
    alleys?: Alley[]
    street?: string
    group?: string
    hamlet?: string
  }
  communeCode: string
  postcode: string
  /** Degrees WGS 84, accuracy in metres. */
  point: { lat: number; lon: number; accuracy: number } | null
  vpostcode: string | null
  /** Alley mouth or gate (degrees WGS 84), where one is known. */
  access: { lat: number; lon: number } | null
}

/** A code that a household once had, and what it has now. Times are ISO. */
export interface OldCode {
  vpostcode: string
  householdId: string
  /** The code of that household now, or of the first with a code that took its place; null when there is none. */
  current: string | null
  /** The live households that took its place. */
  successors: string[]
  /** The commune that the household stands in, or stood in last. */
  communeCode: string
  from: string
  until: string
}

/** A postcode that a commune of today, or a part of it, had before. */
export interface OldPostcode {
  communeCode: string
  /** ISO dates; null when not known. */
  from: string | null
  until: string | null
}

/** The questions that locating asks a registry. Whoever keeps households implements it; all answers are bounded. */
export interface KnownHouseholds {
  /** Households whose current code this is, in a fixed order. */
  atCode(vpostcode: string, limit: number): Promise<KnownHousehold[]>
  /** Those of the codes that a household has now. */
  knownCodes(vpostcodes: readonly string[]): Promise<Set<string>>
  /** Households that had this code once and no longer have it, latest change first. */
  oldCodes(vpostcode: string, limit: number): Promise<OldCode[]>
  /** What communes of today had this postcode before, the latest first; empty where no table was imported. */
  oldPostcodes(postcode: string): Promise<OldPostcode[]>
  /** Households with a point within `metres` of a point (degrees WGS 84), nearest first. */
  nearest(lat: number, lon: number, metres: number, limit: number): Promise<NearHousehold[]>
  /** The ids alone of the same. */
  idsNear(lat: number, lon: number, metres: number, limit: number): Promise<string[]>
}

export interface NearHousehold {
  household: KnownHousehold
  metres: number
}

/** A registered household with a known place and nothing in doubt: evidence for where the doors beside it are. */
export interface KnownDoor {
  id: string
  /** The way from the street to the door, outermost first, folded, without type words: ["130", "20", "14", "3"]. */
  door: readonly string[]
  formerCommuneCode: string | null
  /** Degrees WGS 84, accuracy in metres. */
  point: { lat: number; lon: number; accuracy: number; source: 'surveyed' | 'given' | 'mapped' | 'derived' }
  /** Alley mouth or gate, where one is known. */
  access: { lat: number; lon: number } | null
}

/** Where the registered households of a hamlet stand. */
export interface KnownHamlet {
  /** The middle: the medians of latitude and longitude (degrees WGS 84). */
  lat: number
  lon: number
  /** Metres from the middle within which nine in ten of them stand. */
  radius: number
  /** How many were looked at. */
  households: number
}

/** What the registry knows of streets and hamlets of communes of today; names as written, compared as the address key does. */
export interface KnownPlaces {
  /**
   * The households of a street that are nearest to a door by number: those behind the same number at the street (the house,
   * or the alley's mouth), then on each side (odd, even) those of the next lower and the next higher numbers; at most `each`
   * of every kind, no order promised.
   */
  onStreet(communeCode: string, street: string, houseNumber: string, each: number): Promise<KnownDoor[]>
  /** Whether a household with a known place names this street, or this hamlet and no street. */
  hasHomes(communeCode: string, name: { street: string } | { hamlet: string }): Promise<boolean>
  /** Ids of households of a street whose number begins with these digits ("1": 1, 10, 135/2), in the order of their numbers. */
  numbersBeginning(communeCode: string, street: string, digits: number, limit: number): Promise<string[]>
  /** The households that name this hamlet and no street; null when none with a known place does. */
  hamlet(communeCode: string, hamlet: string): Promise<KnownHamlet | null>
}
