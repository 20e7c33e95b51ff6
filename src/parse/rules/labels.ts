import { Gap } from '../../text/tokens.ts'
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

/** "Địa chỉ:", "ĐC", "giao đến" in front of an address: they say nothing. */
export function labels(parts: Parts): void {
  const { tokens, text } = parts.line
  for (let i = 0; i < tokens.length; i++) {
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

/** "o 12" may be a lot ("ô 12"). */
const isBareLetter = ({ line }: Parts, i: number) => line.tokens[i]!.accent.length === 1
