import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import type { CodePoint } from './codePoint.ts'
import type { Decision } from './decide.ts'
import { ISSUES } from './issueCodes.ts'
import type { Candidate, Issue, Understanding } from './types.ts'
import { viewCurrent } from './views.ts'

/** Metres: a point this near to the commune of the text belongs to it (section 2 of the design). */
export const HEAD_REACH = 100
/** Whether a point (degrees WGS 84) can have the head of a commune: it lies in it, or within 100 m. */
export const isWithinReach = (
  { index }: CurrentCommune,
  { lat, lon }: { lat: number; lon: number },
  { boundaries }: Gazetteer,
): boolean => boundaries.distanceTo(index, lat, lon, HEAD_REACH) <= HEAD_REACH
/** Belief in a commune that only a point tells, and in one that a code tells against the rest of the line. */
const FROM_POINT = 0.9
const AGAINST_TEXT = 0.6

/** An answer without units gets the commune in which its point lies. */
export function placedIn<T extends Pick<Understanding, 'grade' | 'confidence' | 'issues' | 'current'>>(
  answer: T,
  commune: CurrentCommune,
): T {
  return {
    ...answer,
    grade: 'B',
    confidence: FROM_POINT,
    issues: [
      ...answer.issues.filter(({ code }) => code !== 'not-understood'),
      issue('commune-from-point', commune.fullName),
    ],
    current: viewCurrent(commune.province, commune),
  }
}

/**
 * A code in the line wins the location: it names the commune where the units of the line name none, and where they name one
 * that lies elsewhere it comes first and the line is a question.
 */
export function placedBy(decision: Decision, code: CodePoint, gazetteer: Gazetteer): Decision {
  const { boundaries, communes } = gazetteer
  const here =
    code.commune ?? communes[boundaries.communesWithin(code.lat, code.lon, HEAD_REACH)[0]?.index ?? -1]
  const { current, former } = decision
  if (!here) return decision
  if (!current) return placedIn(decision, here)
  const commune = current.commune && gazetteer.commune(current.commune.code)
  if (commune && isWithinReach(commune, code, gazetteer)) return decision
  const first: Candidate = {
    current: viewCurrent(here.province, here),
    former: null,
    confidence: AGAINST_TEXT,
    reason: 'code',
  }
  const left = 1 - AGAINST_TEXT
  const others =
    decision.candidates.length > 0
      ? decision.candidates
      : [{ current, former, confidence: decision.confidence, reason: 'several-communes' }]
  return {
    ...decision,
    current: first.current,
    former: null,
    grade: 'C',
    confidence: AGAINST_TEXT,
    candidates: [
      first,
      ...others.map((one) => ({ ...one, confidence: Math.floor(one.confidence * left * 1000) / 1000 })),
    ],
    issues: [...decision.issues, issue('point-far-from-commune', here.fullName)],
  }
}

const issue = (code: 'commune-from-point' | 'point-far-from-commune', used: string): Issue => ({
  code,
  part: 'commune',
  given: null,
  used,
  severity: ISSUES[code][0],
})
