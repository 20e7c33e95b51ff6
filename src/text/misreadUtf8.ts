import type { Converted } from './legacyEncodings.ts'

/** The characters of Windows-1252 at 0x80 to 0x9f; where it has none, readers give the control character. */
export const WINDOWS_1252_HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'
const BYTES = new Map([...WINDOWS_1252_HIGH].map((sign, i) => [sign.charCodeAt(0), 0x80 + i]))

/** The leading bytes of two and three bytes that write Vietnamese, and one behind them. */
const SIGN = /[ÃÄÅÆ][\u0080-\u00bf\u0152-\u2122 ]|á[º»]|â[€\u0080]/
/** Blanks and soft hyphens are bytes of letters that get lost on the way: "HÃ  Ná»™i", "BÃ¬nh ThÃ nh". */
const LOST_BLANK = /(?<=Ã|áº|á») /g

/**
 * UTF-8 that was read as Windows-1252 ("HÃ  Ná»™i"), read rightly; null unless everything beyond ASCII is whole UTF-8
 * sequences.
 */
export function utf8Misread(text: string): Converted | null {
  if (!SIGN.test(text)) return null
  return decoded(text) ?? decoded(text.replace(LOST_BLANK, '\u00a0'))
}

function decoded(text: string): Converted | null {
  let out = ''
  const starts: number[] = []
  for (let i = 0; i < text.length; ) {
    const lead = byteAt(text, i)
    if (lead < 0) return null
    const more = lead < 0x80 ? 0 : lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : -1
    if (more < 0) return null
    let code = more === 0 ? lead : lead & (more === 1 ? 0x1f : 0x0f)
    for (let k = 1; k <= more; k++) {
      const byte = byteAt(text, i + k)
      if (byte < 0x80 || byte > 0xbf) return null
      code = (code << 6) | (byte & 0x3f)
    }
    starts.push(i)
    out += String.fromCharCode(code)
    i += 1 + more
  }
  starts.push(text.length)
  return { text: out, starts: Int32Array.from(starts) }
}

/** The byte that a character was read from; -1 for a character that no byte gives, and behind the end. */
function byteAt(text: string, i: number): number {
  const code = text.charCodeAt(i)
  return code < 0x100 ? code : (BYTES.get(code) ?? -1)
}
