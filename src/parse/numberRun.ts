import { Gap, type Token } from '../text/tokens.ts'
import type { Line } from './line.ts'
import type { Parts } from './parts.ts'

const SUFFIX = new Set(['bis', 'ter', 'quater', 'kep'])

/**
 * The end of the number that begins at token `i`, or `i` when none does: digits and letters run together by slashes,
 * hyphens or nothing ("130/20/14/3", "K448/H20/2", "1099A", "14-16", "14;16", "40 bis").
 */
export function numberRun(parts: Parts, i: number): number {
  const { tokens, text } = parts.line
  if (!parts.free(i)) return i
  let digits = tokens[i]!.digits
  // "LK05", "Đ12", but no syllable: "dằ'16" is none.
  const { fold, accent } = tokens[i]!
  const syllable = fold.length > 3 || (fold.length > 1 && accent !== fold)
  if (!digits && (syllable || tokens[i + 1]?.gap === Gap.space)) return i
  let end = i + 1
  while (parts.free(end)) {
    const token = tokens[end]!
    const before = tokens[end - 1]!
    const joined = token.gap === Gap.joined || token.gap === Gap.slash || token.gap === Gap.hyphen
    const dotted = token.gap === Gap.dot && token.start === before.end + 1 && token.fold.length <= 3
    const listed = token.gap === Gap.comma && token.digits && before.digits && text[before.end] === ';'
    const central = isCentral(tokens[i]!, end, parts)
    if (!(joined || dotted || listed || central)) break
    // "20/Nguyễn Huệ", "20/Lê Lợi", "20/ le loi": the number ends before the word.
    if (!token.digits && !SUFFIX.has(token.fold) && isWord(token, token.start > before.end + 1)) break
    digits ||= token.digits
    end++
  }
  if (!digits) return i
  const suffix = end
  while (parts.free(end) && SUFFIX.has(tokens[end]!.fold) && tokens[end]!.gap === Gap.space) end++
  if (end > suffix) return end
  if (parts.free(end) && isLoneLetter(parts.line, end)) end++
  return end
}

/** More than the letters of a number ("20/AB"). */
const isWord = ({ fold, accent }: Token, apart: boolean): boolean =>
  fold.length > 3 || (fold.length > 1 && (apart || accent !== fold))

/** "K448 H20/2", "H15/3 K80": the kiệt and its hẻm with a blank between. */
function isCentral(first: Token, i: number, { line: { tokens } }: Parts): boolean {
  const token = tokens[i]!
  return (
    ((first.fold === 'k' && token.fold === 'h') || (first.fold === 'h' && token.fold === 'k')) &&
    token.gap === Gap.space &&
    tokens[i + 1]?.gap === Gap.joined
  )
}

/** "22 N," or "45/2 N Tổ 40": a capital by itself behind a number, with nothing of a name after it. */
function isLoneLetter(line: Line, i: number): boolean {
  const token = line.tokens[i]!
  const next = line.tokens[i + 1]
  const letter = line.text[token.start]!
  return (
    token.fold.length === 1 &&
    !token.digits &&
    token.gap === Gap.space &&
    letter !== letter.toLowerCase() &&
    (!next || next.gap >= Gap.dash)
  )
}
