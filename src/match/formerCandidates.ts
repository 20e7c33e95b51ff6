import type { CurrentCommune, FormerCommune } from '../gazetteer/types.ts'
import type { FormerCandidate } from './types.ts'
import { viewFormer } from './views.ts'

const lists = new WeakMap<CurrentCommune, readonly FormerCandidate[]>()

/** The former communes that a current one was made from, likeliest first: wholly taken ones, then those of its name. */
export function formerCandidates(commune: CurrentCommune): FormerCandidate[] {
  let list = lists.get(commune)
  if (!list) {
    list = weigh(commune)
    lists.set(commune, list)
  }
  return [...list]
}

function weigh(commune: CurrentCommune): FormerCandidate[] {
  const weights = new Map<FormerCommune, number>()
  for (const { former, whole, takesPopulation } of commune.sources)
    weights.set(former, (whole || takesPopulation ? 4 : 1) * (former.name === commune.name ? 2 : 1))
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0)
  return [...weights]
    .map(([former, weight]) =>
      Object.freeze({ ...viewFormer(former), confidence: Math.round((1000 * weight) / sum) / 1000 }),
    )
    .sort((a, b) => b.confidence - a.confidence)
}
