import { streetKeys } from '../../gazetteer/streetsKey.ts'
import { type TypeWord, typeWordAt } from '../../parse/typeWords.ts'
import { distancesFrom } from '../../text/edits.ts'
import { boundsOf, type TypedName, typedName, type Work } from '../../text/nameList.ts'
import { Gap, type Token, tokenize } from '../../text/tokens.ts'
import { type TypedMarks, typedMarks } from './marks.ts'

/** Tokens of one part of the query: from, and before which. */
export interface Span {
  readonly from: number
  readonly before: number
}

/** A name that stands in a span of the query. */
export interface TypedSpan extends TypedName {
  /** Where its words begin in its key. */
  readonly bounds: number
  /** Its words that bear marks; null when none does. */
  readonly marks: TypedMarks | null
}

export interface TypedUnit extends TypedSpan {
  /** The type word in front of its name. */
  readonly type: TypeWord | null
  /** Whether a word that is left out in front of it was one with a letter wrong. */
  readonly slip: boolean
}

/** What is being typed. */
export interface Query {
  readonly text: string
  readonly tokens: readonly Token[]
  /** What is left of the names that may be compared word by word. */
  readonly work: Work
  /** The token behind the house number that begins at a token; the token itself where none does. */
  houseEnd(at: number): number
  /** How a span reads as a street: with, and without, what may be its type word. */
  street(span: Span): readonly TypedSpan[]
  /** How a span reads as a unit, with the type word before its name; null for a type word alone. */
  unit(span: Span): TypedUnit | null
  /** The same behind a type word with a letter wrong; null where there is none. */
  unitBehindSlip(span: Span): TypedUnit | null
  /** Whether all that is left from a token is the beginning of a type word: 1 a whole one, 0 none. */
  typeBegun(at: number): number
}

/** Queries of more words are addresses, not names that are being typed. */
const MOST_TOKENS = 18
/** Names that one query compares word by word: some milliseconds. */
const MOST_WORK = 60_000

/** Null for a text with nothing to complete, or too much. */
export function readQuery(text: string): Query | null {
  const tokens = tokenize(text)
  if (tokens.length === 0 || tokens.length > MOST_TOKENS) return null
  const written = ({ from, before }: Span) => text.slice(tokens[from]!.start, tokens[before - 1]!.end)
  // People leave a name unfinished and go on behind the comma too: "hàng tr, hoàn k".
  const isOpen = ({ before }: Span) => before === tokens.length || tokens[before]!.gap >= Gap.comma
  const typed = (folded: string, span: Span): TypedSpan =>
    Object.assign(typedName(folded, isOpen(span)), {
      bounds: boundsOf(folded),
      marks: typedMarks(written(span).replace(STREET_WORD, ''), isOpen(span)),
    })
  const unit = (span: Span, slip: boolean): TypedUnit | null => {
    const within = span.before < tokens.length ? tokens.slice(0, span.before) : tokens
    const type = slip ? null : typeWordAt(within, span.from)
    const name = { from: span.from + (type?.length ?? 0), before: span.before }
    if (name.from >= name.before) return null
    const folded = foldedOf(tokens, name)
    // "10" is a unit only as "Phường 10".
    if (!type && /^\d+$/.test(folded)) return null
    return Object.assign(typed(folded, name), { type, slip })
  }
  return {
    text,
    tokens,
    work: { left: MOST_WORK },
    houseEnd: (at) => houseEnd(tokens, at),
    street: (span) =>
      streetKeys(written(span))
        .filter((key) => key !== '')
        .map((key) => typed(key, span)),
    unit: (span) => unit(span, false),
    unitBehindSlip(span) {
      const length = slipLength(tokens, span)
      return length === 0 ? null : unit({ from: span.from + length, before: span.before }, true)
    },
    typeBegun: (at) => typeBegun(foldedOf(tokens, { from: at, before: tokens.length })),
  }
}

/** In front of the name of a street, whose marks it has not. */
const STREET_WORD = /^(?:đường|phố)[\s.]+(?=\S)/i

/** As `fold` does it. */
function foldedOf(tokens: readonly Token[], { from, before }: Span): string {
  let folded = tokens[from]!.fold
  for (let i = from + 1; i < before; i++)
    folded += tokens[i]!.gap === Gap.joined ? tokens[i]!.fold : ` ${tokens[i]!.fold}`
  return folded
}

const BEFORE_NUMBER = new Set(['so', 'sn', 'nha', 'k', 'h', 'ngo', 'ngach', 'hem', 'kiet', 'lo'])
const SUFFIX = /^(?:[a-z]|bis|ter)$/

/** "12", "12A", "130/20/14/3", "số nhà 12bis", "K448/H20/2", "25 ngách 34/56 ngõ 78": at most to the first other word. */
function houseEnd(tokens: readonly Token[], at: number): number {
  let end = at
  let i = at
  let digits = 0
  while (i < tokens.length) {
    const token = tokens[i]!
    if (i > at && token.gap >= Gap.other) break
    // "105 3/2" is house 105 in the street of that name.
    if (i > at && token.digits && tokens[i - 1]!.digits && token.gap === Gap.space) break
    if (token.digits) {
      // A phone number is none.
      if (token.end - token.start > 5) return at
      digits++
      end = i + 1
    } else if (i > at && tokens[i - 1]!.digits && SUFFIX.test(token.fold) && isSuffix(tokens, i)) end = i + 1
    else if (!BEFORE_NUMBER.has(token.fold)) break
    i++
  }
  return digits > 0 ? end : at
}

/** "12A Lê Lợi" and "12 A Lê Lợi", but not the "L" of "12 L". */
const isSuffix = (tokens: readonly Token[], i: number) =>
  tokens[i]!.gap === Gap.joined || tokens[i]!.gap === Gap.slash || tokens[i]!.fold.length > 1

const TYPE_WORDS = ['phuong', 'xa', 'thi tran', 'quan', 'huyen', 'thi xa', 'thanh pho', 'tinh', 'dac khu']
const SHORT_TYPES = ['p', 'f', 'x', 'tt', 'q', 'h', 'tx', 'tp', 't']

function typeBegun(folded: string): number {
  if (TYPE_WORDS.includes(folded) || SHORT_TYPES.includes(folded)) return 1
  const word = TYPE_WORDS.find((type) => type.startsWith(folded))
  return word ? folded.length / word.length : 0
}

/** How many tokens at the beginning of a part are a type word with one letter wrong: "hueyn", "thanh pvo"; 0 for none. */
function slipLength(tokens: readonly Token[], { from, before }: Span): number {
  for (const type of TYPE_WORDS) {
    const length = type.split(' ').length
    if (before - from <= length) continue
    const typed = foldedOf(tokens, { from, before: from + length })
    if (typed !== type && Math.abs(typed.length - type.length) < 2 && distancesFrom(type)(typed) === 1)
      return length
  }
  return 0
}
