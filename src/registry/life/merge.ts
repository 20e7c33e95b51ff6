import type { HouseholdFields, RegistryTransaction } from '../store.ts'
import { together } from './externalIds.ts'
import { codeAt } from './place.ts'
import {
  type Circumstances,
  others,
  type Plan,
  readLive,
  readMain,
  requireDistinct,
  requireReason,
  revise,
} from './plan.ts'
import { past } from './retire.ts'

export interface Merge {
  /** The household that stays. */
  into: number
  /** Those that it takes over. */
  ns: readonly number[]
}

/**
 * Several entries of one home become one: `into` stays, takes over numbers and alternative addresses and, when it has
 * none, the point of a household of its commune; the others become historical and lead to it.
 */
export async function merge(tx: RegistryTransaction, { into, ns }: Merge, now: Circumstances): Plan {
  requireReason(now)
  requireDistinct([into, ...ns])
  const stays = await readMain(tx, into)
  const leaving = []
  for (const n of ns) leaving.push(await readLive(tx, n))
  const alternatives = []
  for (const n of ns)
    for (const alternative of await tx.alternativesOf(n))
      if (![into, ...ns].includes(alternative)) alternatives.push(await readLive(tx, alternative))

  const all = [into, ...ns, ...alternatives.map(({ n }) => n)]
  const note = (n: number) => ({ related: others(all, n) })
  const fields: HouseholdFields = { externalIds: together([stays, ...leaving]) }
  const point = leaving.find((other) => other.point && other.communeCode === stays.communeCode)?.point
  if (!stays.point && point) {
    fields.point = point
    fields.vpostcode = codeAt(stays.postcode, point, stays.review)
  }
  // Those that leave first: a number has one holder at a time.
  return [
    ...leaving.map((household) =>
      revise(household, 'merge', { ...past([into]), externalIds: [] }, now, note(household.n)),
    ),
    ...alternatives.map((household) => revise(household, 'merge', { of: into }, now, note(household.n))),
    revise(stays, 'merge', fields, now, note(into)),
  ]
}
