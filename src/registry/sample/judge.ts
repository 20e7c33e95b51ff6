import { metresBetween } from '../../geo/flatEarth.ts'
import type { StoredHousehold } from '../store.ts'
import type { Finding, Verdict } from './store.ts'

/** Metres: the stored point may always be off by so much, and never by more than the second, whatever its accuracy says. */
const LEAST_REACH = 15
const MOST_REACH = 50

type Accurate = { accuracy: number } | null

/** Metres that a stored point and one found on site may lie apart: both accuracies together, the stored one taken as 15 to 50 m. */
export const reach = (stored: Accurate, found: Accurate): number =>
  Math.min(Math.max(stored?.accuracy ?? 0, LEAST_REACH), MOST_REACH) + (found?.accuracy ?? 0)

/**
 * Compares what the registry said with what was found on site. A point is wrong when it is farther from the one found than
 * its own accuracy (from 15 to 50 m) and that of the one found together.
 */
export function judge(
  { communeCode, point }: Pick<StoredHousehold, 'communeCode' | 'point'>,
  found: Finding,
): { verdict: Verdict; metres: number | null } {
  if (found.kind === 'none') return { verdict: 'no-such-house', metres: null }
  if (found.kind === 'same-as') return { verdict: 'duplicate', metres: null }
  const metres = point && found.point ? Math.round(metresBetween(point, found.point) * 10) / 10 : null
  if (found.communeCode !== communeCode) return { verdict: 'wrong-commune', metres }
  if (metres !== null && metres > reach(point, found.point)) return { verdict: 'wrong-point', metres }
  return { verdict: 'right', metres }
}
