import type { NameIndex } from '../gazetteer/names.ts'
import type { Gazetteer } from '../gazetteer/types.ts'
import { inInput, type Line, written } from '../parse/line.ts'
import type { Components } from '../parse/types.ts'
import { communesInDistrict } from './districtCommunes.ts'
import { misspelled } from './evidence.ts'
import { eraOf, readFormer } from './former.ts'
import { hearDecided } from './hearDecided.ts'
import { type Hints, hearPoint, hearStreet } from './hints.ts'
import { ISSUES, type IssueCode } from './issueCodes.ts'
import { byBelief, type Outcome, SURE, weighOutcomes } from './outcomes.ts'
import { isRival, unitsOf } from './readingPoints.ts'
import type { Named, Reading } from './readings.ts'
import { communesOfStreet, hearOnlyStreet } from './streetCommunes.ts'
import type { Candidate, Issue, Understanding } from './types.ts'
import { viewCurrent } from './views.ts'

/** The units of an understanding, and the reading that they came from. */
export interface Decision
  extends Pick<
    Understanding,
    'era' | 'former' | 'current' | 'candidates' | 'grade' | 'confidence' | 'issues'
  > {
  readonly reading: Reading | null
}

/** What is said exactly is worth its grade only when hardly anything speaks for another answer. */
const SURE_OF_EXACT = 0.98
/** Belief in an answer that is not said exactly. */
export const MOST_REPAIRED = 0.98
/** Readings weaker than this say nothing. */
export const NOT_A_UNIT = 1.5
const WORTH_SHOWING = 0.02
/** The communes of any one district and the answer without a commune. */
export const MOST_CANDIDATES = 15
/** Belief in a commune that no word but the street names. */
const MOST_BY_STREET = 0.95
/** Belief in an answer against which another reading of the line speaks, however much stands for it. */
const MOST_DOUBTED = 0.87

/** The readings that say something, and what speaks against the best one, however weak it is by itself. */
export function thatCount(readings: readonly Reading[]): Reading[] {
  const best = readings[0]!
  return readings.filter(
    (reading) =>
      reading.points >= NOT_A_UNIT ||
      isRival(reading, best) ||
      (reading === best && readings.some((one) => isRival(one, best))),
  )
}

/** Chooses among the readings of a line; says so when it cannot. */
export function decide(
  line: Line,
  readings: readonly Reading[],
  index: NameIndex,
  gazetteer: Gazetteer,
  hints: Hints,
): Decision {
  const heard = weighOutcomes(thatCount(readings), index)
  hearStreet(heard, hints.components, gazetteer)
  hearOnlyStreet(heard, hints.components, index, gazetteer)
  hearDecided(heard, hints)
  hearPoint(heard, hints.point, gazetteer)
  const outcomes = byCommune(heard)
  const best = outcomes[0]
  if (!best) return nothing()

  const { reading } = best
  const rivals = best.decidedByPoint ? [] : readings.filter((one) => isRival(one, reading))
  const sure = best.belief >= SURE && best.commune !== null && rivals.length === 0
  const issues: Issue[] = []
  const say = (code: IssueCode, part: string, given: string | null, used: string | null) =>
    issues.push({ code, part, given, used, severity: ISSUES[code][0] })

  const former = readFormer(reading)
  const era = eraOf(reading, index)
  const used = best.commune?.fullName ?? null
  // Of a commune and a province that contradict each other one is read, the other a rival.
  const otherProvince = rivals.find((one) => !one.commune)?.province
  const otherCommune = rivals.find((one) => !one.province)?.commune
  if (!best.commune && !otherCommune) say('commune-missing', 'commune', null, null)
  if (!reading.province && !otherProvince) say('province-missing', 'province', null, best.province.fullName)
  if (reading.commune?.sense.earlier) say('earlier-units', 'commune', former?.commune?.fullName ?? null, used)
  else if (era === 'former') say('former-units', 'commune', former?.commune?.fullName ?? null, used)
  if (era === 'mixed') say('mixed-eras', 'units', null, used)
  if (best.former && best.former.successors.length > 1) {
    const taker = best.former.successors.find(({ takesPopulation }) => takesPopulation)
    if (sure && taker?.current === best.commune)
      say('population-moved', 'commune', best.former.fullName, used)
    else if (!sure) say('split-commune', 'commune', best.former.fullName, used)
  }
  if (best.decidedByPoint) say('decided-by-point', 'commune', null, used)
  if (best.decidedByStreet) say('decided-by-street', 'commune', hints.components!.street!, used)
  const placed = heard.some(
    ({ commune, decidedByNeighbours }) => decidedByNeighbours && commune === best.commune,
  )
  if (sure && placed) say('decided-by-neighbours', 'commune', hints.components?.street ?? null, used)
  const others = outcomes.some((one) => isAnother(one, best))
  // Sure, yet with too much beside it for an answer that is said exactly.
  const nearlyExact = sure && era === 'current' && best.belief < SURE_OF_EXACT && others
  if (nearlyExact || (!sure && others && (best.commune || otherCommune)))
    say('several-communes', 'commune', null, used)
  if (otherProvince)
    say('province-contradicts', 'province', otherProvince.sense.nowIn.fullName, best.province.fullName)
  else if (otherCommune)
    say('province-contradicts', 'commune', written(line, otherCommune.from, otherCommune.to), used)
  const units = unitsOf(reading)
  const respelled = units.some((unit) => isRespelled(line, unit))
  if (respelled) say('spelling-repaired', 'units', null, used)
  const retyped = units.find(hasOtherType)
  if (retyped) say('type-differs', retyped.sense.level, written(line, retyped.from, retyped.to), used)

  // Told where it costs the grade: units of another era are never exact.
  const nickname = era === 'current' && reading.province?.sense.nickname ? reading.province : null
  if (nickname)
    say('abbreviation-read', 'province', written(line, nickname.from, nickname.to), best.province.fullName)

  const exact =
    era === 'current' &&
    best.belief >= SURE_OF_EXACT &&
    !respelled &&
    !retyped &&
    !nickname &&
    !best.decidedByPoint &&
    reading.province?.sense.currentProvince === best.province
  // Every part of a split commune is shown, also when one is all but certain.
  const parts = best.former?.successors.some(({ takesPopulation }) => takesPopulation) ? null : best.former
  const least = nearlyExact ? WORTH_SHOWING / 4 : WORTH_SHOWING
  const shown = outcomes.filter(
    ({ belief, former }, k) => k === 0 || !sure || belief >= least || (parts && former === parts),
  )
  const [first, ...rest] = shown
  const below = hints.components ? communesBelow(best, hints.components, index, gazetteer) : []
  const several = below.length > 0 ? byCommune([...below, ...rest].sort(byBelief)) : rest
  return {
    reading,
    era,
    former,
    current: viewCurrent(best.province, best.commune),
    candidates: several.length > 0 ? [first!, ...several].slice(0, MOST_CANDIDATES).map(candidate) : [],
    grade: sure ? (exact ? 'A' : 'B') : 'C',
    confidence: round(
      Math.min(
        best.belief,
        rivals.length > 0
          ? MOST_DOUBTED
          : best.decidedByStreet
            ? MOST_BY_STREET
            : exact
              ? 0.995
              : MOST_REPAIRED,
      ),
    ),
    issues,
  }
}

