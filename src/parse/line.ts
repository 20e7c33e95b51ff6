import type { NameIndex } from '../gazetteer/names.ts'
import { respace } from '../text/respace.ts'
import { type Token, tokenize } from '../text/tokens.ts'
import { type Lore, loreOf } from './lore.ts'
import type { Span } from './types.ts'

/** A text cut into tokens, with what holds for the whole line. */
export interface Line {
  /** The text as given. */
  readonly input: string
  /** The text as read: the input, with lost or stray blanks put right where that was needed. */
  readonly text: string
  /** The place in the input of each code unit of `text`; null when they are the same. */
  readonly origin: Int32Array | null
  readonly tokens: readonly Token[]
  /** Of each token what is known of its word. */
  readonly lore: readonly Lore[]
  /** Some word bears a mark: then a name written without its marks is less likely meant. */
  readonly marked: boolean
  /** Of words without marks those that they have in a known name, see `spellWords`. */
  spelled: (string | undefined)[] | null
}

/** A run of tokens, end excluded. */
export interface TokenSpan {
  readonly from: number
  readonly to: number
}

export function readLine(input: string, index: NameIndex): Line {
  const tokens = tokenize(input)
  const repaired = respace(input, tokens, index.syllables, (token) => loreOf(token, index).sound)
  if (!repaired) return lineOf(input, input, null, tokens, index)
  return lineOf(input, repaired.text, repaired.origin, tokenize(repaired.text), index)
}

function lineOf(
  input: string,
  text: string,
  origin: Int32Array | null,
  tokens: readonly Token[],
  index: NameIndex,
): Line {
  const lore = tokens.map((token) => loreOf(token, index))
  return { input, text, origin, tokens, lore, marked: tokens.some(({ marked }) => marked), spelled: null }
}

/** A span of the line's text as a span of the input. */
export function inInput({ origin }: Line, { start, end }: Span): Span {
  return origin ? { start: origin[start]!, end: origin[end - 1]! + 1 } : { start, end }
}

/** The text of a run of tokens as written. */
export function written(line: Line, from: number, to: number): string {
  return to > from ? line.text.slice(line.tokens[from]!.start, line.tokens[to - 1]!.end) : ''
}

export const overlaps = (a: TokenSpan, b: TokenSpan): boolean => a.from < b.to && b.from < a.to
