import { BASE, MARK } from './letters.ts'
import type { Syllables } from './syllables.ts'
import { type Folded, Gap, isFinalI, syllableOf, type Token, tokenize } from './tokens.ts'

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
/** Letters of one word at the most. */
const LONGEST_WORD = 24
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

/** A word in which such a letter may be lost, by its `accent`. */
const MAYBE_LOST_D = /d+u+o+n*g+|d+n*g+|d$/

/**
 * Puts words right that lost their blanks or got blanks inside ("tr ần nh ật du ật", "ThànhphốHàNội") and letters đ that
 * became "duong ". null when nothing in the text asks for it, so that a clean text costs only a look at its tokens.
 */
export function respace(
  text: string,
  tokens: readonly Token[],
  syllables: Syllables,
  soundOf: (token: Token) => number,
): Respaced | null {
  let marked = false
  let maybeLost = false
  let broken = false
  let long = false
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    if (token.digits || isOfNumber(tokens, i)) continue
    const sound = soundOf(token)
    marked ||= token.marked
    maybeLost ||= (sound & MAYBE_LOST) !== 0
    broken ||= isBroken(sound, tokens[i + 1])
    long ||= (sound & LONG) !== 0
  }
  broken ||= long && !marked
  const lostD = marked && maybeLost && text.search(LOST_D) >= 0
  if (!lostD && !broken) return null
  if (!lostD) return putApart(identity(text), tokens, syllables, soundOf)
  const restored = restoreD(text)
  return putApart(restored, tokenize(restored.text), syllables, soundOf) ?? restored
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

/** What can be said of a word by itself. */
const BROKEN = 1
/** The rest of the syllable may stand behind a blank ("ch âu", "qu ảng"). */
const BROKEN_BY_NEXT = 2
const MAYBE_LOST = 4
/** Long and without any mark: broken in a line without marks or with other broken words, else a word of another language ("Riverside"). */
const LONG = 8

/** What the letters of a word say, for `respace`; the same for every text in which it stands. */
export function soundness(word: Folded, syllables: Syllables): number {
  return word.digits ? 0 : judge(word, syllables) | (MAYBE_LOST_D.test(word.accent) ? MAYBE_LOST : 0)
}

function judge({ fold, accent, marked: bears }: Folded, { marked, bare }: Syllables): number {
  if (SYLLABLE.test(fold)) return 0
  if (bare.has(fold)) return bears && !marked.has(accent) ? BROKEN : 0
  // "Đ." and "đ/c" are abbreviations.
  if (bears && fold !== 'd') return BROKEN
  if (fold.length > LONGEST) return LONG
  return BROKEN_BY_NEXT | (!VOWEL.test(fold) && !ABBREVIATIONS.has(fold) ? BROKEN : 0)
}

const isBroken = (sound: number, next: Token | undefined, whole = true): boolean =>
  (sound & BROKEN) !== 0 ||
  (!whole && (sound & LONG) !== 0) ||
  ((sound & BROKEN_BY_NEXT) !== 0 && next?.gap === Gap.space && next.marked && VOWEL.test(next.fold[0]!))

function identity(text: string): Respaced {
  const origin = new Int32Array(text.length)
  for (let i = 0; i < origin.length; i++) origin[i] = i
  return { text, origin }
}

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

/** Whether the letters of two words may be one word's: not across a number, a comma, or the dot of an abbreviation ("Đ. Đề Thám"). */
const goesOn = (word: Token, next: Token): boolean =>
  !next.digits && next.gap <= Gap.dot && !(next.gap === Gap.dot && ABBREVIATIONS.has(word.fold))

/** The letter of "314B Âu Cơ" begins no word. */
const isOfNumber = (tokens: readonly Token[], i: number): boolean =>
  i > 0 && tokens[i]!.fold.length === 1 && tokens[i]!.gap === Gap.joined && tokens[i - 1]!.digits

