import type { UnitType } from '../gazetteer/types.ts'

/** A unit as the outside sees it. */
export interface UnitView {
  code: string
  name: string
  fullName: string
  type: UnitType
}
export interface CommuneView extends UnitView {
  postcode: string
}

/** One alley of the way to the door, outermost first. `kind` is null in southern slash chains. */
export interface Alley {
  kind: 'ngo' | 'ngach' | 'hem' | 'kiet' | null
  number: string
}

/** What the text says; an absent part was not said. */
export interface Components {
  name?: string
  building?: string
  block?: string
  floor?: string
  unit?: string
  /** The whole number as written without "số": "130/20/14/3", "K448/H20/2", "BL.A-10". */
  houseNumber?: string
  alleys?: Alley[]
  street?: string
  group?: string
  hamlet?: string
  postcode?: string
  vpostcode?: string
  plusCode?: string
}

export interface FormerPlace {
  province: UnitView | null
  district: UnitView | null
  commune: UnitView | null
}
export interface FormerReading extends FormerPlace {
  /** The last date (or year) on which these units stood; "2025-06-30" for the state of June 2025; null when unknown. */
  asOf: string | null
  /** The units of June 2025 that took it over; empty at 2025-06-30. */
  successor: FormerPlace[]
}
export interface CurrentReading {
  province: UnitView
  commune: CommuneView | null
}
export interface FormerCandidate extends FormerPlace {
  confidence: number
}
export interface Candidate {
  current: CurrentReading
  former: FormerReading | null
  confidence: number
  reason: string
}

export type Severity = 'info' | 'warning' | 'error'
export interface Issue {
  code: string
  part: string
  given: string | null
  used: string | null
  severity: Severity
}
export interface PrivateSpan {
  kind: 'phone' | 'person' | 'id' | 'note'
  start: number
  end: number
}
export interface Span {
  start: number
  end: number
}

/** The answer to "what does this text say". */
export interface Understanding {
  input: string
  era: 'current' | 'former' | 'mixed' | 'unknown'
  components: Components
  former: FormerReading | null
  formerCandidates: FormerCandidate[]
  current: CurrentReading | null
  candidates: Candidate[]
  grade: 'A' | 'B' | 'C' | 'D'
  confidence: number
  issues: Issue[]
  private: PrivateSpan[]
  unresolved: Span[]
}
