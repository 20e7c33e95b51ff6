import type { HouseholdPoint, Place } from '../types.ts'

/** What the second, blind check of a sample asks of a database. Households by n, times in milliseconds since 1970. */

/** One round of checking: all communes of it are drawn with the same seed and size. */
export interface SampleRound {
  /** From 1. */
  round: number
  seed: string
  /** Share of the coded households of a commune, 0 to 1. */
  share: number
  /** At least so many of a commune, all when it has fewer. */
  least: number
  at: number
  actor: string
}

/** A household of a sample. Where it was drawn counts, also when it moves. */
export interface SampledHousehold {
  round: number
  n: number
  provinceCode: string
  communeCode: string
  drawnAt: number
  /** gone: it became historical before anybody checked it. */
  state: 'open' | 'right' | 'wrong' | 'gone'
}

/** What a check says; all but `right` are errors. */
export const VERDICTS = ['right', 'wrong-commune', 'wrong-point', 'no-such-house', 'duplicate'] as const
export type Verdict = (typeof VERDICTS)[number]

/** What the checker found on site. */
export type Finding =
  | { kind: 'house'; communeCode: string; point: Omit<HouseholdPoint, 'source'> | null }
  /** There is no such house. */
  | { kind: 'none' }
  /** The same home as another household. */
  | { kind: 'same-as'; other: number }

export interface StoredCheck {
  round: number
  n: number
  at: number
  /** The checker. */
  actor: string
  verdict: Verdict
  /** Metres between the point found and the one that the registry had; null when not compared. */
  metres: number | null
  /** Null when the household was erased. */
  found: Finding | null
  /** When the check was taken back, and by whom. */
  undone: { at: number; actor: string } | null
}

/** The sample of a commune in the latest round that drew it. */
export interface CommuneSample extends Place {
  round: number
  /** Coded households that it was drawn from, and how many were drawn. */
  population: number
  drawn: number
  at: number
}

export interface SampleReader {
  /** The latest round, null when there is none. */
  latestRound(): Promise<SampleRound | null>
  /** The communes that were ever drawn, of a province or (null) all, in order of their codes. */
  communeSamples(provinceCode: string | null): Promise<CommuneSample[]>
  /** Households of a commune that have a code and nothing in doubt, lowest n first. */
  codedOf(place: Place): Promise<number[]>
  /** Households of the commune's latest round that wait for their check, lowest n first. */
  toCheck(place: Place): Promise<SampledHousehold[]>
  /** The household in the latest round of the commune where it was drawn last; null when it is in no such sample. */
  sampled(n: number): Promise<SampledHousehold | null>
  /** Checks of a household, oldest first, those that were taken back too. */
  checksOf(n: number): Promise<StoredCheck[]>
}

export interface SampleWriter extends Pick<SampleReader, 'sampled' | 'checksOf'> {
  writeRound(round: SampleRound): Promise<void>
  /**
   * The sample of a commune that the round has not drawn yet. From now on coverage shows this round of the commune and no
   * earlier one.
   */
  writeSample(sample: Omit<CommuneSample, 'drawn'>, ns: readonly number[]): Promise<void>
  /** The result for a household that is `open`. Its latest check that stands is a finding of the review when it is wrong. */
  writeCheck(check: Omit<StoredCheck, 'undone'>): Promise<void>
  /** Takes the check of a household in its latest round back: it is `open` again, or `gone`. */
  undoCheck(n: number, at: number, actor: string): Promise<void>
}
