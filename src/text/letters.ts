/**
 * Vietnamese letters taken apart. Every letter is a base (a-z), a quality (ă â ê ô ơ ư đ) and a tone; a syllable has one
 * tone wherever its mark stands, so "Hoà" and "Hòa" are the same syllable and "Hoa" is another.
 */

export const QUALITY_NONE = 0
const QUALITY_CIRCUMFLEX = 1
const QUALITY_BREVE = 2
const QUALITY_HORN = 3
const QUALITY_STROKE = 4

/** Tones: 0 none, 1 huyền, 2 sắc, 3 ngã, 4 hỏi, 5 nặng. */
const TONE_MARKS: Record<number, number> = { 768: 1, 832: 1, 769: 2, 833: 2, 771: 3, 777: 4, 803: 5 }
const QUALITY_MARKS: Record<number, number> = {
  770: QUALITY_CIRCUMFLEX,
  774: QUALITY_BREVE,
  795: QUALITY_HORN,
}

/** What a code unit is: a letter or digit with its base, or nothing that belongs to a word. */
const SIZE = 0x10000
/** Lower-case ASCII letter or digit of the code unit; 0 = not part of a word; 1 = a combining mark. */
export const BASE = new Uint8Array(SIZE)
export const QUALITY = new Uint8Array(SIZE)
export const TONE = new Uint8Array(SIZE)
export const MARK = 1

for (let code = 0; code < SIZE; code++) {
  if (code >= 0xd800 && code < 0xe000) continue
  const tone = TONE_MARKS[code]
  const quality = QUALITY_MARKS[code]
  if (tone !== undefined || quality !== undefined) {
    BASE[code] = MARK
    TONE[code] = tone ?? 0
    QUALITY[code] = quality ?? 0
    continue
  }
  // Only Latin: letters of other scripts end a word and stay unexplained. Fullwidth forms fold through NFKC.
  if (code > 0x24f && !(code >= 0x1e00 && code <= 0x1eff) && !(code >= 0xff10 && code <= 0xff5a)) continue
  const parts = String.fromCharCode(code).normalize('NFKC').normalize('NFD').toLowerCase()
  let base = parts.charCodeAt(0)
  if (base === 0x111 || base === 0xf0) {
    base = 0x64
    QUALITY[code] = QUALITY_STROKE
  }
  const letter = (base >= 0x61 && base <= 0x7a) || (base >= 0x30 && base <= 0x39)
  if (!letter) continue
  BASE[code] = base
  for (let i = 1; i < parts.length; i++) {
    const mark = parts.charCodeAt(i)
    if (TONE_MARKS[mark] !== undefined) TONE[code] = TONE_MARKS[mark]!
    if (QUALITY_MARKS[mark] !== undefined) QUALITY[code] = QUALITY_MARKS[mark]!
  }
}
