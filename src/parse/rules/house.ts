import { Gap } from '../../text/tokens.ts'
import { written } from '../line.ts'
import { numberRun } from '../numberRun.ts'
import type { Parts } from '../parts.ts'
import { keywordAt, keywords } from '../words.ts'
import type { KnownWords } from './streets.ts'

/** Words in front of a house number; of lots the word is a part of the number ("Lô C2"). */
const WORDS = keywords<'house' | 'lot'>({
  'số nhà': 'house',
  'nhà số': 'house',
  snhà: 'house',
  sn: 'house',
  số: 'house',
  nhà: 'house',
  no: 'house',
  lô: 'lot',
  'liền kề': 'lot',
  ô: 'lot',
})
const STREET_BEFORE = keywords({
  đường: 0,
  phố: 0,
  đ: 0,
  ql: 0,
  tl: 0,
  dt: 0,
  đt: 0,
  đh: 0,
  hl: 0,
  'quốc lộ': 0,
  'tỉnh lộ': 0,
  'hương lộ': 0,
  'huyện lộ': 0,
  'đại lộ': 0,
  'xa lộ': 0,
  kênh: 0,
})

/** What has a number without being a house: "ngã 4 Lý Thường Kiệt". */
const NUMBERED = new Set(['nga', 'cong', 'km', 'cot', 'cho', 'so'])

type Find = (parts: Parts, known: Pick<KnownWords, 'street'>) => boolean

/** The house number, the first way that finds one. */
export function house(parts: Parts, known: Pick<KnownWords, 'street'>): void {
  for (const find of FINDERS) if (find(parts, known)) return
}

const FINDERS: readonly Find[] = [behindWord, beforeKnownStreet, beginningPart, insidePart, withoutCommas]

/** "Số 5", "số nhà 3 - 5", "Lô C2". */
function behindWord(parts: Parts): boolean {
  const { tokens } = parts.line
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.free(i)) continue
    const word = keywordAt(parts.line, i, WORDS)
    if (!word) continue
    // "đường số 5" is a street.
    if (i > 0 && tokens[i]!.gap < Gap.dash && keywordAt(parts.line, i - 1, STREET_BEFORE)) continue
    const after = i + word.folds.length
    if (!parts.free(after) || tokens[after]!.gap > Gap.dot) continue
    let end = numberRun(parts, after)
    if (end === after && word.kind === 'lot' && isLotName(parts, after)) end = after + 1
    if (end === after) continue
    const lot = word.kind === 'lot'
    const before = numberBefore(parts, i)
    // "33 Số 45" is house 33 in the street of that number.
    if (before < i && word.folds[0] === 'so' && (!parts.free(end) || tokens[end]!.gap >= Gap.dash)) continue
    if (before < i && lot) {
      parts.add('houseNumber', before, i)
      lotBehind(parts, i)
      return true
    }
    if (!lot) end = twoNumbers(parts, end)
    parts.add('houseNumber', i, end, lot ? i : after)
    if (!lot) lotBehind(parts, end)
    return true
  }
  return false
}

/** Where the number begins that ends at token `i` and begins a part of the line ("17 Lô V"); `i` when none does. */
function numberBefore(parts: Parts, i: number): number {
  if (i === 0 || parts.startsSegment(i)) return i
  let from = i - 1
  while (!parts.startsSegment(from)) from--
  return numberRun(parts, from) === i ? from : i
}

/** "Số 15 lô 22 Lê Hồng Phong": behind the house its row of houses. */
function lotBehind(parts: Parts, i: number): void {
  if (!parts.free(i) || keywordAt(parts.line, i, WORDS)?.kind !== 'lot') return
  const end = numberRun(parts, i + 1)
  if (end > i + 1) parts.add('block', i, end)
  else if (parts.free(i + 1) && isLotName(parts, i + 1)) parts.add('block', i, i + 2)
}

/** "Căn 2508 T3 Times City, 458 Minh Khai": a number that begins a part, with a known street behind it to its end. */
function beforeKnownStreet(parts: Parts, known: Pick<KnownWords, 'street'>): boolean {
  const { tokens } = parts.line
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.free(i) || !parts.startsSegment(i)) continue
    const run = numberRun(parts, i)
    const end = run > i ? withLetter(parts, twoNumbers(parts, run), known) : i
    if (end === i || !isStreetAt(parts, end, known)) continue
    parts.add('houseNumber', i, end)
    return true
  }
  return false
}

