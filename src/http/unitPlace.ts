import type { CurrentCommune } from '../gazetteer/types.ts'
import { degrees } from '../locate/encode.ts'
import { boxAround } from '../locate/reissue.ts'

export const NO_PLACE = { areaKm2: null, centroid: null, inside: null, bbox: null }

/** Where the unit lies that these communes of today are. Its centre weighs them by their declared areas. */
export function placeOf(communes: readonly CurrentCommune[]) {
  const [first, ...others] = communes
  if (!first) return NO_PLACE
  const areaKm2 = communes.reduce((sum, { declaredKm2 }) => sum + declaredKm2, 0)
  const middle = (axis: 'lat' | 'lon') =>
    communes.reduce((sum, { centroid, declaredKm2 }) => sum + centroid[axis] * declaredKm2, 0) / areaKm2
  const centroid =
    others.length === 0 ? { ...first.centroid } : { lat: degrees(middle('lat')), lon: degrees(middle('lon')) }
  const from = ({ inside }: CurrentCommune) =>
    Math.hypot(inside.lat - centroid.lat, inside.lon - centroid.lon)
  const nearest = communes.reduce((best, commune) => (from(commune) < from(best) ? commune : best))
  return {
    areaKm2: Math.round(areaKm2 * 100) / 100,
    centroid,
    inside: { ...nearest.inside },
    bbox: boxAround(communes),
  }
}
