import type { RegistryTransaction } from '../store.ts'
import { type Circumstances, type Plan, readLive, readMain, requireDistinct, revise } from './plan.ts'
import { ChangeRefused } from './refused.ts'
import { requireNoAlternatives } from './retire.ts'

/** Makes a household an alternative address of `of`, or with null a household of its own again. */
export async function setMain(
  tx: RegistryTransaction,
  { n, of }: { n: number; of: number | null },
  now: Circumstances,
): Plan {
  const household = await readLive(tx, n)
  if (household.of === of) throw new ChangeRefused('nothing-changed')
  if (of === null) return [revise(household, 'update', { status: 'provisional', of }, now)]
  requireDistinct([n, of])
  await readMain(tx, of)
  await requireNoAlternatives(tx, household)
  return [revise(household, 'update', { status: 'alternative', of }, now)]
}
