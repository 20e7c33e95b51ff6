import type { EventKind, RegistryTransaction } from '../store.ts'
import type { HouseholdPoint } from '../types.ts'
import { isConfirmation } from './confirm.ts'
import { hasActed } from './persons.ts'
import { codeAt, requirePoint } from './place.ts'
import { type Circumstances, type Plan, readLive, revise } from './plan.ts'
import { ChangeRefused } from './refused.ts'

/** Metres that a surveyed point may be off to be evidence. */
const EVIDENCE_ACCURACY = 15

export interface Verification {
  n: number
  /** The point taken on site, when this is the evidence and is not stored yet. */
  point?: HouseholdPoint
  /** Metres; default 15. */
  maxAccuracy?: number
}

/** Events by which a person enters an address or a point. */
const ENTRIES: readonly EventKind[] = ['insert', 'update', 'split', 'reinstate', 'undo']

/**
 * Verifies one provisional household by evidence: a surveyed point of stated accuracy, or a second person than those who
 * entered address and point.
 */
export async function verify(
  tx: RegistryTransaction,
  { n, point: surveyed, maxAccuracy = EVIDENCE_ACCURACY }: Verification,
  now: Circumstances,
): Plan {
  const household = await readLive(tx, n)
  if (household.status !== 'provisional') throw new ChangeRefused('not-provisional')
  if (household.review.length > 0) throw new ChangeRefused('in-review', { reasons: household.review })
  const point = surveyed ?? household.point
  if (!point) throw new ChangeRefused('no-known-place')
  if (surveyed) requirePoint(surveyed, household.communeCode, now.gazetteer)

  const bySurvey = point.source === 'surveyed' && point.accuracy <= maxAccuracy
  // A point brought along is the word of the one who brings it.
  if (!bySurvey && (surveyed || (await hasEntered(tx, n, now.actor)))) throw new ChangeRefused('no-evidence')
  const { lat, lon, source, accuracy } = point
  const fields = {
    status: 'verified' as const,
    point: { lat, lon, source, accuracy },
    vpostcode: codeAt(household.postcode, point, []),
  }
  const evidence = bySurvey ? 'surveyed-point' : 'second-person'
  return [revise(household, 'verify', fields, now, { evidence })]
}

async function hasEntered(tx: RegistryTransaction, n: number, person: string): Promise<boolean> {
  const events = await tx.history(n)
  return hasActed(
    events.filter((event) => ENTRIES.includes(event.kind) && !isConfirmation(event)),
    person,
  )
}
