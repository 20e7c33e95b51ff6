import { metresBetween } from '../../geo/flatEarth.ts'
import { rank } from '../points.ts'
import type { HouseholdFields, RegistryTransaction } from '../store.ts'
import type { HouseholdPoint } from '../types.ts'
import { codeAt, requireNear, requirePoint } from './place.ts'
import { type Circumstances, type Plan, readLive, revise } from './plan.ts'
import { ChangeRefused } from './refused.ts'

export interface Move {
  n: number
  point?: HouseholdPoint
  /** The point where one leaves the road for it (alley mouth, gate); null takes it away. */
  access?: { lat: number; lon: number } | null
}

/**
 * Gives a household another point or access point; the code follows the point. Refused when the point is no better than
 * the stored one and lies within its accuracy. A point that was not surveyed takes a verification back.
 */
export async function move(tx: RegistryTransaction, { n, point, access }: Move, now: Circumstances): Plan {
  const household = await readLive(tx, n)
  const fields: HouseholdFields = {}
  if (point) {
    requirePoint(point, household.communeCode, now.gazetteer)
    const known = household.point
    if (known && !better(point, known) && metresBetween(known, point) <= known.accuracy)
      throw new ChangeRefused('within-accuracy')
    const { lat, lon, source, accuracy } = point
    fields.point = { lat, lon, source, accuracy }
    fields.vpostcode = codeAt(household.postcode, point, household.review)
    if (household.status === 'verified' && source !== 'surveyed') fields.status = 'provisional'
  }
  if (access !== undefined) {
    if (access) requireNear(access, household.communeCode, now.gazetteer)
    fields.access = access && { lat: access.lat, lon: access.lon }
  }
  const revision = revise(household, 'update', fields, now)
  if (Object.keys(revision.after).length === 0) throw new ChangeRefused('nothing-changed')
  return [revision]
}

/** Of a better source, or of the same source and more accurate. */
function better(point: HouseholdPoint, than: HouseholdPoint): boolean {
  const difference = rank(point.source) - rank(than.source)
  return difference < 0 || (difference === 0 && point.accuracy < than.accuracy)
}
