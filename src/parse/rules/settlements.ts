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
export function settlements(parts: Parts, known: Pick<KnownWords, 'street'>): void {
  const { tokens } = parts.line
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.free(i)) continue
    const word = keywordAt(parts.line, i, WORDS)
    if (!word) continue
    const after = i + word.folds.length
    if (!parts.free(after) || tokens[after]!.gap >= Gap.dash) continue
    // "tổ dân phố số 3"
    const digits = tokens[after]!.fold === 'so' ? after + 1 : after
    const number = digits < tokens.length ? numberRun(parts, digits) : digits
    const marked = tokens.slice(i, after).some((token) => token.accent !== token.fold)
    if (word.kind.strict && !marked && number === digits && !parts.startsSegment(i)) continue
    const { part } = word.kind
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
