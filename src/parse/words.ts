import { type Folded, Gap, tokenize } from '../text/tokens.ts'
import type { Line } from './line.ts'

/** A keyword of one or more words with its marks, and what it stands for. */
export interface Keyword<Kind> {
  readonly folds: readonly string[]
  readonly accents: readonly string[]
  readonly kind: Kind
}

/** Phrases by their first word, the longest first. */
export interface Keywords<Kind> {
  readonly bit: number
  readonly byFirst: ReadonlyMap<string, readonly Keyword<Kind>[]>
}

/** By folded word the bits of the tables that it begins something in. */
const tables = new Map<string, number>()
let nextBit = 1

/** The tables in which something begins with this word, as bits: most words begin nothing, and one look tells so. */
export const tablesOf = ({ fold, digits }: Folded): number => tables.get(digits ? ANY_NUMBER : fold) ?? 0

/** Stands for any number among the words of a table. */
export const ANY_NUMBER = '#'

/** A bit for a table whose entries begin with these folded words; `Lore.tables` has it for each of them. */
export function tableBit(folds: Iterable<string>): number {
  const bit = nextBit
  nextBit <<= 1
  for (const fold of folds) tables.set(fold, (tables.get(fold) ?? 0) | bit)
  return bit
}

/** Whether any word of the line begins something in a table. */
export function hasTable({ lore }: Line, bit: number): boolean {
  for (let i = 0; i < lore.length; i++) if ((lore[i]!.tables & bit) !== 0) return true
  return false
}

/** Makes a look-up from phrases as they are written ("tổ dân phố"). */
export function keywords<Kind>(table: Record<string, Kind>): Keywords<Kind> {
  const byFirst = new Map<string, Keyword<Kind>[]>()
  for (const [text, kind] of Object.entries(table)) {
    const tokens = tokenize(text)
    const folds = tokens.map(({ fold }) => fold)
    const list = byFirst.get(folds[0]!) ?? []
    list.push({ folds, accents: tokens.map(({ accent }) => accent), kind })
    list.sort((a, b) => b.folds.length - a.folds.length)
    byFirst.set(folds[0]!, list)
  }
  return { bit: tableBit(byFirst.keys()), byFirst }
}

/**
 * The keyword that begins at token `i`: its words with their marks, or all without ("ngõ" or "ngo", never "Ngô" or the "ngo" of a
 * known name that has it).
 */
export function keywordAt<Kind>(
  { tokens, lore, spelled }: Line,
  i: number,
  { bit, byFirst }: Keywords<Kind>,
): Keyword<Kind> | null {
  if ((lore[i]!.tables & bit) === 0) return null
  for (const word of byFirst.get(tokens[i]!.fold)!) {
    let fits = i + word.folds.length <= tokens.length
    for (let k = 0; k < word.folds.length && fits; k++) {
      const token = tokens[i + k]!
      fits =
        token.fold === word.folds[k] &&
        (spelled?.[i + k] === undefined
          ? token.accent === word.accents[k] || token.accent === token.fold
          : spelled[i + k] === word.accents[k]) &&
        (k === 0 || token.gap < Gap.dash)
    }
    if (fits) return word
  }
  return null
}
