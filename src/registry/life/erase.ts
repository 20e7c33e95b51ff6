import { NO_KEY } from '../key.ts'
import type { HouseholdFields, RegistryTransaction } from '../store.ts'
import { type Circumstances, type Plan, read, requireReason, revise } from './plan.ts'
import { requireNoAlternatives } from './retire.ts'

/** What tells where a household is in more detail than its commune, as it stands once it is erased. */
export const BLANK = {
  text: '',
  parts: {},
  key: NO_KEY,
  formerCommuneCode: null,
  point: null,
  access: null,
  vpostcode: null,
  cleared: [],
  externalIds: [],
} satisfies HouseholdFields
export const ERASED = Object.keys(BLANK) as (keyof typeof BLANK)[]

/** Takes what makes a household out of the registry for good: only id, number, commune and the course of events stay. */
export async function erase(tx: RegistryTransaction, { n }: { n: number }, now: Circumstances): Plan {
  requireReason(now)
  const household = await read(tx, n)
  await requireNoAlternatives(tx, household)
  const status = { status: 'historical' as const, of: null, review: [] }
  const revision = revise(household, 'erase', status, now)
  return [{ ...revision, household: { ...revision.household, ...BLANK }, erases: ERASED }]
}
