import { BASE, MARK, QUALITY, QUALITY_NONE, TONE } from './letters.ts'

/** What stands before a token, weakest first; of several the strongest counts. */
export const Gap = { joined: 0, space: 1, dot: 2, hyphen: 3, slash: 4, dash: 5, other: 6, comma: 7 } as const
export type Gap = (typeof Gap)[keyof typeof Gap]

/**
 * A word or a number of the text. Letters and digits part ("P13" is two tokens, the second `joined`), so that type words,
 * numbers and letters can be read alone.
 */
export interface Token {
  /** Span in the text, UTF-16 code units, end excluded. */
  readonly start: number
  readonly end: number
  /** Lower case without any mark, đ as d; a final y after a consonant as i (Ly = Li); numbers without leading zeros. */
  readonly fold: string
  /**
   * The syllable with its marks in a fixed order ("hòa" and "hoà" = "hoa2"); equal to `fold` when it bears none.
   * Two spellings are the same exactly when these are equal.
   */
  readonly accent: string
  readonly digits: boolean
  readonly gap: Gap
}

const GAPS = new Uint8Array(0x10000).fill(Gap.other)
for (const blank of ' \t\u00a0\u2002\u2003\u2009\u200b\ufeff\u3000') GAPS[blank.charCodeAt(0)] = Gap.space
for (const comma of ',;\n\r|，、') GAPS[comma.charCodeAt(0)] = Gap.comma
GAPS['.'.charCodeAt(0)] = Gap.dot
for (const hyphen of '-‐‑‒–—_') GAPS[hyphen.charCodeAt(0)] = Gap.hyphen
for (const slash of '/\\') GAPS[slash.charCodeAt(0)] = Gap.slash
for (const apostrophe of "'’‘`´ʼ") GAPS[apostrophe.charCodeAt(0)] = Gap.joined

const isDigit = (base: number) => base <= 0x39
const isVowel = (base: number) => base === 97 || base === 101 || base === 105 || base === 111 || base === 117
const QUALITY_SIGN = ['', '^', '(', '+', '-']

/** Cuts a text into its words and numbers. Linear in the length of the text. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let gap: Gap = Gap.space
  let blanks = false
  let i = 0
  while (i < text.length) {
    const base = BASE[text.charCodeAt(i)]!
    if (base <= MARK) {
      const found = GAPS[text.charCodeAt(i)]! as Gap
      if (base !== MARK) {
        if (found === Gap.space) blanks = true
        if (found > gap) gap = found
      }
      i++
      continue
    }
    const start = i
    const digits = isDigit(base)
    for (i++; i < text.length; i++) {
      const next = BASE[text.charCodeAt(i)]!
      if (next !== MARK && (next === 0 || isDigit(next) !== digits)) break
    }
    const { fold, accent } = wordOf(text.slice(start, i), digits)
    if (gap === Gap.hyphen && blanks) gap = Gap.dash
    tokens.push({ start, end: i, fold, accent, digits, gap })
    gap = Gap.joined
    blanks = false
  }
  return tokens
}

interface Word {
  readonly fold: string
  readonly accent: string
}

/** Words that were read before: addresses are made of a few thousand. Forgotten all at once when they become too many. */
const words = new Map<string, Word>()
const MOST_WORDS = 20_000

function wordOf(text: string, digits: boolean): Word {
  let word = words.get(text)
  if (!word) {
    word = digits ? numberOf(text) : syllableOf(text)
    if (words.size >= MOST_WORDS) words.clear()
    words.set(text, word)
  }
  return word
}

function numberOf(text: string): Word {
  let digits = ''
  for (let i = 0; i < text.length; i++) {
    const base = BASE[text.charCodeAt(i)]!
    if (base !== MARK) digits += String.fromCharCode(base)
  }
  const fold = digits.replace(/^0+(?=.)/, '')
  return { fold, accent: fold }
}

function syllableOf(text: string): Word {
  let fold = ''
  let qualities = ''
  let tone = 0
  let marked = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const base = BASE[code]!
    if (base !== MARK) {
      fold += String.fromCharCode(base)
      qualities += String.fromCharCode(base)
    }
    if (QUALITY[code] !== QUALITY_NONE) qualities += QUALITY_SIGN[QUALITY[code]!]
    if (TONE[code] !== 0) tone = TONE[code]!
    marked ||= base === MARK || QUALITY[code] !== QUALITY_NONE || TONE[code] !== 0
  }
  const last = fold.length - 1
  if (last > 0 && fold.charCodeAt(last) === 0x79 && !isVowelBeforeY(fold, last)) {
    fold = `${fold.slice(0, last)}i`
    qualities = qualities.replace(/y(?=\D*$)/, 'i')
  }
  if (!marked) return { fold, accent: fold }
  return { fold, accent: tone === 0 ? qualities : qualities + tone }
}

/** "hay" and "thuy" keep their y's vowel before it apart from "ly", "quy": only the latter is a mere spelling of i. */
function isVowelBeforeY(fold: string, last: number): boolean {
  const before = fold.charCodeAt(last - 1)
  return isVowel(before) && !(before === 0x75 && fold.charCodeAt(last - 2) === 0x71)
}

/** The folded words of a text joined by one blank: the form in which names are compared. */
export function fold(text: string): string {
  let out = ''
  for (const token of tokenize(text))
    out += token.gap === Gap.joined || out === '' ? token.fold : ` ${token.fold}`
  return out
}

/** The same with the marks kept: equal for both placements of a tone, different for different words. */
export function foldKeepingMarks(text: string): string {
  let out = ''
  for (const token of tokenize(text))
    out += token.gap === Gap.joined || out === '' ? token.accent : ` ${token.accent}`
  return out
}
