import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import { locateCommune } from '../locate/commune.ts'
import { placedIn } from '../match/placedBy.ts'
import { communeOf, type Row, reject } from './row.ts'

/** Where the row is: the given point, else the middle of its commune with the error that this has. */
export function locate(row: Row, gazetteer: Gazetteer): void {
  const { point } = row
  const understanding = row.understanding!
  if (point) {
    const { commune, issue } = locateCommune(gazetteer, point.lat, point.lon)
    if (commune) {
      row.here = commune
      row.location = { lat: point.lat, lon: point.lon, precision: 'point', accuracy: point.accuracy }
      // A text that names no unit at all is placed by its point (section 2 of the design).
      if (understanding.grade === 'D') {
        row.understanding = placedIn(understanding, commune)
        row.issues.push('commune-from-point')
      }
      if (issue) row.issues.push(issue)
      return
    }
    row.issues.push('outside-coverage')
    if (understanding.grade === 'D') {
      reject(row, 'not-understood')
      return
    }
    row.point = null
  }
  const commune = communeOf(understanding, gazetteer)
  if (!commune) return
  const { lat, lon } = commune.inside
  row.location = { lat, lon, precision: 'commune', accuracy: radius(commune) }
}

/** Metres from the middle of a commune to the corner of its box: no house of it lies farther. */
function radius({ bbox, inside }: CurrentCommune): number {
  const [west, south, east, north] = bbox
  const northing = Math.max(north - inside.lat, inside.lat - south) * 111_000
  const easting =
    Math.max(east - inside.lon, inside.lon - west) * 111_000 * Math.cos((inside.lat * Math.PI) / 180)
  return Math.round(Math.hypot(northing, easting))
}
