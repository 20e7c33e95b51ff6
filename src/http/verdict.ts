import type { Gazetteer } from '../gazetteer/types.ts'
import type { Precision } from '../locate/precision.ts'
import type { IssueCode } from '../match/issueCodes.ts'
import { isStreetOf } from '../match/streetCommunes.ts'
import type { Components, Understanding } from '../match/types.ts'

/** What stands behind the words of Google's Address Validation, whose clients know them. */
export type Granularity = 'SUB_PREMISE' | 'PREMISE' | 'PREMISE_PROXIMITY' | 'ROUTE' | 'OTHER'
export type Confirmation = 'CONFIRMED' | 'UNCONFIRMED_BUT_PLAUSIBLE' | 'UNCONFIRMED_AND_SUSPICIOUS'

/** One part of the address and how far it is borne out. */
export interface CheckedPart {
  part: Part
  text: string
  confirmation: Confirmation
  /** Not in the input, but follows from it. */
  inferred: boolean
  spellCorrected: boolean
  /** Another one was used than the input names: a unit of today for a former one. */
  replaced: boolean
}

export interface Verdict {
  /** How far the input goes. */
  inputGranularity: Granularity
  /** How far it is borne out. */
  validationGranularity: Granularity
  /** How precise the answered point is. */
  geocodeGranularity: Granularity
  /** Somebody could be sent there: nothing is missing, ambiguous or left unread. */
  addressComplete: boolean
  hasUnconfirmedComponents: boolean
  hasInferredComponents: boolean
  hasReplacedComponents: boolean
  hasSpellCorrectedComponents: boolean
  /** FIX: ask for what is missing. CONFIRM: show what was understood. ACCEPT: go on. */
  possibleNextAction: 'FIX' | 'CONFIRM' | 'ACCEPT'
}

const HOUSE_PARTS = [
  'unit',
  'floor',
  'block',
  'building',
  'houseNumber',
  'street',
  'group',
  'hamlet',
] as const
const UNIT_PARTS = ['commune', 'province'] as const
export const PARTS = [...HOUSE_PARTS, ...UNIT_PARTS] as const
export type Part = (typeof PARTS)[number]
/** Parts that can be missing. */
export const MISSING = ['province', 'commune', 'street', 'houseNumber'] as const satisfies readonly Part[]
export type Missing = (typeof MISSING)[number]

/** What else is known of the place. */
export interface Evidence {
  /** A registered household has this address. */
  household: boolean
  /** How precise the answered point is, and its error in metres; null without one. */
  point: { precision: Precision; accuracy: number } | null
  /** The point lies in the commune of the text or at its border; true without a point. */
  pointFits: boolean
}

/** Metres: a point with a larger error does not tell the house. */
const AT_THE_HOUSE = 50

const ofPoint = (accuracy: number): Granularity => (accuracy <= AT_THE_HOUSE ? 'PREMISE' : 'OTHER')
const GRANULARITY: Record<Precision, (accuracy: number) => Granularity> = {
  point: ofPoint,
  household: ofPoint,
  building: () => 'PREMISE',
  interpolated: () => 'PREMISE_PROXIMITY',
  alley: () => 'ROUTE',
  street: () => 'ROUTE',
  hamlet: () => 'OTHER',
  commune: () => 'OTHER',
  none: () => 'OTHER',
}

/** Each part with its confirmation, the verdict over all, and the parts that have to be asked for. */
export function verdictOf(answer: Understanding, evidence: Evidence, gazetteer: Gazetteer) {
  const parts = checkParts(answer, evidence, gazetteer)
  const missing = missingParts(answer)
  const has = (test: (part: CheckedPart) => boolean) => parts.some(test)
  const confirmed = (names: readonly Part[]) =>
    names.some((name) =>
      parts.some(({ part, confirmation }) => part === name && confirmation === 'CONFIRMED'),
    )
  const addressComplete = missing.length === 0 && answer.unresolved.length === 0
  const doubtful = has(({ confirmation }) => confirmation === 'UNCONFIRMED_AND_SUSPICIOUS')
  const spellCorrected = has((part) => part.spellCorrected)
  const input = granularityOf(answer.components)
  const verdict: Verdict = {
    inputGranularity: input,
    validationGranularity: evidence.household ? input : confirmed(['street']) ? 'ROUTE' : 'OTHER',
    geocodeGranularity: evidence.point
      ? GRANULARITY[evidence.point.precision](evidence.point.accuracy)
      : 'OTHER',
    addressComplete,
    hasUnconfirmedComponents: has(({ confirmation }) => confirmation !== 'CONFIRMED'),
    hasInferredComponents: has(({ inferred }) => inferred),
    hasReplacedComponents: has(({ replaced }) => replaced),
    hasSpellCorrectedComponents: spellCorrected,
    possibleNextAction:
      missing.length > 0 ? 'FIX' : doubtful || spellCorrected || !addressComplete ? 'CONFIRM' : 'ACCEPT',
  }
  return { verdict, parts, missing }
}

function granularityOf({ unit, floor, houseNumber, building, block, street }: Components): Granularity {
  if (unit || floor) return 'SUB_PREMISE'
  if (houseNumber || building || block) return 'PREMISE'
  return street ? 'ROUTE' : 'OTHER'
}

/** What a courier lacks: the commune when several fit, and something that leads to the door. */
function missingParts({ grade, current, components }: Understanding): Missing[] {
  const missing: Missing[] = []
  if (!current) missing.push('province')
  if (grade === 'C' || !current?.commune) missing.push('commune')
  const { houseNumber, unit, building, block, street, group, hamlet } = components
  if (!houseNumber && !unit && !building && !block && !group && !hamlet)
    missing.push(street ? 'houseNumber' : 'street')
  return missing
}

function checkParts(answer: Understanding, evidence: Evidence, gazetteer: Gazetteer): CheckedPart[] {
  const { components, current, grade } = answer
  const commune = current?.commune && gazetteer.commune(current.commune.code)
  const has = (wanted: IssueCode) => answer.issues.some(({ code }) => code === wanted)
  const found: CheckedPart[] = []
  for (const part of HOUSE_PARTS) {
    const text = components[part]
    if (!text) continue
    const known = evidence.household || (part === 'street' && commune && isStreetOf(text, commune, gazetteer))
    const one = checked(part, text, known ? 'CONFIRMED' : 'UNCONFIRMED_BUT_PLAUSIBLE')
    one.spellCorrected = part === 'street' && has('street-repaired')
    found.push(one)
  }
  if (!current) return found
  const sure: Confirmation = grade === 'C' || !evidence.pointFits ? 'UNCONFIRMED_AND_SUSPICIOUS' : 'CONFIRMED'
  if (commune) {
    const part = checked('commune', commune.fullName, sure)
    part.spellCorrected = has('spelling-repaired')
    part.replaced = answer.former !== null
    part.inferred = has('commune-missing') || has('decided-by-street')
    found.push(part)
  }
  const { province } = current
  const part = checked('province', province.fullName, has('province-contradicts') ? sure : 'CONFIRMED')
  part.inferred = has('province-missing')
  part.replaced = answer.former?.province != null && answer.former.province.code !== province.code
  found.push(part)
  return found
}

const checked = (part: Part, text: string, confirmation: Confirmation): CheckedPart => ({
  part,
  text,
  confirmation,
  inferred: false,
  spellCorrected: false,
  replaced: false,
})
