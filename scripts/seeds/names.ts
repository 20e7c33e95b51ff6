import type { UnitType } from '../../src/gazetteer/types.ts'
import { TYPE_WORDS } from '../../src/gazetteer/unitTypes.ts'

const TYPES = (Object.entries(TYPE_WORDS) as [UnitType, string][]).map(([type, word]) => ({
  type,
  word: `${word.toLowerCase()} `,
}))

/** NFC, single blanks, and the straight apostrophe that the statistics office uses ("Đắk R'Măng"). */
export const tidy = (text: string) => text.normalize('NFC').replaceAll('’', "'").replace(/\s+/g, ' ').trim()

/** "Thị xã Dĩ An" -> type thi-xa, name "Dĩ An"; numbers lose their leading zeros ("Phường 07" -> "7"). */
export function splitType(fullName: string): { type: UnitType | null; name: string } {
  // one list writes "Thi trấn Ngan Dừa"
  const text = tidy(fullName).replace(/^thi trấn /i, 'Thị trấn ')
  const found = TYPES.find(({ word }) => text.toLowerCase().startsWith(word))
  const name = found ? text.slice(found.word.length) : text
  return { type: found?.type ?? null, name: /^0\d+$/.test(name) ? name.replace(/^0+/, '') : name }
}

/** Letters and digits without accents, case, blanks and signs: the form of the keys in the alias lists ("xadongdu"). */
export const fold = (text: string) =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/[^a-z0-9]/g, '')

/** Whether two folded names of at least five letters differ by at most two letters. */
export function isClose(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2 || Math.min(a.length, b.length) < 5) return false
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]! <= 2
}
