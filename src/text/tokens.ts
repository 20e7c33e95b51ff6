import { BASE, MARK, QUALITY, QUALITY_NONE, TONE } from './letters.ts'

/** What stands before a token, weakest first; of several the strongest counts. */
export const Gap = { joined: 0, space: 1, dot: 2, hyphen: 3, slash: 4, dash: 5, other: 6, comma: 7 } as const
export type Gap = (typeof Gap)[keyof typeof Gap]

/**
 * A word or a number of the text. Letters and digits part ("P13" is two tokens, the second `joined`), so that type words,
 * numbers and letters can be read alone.
 */
export interface Token extends Folded {
  /** Span in the text, UTF-16 code units, end excluded. */
  readonly start: number
  readonly end: number
  readonly gap: Gap
  readonly word: Word
}

/** A word as it is compared. */
export interface Folded {
  /** Lower case without any mark, đ as d; a final y after a consonant as i (Ly = Li); numbers without leading zeros. */
  readonly fold: string
  /**
   * The syllable with its marks in a fixed order ("hòa" and "hoà" = "hoa2"); equal to `fold` when it bears none.
   * Two spellings are the same exactly when these are equal.
   */
  readonly accent: string
  /** Whether it bears any mark. */
  readonly marked: boolean
  readonly digits: boolean
}

/** A word as it is written, read once and shared by its tokens. */
export interface Word extends Folded {
  readonly written: string
  /** What others have found out about the word, so that it need not be found out again. */
  memo: unknown
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
    let hash = 0
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i)
      const next = BASE[code]!
      if (next !== MARK && (next === 0 || isDigit(next) !== digits)) break
      hash = (Math.imul(hash, 31) + code) | 0
    }
    const word = wordOf(text, start, i, hash, digits)
    if (gap === Gap.hyphen && blanks) gap = Gap.dash
    tokens.push({
      start,
      end: i,
      gap,
      word,
      fold: word.fold,
      accent: word.accent,
      marked: word.marked,
      digits,
    })
    gap = Gap.joined
    blanks = false
  }
  return tokens
}

/** Words read before, at the place that their letters give: addresses are made of a few thousand. A newer one takes the place. */
const words: (Word | undefined)[] = new Array(1 << 16).fill(undefined)

function wordOf(text: string, start: number, end: number, hash: number, digits: boolean): Word {
  const place = (Math.imul(hash, 0x9e3779b1) >>> 16) & (words.length - 1)
  const known = words[place]
  if (known && isWritten(known.written, text, start, end)) return known
  const written = text.slice(start, end)
  const { fold, accent, marked } = digits ? numberOf(written) : syllableOf(written)
  const word: Word = { written, fold, accent, marked, digits, memo: undefined }
  words[place] = word
  return word
}

function isWritten(word: string, text: string, start: number, end: number): boolean {
  if (word.length !== end - start) return false
  for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) !== text.charCodeAt(start + i)) return false
  return true
}

function numberOf(text: string): Omit<Folded, 'digits'> {
  let digits = ''
  for (let i = 0; i < text.length; i++) {
    const base = BASE[text.charCodeAt(i)]!
    if (base !== MARK) digits += String.fromCharCode(base)
  }
  const fold = digits.replace(/^0+(?=.)/, '')
  return { fold, accent: fold, marked: false }
}

/** The syllable that a run of letters and marks is. */
export function syllableOf(text: string): Omit<Folded, 'digits'> {
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
  if (isFinalI(fold.charCodeAt(last), fold.charCodeAt(last - 1) || 0, fold.charCodeAt(last - 2) || 0)) {
    fold = `${fold.slice(0, last)}i`
    qualities = qualities.replace(/y(?=\D*$)/, 'i')
  }
  const accent = !marked ? fold : tone === 0 ? qualities : qualities + tone
  return { fold, accent, marked: accent !== fold }
}

/**
 * Whether the last letter of a word is a y that is a mere spelling of i, as in "ly" and "quy"; "hay" and "thuy" keep theirs.
 * By the codes of the last three letters, 0 for none.
 */
export function isFinalI(last: number, before: number, beforeThat: number): boolean {
  return last === 0x79 && before !== 0 && !(isVowel(before) && !(before === 0x75 && beforeThat === 0x71))
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