/** null when every word is best left as it is. */
function putApart(
  { text, origin }: Respaced,
  tokens: readonly Token[],
  syllables: Syllables,
  soundOf: (token: Token) => number,
): Respaced | null {
  let out = ''
  const places: number[] = []
  // Where other words are broken a long one may be as well.
  const whole =
    tokens.some((token) => token.marked) &&
    !tokens.some((token, i) => !token.digits && isBroken(soundOf(token), tokens[i + 1]))
  const copy = (from: number, to: number) => {
    out += text.slice(from, to)
    for (let i = from; i < to; i++) places.push(origin[i]!)
  }
  let at = 0
  for (let i = 0; i < tokens.length; ) {
    let end = i + 1
    if (!tokens[i]!.digits && !isOfNumber(tokens, i))
      while (end < tokens.length && goesOn(tokens[end - 1]!, tokens[end]!)) end++
    const run = tokens.slice(i, end)
    i = end
    if (run[0]!.digits || !run.some((token, k) => isBroken(soundOf(token), run[k + 1], whole))) continue
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
  if (at === 0) return null
  copy(at, text.length)
  return { text: out, origin: Int32Array.from(places) }
}

/** The cheapest way to make words of the letters of a run, each its places in the text; null for the words that there are. */
function bestWords(text: string, run: readonly Token[], syllables: Syllables): number[][] | null {
  const letters: number[] = []
  const cuts: number[] = []
  let joined = ''
  for (const { start, end, fold } of run) {
    for (let i = start; i < end; i++) {
      letters.push(i)
      // Before the first letter of a word stands a break already.
      cuts.push(i === start ? 0 : fold.length > SHORT ? CUT : CUT_SHORT)
    }
    joined += text.slice(start, end)
  }
  const { length } = letters
  if (length > MOST_LETTERS) return null
  const isBreak = (i: number) => i === length || cuts[i] === 0
  const best = new Float64Array(length + 1).fill(Number.POSITIVE_INFINITY)
  const from = new Int32Array(length + 1)
  best[0] = 0
  for (let start = 0; start < length; start++) {
    if (best[start] === Number.POSITIVE_INFINITY) continue
    const before = best[start]! + cuts[start]!
    const word = new Letters(syllables)
    let inner = 0
    for (let end = start + 1; end <= length && end - start <= LONGEST_WORD; end++) {
      if (end - 1 > start && isBreak(end - 1)) inner++
      const intact = inner === 0 && isBreak(start) && isBreak(end)
      word.add(BASE[joined.charCodeAt(end - 1)]!)
      // A letter keeps its combining marks beside it.
      if (end < length && BASE[joined.charCodeAt(end)] === MARK) continue
      if (!intact && end - start > LONGEST + 4) {
        if (inner > 0 || !isBreak(start)) break
        continue
      }
      const cost = wordCost(word, joined, start, end, intact, syllables)
      const total = before + cost + inner * JOIN
      // Of equals the shorter last word.
      if (total <= best[end]!) {
        best[end] = total
        from[end] = start
      }
    }
  }
  if (isAsItIs(run, from)) return null
  const words: number[][] = []
  for (let end = length; end > 0; end = from[end]!) words.unshift(letters.slice(from[end]!, end))
  return words
}

/** Whether the words end just where they end in the run. */
function isAsItIs(run: readonly Token[], from: Int32Array): boolean {
  let end = from.length - 1
  for (let k = run.length - 1; k >= 0; k--) {
    const start = end - (run[k]!.end - run[k]!.start)
    if (from[end] !== start) return false
    end = start
  }
  return true
}

function wordCost(
  word: Letters,
  joined: string,
  start: number,
  end: number,
  intact: boolean,
  { marked }: Syllables,
): number {
  const { length } = word
  const short = length === 1 && !intact ? ONE_LETTER : 0
  if (word.isSyllable)
    return (marked.has(syllableOf(joined.slice(start, end)).accent) ? KNOWN : MISSPELLED) + short
  if (intact && SYLLABLE.test(syllableOf(joined.slice(start, end)).fold)) return MISSPELLED
  if (word.isSyllableButDoubled) return DOUBLED + short
  if (!intact)
    return length > 1 && length <= LONGEST
      ? STRANGE_PIECE + STRANGE_LETTER * length
      : Number.POSITIVE_INFINITY
  return (
    STRANGE + STRANGE_LETTER * Math.min(length, LONGEST) + STRANGE_LONG_LETTER * Math.max(0, length - LONGEST)
  )
}

/** A word that grows letter by letter, held against the known syllables. */
class Letters {
  length = 0
  private readonly syllables: Syllables
  /** Where the letters lead in the syllables, and where all but the last lead. */
  private node = 0
  private before = 0
  /** The same without the first letter that stands twice; -1 when none does. */
  private single = -1
  private singleBefore = -1
  private doubled = false
  /** The last three letters. */
  private last = 0
  private second = 0
  private third = 0

  constructor(syllables: Syllables) {
    this.syllables = syllables
  }

  add(letter: number): void {
    if (letter === MARK) return
    const { syllables, node, single } = this
    if (this.doubled) {
      this.singleBefore = single
      this.single = syllables.step(single, letter)
    } else if (letter === this.last) {
      this.doubled = true
      this.singleBefore = this.before
      this.single = node
    }
    this.before = node
    this.node = syllables.step(node, letter)
    this.third = this.second
    this.second = this.last
    this.last = letter
    this.length++
  }

  get isSyllable(): boolean {
    return this.isEnd(this.node, this.before)
  }

  /** "ggấm", "kỳỳ". */
  get isSyllableButDoubled(): boolean {
    return this.isEnd(this.single, this.singleBefore)
  }

  private isEnd(node: number, before: number): boolean {
    const { syllables, last, second, third } = this
    return syllables.isSyllable(isFinalI(last, second, third) ? syllables.step(before, 0x69) : node)
  }
}
