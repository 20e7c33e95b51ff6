import { metresBetween } from '../geo/flatEarth.ts'
import type { AddressedRow } from './assign.ts'
import { KEY_VERSION } from './key.ts'
import type { Conflict } from './match.ts'
import { sortedIds } from './numbers.ts'
import { atLeastAsGood } from './points.ts'
import type { HouseholdFields, StoredHousehold } from './store.ts'
import type { ExternalId, HouseholdDraft } from './types.ts'

/** The office's number of a row as an external id of its household. */
const numbered = (household: StoredHousehold, external: ExternalId) =>
  sortedIds([...household.externalIds, external])

/** Of what a row tells anew the office's number alone. */
export function newNumber(
  household: StoredHousehold,
  { draft, external }: AddressedRow,
  externalIsFree: boolean,
): HouseholdFields {
  if (!external || !externalIsFree || draft.review.length > 0) return {}
  const numberable =
    !household.externalIds.some(({ scheme }) => scheme === external.scheme) &&
    // Its row has a number that another household holds: a person decides which number is whose.
    !household.review.includes('external-id-conflict' satisfies Conflict)
  return numberable ? { externalIds: numbered(household, external) } : {}
}

/**
 * What a row tells anew about the household that it means: only facts given (number, point) count, never what a newer
 * engine derives from the same facts. A second row of the same job (`fillOnly`) may fill gaps but not replace.
 */
export function newFacts(
  household: StoredHousehold,
  row: AddressedRow,
  externalIsFree: boolean,
  fillOnly: boolean,
): HouseholdFields {
  const { draft } = row
  // What is in doubt changes nothing that is known.
  if (draft.review.length > 0) return {}
  const facts = newNumber(household, row, externalIsFree)
  if (movesPoint(household, draft, fillOnly)) {
    facts.point = draft.point
    const vpostcode = household.review.length > 0 ? null : draft.vpostcode
    if (vpostcode !== household.vpostcode) facts.vpostcode = vpostcode
    if (draft.postcode !== household.postcode) facts.postcode = draft.postcode
  }
  return facts
}

/** The office wrote a new address for its household: the address is replaced, the point as in `newFacts`. */
export function correction(household: StoredHousehold, row: AddressedRow): HouseholdFields {
  const { draft, key } = row
  const moved = newFacts(household, row, false, false)
  // The head follows the commune, the tail stays while the point does.
  const kept = household.vpostcode && draft.postcode + household.vpostcode.slice(5)
  return {
    ...moved,
    key,
    keyVersion: KEY_VERSION,
    text: draft.text,
    parts: draft.parts,
    provinceCode: draft.provinceCode,
    communeCode: draft.communeCode,
    formerCommuneCode: draft.formerCommuneCode,
    postcode: draft.postcode,
    vpostcode: moved.vpostcode === undefined ? kept : moved.vpostcode,
    grade: draft.grade,
    confidence: draft.confidence,
  }
}

/** An import never replaces a better or a verified point; a move within the stored accuracy is none. */
function movesPoint(household: StoredHousehold, draft: HouseholdDraft, fillOnly: boolean): boolean {
  if (!draft.point) return false
  if (!household.point) return true
  if (fillOnly || household.status === 'verified') return false
  // Whoever knows the place knows better than the map.
  if (household.point.source === 'mapped' && draft.point.source !== 'mapped')
    return atLeastAsGood(draft.point.source, 'mapped')
  return (
    atLeastAsGood(draft.point.source, household.point.source) &&
    metresBetween(household.point, draft.point) > household.point.accuracy
  )
}

/** The fields of `fields` that differ from the household, before and after; null when none does. */
export function difference(
  household: StoredHousehold,
  fields: HouseholdFields,
): { before: HouseholdFields; after: HouseholdFields } | null {
  const changed = (Object.keys(fields) as (keyof HouseholdFields)[]).filter(
    (name) => !same(household[name], fields[name]),
  )
  if (changed.length === 0) return null
  const pick = (source: HouseholdFields): HouseholdFields =>
    Object.fromEntries(changed.map((name) => [name, source[name]]))
  return { before: pick(household), after: pick(fields) }
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object') return false
  return JSON.stringify(a) === JSON.stringify(b)
}
