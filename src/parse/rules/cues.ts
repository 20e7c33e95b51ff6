import type { Line } from '../line.ts'

import { ANY_NUMBER, tableBit } from '../words.ts'

/** All matches of a global pattern; `matchAll` makes a copy of the pattern every time. */
export function allMatches(text: string, pattern: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    found.push(match)
    if (match[0] === '') pattern.lastIndex++
  }
  return found
}

/** Folded words that may begin something, each with what may follow: words, a number (`#`), or anything (null). */
export interface Cues {
  readonly bit: number
  readonly seconds: ReadonlyMap<string, ReadonlySet<string> | null>
}

/** Makes cues from lines "first: second second ...", "first" alone = whatever follows. */
export function cues(lines: readonly string[]): Cues {
  const seconds = new Map(
    lines.flatMap((line) => {
      const [firsts, follow] = line.split(':') as [string, string?]
      const list = follow === undefined ? null : new Set(follow.trim().split(' '))
      return firsts.split(' ').map((first) => [first, list] as const)
    }),
  )
  return { bit: tableBit(seconds.keys()), seconds }
}

/** Whether some word of the line is a cue: a cheap look before patterns are tried. A line whose words were put together anew may hold any. */
export function hasCue({ tokens, lore, origin }: Line, { bit, seconds }: Cues): boolean {
  if (origin) return true
  for (let i = 0; i < tokens.length; i++) {
    if ((lore[i]!.tables & bit) === 0) continue
    const { fold, digits } = tokens[i]!
    const follow = seconds.get(digits ? ANY_NUMBER : fold)!
    if (follow === null) return true
    const next = tokens[i + 1]
    if (next && follow.has(next.digits ? ANY_NUMBER : next.fold)) return true
  }
  return false
}
