import { Gap, type Token, tokenize } from './tokens.ts'

/** The syllables that occur in names: with their marks, and without. */
export interface Syllables {
  readonly marked: ReadonlySet<string>
  readonly bare: ReadonlySet<string>
}

/** A text made readable, and for each of its code units the place in the original that it came from. */
export interface Respaced {
  readonly text: string
  readonly origin: Int32Array
}

const MARKED_VOWEL = '[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]'
/** "đ" that some program took for an abbreviation of "đường": "duong ồng nai", "dg. àn", "d. ức", "tháp" of "duongồngtháp". */
const LOST_D = new RegExp(
  `(?<!\\p{L})(?:d+uo+n*g+|d+n*g+\\.?|d\\.)[ ]*(?=${MARKED_VOWEL})|(?:duong|dg\\.?|d\\.)(?=${MARKED_VOWEL})`,
  'giu',
)
/** Letters of a run that are put apart anew. Longer runs are left alone. */
const MOST_LETTERS = 64
/** No syllable is longer ("nghiêng"). */
const LONGEST = 7

const KNOWN = 1
/** Known only without its marks. */
const MISSPELLED = 1.8
const DOUBLED = 2
const ONE_LETTER = 0.6
/** A word that is no syllable, kept as it stands; the longer, the likelier that blanks are lost in it. */
const STRANGE = 2.2
const STRANGE_LETTER = 0.3
const STRANGE_LONG_LETTER = 0.8
/** A piece of a word that is no syllable itself, so that the others around it can be found. */
const STRANGE_PIECE = 3
const JOIN = 1.1
/** A new blank inside a word: dear in a short one. */
const CUT = 0.4
const CUT_SHORT = 1
const SHORT = 4

/**
 * Puts words right that lost their blanks or got blanks inside ("tr ần nh ật du ật", "ThànhphốHàNội") and letters đ that
 * became "duong ". null when nothing in the text asks for it, so that a clean text costs only a look at its tokens.
 */
export function respace(text: string, tokens: readonly Token[], syllables: Syllables): Respaced | null {
  const marked = tokens.some((token) => token.accent !== token.fold)
  const lostD = marked && text.search(LOST_D) >= 0
  if (!lostD && !tokens.some((token, i) => looksBroken(token, tokens[i + 1], syllables))) return null
  const start = lostD ? restoreD(text) : identity(text)
  return putApart(start, syllables)
}

const VOWEL = /[aeiouy]/
/** A syllable by its letters, though no known name has it ("Khuổi", "Giốc"). One without a consonant may be half of another. */
const SYLLABLE =
  /^(?:ngh?|nh|ch|gh?|gi|kh|ph|th?|tr|qu|[bcdhklmnprsvx])(?!(.)\1)[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?$/
/** Abbreviations without a vowel that stand in addresses. */
const ABBREVIATIONS = new Set(
  'p q f h x t k d n s m b c g l r v w z tp tx tt ql tl hl dt dh kp kdc kcn ccn kdt tdp tk hn hp hcm sg ks nx mn th thcs thpt tphcm tphn tphp dl dx cmt nr nb pt ct cc ch nv ntl bv bl lk ph vn'.split(
    ' ',
  ),
)

function looksBroken(
  { fold, accent, digits }: Token,
  next: Token | undefined,
  { marked, bare }: Syllables,
): boolean {
  if (digits || SYLLABLE.test(fold)) return false
  if (bare.has(fold)) return accent !== fold && !marked.has(accent)
  if (accent !== fold || fold.length > LONGEST) return true
  // "ch âu", "qu ảng": the rest of the syllable stands behind a blank.
  if (next?.gap === Gap.space && next.accent !== next.fold && VOWEL.test(next.fold[0]!)) return true
  return !VOWEL.test(fold) && !ABBREVIATIONS.has(fold)
}

const identity = (text: string): Respaced => ({
  text,
  origin: Int32Array.from({ length: text.length }, (_, i) => i),
})

function restoreD(text: string): Respaced {
  let out = ''
  const origin: number[] = []
  let at = 0
  const copy = (until: number) => {
    for (; at < until; at++) {
      out += text[at]
      origin.push(at)
    }
  }
  for (const { index, 0: whole } of text.matchAll(LOST_D)) {
    copy(index)
    out += 'đ'
    origin.push(index)
    at = index + whole.length
  }
  copy(text.length)
  return { text: out, origin: Int32Array.from(origin) }
}

function putApart({ text, origin }: Respaced, syllables: Syllables): Respaced {
  const tokens = tokenize(text)
  let out = ''
  const places: number[] = []
  const copy = (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      out += text[i]
      places.push(origin[i]!)
    }
  }
  let at = 0
  for (let i = 0; i < tokens.length; ) {
    let end = i + 1
    if (!tokens[i]!.digits)
      while (end < tokens.length && !tokens[end]!.digits && tokens[end]!.gap <= Gap.dot) end++
    const run = tokens.slice(i, end)
    i = end
    if (run[0]!.digits || !run.some((token, k) => looksBroken(token, run[k + 1], syllables))) continue
    const words = bestWords(text, run, syllables)
    if (!words) continue
    copy(at, run[0]!.start)
    words.forEach((letters, k) => {
      const before = words[k - 1]?.at(-1)
      if (before !== undefined) {
        // What stood between two words stays ("Đ. Ngọc Hồi"); two that were one get a blank.
        if (letters[0]! > before + 1) copy(before + 1, letters[0]!)
        else {
          out += ' '
          places.push(origin[letters[0]!]!)
        }
      }
      for (const letter of letters) copy(letter, letter + 1)
    })
    at = run.at(-1)!.end
  }
  copy(at, text.length)
  return { text: out, origin: Int32Array.from(places) }
}

