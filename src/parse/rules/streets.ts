import { Gap } from '../../text/tokens.ts'
import { written } from '../line.ts'
import { numberRun } from '../numberRun.ts'
import type { Parts } from '../parts.ts'
import { phraseEnd } from '../phrase.ts'
import { typeWordAt } from '../typeWords.ts'
import { keywordAt, keywords } from '../words.ts'

const WORDS = keywords<'any' | 'numbered'>({
  đường: 'any',
  'đường số': 'any',
  phố: 'any',
  'đại lộ': 'any',
  đl: 'any',
  đ: 'any',
  p: 'any',
  'quốc lộ': 'any',
  'tỉnh lộ': 'any',
  'hương lộ': 'any',
  'liên tỉnh lộ': 'any',
  ql: 'numbered',
  tl: 'numbered',
  đt: 'numbered',
  dt: 'numbered',
  đh: 'numbered',
  hl: 'numbered',
  ltl: 'numbered',
})

/** What is known of names beside those of units. */
export interface KnownWords {
  /** Whether a street of this name is known anywhere. */
  street(name: string): boolean
  /** The words of a known street with their marks, of its name in folded words with blanks between. */
  spelling(name: string): readonly string[] | undefined
  /** Whether the commune of the line has a street of this name. */
  streetHere(name: string): boolean
  /** Whether the line lies in a ward. */
  ward: boolean
  /** The street whose name is a few wrong letters away, if there is just one. */
  nearStreet(name: string): string | null
  /** Whether alleys are called kiệt where the line lies. */
  kiet: boolean
  /** Whether a folded word is a syllable of Vietnamese names. */
  syllable(fold: string): boolean
}

/**
 * The street: behind its word ("Đường số 10", "QL1A"), else what follows the house number or the innermost alley, else a
 * part of the line that is the name of a known street, or ends with one, else a Vietnamese name right before the units.
 * Written with its word where it has one.
 */
export function street(parts: Parts, known: KnownWords): void {
  if (streetByWord(parts)) return
  const door = parts.list.filter(({ part }) => part === 'houseNumber' || part === 'alley')
  const after = Math.max(-1, ...door.map(({ to }) => to))
  const free = segments(parts)
  if (after >= 0) {
    // "4429A nhà hàng Đại Hỷ, Nguyễn Cửu Phú": a shop stands between the number and its street.
    const shop = parts.free(after) && SHOP_WORDS.has(parts.line.tokens[after]!.fold)
    // "B3.2.15 Era Town, Nguyễn Lương Bằng": so does a building.
    const skip = shop || !parts.free(after) || !isKnownName(parts, after, known)
    if (skip && free.some(([from, to]) => takeKnown(parts, from, to, known))) return
    takeName(parts, after, known)
  } else {
    for (const take of [takeKnown, takeKnownEnd, takeNameBeforeUnits])
      if (free.some(([from, to]) => take(parts, from, to, known))) return
  }
}

/** Words that begin the name of a shop or firm. */
const SHOP_WORDS = new Set([
  'nha',
  'quan',
  'cong',
  'cty',
  'cua',
  'shop',
  'khach',
  'sieu',
  'tap',
  'trung',
  'truong',
  'benh',
])

/** The free runs of words between commas. */
function segments(parts: Parts): [number, number][] {
  const found: [number, number][] = []
  const { length } = parts.line.tokens
  for (let from = 0; from < length; from++) {
    if (!parts.free(from)) continue
    let to = from + 1
    while (parts.free(to) && !parts.startsSegment(to)) to++
    found.push([from, to])
    from = to - 1
  }
  return found
}

function takeKnown(parts: Parts, from: number, to: number, known: KnownWords): boolean {
  if (to - from < 2 || !known.street(written(parts.line, from, to))) return false
  parts.add('street', from, to)
  return true
}

