import type { Gazetteer } from '../gazetteer/types.ts'
import { type Line, overlaps, type TokenSpan, written } from '../parse/line.ts'
import type { Parts } from '../parse/parts.ts'
import type { Decision } from './decide.ts'
import { LAST_DAY } from './former.ts'
import { ISSUES } from './issueCodes.ts'
import { unitsOf } from './readingPoints.ts'
import type { Reading } from './readings.ts'
import type { FormerReading, Issue } from './types.ts'
import { type ForcedEra, findUnits, type Units } from './units.ts'
import { viewUnit } from './views.ts'

/** Belief in an answer that leaves units of the other era unread. */
const MOST_WITH_OTHERS = 0.98

/**
 * The units of a line in the era that the caller asks for: names are read as units of that era where they can be. What the
 * line names of the other era beside them is remarked (`other-era`) and still taken for units, not for a street.
 */
export function findUnitsOfEra(line: Line, parts: Parts, gazetteer: Gazetteer, era: ForcedEra): Units {
  const own = findUnits(line, parts, gazetteer, era)
  const { reading: free } = findUnits(line, parts, gazetteer).decide({ point: null, components: null })
  const named: TokenSpan[] = free ? unitsOf(free) : []
  const others = ({ reading }: Decision) =>
    named.filter((span) => !(reading && unitsOf(reading).some((read) => overlaps(read, span))))
  return {
    ...own,
    decide: (hints) => {
      const decision = own.decide(hints)
      const unread = others(decision)
      const unsure = unread.some((span) => span === free?.commune)
      return inEra(decision, era, line, unread, unsure)
    },
    tokens: (decision) => [...own.tokens(decision), ...others(decision)],
  }
}

/** @param unsure the commune that the line names is not of this era: another name of the line was read in its place. */
function inEra(
  decision: Decision,
  era: ForcedEra,
  line: Line,
  others: readonly TokenSpan[],
  unsure: boolean,
): Decision {
  const { reading, current, grade, confidence } = decision
  if (!reading)
    return others.length > 0 ? { ...decision, issues: [...decision.issues, remark(null)] } : decision
  const answer: Decision = {
    ...decision,
    era,
    former: era === 'current' ? null : (decision.former ?? formerProvince(reading)),
  }
  if (others.length === 0) return answer
  return {
    ...answer,
    grade: unsure ? 'C' : grade === 'A' ? 'B' : grade,
    confidence: Math.min(confidence, unsure && current?.commune ? 0.5 : MOST_WITH_OTHERS),
    issues: [...answer.issues, remark(current?.commune?.fullName ?? current?.province.fullName ?? null)],
  }

  function remark(used: string | null): Issue {
    const given = others.map(({ from, to }) => written(line, from, to)).join(', ')
    return { code: 'other-era', part: 'units', given, used, severity: ISSUES['other-era'][0] }
  }
}

/** A line that stops at a province of both eras. */
function formerProvince({ commune, district, province }: Reading): FormerReading | null {
  const former = province?.sense.formerProvince
  if (commune || district || !former) return null
  return { province: viewUnit(former), district: null, commune: null, asOf: LAST_DAY, successor: [] }
}
