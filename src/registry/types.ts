import type { Components } from '../parse/types.ts'

/** Stands for the commune of a household of which only the province is known. No commune has this code. */
export const NO_COMMUNE = '00000'

/** Where a point comes from, best first. An import never replaces a better or a verified point. */
export type PointSource = 'surveyed' | 'given' | 'mapped' | 'derived'

/** Degrees WGS 84, accuracy in metres. */
export interface HouseholdPoint {
  lat: number
  lon: number
  source: PointSource
  accuracy: number
}

/** The parts of an address that the registry keeps (never names of persons, phones or ID numbers). */
export type HouseholdParts = Omit<Components, 'postcode' | 'vpostcode' | 'plusCode'>

/** A commune of today by its codes; the commune is "00000" where only the province is known. */
export interface Place {
  provinceCode: string
  communeCode: string
}

/** A commune of today or (null) all of a province. */
export interface PlaceFilter {
  provinceCode: string
  communeCode: string | null
}

/** A row as the pipeline understood it: everything that the registry needs to decide, nothing decided yet. */
export interface HouseholdDraft {
  /** The address text with private spans removed. */
  text: string
  parts: HouseholdParts
  provinceCode: string
  /** NO_COMMUNE when only the province is known. */
  communeCode: string
  /** The former commune when text or point tell it. */
  formerCommuneCode: string | null
  /** Five digits: the head of the Vpostcode. */
  postcode: string
  /** A known place (given point) or null. Derived points (street, commune) are not known places and stay out. */
  point: HouseholdPoint | null
  /** The code of that point; null without a known place or while `review` is not empty. */
  vpostcode: string | null
  grade: 'A' | 'B' | 'C'
  confidence: number
  /** Why a person must decide (grade C, point far from the text's commune, ...); empty when nothing is in doubt. */
  review: string[]
  /** The office's own number of the household, when the file has one. */
  externalId: string | null
  /** Where the text names a split commune only: the other communes of today that have a part of it. */
  alsoIn?: readonly string[]
}

/** provisional: entered; verified: evidence; alternative: second address of a home; historical: retired. */
export type HouseholdStatus = 'provisional' | 'verified' | 'alternative' | 'historical'

/** A number that others gave to a household; unique in its scheme. */
export interface ExternalId {
  scheme: string
  value: string
}

/** A doubt that a person has decided: it is not raised again. */
export interface Cleared {
  /**
   * duplicate: the other is another home. numbering: it stands where its point says. commune: a person chose the commune.
   * existence: there is no such household. check: a person knows what the blind check of a sample found. observed: a person knows
   * what was seen at the door.
   */
  doubt: 'duplicate' | 'numbering' | 'commune' | 'check' | 'observed' | 'existence'
  /** The other household of a pair (its id; in the store its n), else null. */
  other: string | null
}

export interface Household {
  /** 12 digits, opaque (see id.ts). */
  id: string
  status: HouseholdStatus
  /** For `alternative`: the id of the main household. */
  of: string | null
  /** For `historical`: the ids of the households that took its place when it was merged, split or replaced. */
  successors: string[]
  key: string
  keyVersion: number
  text: string
  parts: HouseholdParts
  provinceCode: string
  /** NO_COMMUNE when only the province is known. */
  communeCode: string
  formerCommuneCode: string | null
  postcode: string
  point: HouseholdPoint | null
  access: { lat: number; lon: number } | null
  vpostcode: string | null
  grade: 'A' | 'B' | 'C'
  confidence: number
  review: string[]
  cleared: Cleared[]
  /** By scheme, then value. */
  externalIds: ExternalId[]
  engineVersion: string
  dataVersion: string
  /** ISO times. */
  createdAt: string
  updatedAt: string
}

export type RowStatus = 'rejected' | 'duplicate' | 'updated' | 'unchanged' | 'review' | 'visit' | 'assigned'
