import { BASE } from '../../text/letters.ts'

interface PrivateNumber {
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
const OLD_ID = /(?:cmnd|cmt|chứng minh)[\s.:]*$/iu
const ID_LABEL = /(?:cccd|căn cước|cmnd|cmt)[\s.:]*$/iu

const digitAt = (text: string, i: number): number => {
  const base = BASE[text.charCodeAt(i)] ?? 0
  return base >= 0x30 && base <= 0x39 ? base - 0x30 : -1
}

/** Phone numbers (0 or +84, then nine digits, or ten in the fixed network) and personal IDs (twelve digits from 0, nine of old). */
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
  for (let i = at, gap = 0; i < text.length && places.length <= ID_DIGITS; i++) {
    if (digitAt(text, i) >= 0) {
      if (gap === 0) solid = Math.max(solid, places.length + 1 === i - at + 1 ? places.length + 1 : solid)
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
  const first = digitAt(text, at)
  if (solid === 9 && OLD_ID.test(before)) return span('id', 9)
  if (first === 0) {
    if (solid === ID_DIGITS || ID_LABEL.test(before)) return span('id', ID_DIGITS)
    const fixed = places[1] !== undefined && digitAt(text, places[1]) === 2
    return (fixed && span('phone', FIXED_DIGITS)) || span('phone', PHONE_DIGITS)
  }
  if (first !== 8 || digitAt(text, places[1] ?? -1) !== 4) return null
  const plus = text[at - 1] === '+'
  // "+84 (0)912 345 678"
  const trunk = digitAt(text, places[2] ?? -1) === 0 ? 1 : 0
  return plus || solid === PHONE_DIGITS + 1 ? span('phone', PHONE_DIGITS + 1 + trunk) : null
}
