import type { Era, UnitType } from '../gazetteer/types.ts'
import { TYPE_WORDS } from '../gazetteer/unitTypes.ts'
import { fold, foldKeepingMarks } from '../text/tokens.ts'
import type { UnitEntry } from './unitIndex.ts'

/** A name of a unit from one of its words on: "tp ben thanh", "ben thanh", "thanh". */
interface Ending {
  text: string
  entry: UnitEntry
  /** It begins the name, with the type word or without. */
  begins: boolean
  /** The whole name with its marks. */
  marked: string
  /** Position among all units. */
  at: number
}

/** Finds the units of an era by words of their names. */
export type UnitSearch = (q: string, era: Era) => UnitEntry[]

const typeWords = Object.fromEntries(
  Object.entries(TYPE_WORDS).map(([type, words]) => [type, fold(words)]),
) as Record<UnitType, string>

/**
 * An index over the ends of all names, sorted: what begins with the words stands side by side. Names equal to the words come first,
 * then those that begin with them, then those with a word that does; of each those first that have the marks of `q`, if it has any.
 */
export function unitSearch(entries: readonly UnitEntry[]): UnitSearch {
  const endings: Record<Era, Ending[]> = { current: [], former: [] }
  entries.forEach((entry, at) => {
    for (const name of new Set([entry.unit.name, ...otherNames(entry)])) {
      const folded = fold(name)
      const full = `${typeWords[entry.unit.type]} ${folded}`
      const marked = foldKeepingMarks(`${TYPE_WORDS[entry.unit.type]} ${name}`)
      for (let from = 0; from >= 0; ) {
        const begins = from === 0 || from === full.length - folded.length
        endings[entry.era].push({ text: full.slice(from), entry, begins, marked, at })
        const blank = full.indexOf(' ', from)
        from = blank < 0 ? -1 : blank + 1
      }
    }
  })
  for (const list of Object.values(endings)) list.sort((a, b) => (a.text < b.text ? -1 : 1))

  return (q, era) => {
    const words = fold(q)
    if (words === '') return []
    const marked = foldKeepingMarks(q)
    const list = endings[era]
    const best = new Map<UnitEntry, number>()
    for (let i = firstFrom(list, words); i < list.length && list[i]!.text.startsWith(words); i++) {
      const { text, entry, begins, at, marked: name } = list[i]!
      const place = !begins ? 2 : text === words ? 0 : 1
      const unlike = marked !== words && !name.includes(marked) ? 1 : 0
      const rank = (2 * place + unlike) * entries.length + at
      if (!(best.get(entry)! <= rank)) best.set(entry, rank)
    }
    return [...best].sort((a, b) => a[1] - b[1]).map(([entry]) => entry)
  }
}

const otherNames = ({ level, unit }: UnitEntry) => (level === 'province' ? [] : unit.otherNames)

/** The first place whose text is not below `words`. */
function firstFrom(list: readonly Ending[], words: string): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]!.text < words) low = middle + 1
    else high = middle
  }
  return low
}
