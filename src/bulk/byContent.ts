import type { Gazetteer } from '../gazetteer/types.ts'
import { readCoordinates } from '../geo/coordinates.ts'
import { MAX_INPUT, understandText } from '../match/understand.ts'
import { type Field, headerKey } from './columns.ts'

/** Columns that name other places or persons, whatever their cells look like. */
const OTHER_PLACES =
  /\b(?:que quan|nguyen quan|que|noi sinh|noi cap|noi lam viec|noi dang ky|co quan|don vi|ho ten|ho va ten|ten|chu ho|ghi chu|note|name|nguoi|truong|cong ty)\b/

const SHARE = 0.7

/** What the cells of a column look like; null when they agree on nothing. Looks at rows of a sample. */
export function fieldByContent(header: string, cells: readonly string[], gazetteer: Gazetteer): Field | null {
  const texts = cells.map((cell) => cell.trim()).filter((cell) => cell !== '' && cell.length <= MAX_INPUT)
  if (texts.length < 2 || OTHER_PLACES.test(headerKey(header))) return null
  const most = (test: (text: string) => boolean) => texts.filter(test).length >= SHARE * texts.length
  if (most(isNumber)) {
    const values = texts.filter(isNumber).map((text) => Number(text.replace(',', '.')))
    const within = (low: number, high: number) =>
      values.filter((value) => value > low && value < high).length >= 0.9 * values.length
    const fractions = texts.filter((text) => /[.,]\d{3}/.test(text)).length >= SHARE * texts.length
    if ((fractions && within(8, 24)) || within(880_000, 2_650_000)) return 'lat'
    if ((fractions && within(102, 118)) || (fractions && within(200_000, 800_000))) return 'lon'
    return null
  }
  if (most((text) => isPair(text))) return 'coordinates'
  if (!most((text) => /\p{L}{2}/u.test(text))) return null
  const fields = texts.map((text) => fieldOf(text, gazetteer))
  for (const field of ['address', 'commune', 'district', 'province'] as const)
    if (fields.filter((found) => found === field).length >= SHARE * texts.length) return field
  return null
}

const isNumber = (text: string) => /^-?\d+(?:[.,]\d+)?$/.test(text)

function isPair(text: string): boolean {
  const point = readCoordinates(text, '')
  return point !== null && !('error' in point)
}

/** A text of nothing but one unit is that unit; with a part below the commune, or with units of two levels, it is an address. */
function fieldOf(text: string, gazetteer: Gazetteer): Field | null {
  const { current, former, components, unresolved, grade } = understandText(text, gazetteer)
  if (grade === 'D' || !current) return null
  const parts = Object.keys(components).length
  const names = [current.commune ?? former?.commune, former?.district, former?.province ?? current.province]
  if (parts > 0 && (current.commune || former?.district)) return 'address'
  if (parts > 0 || unresolved.length > 0) return null
  const several = text.split(/[,;-]/).length > 1
  if (several && names[0]) return 'address'
  if (several) return null
  if (names[0]) return 'commune'
  return former?.district ? 'district' : 'province'
}
