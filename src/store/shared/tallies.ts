import type { Tally } from '../../registry/coverage/store.ts'

/** What households are counted as, and by which day. The columns of the counters stand in the order of ALL. */
const DAY = 86_400_000
/** Viet Nam is seven hours ahead of UTC and has no summer time. */
const OFFSET = 7 * 3_600_000
export const dayOf = (at: number) => Math.floor((at + OFFSET) / DAY)
export const dateOf = (day: number) => new Date(day * DAY).toISOString().slice(0, 10)

export const NAMES = ['households', 'coded', 'visit', 'review', 'verified'] as const satisfies (keyof Tally)[]
const OF_SAMPLE = ['sampled', 'checked', 'wrong'] as const satisfies (keyof Tally)[]
export const ALL = [...NAMES, ...OF_SAMPLE, 'findings'] as const satisfies (keyof Tally)[]
export const NONE: readonly number[] = ALL.map(() => 0)

export type Values = [households: number, coded: number, visit: number, review: number, verified: number]
export const tally = (values: number[]): Tally =>
  Object.fromEntries(ALL.map((name, i) => [name, values[i]!])) as unknown as Tally

/** What a household counts as. */
export function valuesOf(status: string, review: boolean, coded: boolean): Values | null {
  if (status === 'alternative' || status === 'historical') return null
  return [
    1,
    Number(coded && !review),
    Number(!coded && !review),
    Number(review),
    Number(status === 'verified'),
  ]
}

/** In the place of a commune: all of the province. */
export const WHOLE = -1
