import { NamedSenses } from '../gazetteer/namedSenses.ts'
import type { NamedSense, NameIndex } from '../gazetteer/names.ts'
import type { Province } from '../gazetteer/types.ts'
import type { Line } from '../parse/line.ts'
import { type Mention, typeWordsBefore } from '../parse/mentions.ts'
import type { Parts } from '../parse/parts.ts'
import { isTypeWord } from '../parse/typeWords.ts'
import { allowedEdits, letterMask, MOST_LETTERS } from '../text/edits.ts'
import type { NearNames } from '../text/nearNames.ts'
import { Gap } from '../text/tokens.ts'

/** Letters of a name at the least; of one that fills a comma part ("vin, Nghệ An") one less. */
const SHORTEST = 4
const SHORTEST_PART = 3
/** Letters at the least of a single word behind others of its comma part: "37 Châu Long, quận Ba Đình" is not in Láng. */
const SHORTEST_TAIL = 6
/** Runs of words that are compared at the most. */
const MOST_WINDOWS = 80
const MOST_TYPED_WINDOWS = 12
/** Words of one name at the most. */
const MOST_WORDS = 6

/** Only blanks stand wrong: half as bad as a wrong letter. */
const BLANKS_ONLY = 0.5

/** A run of tokens that may be a name with letters wrong. */
interface Window {
  readonly from: number
  readonly to: number
  readonly letters: string
  /** Which letters occur: two words k edits apart differ in at most 2k of them. */
  readonly mask: number
}

/**
 * Names of provinces, and of the units in the given ones, that are a few wrong, missing, doubled or swapped letters away
 * from what the line says; `typedOnly` looks only at what stands behind a type word. Bounded: few words and few provinces.
 */
export function findApproximate(
  line: Line,
  parts: Parts,
  provinces: readonly Province[] | null,
  index: NameIndex,
  typedOnly = false,
): Mention[] {
  const types = typeWordsBefore(line)
  const windows = findWindows(line, parts).filter(
    (window) => types[window.from] || !isShortTail(line, window),
  )
  const names =
    provinces === null ? [index.provinceNames] : provinces.map((province) => index.namesIn(province))
  const mentions: Mention[] = []
  const compared = typedOnly ? windows.filter(({ from }) => types[from]).slice(-MOST_TYPED_WINDOWS) : windows
  for (const window of compared) {
    const near = nearest(window, names)
    if (near.names.length === 0) continue
    const typeWord = types[window.from] ?? null
    const senses = new NamedSenses(near.names)
    const fitting = typeWord ? senses.ofLevels(typeWord.levels) : null
    const { from, to } = window
    if (typeWord && fitting)
      mentions.push({
        from: from - typeWord.length,
        to,
        nameFrom: from,
        typeWord,
        senses: fitting,
        edits: near.edits,
      })
    else mentions.push({ from, to, nameFrom: from, typeWord: null, senses, edits: near.edits })
  }
  return mentions
}

function findWindows({ tokens }: Line, parts: Parts): Window[] {
  const windows: Window[] = []
  for (let from = 0; from < tokens.length; from++) {
    let letters = ''
    for (let to = from + 1; to <= tokens.length && to - from <= MOST_WORDS; to++) {
      const token = tokens[to - 1]!
      if (!parts.free(to - 1) || (to - 1 > from && token.gap >= Gap.comma)) break
      letters += token.fold
      if (letters.length > MOST_LETTERS) break
      const whole =
        tokens[from]!.gap >= Gap.comma || from === 0 ? (tokens[to]?.gap ?? Gap.comma) >= Gap.comma : false
      // "Phường" alone is no misspelled name.
      if (to === from + 1 && isTypeWord(token)) continue
      if (letters.length >= (whole ? SHORTEST_PART : SHORTEST) && !/^\d/.test(letters))
        windows.push({ from, to, letters, mask: letterMask(letters) })
    }
  }
  // Units stand at the end of a line.
  return windows.slice(-MOST_WINDOWS)
}

/** A short last word of a comma part that has more words: the end of another name, sooner than a unit with a letter wrong. */
const isShortTail = ({ tokens }: Line, { from, to, letters }: Window): boolean =>
  to === from + 1 &&
  letters.length < SHORTEST_TAIL &&
  from > 0 &&
  tokens[from]!.gap < Gap.comma &&
  (tokens[to]?.gap ?? Gap.space) >= Gap.comma

function nearest(
  { letters, mask }: Window,
  lists: readonly NearNames<NamedSense>[],
): { names: NamedSense[]; edits: number } {
  let names: NamedSense[] = []
  let best = allowedEdits(letters.length + (letters.length < SHORTEST ? 1 : 0))
  for (const list of lists)
    best = list.nearest(letters, mask, best, allowedEdits, (all, edits) => {
      if (edits < best) names = []
      best = edits
      names.push(...all)
    })
  return { names, edits: Math.max(best, BLANKS_ONLY) }
}
