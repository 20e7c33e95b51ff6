import type { Era, UnitType } from '../gazetteer/types.ts'
import { TYPE_WORDS } from '../gazetteer/unitTypes.ts'
import { fold, foldKeepingMarks } from '../text/tokens.ts'
import type { UnitEntry } from './unitIndex.ts'

/** A name of a unit, folded: " tp ben thanh", with a blank before each of its words. */
interface Name {
  text: string
  /** Where the name without its type word begins. */
  bare: number
  entry: UnitEntry
  written: string
  /** The whole name with its marks, made when it is first asked for. */
  marked: string | null
  /** Position among all units. */
  at: number
}

/** Finds the units of an era by words of their names. */
export type UnitSearch = (q: string, era: Era) => UnitEntry[]

const typeWords = Object.fromEntries(
  Object.entries(TYPE_WORDS).map(([type, words]) => [type, fold(words)]),
) as Record<UnitType, string>

/**
 * Looks through all names, 12,000 of an era. Names equal to the words come first, then those that begin with them,
 * then those with a word that does; of each those first that have the marks of `q`, if it has any.
 */
export function unitSearch(entries: readonly UnitEntry[]): UnitSearch {
  const names: Record<Era, Name[]> = { current: [], former: [] }
  entries.forEach((entry, at) => {
    for (const written of new Set([entry.unit.name, ...otherNames(entry)])) {
      const type = typeWords[entry.unit.type]
      const text = ` ${type} ${fold(written)}`
      names[entry.era].push({ text, bare: type.length + 1, entry, written, marked: null, at })
    }
  })

  return (q, era) => {
    const words = fold(q)
    if (words === '') return []
    const sought = ` ${words}`
    const marked = foldKeepingMarks(q)
    const best = new Map<UnitEntry, number>()
    for (const name of names[era]) {
      const { text, bare, entry, at } = name
      const first = text.indexOf(sought)
      if (first < 0) continue
      const bareBegins = text.startsWith(sought, bare)
      const whole = text === sought || (bareBegins && text.length === bare + sought.length)
      const place = whole ? 0 : first === 0 || bareBegins ? 1 : 2
      const unlike = marked !== words && !markedOf(name).includes(marked) ? 1 : 0
      const rank = (2 * place + unlike) * entries.length + at
      if (!(best.get(entry)! <= rank)) best.set(entry, rank)
    }
    return [...best].sort((a, b) => a[1] - b[1]).map(([entry]) => entry)
  }
}

function markedOf(name: Name): string {
  name.marked ??= foldKeepingMarks(`${TYPE_WORDS[name.entry.unit.type]} ${name.written}`)
  return name.marked
}

const otherNames = ({ level, unit }: UnitEntry) => (level === 'province' ? [] : unit.otherNames)
