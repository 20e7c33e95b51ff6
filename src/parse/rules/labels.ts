import { Gap, tokenize } from '../../text/tokens.ts'
import type { Parts } from '../parts.ts'
import { keywordAt, keywords } from '../words.ts'

/** Words of forms and chats around an address. `number` = only in front of one ("giao 12 Lê Lợi", never "Giao Long"). */
const WORDS = keywords<'any' | 'colon' | 'number'>({
  'địa chỉ': 'any',
  'địa chỉ nhận': 'any',
  'địa chỉ nhận hàng': 'any',
  'địa chỉ giao': 'any',
  'địa chỉ giao hàng': 'any',
  'nơi nhận': 'colon',
  address: 'colon',
  add: 'colon',
  đc: 'any',
  'đ c': 'colon',
  'giao hàng': 'number',
  'giao hàng đến': 'any',
  'giao hàng tới': 'any',
  'giao hàng về': 'any',
  'giao hàng tại': 'any',
  'giao đến': 'number',
  'giao tới': 'number',
  'giao về': 'number',
  'giao tại': 'number',
  'ship đến': 'any',
  'ship tới': 'any',
  'ship về': 'any',
  'ship tại': 'any',
  'gửi đến': 'number',
  'gửi tới': 'number',
  'gửi về': 'number',
  giao: 'number',
  ship: 'number',
  về: 'number',
  tại: 'number',
  đến: 'number',
  tới: 'number',
  ở: 'number',
  'nhà ở': 'number',
  'ghi chú': 'colon',
  sđt: 'colon',
  tên: 'colon',
})
/** Between the units of both eras, and behind a unit or street written in English: "12 Le Loi Street, Ben Nghe Ward". */
const BETWEEN = keywords({ 'nay là': 0, 'nay thuộc': 0, 'trước là': 0, 'trước đây là': 0, 'trước thuộc': 0 })
const BEHIND = new Set(['ward', 'commune', 'district', 'province', 'town', 'street', 'cu'])

/** "Địa chỉ:", "ĐC", "giao đến" in front of an address: they say nothing. */
export function labels(parts: Parts): void {
  const { tokens, text } = parts.line
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.free(i)) continue
    const between = keywordAt(parts.line, i, BETWEEN)
    if (between) parts.add('label', i, i + between.folds.length)
    if (i > 0 && endsName(parts, i)) parts.add('label', i, i + 1)
    if (!parts.free(i) || !parts.startsSegment(i)) continue
    const word = keywordAt(parts.line, i, WORDS)
    if (!word) continue
    const after = i + word.folds.length
    const last = tokens[after - 1]!
    const next = tokens[after]
    const colon = /^\s*[:=]/.test(text.slice(last.end, last.end + 3))
    const number = next?.digits === true && next.gap === Gap.space && !isBareLetter(parts, i)
    if (colon || (word.kind === 'any' && next) || (word.kind === 'number' && number))
      parts.add('label', i, after)
  }
}

/** "Ben Nghe Ward,", "huyện Khoái Châu cũ" (with its mark): the last word of a part. */
function endsName({ line: { tokens } }: Parts, i: number): boolean {
  const { fold, accent, gap } = tokens[i]!
  if (!BEHIND.has(fold) || gap !== Gap.space || (fold === 'cu' && accent !== OLD)) return false
  const next = tokens[i + 1]
  return !next || next.gap >= Gap.dash
}
const OLD = tokenize('cũ')[0]!.accent

/** "o 12" may be a lot ("ô 12"). */
const isBareLetter = ({ line }: Parts, i: number) => line.tokens[i]!.accent.length === 1
