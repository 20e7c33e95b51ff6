import type { FormerCommune } from '../gazetteer/types.ts'
import { type Decision, MOST_REPAIRED } from './decide.ts'
import { LAST_DAY } from './former.ts'
import { ISSUES } from './issueCodes.ts'
import { viewFormer } from './views.ts'

// What the rest of a line, read after its units were chosen, adds to the decision.

/** The same decision of a line whose rest names the former commune beside the current one. */
export function namedToo(decision: Decision, former: FormerCommune): Decision {
  const { province, district, commune } = viewFormer(former)
  const used = decision.current?.commune?.fullName ?? null
  const mixed = decision.era === 'mixed'
  const severity = ISSUES['mixed-eras'][0]
  return {
    ...decision,
    era: 'mixed',
    former: { province, district, commune, asOf: LAST_DAY, successor: [] },
    grade: decision.grade === 'A' ? 'B' : decision.grade,
    confidence: Math.min(decision.confidence, MOST_REPAIRED),
    issues: mixed
      ? decision.issues
      : [
          ...decision.issues,
          { code: 'mixed-eras', part: 'units', given: commune?.fullName ?? null, used, severity },
        ],
  }
}

/** The same decision of a line that names a commune which no list has. */
export function communeUnknown(decision: Decision, given: string): Decision {
  const used = decision.current?.commune?.fullName ?? null
  const severity = ISSUES['commune-unknown'][0]
  const issues = decision.issues.filter(({ code }) => code !== 'commune-missing')
  issues.push({ code: 'commune-unknown', part: 'commune', given, used, severity })
  return { ...decision, issues }
}

/** The same decision of a line with a number that no part explains, such as a flat: never exact. */
export function textUnread(decision: Decision, given: string): Decision {
  const severity = ISSUES['text-unread'][0]
  return {
    ...decision,
    grade: decision.grade === 'A' ? 'B' : decision.grade,
    confidence: Math.min(decision.confidence, MOST_REPAIRED),
    issues: [...decision.issues, { code: 'text-unread', part: 'text', given, used: null, severity }],
  }
}
