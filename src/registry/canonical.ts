import { olderDates } from './dateStreet.ts'
import { type KeyInput, keyOf } from './key.ts'
import { plainStreet } from './plainStreet.ts'
import type { HouseholdDraft, HouseholdParts } from './types.ts'

/** The parts of an address in the order in which they are kept. */
const PART_NAMES = [
  'name',
  'building',
  'block',
  'floor',
  'unit',
  'houseNumber',
  'alleys',
  'street',
  'group',
  'hamlet',
] as const satisfies readonly (keyof HouseholdParts)[]

/**
 * A draft exactly as a store gives it back: its street written plainly, fields in one order, nothing empty, confidence to three
 * decimals.
 */
export function canonical(draft: HouseholdDraft): HouseholdDraft {
  const parts: HouseholdParts = {}
  for (const name of PART_NAMES) {
    if (name === 'alleys') {
      if (draft.parts.alleys?.length)
        parts.alleys = draft.parts.alleys.map(({ kind, number }) => ({ kind, number }))
    } else if (draft.parts[name]) parts[name] = draft.parts[name]
  }
  if (parts.street) parts.street = plainStreet(parts.street)
  const { point } = draft
  return {
    text: draft.text,
    parts,
    provinceCode: draft.provinceCode,
    communeCode: draft.communeCode,
    formerCommuneCode: draft.formerCommuneCode,
    postcode: draft.postcode,
    point: point && { lat: point.lat, lon: point.lon, source: point.source, accuracy: point.accuracy },
    vpostcode: draft.vpostcode,
    grade: draft.grade,
    confidence: Math.round(draft.confidence * 1000) / 1000,
    review: draft.review,
    externalId: draft.externalId,
  }
}

/**
 * The key of an address however its street is written; then those that households from before may have: of the street as it is
 * written, and where that is a day of its other forms.
 */
export function keysOf({ parts, ...place }: KeyInput): [key: string, ...older: string[]] {
  const street = parts.street && plainStreet(parts.street)
  const older = street ? [parts.street!, ...olderDates(street)].filter((written) => written !== street) : []
  const keyIn = (street: string | undefined) => keyOf({ ...place, parts: { ...parts, street } })
  return [keyIn(street), ...older.map(keyIn)]
}
