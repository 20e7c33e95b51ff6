import { digitAt } from './alphabet.ts'
import { show } from './grid.ts'
import { isCanonical } from './vpostcode.ts'

export type VpostcodeFault = 'wrong-length' | 'head-not-digits' | 'outside-alphabet'

/**
 * What a person typed, read as a Vpostcode. When it is none, `compact` is the text in capitals without separators, and
 * `positions` are the places in it (from 0) of the characters that cannot stand there; empty for a wrong length.
 */
export type ParsedVpostcode =
  | { ok: true; code: string; postcode: string; tail: string }
  | { ok: false; reason: VpostcodeFault; compact: string; positions: number[] }

/** Longer texts cannot be a code in any grouping; they are not looked through. */
const MAX_LENGTH = 64
/** Blanks of every kind, hyphens and dashes, plus signs, dots and invisible marks. */
const SEPARATORS = /[\s\p{Pd}\p{Cf}+.]+/gu

/**
 * Reads a Vpostcode as people write it: either case, with blanks, hyphens, "+", in any grouping. The answer is the
 * canonical twelve characters with their two parts, or the reason why it is none.
 * Throws RangeError when the value is not a text.
 */
export function parseVpostcode(text: string): ParsedVpostcode {
  if (typeof text !== 'string') throw new RangeError(`not a text: ${show(text)}`)
  if (isCanonical(text)) return { ok: true, code: text, postcode: text.slice(0, 5), tail: text.slice(5) }
  if (text.length > MAX_LENGTH)
    return { ok: false, reason: 'wrong-length', compact: text.slice(0, MAX_LENGTH), positions: [] }
  const compact = text.replace(SEPARATORS, '').toUpperCase()
  const fail = (reason: VpostcodeFault, positions: number[]): ParsedVpostcode => ({
    ok: false,
    reason,
    compact,
    positions,
  })
  if (compact.length !== 12) return fail('wrong-length', [])
  const places = Array.from({ length: 12 }, (_, index) => index)
  const badHead = places.slice(0, 5).filter((index) => !/[0-9]/.test(compact[index]!))
  if (badHead.length > 0) return fail('head-not-digits', badHead)
  const badTail = places.slice(5).filter((index) => digitAt(compact, index) < 0)
  if (badTail.length > 0) return fail('outside-alphabet', badTail)
  return { ok: true, code: compact, postcode: compact.slice(0, 5), tail: compact.slice(5) }
}
