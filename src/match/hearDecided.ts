import type { CurrentCommune, FormerCommune } from '../gazetteer/types.ts'
import type { Hints } from './hints.ts'
import { byBelief, type Outcome, SURE } from './outcomes.ts'

/**
 * In which communes of today the households of a street lie whose place a person has decided or verified, of one former
 * commune that was split (five-digit codes, the street as written). Empty where none is known.
 */
export type DecidedStreets = (
  formerCode: string,
  street: string,
) => readonly { readonly communeCode: string; readonly households: number }[]

/** So many decided households in one commune, and none in another, place the rest of their street. */
const ENOUGH = 5
/** Belief in that commune: of houses with five such neighbours 94 of 100 lie there (scripts/bench/neighbours.ts). */
const WITH_NEIGHBOURS = 0.94
/** What neighbours that are few or disagree leave in doubt stays in doubt. */
const MOST_IN_DOUBT = 0.85
/** What was believed before counts as much as this part of a household: one neighbour is right in 90 of 100 cases. */
const PRIOR = 0.25

/**
 * The households that persons have placed raise the parts of a split commune in which their street was found to lie. Enough
 * of them that agree decide; fewer, or ones that disagree, order the parts and leave the doubt. A point says more.
 */
export function hearDecided(outcomes: Outcome[], { decided, components, point }: Hints): void {
  const street = components?.street
  if (!decided || !street || point) return
  const formers = new Set(
    outcomes.flatMap(({ former }) => (former && former.successors.length > 1 ? former : [])),
  )
  for (const former of formers) placeStreet(outcomes, former, decided(former.code, street))
  if (formers.size > 0) outcomes.sort(byBelief)
}

function placeStreet(outcomes: Outcome[], former: FormerCommune, found: ReturnType<DecidedStreets>): void {
  const shares = new Map<CurrentCommune, number>()
  let sum = 0
  for (const { commune, belief, former: its } of outcomes) {
    if (!commune || its !== former) continue
    shares.set(commune, (shares.get(commune) ?? 0) + belief)
    sum += belief
  }
  const counts = new Map<CurrentCommune, number>()
  let total = 0
  for (const commune of shares.keys()) {
    const households = found.find(({ communeCode }) => communeCode === commune.code)?.households ?? 0
    if (households > 0) counts.set(commune, households)
    total += households
  }
  if (total === 0 || shares.size < 2 || sum === 0) return
  const [best, share] = [...shares].reduce((a, b) => (b[1] > a[1] ? b : a))
  const sureBefore = share / sum >= SURE
  const [only] = counts.size === 1 ? counts.keys() : []
  if (sureBefore && only === best) return

  const wanted = new Map<CurrentCommune, number>()
  if (only && total >= ENOUGH && !sureBefore) {
    const rest = sum - shares.get(only)!
    for (const [commune, share] of shares)
      wanted.set(commune, commune === only ? WITH_NEIGHBOURS : ((1 - WITH_NEIGHBOURS) * share) / rest)
  } else {
    const weighed = [...shares].map(
      ([commune, share]) =>
        [commune, ((counts.get(commune) ?? 0) + (PRIOR * share) / sum) / (total + PRIOR)] as const,
    )
    const most = Math.max(...weighed.map(([, weight]) => weight))
    for (const [commune, weight] of weighed) wanted.set(commune, inDoubt(weight, most))
  }
  for (const outcome of outcomes) {
    const { commune } = outcome
    if (!commune || outcome.former !== former) continue
    outcome.belief *= (wanted.get(commune)! * sum) / shares.get(commune)!
    if (commune === only && wanted.get(commune) === WITH_NEIGHBOURS) outcome.decidedByNeighbours = true
  }
}

/** A share brought down so that the greatest leaves the doubt; all still add up to 1. */
function inDoubt(share: number, most: number): number {
  if (most <= MOST_IN_DOUBT) return share
  return share === most ? MOST_IN_DOUBT : (share * (1 - MOST_IN_DOUBT)) / (1 - most)
}
