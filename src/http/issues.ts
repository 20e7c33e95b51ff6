import { issue } from '../locate/encode.ts'
import { ISSUES, type IssueCode } from '../match/issueCodes.ts'
import type { Issue } from '../match/types.ts'
import type { PreparedRow } from '../pipeline/row.ts'
import type { Language } from './problems.ts'

/** The issues of a text, then those of the point that it came with. */
export function issuesOf({ understanding, issues }: Pick<PreparedRow, 'understanding' | 'issues'>): Issue[] {
  const ofText = understanding?.issues ?? []
  const told = new Set(ofText.map(({ code }) => code))
  const others = issues
    .filter((code) => !told.has(code))
    .map((code) => issue(code as IssueCode, 'point', ISSUES[code as IssueCode][0], null))
  return [...ofText, ...others]
}

/** Issues with their text for people. */
export function inWords(issues: readonly Issue[], language: Language) {
  return issues.map(({ code, part, given, used, severity }) => {
    const [, vi, en] = ISSUES[code as IssueCode]
    return { code, part, given, used, severity, message: language === 'vi' ? vi : en }
  })
}
