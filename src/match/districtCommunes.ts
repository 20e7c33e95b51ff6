import type { NameIndex } from '../gazetteer/names.ts'
import type { Gazetteer } from '../gazetteer/types.ts'
import type { Components } from '../parse/types.ts'
import { hearStreet } from './hints.ts'
import { byBelief, type Outcome } from './outcomes.ts'

/**
 * Where a line can lie that stops at a former district: every commune of today that took a part of it (14 at the most),
 * best first; the more of its communes one took the likelier, and the street is heard. Beliefs add up to that of the
 * outcome. Empty for a line that stops elsewhere. The street alone never decides: of the mapped ones it names the commune
 * with a belief of 0.9 and more in 98 of 100 cases (hcmc-points.csv without wards).
 */
export function communesInDistrict(
  outcome: Outcome,
  components: Components,
  index: NameIndex,
  gazetteer: Gazetteer,
): readonly Outcome[] {
  const { commune, district } = outcome.reading
  if (commune || !district || outcome.commune) return []
  const taken = index.communesOf(district.sense.district ?? district.sense.earlierDistrict!)
  const sum = taken.reduce((total, { formers }) => total + formers, 0)
  const likely = taken.map(
    ({ commune, formers }): Outcome => ({
      ...outcome,
      province: commune.province,
      commune,
      belief: formers / sum,
    }),
  )
  hearStreet(likely, components, gazetteer)
  for (const one of likely) one.belief *= outcome.belief
  return likely.sort(byBelief)
}
