import { Gap } from '../../text/tokens.ts'
import { numberRun } from '../numberRun.ts'
import type { Parts } from '../parts.ts'
import { phraseEnd } from '../phrase.ts'
import { keywordAt, keywords } from '../words.ts'

const WORDS = keywords<'any' | 'numbered'>({
  đường: 'any',
  'đường số': 'any',
  phố: 'any',
  'đại lộ': 'any',
  đl: 'any',
  đ: 'any',
  p: 'any',
  'quốc lộ': 'any',
  'tỉnh lộ': 'any',
  'hương lộ': 'any',
  'liên tỉnh lộ': 'any',
  ql: 'numbered',
  tl: 'numbered',
  đt: 'numbered',
  dt: 'numbered',
  đh: 'numbered',
  hl: 'numbered',
  ltl: 'numbered',
})

/**
 * The street: behind its word ("Đường số 10", "QL1A"), else what follows the house number or the innermost alley, else the
 * first words of the line that nothing else explains. Written with its word where it has one.
 */
export function street(parts: Parts): void {
  if (streetByWord(parts)) return
  const { tokens } = parts.line
  const door = parts.list.filter(({ part }) => part === 'houseNumber' || part === 'alley')
  const after = Math.max(-1, ...door.map(({ to }) => to))
  if (after >= 0 && takeName(parts, after)) return
  if (after >= 0) return
  for (let i = 0; i < tokens.length; i++)
    if (parts.free(i) && parts.startsSegment(i)) {
      if (!tokens[i]!.digits) takeName(parts, i)
      return
    }
}

function streetByWord(parts: Parts): boolean {
  const { tokens } = parts.line
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.free(i)) continue
    const word = keywordAt(tokens, i, WORDS)
    if (!word) continue
    const after = i + word.folds.length
    if (!parts.free(after) || tokens[after]!.gap >= Gap.dash) continue
    const number = numberRun(parts, after)
    if (word.kind === 'numbered' && number === after) continue
    // One letter ("Đ.", "P.") needs its dot or a name behind it in the same part.
    if (word.folds[0]!.length === 1 && tokens[after]!.gap === Gap.joined) continue
    const end = number > after ? streetNumberEnd(parts, number) : phraseEnd(parts, after)
    if (end === after) continue
    parts.add('street', i, end)
    return true
  }
  return false
}

/** "Đường 3 tháng 2" and "Đường 30 Tháng 4" go on behind their first number. */
function streetNumberEnd(parts: Parts, end: number): number {
  const { tokens } = parts.line
  const month =
    parts.free(end) && parts.free(end + 1) && tokens[end]!.fold === 'thang' && tokens[end + 1]!.digits
  return month ? end + 2 : end
}

function takeName(parts: Parts, i: number): boolean {
  if (!parts.free(i)) return false
  const number = numberRun(parts, i)
  const end = number > i ? streetNumberEnd(parts, number) : phraseEnd(parts, i)
  if (end === i) return false
  parts.add('street', i, end)
  return true
}
