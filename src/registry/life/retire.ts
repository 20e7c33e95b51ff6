import type { HouseholdFields, RegistryTransaction, StoredHousehold } from '../store.ts'
import { type Circumstances, type Plan, readLive, requireDistinct, requireReason, revise } from './plan.ts'
import { ChangeRefused } from './refused.ts'

/** What a household becomes whose place others take (none: it is gone). Its code becomes an old code. */
export const past = (successors: readonly number[]): HouseholdFields => ({
  status: 'historical',
  of: null,
  successors: [...successors],
  vpostcode: null,
  review: [],
})

/** Ends a household: demolished, never there, or replaced by the households named. */
export async function retire(
  tx: RegistryTransaction,
  { n, successors = [] }: { n: number; successors?: readonly number[] },
  now: Circumstances,
): Plan {
  requireReason(now)
  requireDistinct([n, ...successors])
  const household = await readLive(tx, n)
  await requireNoAlternatives(tx, household)
  for (const successor of successors) await readLive(tx, successor)
  return [revise(household, 'retire', past(successors), now, { related: successors })]
}

export async function requireNoAlternatives(tx: RegistryTransaction, { n }: StoredHousehold): Promise<void> {
  const alternatives = await tx.alternativesOf(n)
  if (alternatives.length > 0) throw new ChangeRefused('has-alternatives', { households: alternatives })
}
