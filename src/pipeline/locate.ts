import type { Gazetteer } from '../gazetteer/types.ts'
import { locateCommune } from '../locate/commune.ts'
import { locateAddress } from '../locate/door/locateAddress.ts'
import { placedIn } from '../match/placedBy.ts'
import { communeOf, type PrepareOptions, type Row, reject } from './row.ts'

/** Where the row is: the given point, else what streets and communes tell, with the error that this has. */
export function locate(row: Row, gazetteer: Gazetteer, { door: wanted = true }: PrepareOptions): void {
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
  if (!commune || !wanted) return
  const door = locateAddress(understanding.components, commune, understanding.former, gazetteer)
  const { lat, lon, precision, accuracy } = door
  row.location = { lat, lon, precision, accuracy }
  row.door = door
}
