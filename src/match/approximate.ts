import type { NameIndex, PlainName } from '../gazetteer/names.ts'
import type { Province } from '../gazetteer/types.ts'
import type { Line } from '../parse/line.ts'
import { LEVEL_TYPES, type Mention, typeWordsBefore } from '../parse/mentions.ts'
import type { Parts } from '../parse/parts.ts'
import { Gap } from '../text/tokens.ts'

/** Words of one name at the most, and letters of a word compared. */
const MOST_WORDS = 6
const MOST_LETTERS = 24
/** Edits allowed by the length of the name in letters. */
const allowed = (length: number) => (length < 4 ? 0 : length < 7 ? 1 : length < 12 ? 2 : 3)

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
      if (letters.length >= 4 && !/^\d/.test(letters))
        windows.push({ from, to, letters, mask: maskOf(letters) })
    }
  }
  return windows
}

const masks = new WeakMap<PlainName, number>()

function nearest(window: Window, names: readonly PlainName[]): { names: PlainName[]; edits: number } {
  const { letters, mask } = window
  let found: PlainName[] = []
  let best = allowed(letters.length)
  if (best === 0) return { names: found, edits: 0 }
  for (const name of names) {
    const limit = Math.min(best, allowed(name.letters.length))
    if (limit === 0 || Math.abs(name.letters.length - letters.length) > limit) continue
    let nameMask = masks.get(name)
    if (nameMask === undefined) {
      nameMask = maskOf(name.letters)
      masks.set(name, nameMask)
    }
    if (bits(mask ^ nameMask) > 2 * limit) continue
    const edits = distance(letters, name.letters, limit)
    if (edits > limit) continue
    if (edits < best) found = []
    best = edits
    found.push(name)
  }
  return { names: found, edits: Math.max(best, BLANKS_ONLY) }
}

function maskOf(letters: string): number {
  let mask = 0
  for (let i = 0; i < letters.length; i++) {
    const code = letters.charCodeAt(i)
    mask |= 1 << (code >= 97 ? code - 97 : 26 + (code & 3))
  }
  return mask
}

function bits(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

const WIDTH = MOST_LETTERS + 4
const rows = [new Int8Array(WIDTH), new Int8Array(WIDTH), new Int8Array(WIDTH)]

/** Insertions, deletions, changes and swaps of neighbours between two words; more than `limit` is `limit` + 1. */
function distance(a: string, b: string, limit: number): number {
  if (b.length >= WIDTH) return limit + 1
  let [before, last, row] = rows as [Int8Array, Int8Array, Int8Array]
  for (let j = 0; j <= b.length; j++) last[j] = j
  for (let i = 1; i <= a.length; i++) {
    row[0] = i
    let least = i
    const letter = a.charCodeAt(i - 1)
    for (let j = 1; j <= b.length; j++) {
      const other = b.charCodeAt(j - 1)
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (letter === other ? 0 : 1))
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other)
        cost = Math.min(cost, before[j - 2]! + 1)
      row[j] = cost
      if (cost < least) least = cost
    }
    if (least > limit) return limit + 1
    const spare = before
    before = last
    last = row
    row = spare
  }
  return last[b.length]!
}
