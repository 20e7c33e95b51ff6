import { NamedSenses } from '../gazetteer/namedSenses.ts'
import { nameIndex, type Sense } from '../gazetteer/names.ts'
import type { Gazetteer, Province } from '../gazetteer/types.ts'
import { type Line, overlaps, type TokenSpan } from '../parse/line.ts'
import { findMentions, type Mention } from '../parse/mentions.ts'
import type { Parts } from '../parse/parts.ts'
import { Gap } from '../text/tokens.ts'
import { findApproximate } from './approximate.ts'
import { type Decision, decide, NOT_A_UNIT } from './decide.ts'
import type { Hints } from './hints.ts'
import { isRival, restates, unitsOf } from './readingPoints.ts'
import { findReadings, type Reading } from './readings.ts'
import type { UnitsMemo } from './unitsMemo.ts'

/** Which era a caller knows a text to be in; by default it is decided from the text. */
export type ForcedEra = 'current' | 'former'

/** Units and how they were found. */
export interface ReadUnits extends Units {
  readonly best: Reading | undefined
  readonly settled: boolean
}

/** The readings of a line's units, before anything else of the line is read. */
export interface Units {
  /** Chooses among the readings; later, with more known, it may choose better. */
  decide(hints: Hints): Decision
  /** The tokens that name the units of a decision. */
  tokens(decision: Decision): TokenSpan[]
  /** What was chosen among, best first, and every name found; not there when they were remembered from another line. */
  readonly readings?: readonly Reading[]
  readonly mentions?: readonly Mention[]
}

/**
 * Finds the units that a line names. `parts` holds what is already known for something else; with an `era` only units of it
 * are read (see `findUnitsOfEra`). A memo is for the units of both eras.
 */
export function findUnits(
  line: Line,
  parts: Parts,
  gazetteer: Gazetteer,
  era?: ForcedEra,
  memo?: UnitsMemo,
): Units {
  const explained = line.tokens.map((_, i) => !parts.free(i))
  const free = findMentions(line).filter((mention) => isFree(mention, parts))
  const found = era ? ofEra(free, era) : free
  const known = memo?.find(line, found, explained, (tail) => read(...tail, gazetteer))
  if (known) return known
  const units = read(line, found, explained, gazetteer)
  if (units.settled) return units
  const near = repair(line, parts, found, units.best, gazetteer).filter((mention) => !isNamed(mention, found))
  const repaired = era ? ofEra(near, era) : near
  return repaired.length > 0 ? read(line, [...found, ...repaired], explained, gazetteer) : units
}

/**
 * Within a name that stands there with its type word letter by letter nothing is misspelled ("Phường Hoàn Kiếm"), nor across
 * it and the province behind it ("Xã Tân Thắng Hồ Chí Minh").
 */
const isNamed = ({ from, to, senses }: Mention, found: readonly Mention[]): boolean =>
  found.some(
    (exact) =>
      exact.typeWord !== null &&
      exact.from <= from &&
      from < exact.to &&
      (to <= exact.to
        ? senses.provinces.length === 0 || exact.senses.provinces.length > 0
        : found.some((next) => next.from === exact.to && to <= next.to && next.senses.provinces.length > 0)),
  )

/** The readings of some mentions. `settled`: nothing asks for another look with letters put right. */
function read(
  line: Line,
  mentions: readonly Mention[],
  explained: readonly boolean[],
  gazetteer: Gazetteer,
): ReadUnits {
  const index = nameIndex(gazetteer)
  const readings = findReadings(line, mentions, explained)
  return {
    readings,
    mentions,
    best: readings[0],
    settled: isSettled(readings[0], explained),
    decide: (hints) => decide(line, readings, index, gazetteer, hints),
    tokens: ({ reading, grade }) =>
      reading ? namingTokens(line, reading, mentions, grade === 'C' ? readings : []) : [],
  }
}