/** The cheapest way to make words of the letters of a run; each word is its places in the text. */
function bestWords(text: string, run: readonly Token[], syllables: Syllables): number[][] | null {
  const letters: number[] = []
  const breaks = new Set<number>()
  const cuts: number[] = []
  for (const { start, end, fold } of run) {
    breaks.add(letters.length)
    for (let i = start; i < end; i++) cuts.push(fold.length > SHORT ? CUT : CUT_SHORT)
    // A letter keeps its combining marks beside it.
    for (let i = start; i < end; i++) letters.push(i)
  }
  if (letters.length > MOST_LETTERS) return null
  breaks.add(letters.length)
  const best = new Float64Array(letters.length + 1).fill(Number.POSITIVE_INFINITY)
  const from = new Int32Array(letters.length + 1)
  best[0] = 0
  for (let end = 1; end <= letters.length; end++) {
    let inner = 0
    for (let start = end - 1; start >= 0 && end - start <= 24; start--) {
      if (start < end - 1 && breaks.has(start + 1)) inner++
      if (best[start] === Number.POSITIVE_INFINITY) continue
      const intact = breaks.has(start) && breaks.has(end) && inner === 0
      if (!intact && end - start > LONGEST + 4) continue
      const cost = wordCost(text, letters, start, end, intact, syllables)
      if (cost === Number.POSITIVE_INFINITY) continue
      const total = best[start]! + cost + inner * JOIN + (breaks.has(start) ? 0 : cuts[start]!)
      if (total < best[end]!) {
        best[end] = total
        from[end] = start
      }
    }
  }
  const words: number[][] = []
  for (let end = letters.length; end > 0; end = from[end]!) words.unshift(letters.slice(from[end]!, end))
  return words
}

function wordCost(
  text: string,
  letters: readonly number[],
  start: number,
  end: number,
  intact: boolean,
  { marked, bare }: Syllables,
): number {
  let word = ''
  for (let k = start; k < end; k++) word += text[letters[k]!]
  const [token, more] = tokenize(word)
  if (!token || more) return Number.POSITIVE_INFINITY
  const short = token.fold.length === 1 && !intact ? ONE_LETTER : 0
  if (marked.has(token.accent)) return KNOWN + short
  if (bare.has(token.fold) || (intact && SYLLABLE.test(token.fold))) return MISSPELLED + short
  // "ggấm", "kỳỳ": a doubled letter.
  if (bare.has(token.fold.replace(/(.)\1/, '$1'))) return DOUBLED + short
  const { length } = token.fold
  if (!intact)
    return length > 1 && length <= LONGEST
      ? STRANGE_PIECE + STRANGE_LETTER * length
      : Number.POSITIVE_INFINITY
  return (
    STRANGE + STRANGE_LETTER * Math.min(length, LONGEST) + STRANGE_LONG_LETTER * Math.max(0, length - LONGEST)
  )
}
