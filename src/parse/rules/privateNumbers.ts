import { BASE } from '../../text/letters.ts'

export interface PrivateNumber {
  readonly kind: 'phone' | 'id'
  readonly start: number
  readonly end: number
}

/** Characters that may stand between the digits of a phone number, and how many of them in a row. */
const SEPARATORS = ' .,-()\u00a0'
const MOST_SEPARATORS = 2
const PHONE_DIGITS = 10
/** Numbers of the fixed network have one digit more ("024 3825 1234"). */
const FIXED_DIGITS = 11
const ID_DIGITS = 12
/** From 00. */
const INTERNATIONAL_DIGITS = 13
/** Old mobile numbers had one digit more ("0123 456 7890"). */
const OLD_MOBILE = [2, 6, 8, 9]
const NINE = 9
const LABELLED_ID =
  /(?:cmnd|cmt|chứng minh|cccd|căn cước|can cuoc|mst|mã số thuế|stk|tài khoản|hộ chiếu|passport)[\s.:]*$/iu
const PHONE_LABEL = /(?:s[đd]t|đt|dt|tel|phone|điện thoại|di động|zalo)[\s.:]*$/iu
const ID_LABEL = /(?:cccd|căn cước|can cuoc|cmnd|cmt)[\s.:]*$/iu

const digitAt = (text: string, i: number): number => {
  const base = BASE[text.charCodeAt(i)] ?? 0
  return base >= 0x30 && base <= 0x39 ? base - 0x30 : -1
}

/**
 * Phone numbers (0 or +84, then nine digits, or ten in the fixed network), personal IDs (twelve digits from 0, nine of old),
 * and what a label says is one, or an account or a tax number. A run of nine to eleven digits that fits none is an ID as well:
 * no house, postcode or household number has as many.
 */
export function findNumbers(text: string): PrivateNumber[] {
  const found: PrivateNumber[] = []
  for (let i = 0; i < text.length; i++) {
    if (digitAt(text, i) < 0 || digitAt(text, i - 1) >= 0) continue
    const number = readNumber(text, i)
    if (!number) continue
    found.push(number)
    i = number.end - 1
  }
  return found
}

function readNumber(text: string, at: number): PrivateNumber | null {
  // Where the digits stand, those of one number as far as separators allow.
  const places: number[] = []
  let solid = 0
  while (digitAt(text, at + solid) >= 0) solid++
  for (let i = at, gap = 0; i < text.length && places.length <= INTERNATIONAL_DIGITS; i++) {
    if (digitAt(text, i) >= 0) {
      places.push(i)
      gap = 0
    } else if (SEPARATORS.includes(text[i]!) && gap < MOST_SEPARATORS) gap++
    else break
  }
  const before = text.slice(0, at)
  const span = (kind: PrivateNumber['kind'], digits: number): PrivateNumber | null => {
    const last = places[digits - 1]
    // The number ends here: no digit follows at once.
    if (last === undefined || digitAt(text, last + 1) >= 0) return null
    let start = at
    while (start > 0 && '+('.includes(text[start - 1]!)) start--
    return { kind, start, end: text[last + 1] === ')' ? last + 2 : last + 1 }
  }
  const solidRun = (kind: PrivateNumber['kind']): PrivateNumber => {
    let end = at
    while (digitAt(text, end) >= 0) end++
    return { kind, start: at, end }
  }
  const first = digitAt(text, at)
  const second = digitAt(text, places[1] ?? -1)
  const bare = LABELLED_ID.test(before)
  if (bare && solid >= NINE && !(first === 0 && solid === ID_DIGITS)) return solidRun('id')
  // "0084 901 234 567"
  if (text.startsWith('0084', at)) return span('phone', INTERNATIONAL_DIGITS)
  if (first === 0) {
    if (solid === ID_DIGITS || ID_LABEL.test(before)) return span('id', ID_DIGITS)
    const longer = second === 2 || (second === 1 && OLD_MOBILE.includes(digitAt(text, places[2] ?? -1)))
    return (longer && span('phone', FIXED_DIGITS)) || span('phone', PHONE_DIGITS)
  }
  if (first === 8 && second === 4) {
    const plus = text[at - 1] === '+'
    // "+84 (0)912 345 678"
    const trunk = digitAt(text, places[2] ?? -1) === 0 ? 1 : 0
    const mobile = digitAt(text, places[2 + trunk] ?? -1) >= 3
    if (plus || solid === PHONE_DIGITS + 1 || (mobile && places.length === PHONE_DIGITS + 1 + trunk))
      return span('phone', PHONE_DIGITS + 1 + trunk)
  }
  // "sđt 901234567": a spreadsheet dropped the zero.
  if (first >= 3 && PHONE_LABEL.test(before)) return span('phone', NINE)
  return solid >= NINE && solid < ID_DIGITS ? solidRun(first >= 3 && solid === NINE ? 'phone' : 'id') : null
}
