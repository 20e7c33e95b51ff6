import { Gap } from '../../text/tokens.ts'
import { type TokenSpan, written } from '../line.ts'
import { typeWordsBefore } from '../mentions.ts'
import type { Parts } from '../parts.ts'
import { phraseEnd } from '../phrase.ts'
import type { TypeWord } from '../typeWords.ts'
import type { KnownWords } from './streets.ts'

const MOST_WORDS = 5
/** No ward had a higher number. */
const HIGHEST = 99

/**
 * The commune that a line names though no list has one of that name there: "15 Lê Lợi, P. Minh Nghĩa, TP Huế". It is neither
 * a street nor the name of a place; it stays unresolved. For lines whose units are known and hold no commune.
 */
export function unknownCommune(parts: Parts, known: Pick<KnownWords, 'street'>): TokenSpan | null {
  const words = typeWordsBefore(parts.line)
  for (let name = words.length - 1; name > 0; name--) {
    const word = words[name]
    if (!word || !isFree(parts, name - word.length, name + 1)) continue
    const end = nameEnd(parts, name)
    if (end === name || !namesCommune(parts, word, name, end, known)) continue
    const span = { from: name - word.length, to: end }
    parts.add('unknown', span.from, span.to)
    return span
  }
  return null
}

function namesCommune(
  parts: Parts,
  { types, length, short }: TypeWord,
  name: number,
  end: number,
  known: Pick<KnownWords, 'street'>,
): boolean {
  const { line } = parts
  const from = name - length
  const before = line.tokens[from - 1]
  const begins = parts.startsSegment(from)
  if (!short) {
    if (types[0] !== 'phuong' && types[0] !== 'xa' && types[0] !== 'thi-tran') return false
    // "hợp tác xã Thống Nhất"; "nguyen tri phuong"; "15 Xã Đàn".
    if (before?.fold === 'tac' && !begins) return false
    return (begins || line.tokens[from]!.marked) && !known.street(written(line, from, end))
  }
  if (types[0] !== 'phuong' && types[0] !== 'xa') return false
  // "15, P. Trần Phú" and "15 P. Trần Phú" are streets ("phố").
  const behindName = before !== undefined && !before.digits
  if (line.tokens[name]!.digits) return begins && !before?.digits
  return behindName || (begins && !known.street(written(line, name, end)))
}

/** A number, or words up to a comma, a unit or a word that begins another part. */
function nameEnd(parts: Parts, name: number): number {
  const token = parts.line.tokens[name]!
  if (!token.digits) return phraseEnd(parts, name, MOST_WORDS)
  const next = parts.line.tokens[name + 1]
  const whole = !next || (next.gap !== Gap.joined && next.gap !== Gap.slash && next.gap !== Gap.hyphen)
  return whole && Number(token.fold) <= HIGHEST ? name + 1 : name
}

function isFree(parts: Parts, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!parts.free(i)) return false
  return true
}
