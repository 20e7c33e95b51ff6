import type { UnitType } from '../gazetteer/types.ts'
import type { Components, PrivateSpan, Span } from '../parse/types.ts'

export type { Alley, Components, PrivateSpan, Span } from '../parse/types.ts'

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

/** A unit of some date before July 2025. `code` is that of June 2025, for units gone by then that of October 2019, else null. */
export interface FormerUnitView extends Omit<UnitView, 'code'> {
  code: string | null
}

/** Units of June 2025. */
export interface FormerPlace {
  province: UnitView | null
  district: UnitView | null
  commune: UnitView | null
}
export interface FormerReading {
  province: UnitView | null
  district: FormerUnitView | null
  commune: FormerUnitView | null
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
