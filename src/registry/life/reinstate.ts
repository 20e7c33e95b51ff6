import { keyOf } from '../key.ts'
import { sortedIds } from '../numbers.ts'
import type { RegistryTransaction } from '../store.ts'
import { holders } from './externalIds.ts'
import { namesakeConflict } from './namesakes.ts'
import { codeAt } from './place.ts'
import { type Circumstances, type Plan, read, requireReason, revise } from './plan.ts'
import { ChangeRefused } from './refused.ts'

/**
 * Brings a historical household back as a provisional one, with those of its external ids that no other household has
 * taken meanwhile.
 */
export async function reinstate(tx: RegistryTransaction, { n }: { n: number }, now: Circumstances): Plan {
  requireReason(now)
  const household = await read(tx, n)
  if (household.status !== 'historical') throw new ChangeRefused('not-historical')
  if (!now.gazetteer.commune(household.communeCode))
    throw new ChangeRefused('unknown-commune', { detail: household.communeCode })
  const key = keyOf(household)
  const conflict = await namesakeConflict(tx, { ...household, key }, [n])
  const review = conflict ? [conflict] : []
  const last = (await tx.history(n)).at(-1)?.before?.externalIds ?? []
  const lost = last.filter(
    ({ scheme, value }) => !household.externalIds.some((id) => id.scheme === scheme && id.value === value),
  )
  const taken = await holders(tx, lost)
  const free = lost.filter(
    ({ scheme, value }) => !taken.some((id) => id.scheme === scheme && id.value === value),
  )
  const fields = {
    status: 'provisional' as const,
    successors: [],
    key,
    review,
    cleared: household.cleared.filter(({ doubt }) => doubt !== 'existence'),
    vpostcode: codeAt(household.postcode, household.point, review),
    externalIds: sortedIds([...household.externalIds, ...free]),
  }
  return [revise(household, 'reinstate', fields, now)]
}