/** The first number that begins a part of the line. */
function beginningPart(parts: Parts, known: Pick<KnownWords, 'street'>): boolean {
  const { tokens } = parts.line
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.free(i) || !parts.startsSegment(i)) continue
    const end = numberRun(parts, i)
    // "ĐT419, Bình Yên" names the road.
    if (end === i || (!tokens[i]!.digits && keywordAt(parts.line, i, STREET_BEFORE))) continue
    if (isMonth(parts, end) || isStreetCode(parts, i, end, known)) continue
    parts.add('houseNumber', i, withLetter(parts, twoNumbers(parts, end), known))
    return true
  }
  return false
}

/** "em Thảo 12 Lê Lợi, Phường 7": inside a part only with a known street behind it. */
function insidePart(parts: Parts, known: Pick<KnownWords, 'street'>): boolean {
  const { tokens } = parts.line
  for (let i = 1; i < tokens.length; i++) {
    if (!parts.free(i) || !tokens[i]!.digits || parts.startsSegment(i) || tokens[i]!.gap !== Gap.space)
      continue
    const end = numberRun(parts, i)
    if (end === i || NUMBERED.has(tokens[i - 1]!.fold) || keywordAt(parts.line, i - 1, STREET_BEFORE))
      continue
    if (!isStreetAt(parts, end, known)) continue
    parts.add('houseNumber', i, end)
    return true
  }
  return false
}

/** Without commas the number stands behind the name of the place: "quán bún cô Tám K448 H20/2 Hoàng Diệu". */
function withoutCommas(parts: Parts): boolean {
  const { tokens } = parts.line
  if (tokens.some(({ gap }) => gap >= Gap.dash)) return false
  for (let i = 1; i < tokens.length; i++) {
    const end = numberRun(parts, i)
    if (end === i || !parts.free(end) || tokens[end]!.digits || keywordAt(parts.line, i - 1, STREET_BEFORE))
      continue
    if (!parts.free(i - 1)) continue
    parts.add('houseNumber', i, end)
    return true
  }
  return false
}

/** "3 tháng 2" is the name of a street. */
const isMonth = ({ line: { tokens } }: Parts, end: number): boolean =>
  tokens[end]?.fold === 'thang' && tokens[end]!.gap === Gap.space && tokens[end + 1]?.digits === true

/** "CMT8, Quận 3": a part of the line that is the short name of a known street. One or two letters number a house ("A8"). */
function isStreetCode(parts: Parts, i: number, end: number, known: Pick<KnownWords, 'street'>): boolean {
  const first = parts.line.tokens[i]!
  return (
    !first.digits &&
    first.fold.length > 2 &&
    (!parts.free(end) || parts.startsSegment(end)) &&
    known.street(written(parts.line, i, end))
  )
}

/** "1061 B Cách Mạng Tháng Tám": a letter behind the number that is no part of the street's name. */
function withLetter(parts: Parts, end: number, known: Pick<KnownWords, 'street'>): number {
  const token = parts.line.tokens[end]
  if (!parts.free(end) || token!.digits || token!.fold.length > 1 || token!.gap !== Gap.space) return end
  return isStreetAt(parts, end + 1, known) && !isStreetAt(parts, end, known) ? end + 1 : end
}

/** The whole rest of the part is the name of a street. */
function isStreetAt(parts: Parts, i: number, known: Pick<KnownWords, 'street'>): boolean {
  let end = i
  while (parts.free(end) && !(end > i && parts.startsSegment(end))) end++
  return end > i && end - i <= LONGEST_STREET && known.street(written(parts.line, i, end))
}
const LONGEST_STREET = 6

/** "Lô C" in front of a name or the end of the part. */
function isLotName(parts: Parts, i: number): boolean {
  const token = parts.line.tokens[i]!
  return token.fold.length <= 2
}

/** "132, 8 Nguyễn Lương Bằng" and "12 - 14 Lê Lợi": two numbers in front of one street are one number. */
function twoNumbers(parts: Parts, end: number): number {
  const { tokens } = parts.line
  const next = tokens[end]
  if (!next?.digits || !parts.free(end) || !tokens[end - 1]!.digits) return end
  if (next.gap !== Gap.comma && next.gap !== Gap.dash) return end
  const run = numberRun(parts, end)
  const follower = tokens[run]
  return parts.free(run) && follower!.gap <= Gap.dot && !follower!.digits ? run : end
}
