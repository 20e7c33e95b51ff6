import { CHARACTER_SETS, type CharacterSetName } from './legacyTables.ts'
import { utf8Misread } from './misreadUtf8.ts'
import { isSyllable } from './syllable.ts'

/** How a text was written that arrives as if it were Windows-1252. */
export type LegacyEncoding = CharacterSetName | 'utf-8'

/** Whether a syllable occurs in names: tells apart what two encodings make of a word ("Höng": Hưng or Hửng). */
export type Known = (syllable: string) => boolean

/** A text made Unicode. */
export interface Converted {
  readonly text: string
  /** Where each code unit of `text` begins in the original; one entry more for the end. */
  readonly starts: Int32Array
}

/**
 * Which old encoding a text is written in; null for true Unicode, ASCII and foreign words. A text counts as old when a word
 * of it is no Vietnamese syllable as it stands and becomes one when converted, and hardly any word becomes none.
 * Linear in the length; true Unicode Vietnamese costs a look at its first few letters.
 */
export function detectLegacy(text: string, known?: Known): LegacyEncoding | null {
  if (!NOT_ASCII.test(text) || TRUE_UNICODE.test(text)) return null
  if (utf8Misread(text)) return 'utf-8'
  // Mostly a line of true Unicode whose marks happen to be those of French: "Hà Nam".
  if (!text.match(WORD)?.some((word) => NOT_ASCII.test(word) && !reads(word))) return null
  let best: CharacterSetName | null = null
  let bestScore = 0
  for (const name of ['vni', 'tcvn3', 'windows-1258'] as const) {
    const score = scoreOf(text, name, known)
    if (score > bestScore) {
      best = name
      bestScore = score
    }
  }
  return best
}

/** `detectLegacy` and `convertLegacy` in one; null for what needs no conversion. */
export function fromLegacy(text: string, known?: Known): (Converted & { encoding: LegacyEncoding }) | null {
  const encoding = detectLegacy(text, known)
  return encoding && { encoding, ...convertLegacy(text, encoding) }
}

/** The text in Unicode (NFC for the three 8-bit encodings); what is no letter of the encoding stays. */
export function convertLegacy(text: string, encoding: LegacyEncoding): Converted {
  if (encoding === 'utf-8') return utf8Misread(text) ?? copy(text)
  const { letters, unit } = CHARACTER_SETS[encoding]
  let out = ''
  let at = 0
  const starts: number[] = []
  // The soft hyphen that stands for ư is easily lost on the way: "Phêng" for "Phường".
  const lostU = encoding === 'tcvn3' && !text.includes('\u00ad')
  const put = (piece: string, from: number, step: number) => {
    for (let i = 0; i < piece.length; i++) starts.push(from + i * step)
    out += piece
  }
  for (const { 0: look, index } of text.matchAll(unit)) {
    put(text.slice(at, index), at, 1)
    at = index + look.length
    const letter = letters.get(look)!
    if (lostU && LOST_U.test(out.slice(-1) + letter + text.slice(at, at + 2))) put('ư', index, 0)
    put(letter, index, 0)
  }
  put(text.slice(at), at, 1)
  starts.push(text.length)
  if (encoding === 'tcvn3' && isInCapitals(text)) out = out.toUpperCase()
  return { text: out, starts: Int32Array.from(starts) }
}

/** TCVN3 has no capitals with tones: fonts for capitals (.VnTimeH) draw the small letters so ("TØNH NGHÖ AN"). */
const isInCapitals = (text: string) => /[A-Z]{2}/.test(text) && !/[a-z]/.test(text)

const copy = (text: string): Converted => ({
  text,
  starts: Int32Array.from({ length: text.length + 1 }, (_, i) => i),
})

/** No rhyme is "ơng" or "ơc". */
const LOST_U = /^[^ưƯpP][ơờớởỡợ](?:ng|c(?!h))/

/**
 * Letters that only true Unicode has. Those of Windows-1252 above Latin-1 (Š, œ, ƒ, ...) and its signs may be parts of UTF-8.
 */
const TRUE_UNICODE = /[ĂăĐđĨĩŨũƠơƯư\u1e00-\u1eff]|\p{M}/u

/** Whether a text has letters that only true Unicode has. */
export const isUnicode = (text: string): boolean => TRUE_UNICODE.test(text)

/** Whether all letters of a text beyond ASCII are letters of an encoding. */
export function spelledIn(text: string, encoding: LegacyEncoding): boolean {
  if (encoding === 'utf-8') return utf8Misread(text) !== null
  return !LETTER_LEFT.test(text.replace(CHARACTER_SETS[encoding].unit, ''))
}
const LETTER_LEFT = /[À-ÖØ-öø-ÿ]/

const WORD = /[A-Za-z\u00a1-\u00ff\u03bc]+/g
/** It may be a foreign word; one with signs in it is no word of any other encoding. */
const LETTERS = /^[A-Za-zÀ-ÖØ-öø-ÿ]{2,}$/
/** "SÝn": no Unicode text has that. */
const CAPITAL_INSIDE = /[a-z][À-Þ]|\w[À-Þ][a-z]/
const MICRO = /^[µμ]m?$/
const NOT_ASCII = /[^\0-\x7f]/

/** A word as true Unicode writes it. */
const reads = (word: string) => isSyllable(word) && !CAPITAL_INSIDE.test(word)

/** Words that become syllables, less those that become none; 0 when that speaks against the encoding. */
function scoreOf(text: string, name: CharacterSetName, known?: Known): number {
  const { letters, unit, telling } = CHARACTER_SETS[name]
  let told = false
  let gained = 0
  let kept = 0
  let lost = 0
  let familiar = 0
  for (const [word] of text.matchAll(WORD)) {
    if (!NOT_ASCII.test(word) || MICRO.test(word)) continue
    const wasOne = reads(word)
    const converted = word.replace(unit, (look) => letters.get(look)!)
    if (isSyllable(converted) && !NOT_ASCII.test(word.replace(unit, ''))) {
      if (wasOne || converted.length === 1) kept++
      else {
        gained++
        told ||= telling.test(word)
        if (known?.(converted)) familiar++
      }
    } else if (wasOne || LETTERS.test(word)) lost++
  }
  if (told) return gained >= lost ? 1 + gained + kept - lost + familiar : 0
  // One word that becomes a syllable may do so by chance ("BR-VèT"): it has to be one of names.
  if (known && gained === 1 && familiar === 0) return 0
  return kept + lost === 0 ? gained + familiar : 0
}
