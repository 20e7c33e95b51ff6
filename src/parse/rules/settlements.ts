import { Gap, type Token } from '../../text/tokens.ts'
import { written } from '../line.ts'
import { numberRun } from '../numberRun.ts'
import type { PartName, Parts } from '../parts.ts'
import { phraseEnd } from '../phrase.ts'
import { keywordAt, keywords } from '../words.ts'
import type { KnownWords } from './streets.ts'

/** `strict` words are also common syllables of names: without their marks they count only at the start of a part or before a number. */
interface Shape {
  readonly part: PartName
  readonly strict: boolean
}
const group: Shape = { part: 'group', strict: false }
const hamlet: Shape = { part: 'hamlet', strict: true }

const WORDS = keywords<Shape>({
  'tổ dân phố': group,
  'tổ dân cư': group,
  'tổ dp': group,
  tdp: group,
  tổ: { part: 'group', strict: true },
  'khu phố': group,
  kp: group,
  'khu vực': group,
  kv: group,
  khóm: group,
  đội: { part: 'group', strict: true },
  khu: { part: 'group', strict: true },
  cụm: { part: 'group', strict: true },
  'tiểu khu': group,
  thôn: hamlet,
  xóm: hamlet,
  ấp: hamlet,
  bản: hamlet,
  buôn: hamlet,
  làng: hamlet,
  sóc: hamlet,
  plei: hamlet,
  bon: hamlet,
  phum: hamlet,
  khối: { part: 'group', strict: true },
})

/** Groups (tổ, khu phố, khóm) and hamlets (thôn, xóm, ấp, bản, buôn, làng), as written with their word. */
export function settlements(parts: Parts, known: Pick<KnownWords, 'street' | 'streetHere' | 'ward'>): void {
  const { tokens, spelled } = parts.line
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.free(i)) continue
    const word = keywordAt(parts.line, i, WORDS)
    if (!word) continue
    const after = i + word.folds.length
    if (!parts.free(after) || tokens[after]!.gap >= Gap.dash) continue
    // "tổ dân phố số 3"
    const digits = tokens[after]!.fold === 'so' ? after + 1 : after
    const number = digits < tokens.length ? numberRun(parts, digits) : digits
    const { part } = word.kind
    const named = word.kind.strict && number === digits
    const inside = named && !parts.startsSegment(i)
    if (
      inside &&
      !isMarked(tokens[i]!, spelled?.[i]) &&
      !(CLEAR.has(word.folds[0]!) && isBehindDoor(parts, i))
    )
      continue
    // "12 Ấp Bắc" is a house of the street where a ward has one.
    if (
      named &&
      part === 'hamlet' &&
      known.ward &&
      isBehindDoor(parts, i) &&
      known.streetHere(nameAt(parts, i))
    )
      continue
    // "phố Bản Lọ" is a street; "đường thôn 3" is a road of the hamlet.
    if (
      part === 'hamlet' &&
      number === digits &&
      i > 0 &&
      parts.free(i - 1) &&
      isRoad(tokens[i - 1]!, tokens[i]!)
    )
      continue
    // "Đội Cấn" is a street.
    if (word.folds[0] === 'doi' && number === digits) continue
    // "Thôn 3", "tổ 5 khu 15" end with their number; "Khu phố 6 Đạo Long 1" goes on with its name.
    let end = number > digits ? number : after
    if (end === after || (part === 'group' && word.kind === group && parts.free(end) && isName(parts, end)))
      end = phraseEnd(parts, after, 6)
    if (part === 'hamlet' && end === number && parts.free(end) && isName(parts, end))
      end = phraseEnd(parts, after, 5)
    if (part === 'hamlet') end = beforeStreet(parts, after, end, known)
    if (end === after) continue
    parts.add(part, i, end)
    i = end - 1
  }
}

/** Words of hamlets that begin no name of a street but that of a hamlet, with their marks or without. */
const CLEAR = new Set(['thon', 'xom', 'ap', 'soc', 'buon'])

const isMarked = ({ accent, fold }: Token, spelled = accent): boolean => spelled !== fold

/** A house number or alley stands right before, and no street: "12", "Số 12," or "Số 5 ngõ 12". */
function isBehindDoor(parts: Parts, i: number): boolean {
  if (parts.list.some(({ part, to }) => part === 'alley' && to === i)) return true
  let from = i - 1
  while (from > 0 && parts.free(from) && !parts.startsSegment(from)) from--
  if (from < 0 || !parts.free(from)) return false
  const word = keywordAt(parts.line, from, HOUSE_WORDS)
  return i > from && numberRun(parts, from + (word?.folds.length ?? 0)) === i
}
const HOUSE_WORDS = keywords({ 'số nhà': 0, 'nhà số': 0, số: 0, nhà: 0, sn: 0 })

const nameAt = (parts: Parts, i: number): string => written(parts.line, i, phraseEnd(parts, i, 6))

/** A name of two words is that of hamlets as well. */
const LEAST_STREET = 3

/** "ấp 5 Trần Văn Mười": where the known street begins that stands behind the name of the hamlet; the end where none does. */
function beforeStreet(parts: Parts, from: number, end: number, known: Pick<KnownWords, 'street'>): number {
  for (let i = from + 1; i <= end - LEAST_STREET; i++) if (known.street(written(parts.line, i, end))) return i
  return end
}

const isRoad = ({ fold }: Token, { gap }: Token): boolean =>
  (fold === 'pho' || fold === 'duong') && gap <= Gap.dot

/** A capital follows in the same comma part, and it begins neither another settlement nor an alley. */
function isName(parts: Parts, i: number): boolean {
  const { tokens, text } = parts.line
  const token = tokens[i]!
  const letter = text[token.start]!
  return (
    token.gap <= Gap.dot &&
    !token.digits &&
    letter !== letter.toLowerCase() &&
    keywordAt(parts.line, i, WORDS) === null &&
    phraseEnd(parts, i - 1) > i
  )
}
