import { Gap, type Token, tokenize } from '../text/tokens.ts'

/** A keyword of one or more words with its marks, and what it stands for. */
export interface Keyword<Kind> {
  readonly folds: readonly string[]
  readonly accents: readonly string[]
  readonly kind: Kind
}

/** Makes a look-up from phrases as they are written ("tổ dân phố"), the longest first. */
export function keywords<Kind>(table: Record<string, Kind>): ReadonlyMap<string, readonly Keyword<Kind>[]> {
  const byFirst = new Map<string, Keyword<Kind>[]>()
  for (const [text, kind] of Object.entries(table)) {
    const tokens = tokenize(text)
    const folds = tokens.map(({ fold }) => fold)
    const list = byFirst.get(folds[0]!) ?? []
    list.push({ folds, accents: tokens.map(({ accent }) => accent), kind })
    list.sort((a, b) => b.folds.length - a.folds.length)
    byFirst.set(folds[0]!, list)
  }
  return byFirst
}

/** The keyword that begins at token `i`: its words with their marks, or all without ("ngõ" or "ngo", never "Ngô"). */
export function keywordAt<Kind>(
  tokens: readonly Token[],
  i: number,
  table: ReadonlyMap<string, readonly Keyword<Kind>[]>,
): Keyword<Kind> | null {
  const list = table.get(tokens[i]!.fold)
  if (!list) return null
  for (const word of list) {
    let fits = i + word.folds.length <= tokens.length
    for (let k = 0; k < word.folds.length && fits; k++) {
      const token = tokens[i + k]!
      fits =
        token.fold === word.folds[k] &&
        (token.accent === word.accents[k] || token.accent === token.fold) &&
        (k === 0 || token.gap < Gap.dash)
    }
    if (fits) return word
  }
  return null
}
