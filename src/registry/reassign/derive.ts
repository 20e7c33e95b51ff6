import type { Gazetteer } from '../../gazetteer/types.ts'
import { isCleared } from '../doubts/cleared.ts'
import { identifies, KEY_VERSION, keyOf, NO_KEY } from '../key.ts'
import type { HouseholdFields, StoredHousehold } from '../store.ts'
import type { HouseholdDraft } from '../types.ts'
import type { Decree } from './decree.ts'

/** Why a household changes. `near`: its point lies outside all parts, and within 100 m of this one only as the nearest. */
export type Why = 'whole' | 'point' | 'near' | 'undecided' | 'postcode' | 'engine'

/** What becomes of a household: all fields that follow anew, whether they differ or not. */
export interface Derived {
  fields: HouseholdFields
  why: Why
}
/** Pure: asked again it answers the same. Null: the household is not concerned. */
export type Derive = (household: StoredHousehold) => Derived | null

/** Metres: a point this near to a commune can belong to a household of it. */
const REACH = 100
/** The day on which the units of June 2025 ended. */
const UNITS_OF_TODAY = '2025-07-01'

/** What a decree makes of households. */
export function byDecree(decree: Decree, gazetteer: Gazetteer): Derive {
  const { successors, postcodes, effective } = decree
  // The communes that end then are those of June 2025, which households remember.
  const keepsFormer = effective <= UNITS_OF_TODAY
  return (household) => {
    const { communeCode } = household
    const change = successors.get(communeCode)
    if (!change) {
      const postcode = postcodes.get(communeCode)
      if (!postcode || postcode === household.postcode) return null
      return { fields: inCommune(household, communeCode, postcode, gazetteer), why: 'postcode' }
    }
    const { code, why } = change.whole
      ? { code: change.to[0]!, why: 'whole' as const }
      : partOf(household, change.to, gazetteer)
    const former = keepsFormer ? (household.formerCommuneCode ?? communeCode) : household.formerCommuneCode
    const moved = { ...household, formerCommuneCode: former }
    const fields = inCommune(moved, code, postcodes.get(code)!, gazetteer)
    if (why !== 'undecided' || household.status === 'historical') return { fields, why }
    const review = withReason(household.review, 'split-commune')
    return { fields: { ...fields, review, vpostcode: null }, why }
  }
}

/** The part of a split commune that holds a household: by its point, never by guess. */
function partOf(
  { point }: StoredHousehold,
  parts: readonly string[],
  { boundaries, commune, communes }: Gazetteer,
): { code: string; why: Why } {
  const undecided = { code: parts[0]!, why: 'undecided' as const }
  if (!point) return undecided
  const here = communes[boundaries.communeAt(point.lat, point.lon)]
  if (here && parts.includes(here.code)) return { code: here.code, why: 'point' }
  const near = parts
    .map((code) => ({
      code,
      metres: boundaries.distanceTo(commune(code)!.index, point.lat, point.lon, REACH),
    }))
    .filter(({ metres }) => metres <= REACH)
    .sort((a, b) => a.metres - b.metres)
  return near[0] ? { code: near[0].code, why: 'near' } : undecided
}

/** What the engine of now reads in the text of a provisional household. `read` answers null when it reads nothing. */
export function byEngine(
  read: (household: StoredHousehold) => HouseholdDraft | null,
  { engineVersion, dataVersion }: { engineVersion: string; dataVersion: string },
  gazetteer: Gazetteer,
): Derive {
  return (household) => {
    if (household.status !== 'provisional') return null
    if (household.engineVersion === engineVersion && household.dataVersion === dataVersion) return null
    const draft = read(household)
    // What a person or the registry put to review stays there, and what a person decided stays decided.
    if (!draft || draft.review.length > 0 || household.review.length > 0) return null
    if (isCleared(household, 'commune') && draft.communeCode !== household.communeCode) return null
    // Columns of a file said parts that the text alone does not say again.
    const parts = { ...household.parts, ...draft.parts }
    const { formerCommuneCode, grade, confidence } = draft
    const fields = inCommune(
      { ...household, parts, formerCommuneCode: formerCommuneCode ?? household.formerCommuneCode },
      draft.communeCode,
      draft.postcode,
      gazetteer,
    )
    return { fields: { ...fields, parts, grade, confidence }, why: 'engine' }
  }
}

/** The fields that follow from the commune: the head of the code changes, its tail stays as long as the point does. */
function inCommune(
  household: StoredHousehold,
  communeCode: string,
  postcode: string,
  { commune }: Gazetteer,
): HouseholdFields {
  const { key, vpostcode, formerCommuneCode } = household
  return {
    communeCode,
    provinceCode: commune(communeCode)!.province.code,
    formerCommuneCode,
    postcode,
    key: key === NO_KEY ? NO_KEY : keyOf({ ...household, communeCode }),
    keyVersion: KEY_VERSION,
    vpostcode: vpostcode && postcode + vpostcode.slice(5),
  }
}

export const withReason = (review: readonly string[], reason: string) =>
  review.includes(reason) ? [...review] : [...review, reason]

/** Only an address that names a house can be held by two. */
export const canClash = ({ status, parts, key }: StoredHousehold) =>
  status !== 'historical' && key !== NO_KEY && identifies(parts)
