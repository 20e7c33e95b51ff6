import { Gap } from '../../text/tokens.ts'
import { numberRun } from '../numberRun.ts'
import type { AlleyKind, Parts } from '../parts.ts'
import { keywordAt, keywords } from '../words.ts'
import type { KnownWords } from './streets.ts'

const WORDS = keywords<AlleyKind>({
  ngõ: 'ngo',
  ngỏ: 'ngo',
  'ngõ số': 'ngo',
  ng: 'ngo',
  ngách: 'ngach',
  'ngách số': 'ngach',
  ngh: 'ngach',
  hẻm: 'hem',
  hẽm: 'hem',
  'hẻm số': 'hem',
  kiệt: 'kiet',
})

/**
 * "ngách 34/56 ngõ 78 Láng", "Hẻm 192 Võ Văn Kiệt": each alley with its number. "K200 Hoàng Diệu" and "K27 H5 số 10 Lê Duẩn" where
 * alleys are called kiệt.
 */
export function alleys(parts: Parts, known: Pick<KnownWords, 'kiet'>): void {
  const { tokens } = parts.line
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.free(i)) continue
    const word = keywordAt(parts.line, i, WORDS)
    if (!word && known.kiet && isShortKiet(parts, i)) parts.add('alley', i, i + 2, i + 1, { alley: 'kiet' })
    if (!word && known.kiet && isShortChain(parts, i)) {
      parts.add('alley', i, i + 2, i + 1, { alley: 'kiet' })
      parts.add('alley', i + 2, i + 4, i + 3, { alley: 'hem' })
    }
    if (!word) continue
    const after = i + word.folds.length
    if (!parts.free(after) || tokens[after]!.gap > Gap.dot) continue
    const end = numberRun(parts, after)
    if (end === after) continue
    parts.add('alley', i, end, after, { alley: word.kind })
    i = end - 1
  }
}

/** "K200" at the beginning of a part with the name of the street behind it; "K200/5" is a house. */
function isShortKiet(parts: Parts, i: number): boolean {
  const { tokens } = parts.line
  const number = tokens[i + 1]
  const street = tokens[i + 2]
  return (
    tokens[i]!.fold === 'k' &&
    parts.startsSegment(i) &&
    number?.digits === true &&
    number.gap === Gap.joined &&
    parts.free(i + 2) &&
    street!.gap === Gap.space &&
    !street!.digits &&
    street!.fold.length > 1
  )
}

/** "K27 H5 số 10": kiệt, hẻm and house, each by itself; "K27 H5/10" is one number. */
function isShortChain(parts: Parts, i: number): boolean {
  const { tokens } = parts.line
  const isShort = (at: number, word: string) =>
    parts.free(at) &&
    tokens[at]!.fold === word &&
    parts.free(at + 1) &&
    tokens[at + 1]!.digits &&
    tokens[at + 1]!.gap === Gap.joined
  return (
    parts.startsSegment(i) &&
    isShort(i, 'k') &&
    isShort(i + 2, 'h') &&
    tokens[i + 2]!.gap === Gap.space &&
    parts.free(i + 4) &&
    tokens[i + 4]!.fold === 'so' &&
    tokens[i + 4]!.gap <= Gap.comma
  )
}
