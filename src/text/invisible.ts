import type { Converted } from './legacyEncodings.ts'

/**
 * Characters that print nothing and part nothing: soft hyphen, zero-width blanks and joiners, marks of writing direction, byte
 * order mark, variation selectors. Copying from web pages and word processors leaves them inside words.
 */
const INVISIBLE =
  '\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff'
/** The other control characters but tab and the ends of lines: they part words as a blank does. */
const CONTROL = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f'
const EITHER = new RegExp(`[${INVISIBLE}${CONTROL}]`)
const IS_CONTROL = new RegExp(`[${CONTROL}]`)

/** Half of a pair of UTF-16 units: no character, and no UTF-8 can hold it. */
const LONE_SURROGATE = /\p{Surrogate}/u

export const isWellFormed = (text: string): boolean => !LONE_SURROGATE.test(text)
export const isPrintable = (text: string): boolean => isWellFormed(text) && !EITHER.test(text)

/** The text without invisible characters, blanks in place of control characters; null when it has neither. */
export function withoutInvisible(text: string): Converted | null {
  if (!EITHER.test(text)) return null
  let out = ''
  const starts: number[] = []
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!
    const control = IS_CONTROL.test(letter)
    if (!control && EITHER.test(letter)) continue
    out += control ? ' ' : letter
    starts.push(i)
  }
  starts.push(text.length)
  return { text: out, starts: Int32Array.from(starts) }
}
