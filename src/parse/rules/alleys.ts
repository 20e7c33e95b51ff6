import { Gap } from '../../text/tokens.ts'
import { numberRun } from '../numberRun.ts'
import type { AlleyKind, Parts } from '../parts.ts'
import { keywordAt, keywords } from '../words.ts'

const WORDS = keywords<AlleyKind>({
  ngõ: 'ngo',
  ngỏ: 'ngo',
  'ngõ số': 'ngo',
  ng: 'ngo',
  ngách: 'ngach',
  'ngách số': 'ngach',
  ngh: 'ngach',
  hẻm: 'hem',
  hẽm: 'hem',
  'hẻm số': 'hem',
  kiệt: 'kiet',
})

/** "ngách 34/56 ngõ 78 Láng", "Hẻm 192 Võ Văn Kiệt": each alley with its number. */
export function alleys(parts: Parts): void {
  const { tokens } = parts.line
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.free(i)) continue
    const word = keywordAt(parts.line, i, WORDS)
    if (!word) continue
    const after = i + word.folds.length
    if (!parts.free(after) || tokens[after]!.gap > Gap.dot) continue
    const end = numberRun(parts, after)
    if (end === after) continue
    parts.add('alley', i, end, after, { alley: word.kind })
    i = end - 1
  }
}