function isFree({ from, to }: TokenSpan, parts: Parts): boolean {
  for (let i = from; i < to; i++) if (!parts.free(i)) return false
  return true
}

/** A commune is read with its province or district, and nothing strange stands among the units. */
function isSettled(reading: Reading | undefined, explained: readonly boolean[]): boolean {
  if (!reading?.commune || reading.points < NOT_A_UNIT) return false
  const { commune, district, province } = reading
  if (!district && !province) return false
  const end = Math.max(commune.to, district?.to ?? 0, province?.to ?? 0)
  for (let i = commune.to; i < end; i++)
    if (!explained[i] && !covers(district, i) && !covers(province, i)) return false
  return true
}
const covers = (span: TokenSpan | null, i: number) => span !== null && i >= span.from && i < span.to

/** How many provinces are searched for misspelled units. */
const MOST_PROVINCES = 3

/** Units with letters wrong: first the province, when none is named, then the units in the likely ones. */
function repair(
  line: Line,
  parts: Parts,
  mentions: readonly Mention[],
  reading: Reading | undefined,
  gazetteer: Gazetteer,
): Mention[] {
  const index = nameIndex(gazetteer)
  const near = reading?.province ? [] : findApproximate(line, parts, null, index)
  const likely = new Set<Province>()
  for (const list of [mentions, near])
    for (const mention of [...list].reverse())
      for (const { sense } of mention.senses.provinces) likely.add(sense.nowIn)
  if (reading?.district) likely.add(reading.district.sense.nowIn)
  // Without any province only what bears a type word is looked for, but everywhere.
  if (likely.size === 0) return findApproximate(line, parts, gazetteer.provinces, index, true)
  return [...near, ...findApproximate(line, parts, [...likely].slice(0, MOST_PROVINCES), index)]
}

/**
 * The tokens of the reading, of what names the same place once more ("Phường 12, Phường 12", "nay là phường ..."), and of
 * what speaks against it among some readings.
 */
function namingTokens(
  line: Line,
  reading: Reading,
  mentions: readonly Mention[],
  against: readonly Reading[],
): TokenSpan[] {
  const used: TokenSpan[] = unitsOf(reading)
  const first = Math.min(...used.map(({ from }) => from))
  for (const mention of mentions) {
    const { from, typeWord, edits, senses } = mention
    // "208 P. Đội Cấn, Đội Cấn", "99 Đội Cấn, Ba Đình": behind a house number it is the street.
    const street =
      from > 0 &&
      (typeWord === null || typeWord.short) &&
      line.tokens[from - 1]!.digits &&
      line.tokens[from]!.gap < Gap.dash &&
      !used.some((span) => covers(span, from - 1))
    if (
      edits > 0 ||
      street ||
      (typeWord === null && from < first) ||
      used.some((span) => overlaps(span, mention))
    )
      continue
    if (senses.all.some(({ sense }) => restates(reading, sense))) used.push(mention)
  }
  // "Phường Gò Vấp, Gia Lai": what contradicts the reading is a unit all the same, other than a second address.
  for (const other of against)
    if (!(other.commune && other.province) && isRival(other, reading))
      for (const unit of unitsOf(other)) if (!used.some((span) => overlaps(span, unit))) used.push(unit)
  return used
}

/** The mentions with only what they can mean in one era. A province that kept its name stands in both. */
function ofEra(mentions: readonly Mention[], era: ForcedEra): Mention[] {
  return mentions.flatMap((mention) => {
    const senses = mention.senses.all.filter(({ sense }) => isOfEra(sense, era))
    return senses.length > 0 ? [{ ...mention, senses: new NamedSenses(senses) }] : []
  })
}

function isOfEra(sense: Sense, era: ForcedEra): boolean {
  if (sense.level === 'province')
    return (era === 'former' ? sense.formerProvince : sense.currentProvince) !== null
  return era === 'former' ? !sense.current : sense.current !== null
}
