import { type Token, tokenize } from '../text/tokens.ts'

/** A text cut into tokens, with what holds for the whole line. */
export interface Line {
  readonly text: string
  readonly tokens: readonly Token[]
  /** Some word bears a mark: then a name written without its marks is less likely meant. */
  readonly marked: boolean
}

/** A run of tokens, end excluded. */
export interface TokenSpan {
  readonly from: number
  readonly to: number
}

export function readLine(text: string): Line {
  const tokens = tokenize(text)
  return { text, tokens, marked: tokens.some((token) => token.accent !== token.fold) }
}

/** The text of a run of tokens as written. */
export function written(line: Line, from: number, to: number): string {
  return to > from ? line.text.slice(line.tokens[from]!.start, line.tokens[to - 1]!.end) : ''
}

export const overlaps = (a: TokenSpan, b: TokenSpan): boolean => a.from < b.to && b.from < a.to
