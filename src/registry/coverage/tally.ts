import type { Tally } from './store.ts'

/** Nothing counted. */
export const NOTHING: Tally = {
  households: 0,
  coded: 0,
  visit: 0,
  review: 0,
  verified: 0,
  sampled: 0,
  checked: 0,
  wrong: 0,
  findings: 0,
}
export const TALLY_NAMES = Object.keys(NOTHING) as (keyof Tally)[]

export function sumOf(tallies: readonly Tally[]): Tally {
  const total = { ...NOTHING }
  for (const tally of tallies) for (const name of TALLY_NAMES) total[name] += tally[name]
  return total
}
