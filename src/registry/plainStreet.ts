import { plainDate } from './dateStreet.ts'

/**
 * A street as households keep it: its short type word written out and one of two left out, so that the frozen key is the same
 * for all that people write. "Đ. Lê Lợi" is Lê Lợi, "QL1A" is Quốc lộ 1A, "Ba Tháng Hai" is 3 Tháng 2.
 *
 * The key leaves out one word that looks like "đường" or "phố", of "Dương Văn Dương" the name's own: so "Đường Dương Văn Dương"
 * loses its type word here. Hardly a commune has both a street Dương X and a street X.
 */
export function plainStreet(street: string): string {
  const known = plain.get(street)
  if (known !== undefined) return known
  let name = street.normalize('NFC').trim()
  for (const [short, long] of SHORT) name = name.replace(short, long)
  const words = name.split(/\s+/)
  while (words.length > 2 && isStreetWord(words[0]!) && isStreetWord(words[1]!)) words.shift()
  name = plainDate(words.join(' '))
  if (plain.size >= 10_000) plain.clear()
  plain.set(street, name)
  return name
}
/** Streets repeat from row to row. */
const plain = new Map<string, string>()

/** "D2" and "Đ 3" may be the names of roads. */
const SHORT: readonly (readonly [RegExp, string])[] = [
  [/^(?:[đd]g?(?:\.\s+|[.\s]\s*(?=\p{L}{2}))|ph?[.\s]\s*(?=\p{L}{2}))/iu, ''],
  [/^[đd]l[.\s]\s*(?=\p{L}{2})/iu, 'Đại lộ '],
  [/^(?:(?:đường|duong)\s+)?ql[.\s]*(?=\d)/iu, 'Quốc lộ '],
  [/^(?:(?:đường|duong)\s+)?(?:tl|[đd]t|t[ỉi]nh(?:\s+l[ộo])?)[.\s]*(?=\d)/iu, 'Tỉnh lộ '],
  [/^(?:(?:đường|duong)\s+)?hl[.\s]*(?=\d)/iu, 'Hương lộ '],
]

const isStreetWord = (word: string): boolean =>
  /^(?:duong|pho)$/i.test(word.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd'))
