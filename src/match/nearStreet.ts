import { onceInSlices } from '../gazetteer/slices.ts'
import type { Gazetteer } from '../gazetteer/types.ts'
import { allowedEdits, letterMask, MOST_LETTERS } from '../text/edits.ts'
import { NearNames } from '../text/nearNames.ts'
import { tokenize } from '../text/tokens.ts'

/** The known street whose name is a few wrong letters away; null when none is, or several are equally near. */
export function nearStreet(name: string, gazetteer: Gazetteer): string | null {
  const letters = plain(name)
  const most = allowedEdits(letters.length)
  if (most === 0 || letters.length > MOST_LETTERS) return null
  let best = most
  let found: string | null = null
  let several = false
  streetsByLetters.of(gazetteer).nearest(
    letters,
    letterMask(letters),
    most,
    () => most,
    ([street], edits) => {
      several = found !== null && edits === best
      best = edits
      found = street!
    },
  )
  return several ? null : found
}

const plain = (name: string) =>
  tokenize(name)
    .map(({ fold }) => fold)
    .join('')

/** The streets of the lists, made ready for misspelled ones. */
export const streetsByLetters = onceInSlices(function* ({ streetNames }: Gazetteer) {
  const streets = new NearNames<string>()
  for (const [i, name] of streetNames.entries()) {
    if (i % 100 === 0) yield
    const letters = plain(name)
    if (!/\d/.test(letters)) streets.add(letters, name)
  }
  return streets
})
