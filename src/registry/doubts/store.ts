import type { StoredHousehold } from '../store.ts'
import type { Place, PlaceFilter } from '../types.ts'

/** What is found when the registry is looked through, and waits for a person beside the households in review. */
export const DOUBT_KINDS = [
  /** Two households are likely one. */
  'duplicate',
  /** A house stands far from its neighbours by number. */
  'numbering',
  /** The blind check of a sample found something else; `reason` is its verdict. Looking again does not make it anew. */
  'check',
  /** What was seen at the door contradicts; `reason` is observed-gone or observed-elsewhere. Looking again does not make it anew. */
  'observed',
] as const
export type DoubtKind = (typeof DOUBT_KINDS)[number]

/** A finding is no fact about a household: looking again makes it anew. It changes no code. */
export interface Doubt {
  kind: DoubtKind
  n: number
  /** The other household of a pair (of `duplicate` the one with the higher n); null where the finding is about one. */
  other: number | null
  /** How likely it is, 0 to 1. */
  score: number
  /** What speaks for it: a short code. */
  reason: string
  /** How far apart the two points are, or the house from its neighbours; null when not known. */
  metres: number | null
}

/** A finding that nobody has decided: both households are there, and neither says that they are two. */
export interface OpenDoubt extends Doubt {
  /** Milliseconds since 1970. */
  foundAt: number
}

export interface DoubtReader {
  /**
   * Households of a commune in order of their key, then n, historical ones too; at most `limit` after the last of the page
   * before. "00000": those of which only the province is known.
   */
  householdsOf(
    communeCode: string,
    after: Pick<StoredHousehold, 'key' | 'n'> | null,
    limit: number,
  ): Promise<StoredHousehold[]>
  /**
   * Households in review in a commune, a province or (null) anywhere, by place, then n; of one reason when it is given, and with
   * an n above `after`.
   */
  inReview(
    place: PlaceFilter | null,
    reason: string | null,
    limit: number,
    after?: number,
  ): Promise<StoredHousehold[]>
  /** Open findings of a commune or province or (null) all, the likeliest first; `only` of one kind, or about no household in review. */
  doubts(place: PlaceFilter | null, limit: number, only?: DoubtKind | 'settled'): Promise<OpenDoubt[]>
  /** Open findings about a household. */
  doubtsOf(n: number): Promise<OpenDoubt[]>
}

export interface DoubtWriter {
  /** Puts what was found in a commune in the place of what was found there before, but for checks and observations. */
  writeDoubts(place: Place, doubts: readonly Doubt[], at: number): Promise<void>
}
