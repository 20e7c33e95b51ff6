import type { Gazetteer } from '../gazetteer/types.ts'
import { allowedEdits, canBeNear, editDistance, letterMask, MOST_LETTERS } from '../text/edits.ts'
import { tokenize } from '../text/tokens.ts'

interface KnownName {
  readonly letters: string
  readonly mask: number
  readonly name: string
}

const known = new WeakMap<Gazetteer, readonly (readonly KnownName[])[]>()

/** The known street whose name is a few wrong letters away; null when none is, or several are equally near. */
export function nearStreet(name: string, gazetteer: Gazetteer): string | null {
  const letters = plain(name)
  let best = allowedEdits(letters.length)
  if (best === 0 || letters.length > MOST_LETTERS) return null
  const mask = letterMask(letters)
  const byLength = namesByLength(gazetteer)
  let found: string | null = null
  let several = false
  for (let length = letters.length - best; length <= letters.length + best; length++)
    for (const street of byLength[length] ?? []) {
      if (!canBeNear(mask, street.mask, best)) continue
      const edits = editDistance(letters, street.letters, best)
      if (edits > best) continue
      several = found !== null && edits === best
      best = edits
      found = street.name
    }
  return several ? null : found
}

const plain = (name: string) =>
  tokenize(name)
    .map(({ fold }) => fold)
    .join('')

function namesByLength(gazetteer: Gazetteer): readonly (readonly KnownName[])[] {
  let lists = known.get(gazetteer)
  if (!lists) {
    const made: KnownName[][] = []
    const seen = new Set<string>()
    for (const name of gazetteer.streetNames) {
      const letters = plain(name)
      if (seen.has(letters) || /\d/.test(letters)) continue
      seen.add(letters)
      made[letters.length] ??= []
      made[letters.length]!.push({ letters, mask: letterMask(letters), name })
    }
    lists = made
    known.set(gazetteer, lists)
  }
  return lists
}
