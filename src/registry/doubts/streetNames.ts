import type { CurrentCommune, Gazetteer } from '../../gazetteer/types.ts'
import { isStreetOf } from '../../match/streetCommunes.ts'
import { allowedEdits, distancesFrom, MOST_LETTERS } from '../../text/edits.ts'

/** So many homes make a name one of a street that is really there, unless a like name has far more: slips repeat too. */
const ESTABLISHED = 5
const FAR_MORE = 20

/** What is known of the names of the streets of one commune. */
export interface StreetNames {
  /** How likely two folded names are one street, 0 to 1. */
  alike(a: string, b: string): number
  /** The other names of the commune that are rather the same street than another one. */
  near(name: string): readonly string[]
}

/**
 * The streets of a commune: `names` are those of its households, folded, one a household. Two names that are both known on
 * the map, or both borne by several homes, are two streets however alike.
 */
export function streetNames(
  names: readonly string[],
  gazetteer: Gazetteer,
  commune: CurrentCommune | null,
): StreetNames {
  const homes = new Map<string, number>()
  for (const name of names) homes.set(name, (homes.get(name) ?? 0) + 1)
  const mapped = new Map<string, boolean>()
  const isReal = (name: string, beside: string): boolean => {
    let known = mapped.get(name)
    if (known === undefined) {
      known = commune !== null && isStreetOf(name, commune, gazetteer)
      mapped.set(name, known)
    }
    const count = homes.get(name) ?? 0
    return known || (count >= ESTABLISHED && count * FAR_MORE >= (homes.get(beside) ?? 0))
  }
  const pairs = new Map<string, number>()
  const alike = (a: string, b: string): number => {
    if (a === b) return 1
    const pair = a < b ? `${a}\n${b}` : `${b}\n${a}`
    let likeness = pairs.get(pair)
    if (likeness === undefined) {
      likeness = spelledAlike(a, b)
      if (likeness > 0 && isReal(a, b) && isReal(b, a)) likeness *= TWO_STREETS
      likeness = Math.max(likeness, shortened(a, b))
      pairs.set(pair, likeness)
    }
    return likeness
  }
  const near = new Map<string, string[]>()
  return {
    alike,
    near(name) {
      let others = near.get(name)
      if (!others) {
        others = [...homes.keys()].filter((other) => other !== name && alike(name, other) > 0.5)
        near.set(name, others)
      }
      return others
    },
  }
}

/** What is left of the likeness of two names that both are streets here. */
const TWO_STREETS = 0.2

/** Names a few letters apart, with the same numbers in them. */
function spelledAlike(a: string, b: string): number {
  const [x, y] = [letters(a), letters(b)]
  if (x === y) return 0.97
  if (x.replace(/\D/g, '') !== y.replace(/\D/g, '')) return 0
  if (Math.max(x.length, y.length) > MOST_LETTERS) return 0
  const edits = distancesFrom(x)(y)
  return edits <= allowedEdits(Math.min(x.length, y.length)) ? 0.95 - 0.05 * edits : 0
}

/** A word for "street" with a slip in it: "duog", "dduong", "dung", "nog". */
const ROAD_WORD = /^(?:d{1,2}u?o{0,2}n{0,2}g{0,2}|duogn|dunog|douong|phoo?|pho)(?= \p{L})/u
/** The letters and digits that count. */
const letters = (name: string) => name.replace(ROAD_WORD, '').replaceAll(' ', '')

const SHORTENED = 0.85

/** "cmt8" and "cach mang thang 8", "n t minh khai" and "nguyen thi minh khai". */
function shortened(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  const words = long.split(' ')
  const initials = words.map((word) => (/^\d/.test(word) ? word : word[0])).join('')
  if (words.length > 2 && short === initials) return SHORTENED
  const parts = short.split(' ')
  const begins = parts.every(
    (part, i) => part === words[i] || (part.length <= 2 && words[i]?.startsWith(part)),
  )
  // The last word must stand in full: "n t" alone is half the streets of a town.
  return parts.length > 1 && parts.length === words.length && parts.at(-1) === words.at(-1) && begins
    ? SHORTENED
    : 0
}
