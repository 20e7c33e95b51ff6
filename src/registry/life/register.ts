import { canonical } from '../canonical.ts'
import { KEY_VERSION, keyOf } from '../key.ts'
import { sortedIds } from '../numbers.ts'
import type { EventNote, Insert, RegistryTransaction, StoredHousehold } from '../store.ts'
import type { ExternalId, HouseholdDraft } from '../types.ts'
import { readExternalId, requireFree } from './externalIds.ts'
import { namesakeConflict } from './namesakes.ts'
import { codeAt, requireInland, requirePoint } from './place.ts'
import type { Circumstances, Plan } from './plan.ts'

export interface Registration {
  draft: HouseholdDraft
  externalIds?: readonly ExternalId[]
}

/** Enters one household. Refused when a live household has the address: that one is to be corrected or merged. */
export async function register(tx: RegistryTransaction, entry: Registration, now: Circumstances): Plan {
  return [await newcomer(tx, await tx.reserve(1), entry, now)]
}

/** The insert of household `n`, checked against all others but `except`. */
export async function newcomer(
  tx: RegistryTransaction,
  n: number,
  entry: Registration,
  { gazetteer, at, engineVersion }: Circumstances,
  { note, except = [] }: { note?: Partial<EventNote>; except?: readonly number[] } = {},
): Promise<Insert> {
  const { externalId: office, ...draft } = canonical(entry.draft)
  const given = [...(entry.externalIds ?? []), ...(office ? [{ scheme: 'office', value: office }] : [])]
  const externalIds = sortedIds(given.map(readExternalId))
  await requireFree(tx, externalIds, null)
  if (draft.point) {
    // A point far from the commune of the text stands in `review` already.
    if (draft.review.length === 0) requirePoint(draft.point, draft.communeCode, gazetteer)
    else requireInland(draft.point, gazetteer)
  }
  const key = keyOf(draft)
  const conflict = await namesakeConflict(tx, { ...draft, key }, except)
  const review = conflict ? [...draft.review, conflict] : draft.review
  const household: StoredHousehold = {
    ...draft,
    n,
    status: 'provisional',
    of: null,
    successors: [],
    key,
    keyVersion: KEY_VERSION,
    access: null,
    vpostcode: codeAt(draft.postcode, draft.point, review),
    review,
    cleared: [],
    externalIds,
    engineVersion,
    dataVersion: gazetteer.version,
    createdAt: at,
    updatedAt: at,
  }
  return { kind: 'insert', household, note }
}
