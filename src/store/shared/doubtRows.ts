import type { DoubtKind, OpenDoubt } from '../../registry/doubts/store.ts'

/** Positions are stored: append only. */
export const KINDS: readonly DoubtKind[] = ['duplicate', 'numbering', 'check', 'observed']
/** In the place of the other household: there is none. */
export const NONE = 0

export const CHECK = 2
export const OBSERVED = 3

/** n, other, kind, score, reason, metres, found_at of `doubts`. */
export type DoubtRow = [
  n: number,
  other: number,
  kind: number,
  score: number,
  reason: string,
  metres: number,
  at: number,
]
export const doubtOf = ([n, other, kind, score, reason, metres, foundAt]: DoubtRow): OpenDoubt => ({
  kind: KINDS[kind]!,
  n,
  other: other === NONE ? null : other,
  score: score / 1000,
  reason,
  metres,
  foundAt,
})

/** What a check or observations found wrong about a household. */
export interface Found extends Pick<OpenDoubt, 'other' | 'score' | 'reason' | 'metres'> {
  at: number
}
