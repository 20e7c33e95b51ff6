import { doorLine } from '../match/doorLine.ts'
import type { CommuneView, Components, FormerReading, UnitView } from '../match/types.ts'

/** An address as it stands on a parcel: from the house to the wide, one line each, no country. */
export type AddressLines = string[]

/** The lines in front of the units: name, flat and building, door, group and hamlet. Empty when the text has units alone. */
export function placeLines(parts: Components): AddressLines {
  // The parts have these two without a word, and a bare "12" tells no courier that it is a floor.
  const flat = parts.unit && (/^\p{L}{2}/u.test(parts.unit) ? parts.unit : `phòng ${parts.unit}`)
  const home = [flat, parts.floor && `tầng ${parts.floor}`, parts.block, parts.building]
  const around = [parts.group, parts.hamlet]
  return [parts.name, join(home), doorLine(parts), join(around)].filter(
    (line) => line !== undefined && line !== '',
  ) as string[]
}

/** In the structure since July 2025. The postcode stands behind the province (Universal Postal Union). */
export const currentLines = (
  parts: Components,
  { province, commune }: { province: UnitView; commune: CommuneView },
): AddressLines => [...placeLines(parts), commune.fullName, `${province.fullName} ${commune.postcode}`]

/** In the structure before July 2025; null when not all its units are known. Its postcodes are gone. */
export function formerLines(
  parts: Components,
  { province, district, commune }: Pick<FormerReading, 'province' | 'district' | 'commune'>,
): AddressLines | null {
  if (!province || !district || !commune) return null
  return [...placeLines(parts), join([commune.fullName, district.fullName]), province.fullName]
}

/** For labels abroad: plain letters, and the country in capitals on a line of its own. */
export const linesAbroad = (lines: AddressLines): AddressLines => [...lines.map(plain), 'VIET NAM']

const join = (words: readonly (string | undefined)[]) => words.filter(Boolean).join(', ')

/** Letters without marks, capitals kept. */
export const plain = (text: string) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D')
