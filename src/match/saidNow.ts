import { fold } from '../text/tokens.ts'
import { type Decision, MOST_REPAIRED } from './decide.ts'

const NOW = /(?<![\p{L}\d])nay(?:\s+(?:là|thuộc|la|thuoc))?\s+([^,;()]+)/giu

/**
 * The same decision of a line that says which of the candidates it is: "Phường Nguyễn Du, Quận Hai Bà Trưng (nay Phường Cửa
 * Nam)". Its own words leave no doubt, so one candidate is left.
 */
export function saidNow(decision: Decision, text: string): Decision {
  if (decision.candidates.length < 2 || !/nay/i.test(text)) return decision
  const said = [...text.normalize('NFC').matchAll(NOW)].map(([, name]) => fold(name!.trim()))
  const meant = decision.candidates.filter(({ current: { commune } }) =>
    said.some((name) => commune && (name === fold(commune.fullName) || name === fold(commune.name))),
  )
  const [one] = meant
  if (!one || meant.some(({ current }) => current.commune!.code !== one.current.commune!.code))
    return decision
  const { former, current, issues } = decision
  const was = current?.commune?.fullName
  const isDoubt = (code: string) => code === 'several-communes' || code === 'split-commune'
  return {
    ...decision,
    former: former ?? one.former,
    current: one.current,
    candidates: [],
    grade: 'B',
    confidence: MOST_REPAIRED,
    issues: issues
      .filter(({ code }) => !isDoubt(code))
      .map((issue) => (issue.used === was ? { ...issue, used: one.current.commune!.fullName } : issue)),
  }
}
