import type { Line } from '../line.ts'

/** Folded words that may begin something, each with what may follow: words, a number (`#`), or anything (null). */
export type Cues = ReadonlyMap<string, ReadonlySet<string> | null>

/** Makes cues from lines "first: second second ...", "first" alone = whatever follows. */
export function cues(lines: readonly string[]): Cues {
  return new Map(
    lines.flatMap((line) => {
      const [firsts, seconds] = line.split(':') as [string, string?]
      const list = seconds === undefined ? null : new Set(seconds.trim().split(' '))
      return firsts.split(' ').map((first) => [first, list] as const)
    }),
  )
}

/** Whether some word of the line is a cue: a cheap look before patterns are tried. A line whose words were put together anew may hold any. */
export function hasCue({ tokens, origin }: Line, table: Cues): boolean {
  if (origin) return true
  for (let i = 0; i < tokens.length; i++) {
    const { fold, digits } = tokens[i]!
    const seconds = table.get(digits ? '#' : fold)
    if (seconds === undefined) continue
    if (seconds === null) return true
    const next = tokens[i + 1]
    if (next && seconds.has(next.digits ? '#' : next.fold)) return true
  }
  return false
}
