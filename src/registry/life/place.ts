import type { Gazetteer } from '../../gazetteer/types.ts'
import { HEAD_REACH, isWithinReach } from '../../match/placedBy.ts'
import { encodeVpostcode } from '../../vpostcode/vpostcode.ts'
import type { HouseholdPoint } from '../types.ts'
import { ChangeRefused } from './refused.ts'

/** Metres: a worse point tells nothing about a house. */
const WORST_ACCURACY = 1000

/** Refuses a point that no household of the commune can have. */
export function requirePoint(
  { lat, lon, accuracy }: HouseholdPoint,
  communeCode: string,
  gazetteer: Gazetteer,
): void {
  if (!(accuracy > 0 && accuracy <= WORST_ACCURACY))
    throw new ChangeRefused('bad-point', {
      detail: `accuracy ${accuracy} is not from 0 to ${WORST_ACCURACY} m`,
    })
  requireNear({ lat, lon }, communeCode, gazetteer)
}

/** Refuses a place (degrees WGS 84) more than 100 m from the commune. */
export function requireNear(
  { lat, lon }: { lat: number; lon: number },
  communeCode: string,
  gazetteer: Gazetteer,
): void {
  if (!Number.isFinite(lat) || !Number.isFinite(lon))
    throw new ChangeRefused('bad-point', { detail: `${lat}, ${lon}` })
  const commune = gazetteer.commune(communeCode)
  if (!commune) throw new ChangeRefused('unknown-commune', { detail: communeCode })
  if (!isWithinReach(commune, { lat, lon }, gazetteer)) throw new ChangeRefused('point-far-from-commune')
}

/** Refuses a point more than 100 m from every commune: at sea, abroad. */
export function requireInland({ lat, lon }: HouseholdPoint, { boundaries }: Gazetteer): void {
  if (boundaries.communeAt(lat, lon) < 0 && boundaries.communesWithin(lat, lon, HEAD_REACH).length === 0)
    throw new ChangeRefused('bad-point', { detail: 'it lies in no commune' })
}

/** The code of a household at a point; none while a person has to decide something about it. */
export function codeAt(
  postcode: string,
  point: { lat: number; lon: number } | null,
  review: readonly string[],
): string | null {
  return point && review.length === 0 ? encodeVpostcode(postcode, point.lat, point.lon) : null
}
