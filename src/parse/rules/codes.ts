import { Gap } from '../../text/tokens.ts'
import type { Parts } from '../parts.ts'

const PLUS_CODE = /(?<![\p{L}\d])[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?![\p{L}\d])/iu
const VPOSTCODE =
  /(?<![\p{L}\d])\d{5}[ -]?(?=[2-9]*[CFGHJMPQRVWX])[2-9CFGHJMPQRVWX]{4}[ +-]?[2-9CFGHJMPQRVWX]{3}(?![\p{L}\d])/iu

/** "7P28QMCX+R8V", "QMCX+R8V": a plus code. "71009 QMCX R8V": a Vpostcode. */
export function codes(parts: Parts): void {
  const { text, tokens } = parts.line
  if (text.includes('+')) take(parts, 'plusCode', PLUS_CODE)
  if (tokens.some(({ digits, start, end }) => digits && end - start >= 5)) take(parts, 'vpostcode', VPOSTCODE)
}

function take(parts: Parts, part: 'plusCode' | 'vpostcode', pattern: RegExp): void {
  const found = pattern.exec(parts.line.text)
  if (!found) return
  const end = found.index + found[0].length
  const from = parts.line.tokens.findIndex((token) => token.start >= found.index)
  let to = from
  while (to < parts.line.tokens.length && parts.line.tokens[to]!.end <= end) to++
  if (from >= 0 && to > from) parts.add(part, from, to)
}

/** "Đà Nẵng 50000": five or six digits by themselves that no street or house can be, near the end of the line. */
export function postcode(parts: Parts): void {
  const { tokens } = parts.line
  for (let i = tokens.length - 1; i > 0 && i >= tokens.length - 4; i--) {
    const token = tokens[i]!
    const length = token.end - token.start
    const next = tokens[i + 1]
    if (!token.digits || length < 5 || length > 6 || !parts.free(i)) continue
    if (
      token.gap === Gap.joined ||
      token.gap === Gap.slash ||
      next?.gap === Gap.slash ||
      next?.gap === Gap.joined
    )
      continue
    parts.add('postcode', i, i + 1)
    return
  }
}

/** "Việt Nam", "VN" at the end: the country says nothing. */
export function country(parts: Parts): void {
  const { tokens } = parts.line
  for (let i = tokens.length - 1; i >= 0 && i >= tokens.length - 3; i--) {
    if (!parts.free(i)) continue
    const { fold } = tokens[i]!
    if (fold === 'nam' && i > 0 && tokens[i - 1]!.fold === 'viet' && parts.free(i - 1)) {
      parts.add('country', i - 1, i + 1)
      return
    }
    if ((fold === 'vn' || fold === 'vietnam' || fold === 'vnm') && i > 0) {
      parts.add('country', i, i + 1)
      return
    }
  }
}
