import type { HouseholdPoint } from '../types.ts'

/** right: it stands there; moved: somewhere else; gone: there is no such house; unknown: nobody could tell. */
export const SEEN = ['right', 'moved', 'gone', 'unknown'] as const

/** What somebody saw at the door of a household. It is evidence beside the registry and no fact of it. */
export interface Observation {
  n: number
  /** Who saw it: the name of a key. */
  actor: string
  /** Milliseconds since 1970. */
  at: number
  found: (typeof SEEN)[number]
  /** Where they stood (degrees WGS 84, accuracy in metres). */
  point: Omit<HouseholdPoint, 'source'> | null
}

/** What observations say against a household: a finding that waits for a person. */
export interface Contradiction {
  /** The last one that contradicts. */
  reason: 'observed-gone' | 'observed-elsewhere'
  /** How likely it is, 0 to 1: the more keys say so, the likelier. */
  score: number
  /** Metres between the point of the household and the one seen; null when not known. */
  metres: number | null
  at: number
}

export interface ObservationReader {
  /** Of each who saw it the last, oldest first; none of an erased household. */
  observationsOf(n: number): Promise<Observation[]>
}

export interface ObservationWriter extends ObservationReader {
  /** Puts it in the place of what the same one saw before; with `alone` in the place of what anybody saw. */
  writeObservation(observation: Observation, alone: boolean): Promise<void>
  /** Puts a finding about the household in the place of the one before; null = none. */
  writeContradiction(n: number, finding: Contradiction | null, at: number): Promise<void>
}
