import { canonical } from '../canonical.ts'
import { difference } from '../change.ts'
import { KEY_VERSION, keyOf } from '../key.ts'
import type { RegistryTransaction } from '../store.ts'
import type { HouseholdDraft } from '../types.ts'
import { namesakeConflict } from './namesakes.ts'
import { codeAt, requirePoint } from './place.ts'
import { type Circumstances, type Plan, readLive, revise } from './plan.ts'
import { ChangeRefused } from './refused.ts'

/**
 * Writes another address for a household, and a point when the draft has one. Decides what was in doubt. An address that
 * names another house takes a verification back.
 */
export async function correct(
  tx: RegistryTransaction,
  { n, draft: given }: { n: number; draft: HouseholdDraft },
  now: Circumstances,
): Plan {
  const household = await readLive(tx, n)
  const { externalId: _, vpostcode: _v, ...draft } = canonical(given)
  if (draft.review.length > 0) throw new ChangeRefused('address-in-doubt', { reasons: draft.review })
  const point = draft.point ?? household.point
  if (point) requirePoint(point, draft.communeCode, now.gazetteer)
  const key = keyOf(draft)
  const sameHouse = key === household.key
  const conflict = sameHouse ? null : await namesakeConflict(tx, { ...draft, point, key }, [n])
  const review = conflict ? [conflict] : []
  const fields = {
    ...draft,
    point,
    key,
    keyVersion: KEY_VERSION,
    review,
    vpostcode: codeAt(draft.postcode, point, review),
    status: household.status === 'verified' && !sameHouse ? ('provisional' as const) : household.status,
  }
  if (!difference(household, fields)) throw new ChangeRefused('nothing-changed')
  const versions = { engineVersion: now.engineVersion, dataVersion: now.gazetteer.version }
  return [revise(household, 'update', { ...fields, ...versions }, now)]
}
