import type { Gazetteer } from '../gazetteer/types.ts'
import { metresBetween } from '../geo/flatEarth.ts'
import { fromMetres } from '../locate/projected.ts'
import { codePoint } from '../match/codePoint.ts'
import { communeOf, GIVEN_ACCURACY, type PrepareOptions, type Row } from './row.ts'
import { understand } from './understand.ts'

/** Gives metres of VN-2000 their place, now that the text tells the province and so the meridian. */
export function placeMetres(row: Row, gazetteer: Gazetteer, options: PrepareOptions): void {
  const understanding = row.understanding!
  const place = row.metres && fromMetres(gazetteer, row.metres.northing, row.metres.easting, understanding)
  if (!place) return
  row.point = { ...place, accuracy: GIVEN_ACCURACY, known: true }
  const read = new Set<string>(['projected-coordinates', ...understanding.issues.map(({ code }) => code)])
  row.issues = row.issues.filter((code) => !read.has(code))
  row.issues.push('converted-from-vn2000')
  // The point may decide what the text left open.
  understand(row, gazetteer, options)
}

/** Metres: a code of the line and a given point farther apart than this are two places. */
const ONE_PLACE = 50

/** A code in the line is a point as good as coordinates; where it disagrees with them a person has to decide. */
export function placeCode(row: Row, gazetteer: Gazetteer): void {
  const understanding = row.understanding!
  const { components, grade } = understanding
  if (!components.vpostcode && !components.plusCode) return
  const near = grade === 'C' ? null : communeOf(understanding, gazetteer)
  const place = codePoint(components, near, gazetteer)
  if (!place) return
  const { lat, lon, accuracy } = place
  if (!row.point?.known) row.point = { lat, lon, accuracy, known: true }
  else if (metresBetween(row.point, place) > ONE_PLACE) row.issues.push('code-far-from-point')
}
