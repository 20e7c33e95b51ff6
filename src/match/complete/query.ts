import { streetKeys } from '../../gazetteer/streetsKey.ts'
import { type TypeWord, typeWordAt } from '../../parse/typeWords.ts'
import { boundsOf, type TypedName, typedName } from '../../text/nameList.ts'
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
}

/** What is being typed. */
export interface Query {
  readonly text: string
  readonly tokens: readonly Token[]
  /** The token behind the house number that begins at a token; the token itself where none does. */
  houseEnd(at: number): number
  /** How a span reads as a street: with, and without, what may be its type word. */
  street(span: Span): readonly TypedSpan[]
  /** How a span reads as a unit, with the type word before its name; null for a type word alone. */
  unit(span: Span): TypedUnit | null
}

/** Queries of more words are addresses, not names that are being typed. */
export const MOST_TOKENS = 18

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
  return {
    text,
    tokens,
    houseEnd: (at) => houseEnd(tokens, at),
    street: (span) =>
      streetKeys(written(span))
        .filter((key) => key !== '')
        .map((key) => typed(key, span)),
    unit(span) {
      const within = span.before < tokens.length ? tokens.slice(0, span.before) : tokens
      const type = typeWordAt(within, span.from)
      const name = { from: span.from + (type?.length ?? 0), before: span.before }
      if (name.from >= name.before) return null
      const folded = foldedOf(tokens, name)
      // "10" is a unit only as "Phường 10".
      if (!type && /^\d+$/.test(folded)) return null
      return Object.assign(typed(folded, name), { type })
    },
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
