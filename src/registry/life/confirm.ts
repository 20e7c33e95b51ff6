import type { RegistryTransaction, StoredEvent } from '../store.ts'
import { type Circumstances, type Plan, readLive, requireReason, revise } from './plan.ts'
import { ChangeRefused } from './refused.ts'

/**
 * Notes that a person has found a household right as it stands: an event in which no field changes. It is no verification.
 * Refused when the same person said so last, for the same reason.
 */
export async function confirm(tx: RegistryTransaction, { n }: { n: number }, now: Circumstances): Plan {
  requireReason(now)
  const household = await readLive(tx, n)
  const last = (await tx.history(n)).at(-1)!
  if (isConfirmation(last) && last.actor === now.actor && last.reason === now.reason)
    throw new ChangeRefused('nothing-changed')
  return [revise(household, 'update', {}, now)]
}

/** An event that only confirms. */
export const isConfirmation = ({ kind, after }: StoredEvent): boolean =>
  kind === 'update' && after !== null && Object.keys(after).length === 0