/** The communes in which a line can lie that stops above them: those of its district, those of its province that have its street. */
export function communesBelow(
  best: Outcome,
  components: Components,
  index: NameIndex,
  gazetteer: Gazetteer,
): readonly Outcome[] {
  const inDistrict = communesInDistrict(best, components, index, gazetteer)
  return inDistrict.length > 0 ? inDistrict : communesOfStreet(best, components, index, gazetteer)
}

/** Not one of the parts of the same split commune. */
const isAnother = (one: Outcome, { commune, province, former }: Outcome): boolean =>
  one.former !== former || (former === null && (one.commune !== commune || one.province !== province))

/** Letters put right, or blanks. */
function isRespelled(line: Line, { mention, accents, from, to }: Named): boolean {
  if (misspelled(line, mention, accents)) return true
  if (!line.origin) return false
  const given = inInput(line, { start: line.tokens[from]!.start, end: line.tokens[to - 1]!.end })
  return line.input.slice(given.start, given.end) !== written(line, from, to)
}

/** "Xã Sơn Tây": the type word is none that the unit has or had. */
function hasOtherType({ mention: { typeWord }, sense }: Named): boolean {
  return typeWord !== null && sense.typeBits !== 0 && (typeWord.typeBits & sense.typeBits) === 0
}

/** Several readings that lead to one commune are one answer: the best of them speaks for all. */
function byCommune(outcomes: Outcome[]): Outcome[] {
  if (outcomes.length < 2) return outcomes
  const merged: Outcome[] = []
  for (const outcome of outcomes) {
    const place = outcome.commune ?? outcome.province
    const at = merged.findIndex((one) => (one.commune ?? one.province) === place)
    const known = merged[at]
    if (!known) merged.push(outcome)
    else if (isOneName(outcome.reading, known.reading)) {
      outcome.belief += known.belief
      merged[at] = outcome
    } else known.belief += outcome.belief
  }
  return merged.sort(byBelief)
}

/** Whether one reading has as one name what the other has as commune and district: "Xã Tân Hà Lâm Hà" is a commune of today. */
function isOneName({ commune: whole }: Reading, { commune, district }: Reading): boolean {
  if (!whole?.mention.typeWord || !commune || !district) return false
  return [commune, district].every(({ from, to }) => whole.from <= from && to <= whole.to)
}

function candidate(outcome: Outcome): Candidate {
  const { reading } = outcome
  const split = outcome.former && outcome.former.successors.length > 1
  return {
    current: viewCurrent(outcome.province, outcome.commune),
    former: readFormer(reading, outcome.former),
    confidence: round(outcome.belief),
    reason: split
      ? 'split-commune'
      : reading.district && !reading.commune
        ? 'in-district'
        : !reading.commune && outcome.commune && !outcome.decidedByPoint
          ? 'of-street'
          : 'several-communes',
  }
}

const round = (value: number) => Math.round(value * 1000) / 1000

function nothing(): Decision {
  return {
    reading: null,
    era: 'unknown',
    former: null,
    current: null,
    candidates: [],
    grade: 'D',
    confidence: 0,
    issues: [{ code: 'not-understood', part: 'units', given: null, used: null, severity: 'error' }],
  }
}
