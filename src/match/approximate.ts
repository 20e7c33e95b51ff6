import type { NameIndex, PlainName } from '../gazetteer/names.ts'
import type { Province } from '../gazetteer/types.ts'
import type { Line } from '../parse/line.ts'
import { LEVEL_TYPES, type Mention, typeWordsBefore } from '../parse/mentions.ts'
import type { Parts } from '../parse/parts.ts'
import { allowedEdits, canBeNear, editDistance, letterMask, MOST_LETTERS } from '../text/edits.ts'
import { Gap } from '../text/tokens.ts'

/** Letters of a name at the least; of one that fills a comma part ("vin, Nghệ An") one less. */
const SHORTEST = 4
const SHORTEST_PART = 3
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
 * from what the line says; `typedOnly` looks at what stands behind a type word. Bounded: only free words are compared, with the names of a few provinces.
 */
export function findApproximate(
  line: Line,
  parts: Parts,
  provinces: readonly Province[] | null,
  index: NameIndex,
  typedOnly = false,
): Mention[] {
  const windows = findWindows(line, parts)
  const types = typeWordsBefore(line)
  const names =
    provinces === null ? index.provinceNames : provinces.flatMap((province) => index.namesIn(province))
  const mentions: Mention[] = []
  for (const window of windows) {
    if (typedOnly && !types[window.from]) continue
    const near = nearest(window, names)
    if (near.names.length === 0) continue
    const typeWord = types[window.from] ?? null
    const fitting = typeWord
      ? near.names.filter(({ sense }) => typeWord.types.some((type) => LEVEL_TYPES[sense.level].has(type)))
      : near.names
    const { from, to } = window
    if (typeWord && fitting.length > 0)
      mentions.push({
        from: from - typeWord.length,
        to,
        nameFrom: from,
        typeWord,
        senses: fitting,
        edits: near.edits,
      })
    else mentions.push({ from, to, nameFrom: from, typeWord: null, senses: near.names, edits: near.edits })
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
      if (letters.length >= (whole ? SHORTEST_PART : SHORTEST) && !/^\d/.test(letters))
        windows.push({ from, to, letters, mask: letterMask(letters) })
    }
  }
  return windows
}

const masks = new WeakMap<PlainName, number>()

function nearest(window: Window, names: readonly PlainName[]): { names: PlainName[]; edits: number } {
  const { letters, mask } = window
  let found: PlainName[] = []
  let best = allowedEdits(letters.length + (letters.length < SHORTEST ? 1 : 0))
  if (best === 0) return { names: found, edits: 0 }
  for (const name of names) {
    const limit = Math.min(best, allowedEdits(name.letters.length))
    if (limit === 0 || Math.abs(name.letters.length - letters.length) > limit) continue
    let nameMask = masks.get(name)
    if (nameMask === undefined) {
      nameMask = letterMask(name.letters)
      masks.set(name, nameMask)
    }
    if (!canBeNear(mask, nameMask, limit)) continue
    const edits = editDistance(letters, name.letters, limit)
    if (edits > limit) continue
    if (edits < best) found = []
    best = edits
    found.push(name)
  }
  return { names: found, edits: Math.max(best, BLANKS_ONLY) }
}