/** "Trần Kế Xương, xã Hồng Vũ": two to four syllables and no shop or project ("Garden", "Coffee"). */
function takeNameBeforeUnits(parts: Parts, from: number, to: number, known: KnownWords): boolean {
  const words = parts.line.tokens.slice(from, to)
  const units = parts.list.some(({ part, from: start }) => part === 'units' && start >= to)
  if (!units || words.length < 2 || words.length > 5) return false
  if (PLACE_WORDS.has(words[0]!.fold) || typeWordAt(parts.line.tokens, from)?.short === false) return false
  const strange = words.some(({ fold }) => !known.syllable(fold))
  const meant = strange ? known.nearStreet(written(parts.line, from, to)) : null
  if (strange && !meant) return false
  parts.add('street', from, to, from, meant ? { meant } : {})
  return true
}

/** Words that make a place of the street's name behind them: "trường Hoàng Diệu", "chợ Nguyễn Tri Phương". */
const PLACE_WORDS = new Set(['truong', 'cho', 'cau', 'chua', 'san', 'ben', 'tuong', 'dai'])
const LONGEST_NAME = 5

/** "mì Quảng Dũng Nguyễn Trung Trực": the longest end of at least two words that is a street. */
function takeKnownEnd(parts: Parts, from: number, to: number, known: KnownWords): boolean {
  const { line } = parts
  for (let i = Math.max(from + 1, to - LONGEST_NAME); i <= to - 2; i++) {
    if (!known.street(written(line, i, to))) continue
    return !PLACE_WORDS.has(line.tokens[i - 1]!.fold) && !isUnit(parts, i) && takeKnown(parts, i, to, known)
  }
  return false
}

/** "Tỉnh Bình Dương": the name behind a type word is a unit's, also of one that the line is not read by. */
const isUnit = ({ line: { tokens } }: Parts, i: number): boolean =>
  [1, 2].some((length) => i >= length && typeWordAt(tokens, i - length)?.length === length)

function streetByWord(parts: Parts): boolean {
  const { tokens } = parts.line
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.free(i)) continue
    const word = keywordAt(parts.line, i, WORDS)
    if (!word) continue
    const after = i + word.folds.length
    if (!parts.free(after) || tokens[after]!.gap >= Gap.dash) continue
    const number = numberRun(parts, after)
    if (word.kind === 'numbered' && number === after) continue
    // One letter ("Đ.", "P.") needs its dot or a name behind it in the same part.
    if (word.folds[0]!.length === 1 && tokens[after]!.gap === Gap.joined) continue
    const end = number > after ? streetNumberEnd(parts, number) : phraseEnd(parts, after)
    if (end === after) continue
    parts.add('street', i, end)
    return true
  }
  return false
}

/** "Đường 3 tháng 2" and "Đường 30 Tháng 4" go on behind their first number. */
function streetNumberEnd(parts: Parts, end: number): number {
  const { tokens } = parts.line
  const month =
    parts.free(end) && parts.free(end + 1) && tokens[end]!.fold === 'thang' && tokens[end + 1]!.digits
  return month ? end + 2 : end
}

function isKnownName(parts: Parts, i: number, known: KnownWords): boolean {
  const name = written(parts.line, i, phraseEnd(parts, i))
  return known.street(name) || known.nearStreet(name) !== null
}

function takeName(parts: Parts, i: number, known: KnownWords): boolean {
  if (!parts.free(i)) return false
  const number = numberRun(parts, i)
  const end = number > i ? streetNumberEnd(parts, number) : phraseEnd(parts, i)
  // A street without its word may be a date ("12 3/2"), but no mere number.
  if (end === i + 1 && parts.line.tokens[i]!.digits) return false
  if (end === i) return false
  // "iPhone 15 Pro Max": in a line without units strange words are no name.
  if (number === i && !parts.has('units') && isStrange(parts, i, end, known)) return false
  parts.add('street', i, end)
  return true
}

function isStrange({ line }: Parts, from: number, to: number, known: KnownWords): boolean {
  const name = written(line, from, to)
  const words = line.tokens.slice(from, to)
  return (
    words.some(({ fold, digits }) => !digits && !known.syllable(fold)) &&
    !known.street(name) &&
    known.nearStreet(name) === null
  )
}
