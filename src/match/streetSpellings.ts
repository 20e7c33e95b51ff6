import { onceInSlices } from '../gazetteer/slices.ts'
import type { Gazetteer } from '../gazetteer/types.ts'
import { tablesOf } from '../parse/words.ts'
import { tokenize } from '../text/tokens.ts'

/** Of the listed names in which a word could begin a part of a line, by their folded words: the words with their marks. */
export const streetSpellings = onceInSlices(function* ({ streetNames }: Gazetteer) {
  const found = new Map<string, readonly string[]>()
  for (const [i, name] of streetNames.entries()) {
    if (i % 100 === 0) yield
    const tokens = tokenize(name)
    // Some names of the lists have lost their marks.
    if (tokens.length < 2 || !tokens.some(({ marked }) => marked)) continue
    if (tokens.every((token) => token.digits || tablesOf(token) === 0)) continue
    const folds = tokens.map(({ fold }) => fold).join(' ')
    // The usual spelling comes first.
    if (!found.has(folds))
      found.set(
        folds,
        tokens.map(({ accent }) => accent),
      )
  }
  return found
})
