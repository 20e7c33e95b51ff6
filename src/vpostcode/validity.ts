import { digitAt } from './alphabet.ts'

const PLUS = 43
const ZERO = 48
/** The plus sign of a full code stands after eight digits. */
const PLUS_PLACE = 8

/** A plus code, full or short, in either case: "8FWC2345+G6", "2345+G6", "8FWC0000+". */
export function isValid(code: string): boolean {
  if (typeof code !== 'string') return false
  const plus = code.indexOf('+')
  if (plus < 0 || plus > PLUS_PLACE || plus % 2 === 1 || code.length === 1) return false
  if (code.length - plus === 2) return false // one lone digit after the plus sign
  let padded = 0
  for (let index = 0; index < code.length; index++) {
    const char = code.charCodeAt(index)
    if (index === plus) continue
    if (char === ZERO) {
      // Padding fills the rest of a full code in pairs: it ends at the plus sign and nothing follows.
      if (plus !== PLUS_PLACE || index === 0 || index > plus) return false
      padded++
    } else if (char === PLUS || padded > 0 || digitAt(code, index) < 0) return false
  }
  return padded % 2 === 0
}

/** A valid code whose first digits were dropped. */
export function isShort(code: string): boolean {
  return isValid(code) && code.indexOf('+') < PLUS_PLACE
}

/** A valid code that names a place of the earth by itself. */
export function isFull(code: string): boolean {
  if (!isValid(code) || code.indexOf('+') !== PLUS_PLACE) return false
  // 180 degrees of latitude are nine steps of twenty, 360 of longitude eighteen.
  return digitAt(code, 0) < 9 && digitAt(code, 1) < 18
}
