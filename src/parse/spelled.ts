import { Gap } from '../text/tokens.ts'
import { written } from './line.ts'
import type { Parts } from './parts.ts'
import type { KnownWords } from './rules/streets.ts'

/** Words that the name of a street has at most. */
const LONGEST_NAME = 6

/**
 * Gives words without marks, which could begin a part of the line, the marks that they have in the name of a known street: the
 * "duong" of "an duong vuong" is Dương and begins no street, the "lang" of "12 lang ha" is no hamlet.
 */
export function spellWords(parts: Parts, known: Pick<KnownWords, 'spelling' | 'streetHere'>): void {
  const { line } = parts
  const { tokens, lore } = line
  for (let i = 0; i < tokens.length; i++) {
    const { digits, accent, fold } = tokens[i]!
    if (digits || accent !== fold || lore[i]!.tables === 0 || !parts.free(i)) continue
    const spelled = spelling(parts, i, known)
    if (spelled === undefined) continue
    line.spelled ??= []
    line.spelled[i] = spelled
  }
}

/** The word as the longest known name spells it that it stands in. */
function spelling(
  parts: Parts,
  i: number,
  known: Pick<KnownWords, 'spelling' | 'streetHere'>,
): string | undefined {
  const { line } = parts
  const { tokens } = line
  const isStreetWord = STREET_WORDS.has(tokens[i]!.fold)
  let first = i
  while (first > 0 && !parts.startsSegment(first) && i - first < LONGEST_NAME - 1) first--
  let last = i + 1
  while (parts.free(last) && tokens[last]!.gap < Gap.dash && last - first < 2 * LONGEST_NAME) last++
  for (let from = first; from <= i; from++) {
    // "duong quang ham": whether it begins with the word of a street or not, it is one.
    if (from === i && isStreetWord) break
    for (let to = Math.min(last, from + LONGEST_NAME); to > i && to - from >= 2; to--) {
      let name = tokens[from]!.fold
      for (let k = from + 1; k < to; k++) name += ` ${tokens[k]!.fold}`
      const accents = known.spelling(name)
      if (!accents) continue
      // "lang dong, xa Tan Thanh" begins with a hamlet, unless that is a street of the commune.
      if (from === i && parts.startsSegment(i) && !known.streetHere(written(line, from, to))) continue
      return accents[i - from]
    }
  }
  return undefined
}

const STREET_WORDS = new Set(['duong', 'pho'])
