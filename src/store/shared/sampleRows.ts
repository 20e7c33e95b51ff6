import type { CommuneSample, SampledHousehold, StoredCheck, Verdict } from '../../registry/sample/store.ts'
import type { Place } from '../../registry/types.ts'
import { fiveDigits, twoDigits } from './codec.ts'
import type { Found } from './doubtRows.ts'

/** Positions are stored: append only. */
export const STATES: readonly SampledHousehold['state'][] = ['open', 'right', 'wrong', 'gone']
export const [OPEN, RIGHT, WRONG, GONE] = [0, 1, 2, 3]
/** Positions are stored: append only. */
export const VERDICTS: readonly Verdict[] = [
  'right',
  'wrong-commune',
  'wrong-point',
  'no-such-house',
  'duplicate',
]

export const numbersOf = ({ provinceCode, communeCode }: Place) =>
  [Number(provinceCode), Number(communeCode)] as const

/** The latest round of a commune is this one; `s` is an alias of its row, or of one of a household. */
export const LATEST =
  's.round = (SELECT max(round) FROM sample_communes l WHERE l.province = s.province AND l.commune = s.commune)'
/** A row of a sampled household, of the alias `s`, and where it comes from. */
export const SAMPLED = `s.province, s.commune, s.round, s.n, s.state, c.at FROM sample_households s
  JOIN sample_communes c ON c.province = s.province AND c.commune = s.commune AND c.round = s.round`
export type SampledRow = [
  province: number,
  commune: number,
  round: number,
  n: number,
  state: number,
  at: number,
]
export const sampledOf = ([province, commune, round, n, state, drawnAt]: SampledRow): SampledHousehold => ({
  round,
  n,
  provinceCode: twoDigits(province),
  communeCode: fiveDigits(commune),
  drawnAt,
  state: STATES[state]!,
})

export type CheckRow = [
  round: number,
  n: number,
  at: number,
  actor: string,
  verdict: number,
  metres: number | null,
  found: string | null,
  undoneAt: number | null,
  undoneBy: string | null,
]

/** A row of `checks`. */
export const checkOf = ([
  round,
  n,
  at,
  actor,
  verdict,
  metres,
  found,
  undoneAt,
  undoneBy,
]: CheckRow): StoredCheck => ({
  round,
  n,
  at,
  actor,
  verdict: VERDICTS[verdict]!,
  metres,
  found: found === null ? null : JSON.parse(found),
  undone: undoneAt === null ? null : { at: undoneAt, actor: undoneBy! },
})

/** province, commune, round, population, drawn, at of `sample_communes`. */
export type CommuneSampleRow = [
  province: number,
  commune: number,
  round: number,
  population: number,
  drawn: number,
  at: number,
]
export const communeSampleOf = ([
  province,
  commune,
  round,
  population,
  drawn,
  at,
]: CommuneSampleRow): CommuneSample => ({
  provinceCode: twoDigits(province),
  communeCode: fiveDigits(commune),
  round,
  population,
  drawn,
  at,
})

/** The finding about a household: its latest check that stands, when that is wrong. */
export function foundBy(checks: readonly StoredCheck[]): Found | null {
  const last = checks.findLast(({ undone }) => undone === null)
  if (!last || last.verdict === 'right') return null
  const { found, verdict, metres, at } = last
  return { other: found?.kind === 'same-as' ? found.other : null, score: 1, reason: verdict, metres, at }
}

/** Throws unless the household `n` waits for its check in this round. */
export function requireOpen(
  household: SampledHousehold | null,
  n: number,
  round: number,
): asserts household is SampledHousehold {
  if (household?.round !== round || household.state !== 'open')
    throw new Error(`household ${n} waits for no check in round ${round}`)
}
/** Throws unless the household `n` was checked in its latest round. */
export function requireChecked(
  household: SampledHousehold | null,
  n: number,
): asserts household is SampledHousehold {
  if (household?.state !== 'right' && household?.state !== 'wrong')
    throw new Error(`household ${n} was not checked in its latest round`)
}

/** What a household in a state counts as: sampled, checked, wrong. */
export const counted = (state: number) =>
  [Number(state !== GONE), Number(state === RIGHT || state === WRONG), Number(state === WRONG)] as const
