import { nameIndex } from '../gazetteer/names.ts'
import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import type { Components } from '../parse/types.ts'
import type { DecidedStreets } from './hearDecided.ts'
import { byBelief, type Outcome, SURE } from './outcomes.ts'

/** Degrees WGS 84. */
export interface PointHint {
  readonly lat: number
  readonly lon: number
}

/** What a line tells beside its units, and what is known beside the line. */
export interface Hints {
  readonly point: PointHint | null
  /** The parts below the units; null while they are not read yet. */
  readonly components: Components | null
  /** What persons have decided about streets; null where that is not asked. */
  readonly decided?: DecidedStreets | null
}

/** Metres: a point decides for communes that it lies in or this near to (section 2 of the design). */
const POINT_REACH = 100
const INSIDE_FACTOR = 300
const NEAR_FACTOR = 60

/** A point raises the communes around it, and names the commune where the line stops above it. */
export function hearPoint(outcomes: Outcome[], point: PointHint | null, gazetteer: Gazetteer): void {
  // Where only one commune is read there is nothing to decide.
  const decided = outcomes.length === 1 && outcomes[0]!.commune !== null
  if (!point || decided) return
  const near = gazetteer.boundaries.communesWithin(point.lat, point.lon, POINT_REACH)
  if (near.length === 0) return
  const here = gazetteer.communes[near[0]!.index]!
  const undecided = (outcomes[0]?.belief ?? 0) < SURE
  for (const outcome of outcomes) {
    if (!outcome.commune) {
      if (!liesIn(here, outcome, gazetteer)) continue
      outcome.commune = here
      outcome.decidedByPoint = true
      continue
    }
    const found = near.find(({ index }) => gazetteer.communes[index] === outcome.commune)
    if (!found) continue
    outcome.belief *= found.metres === 0 ? INSIDE_FACTOR : NEAR_FACTOR
    outcome.decidedByPoint = undecided
  }
  normalise(outcomes)
}

/** A commune fits a line that stops above it when it lies in the province, and in the district where one is named. */
function liesIn(commune: CurrentCommune, { province, reading }: Outcome, gazetteer: Gazetteer): boolean {
  if (!reading.district || reading.commune) return commune.province === province
  const { district, earlierDistrict } = reading.district.sense
  return nameIndex(gazetteer)
    .communesOf(district ?? earlierDistrict!)
    .some((share) => share.commune === commune)
}

/** A mapped address says as much as this many metres of street. */
const ADDRESS_METRES = 20
/** What is believed of a commune in which a mapped street does not run: maps have gaps. */
const OFF_STREET = 0.08
/** What is left of a former district without such a street, beside one that has it. */
const NOT_IN_DISTRICT = 0.25

/** The street of the line raises the communes through which it runs, and the districts that have one of its name. */
export function hearStreet(outcomes: Outcome[], components: Components | null, gazetteer: Gazetteer): void {
  const street = components?.street
  if (!street || outcomes.length < 2) return
  const alley = components.alleys?.[0]?.number
  const exact = alley ? gazetteer.communesOfStreet(street, alley) : []
  const runs = exact.length > 0 ? exact : gazetteer.communesOfStreet(street)
  const weights = new Map<CurrentCommune, number>()
  for (const { commune, metres, addresses } of runs) weights.set(commune, metres + ADDRESS_METRES * addresses)
  const total = outcomes.reduce((sum, { commune }) => sum + ((commune && weights.get(commune)) ?? 0), 0)
  const near = nearestByNumber(outcomes, street, alley ?? components.houseNumber, gazetteer)
  const districts = new Set(gazetteer.districtsOfStreet(street))
  const told = outcomes.some(({ former }) => former && districts.has(former.district))
  for (const outcome of outcomes) {
    const { commune, former } = outcome
    if (total > 0 && commune) outcome.belief *= OFF_STREET + (weights.get(commune) ?? 0) / total
    if (commune && commune === near?.commune) outcome.belief *= near.factor
    if (told && former && !districts.has(former.district)) outcome.belief *= NOT_IN_DISTRICT
  }
  normalise(outcomes)
}

/** How much a mapped number of the street speaks for its commune: the nearer in number, the more. */
const SAME_NUMBER = { within: 0.06, factor: 10 }
const NEAR_NUMBER = { within: 0.5, factor: 3 }
/** Small numbers differ less than their ratio says: 2 and 12 are one block. */
const BLOCK = 10

/** Among the parts of one split commune, or of a district that is named without a commune: the part with the mapped number nearest to that of the line. */
function nearestByNumber(
  outcomes: readonly Outcome[],
  street: string,
  number: string | undefined,
  gazetteer: Gazetteer,
): { commune: CurrentCommune; factor: number } | null {
  const { former, reading } = outcomes[0]!
  const parts = former
    ? former.successors.map(({ current }) => current)
    : reading.commune
      ? []
      : outcomes.flatMap(({ commune }) => commune ?? [])
  if (!number || parts.length < 2) return null
  const found = gazetteer.nearestNumber(street, number, parts)
  if (!found) return null
  const apart = Math.abs(Math.log((found.number + BLOCK) / (Number.parseInt(number, 10) + BLOCK)))
  const told = [SAME_NUMBER, NEAR_NUMBER].find(({ within }) => apart <= within)
  return told ? { commune: found.commune, factor: told.factor } : null
}

/** Beliefs that add up to 1, the most believed first. */
function normalise(outcomes: Outcome[]): void {
  let sum = 0
  for (const { belief } of outcomes) sum += belief
  for (const outcome of outcomes) outcome.belief /= sum
  outcomes.sort(byBelief)
}
