import { once } from '../gazetteer/once.ts'
import type { CurrentCommune, District, FormerCommune, Gazetteer, Province } from '../gazetteer/types.ts'
import { typeBits } from '../gazetteer/unitTypes.ts'
import { typeWordAt } from '../parse/typeWords.ts'
import { fold, tokenize } from '../text/tokens.ts'

/** A unit whose name begins with what was typed. */
export interface UnitCompletion {
  readonly unit: Province | CurrentCommune | District | FormerCommune
  readonly level: Level
  /** How much of the name was typed, 0 to 1. */
  readonly share: number
}
/** In the order in which they are offered. */
const LEVELS = ['province', 'commune', 'district', 'former-commune'] as const
type Level = (typeof LEVELS)[number]

/** Names by their first letters. */
export interface Completions {
  /**
   * Units whose names begin with `text`, with or without accents and type word: the wider and those of today first, then
   * the shorter names. `keep` tells which are wanted.
   */
  units(text: string, limit: number, keep?: (found: UnitCompletion) => boolean): UnitCompletion[]
  /** Streets of a commune whose names begin with `text`, shorter names first, as the lists write them. */
  streets(commune: CurrentCommune, text: string, limit: number): string[]
  /** A street of the commune as the lists write it; undefined when they do not have it there. */
  streetIn(commune: CurrentCommune, name: string): string | undefined
}

/** The completions of a gazetteer; to make them takes some 0.3 s. */
export const completionsOf: (gazetteer: Gazetteer) => Completions = once(make)

interface Entry {
  /** The name folded, and in small letters with marks. */
  readonly key: string
  readonly marked: string
  readonly level: Level
  readonly types: number
  readonly unit: UnitCompletion['unit']
}

function make(gazetteer: Gazetteer): Completions {
  const entries = entriesOf(gazetteer)
  const streets = streetsByPlace(gazetteer)
  return {
    units(text, limit, keep = () => true) {
      const tokens = tokenize(text)
      const word = tokens.length > 1 ? typeWordAt(tokens, 0) : null
      const bare = word ? text.slice(tokens[word.length]!.start) : text
      // "P" alone can be a name too, but "P. Bến" cannot.
      return found(entries, bare, word?.typeBits ?? 0, limit, keep)
    },
    streets(commune, text, limit) {
      const wanted = fold(text)
      if (!wanted) return []
      const names = new Map<string, string>()
      for (const list of streets(commune))
        for (const [key, name] of list) if (key.startsWith(wanted)) names.set(key, name)
      return [...names.values()].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(0, limit)
    },
    streetIn(commune, name) {
      const wanted = fold(name)
      for (const list of streets(commune)) {
        const known = list.get(wanted)
        if (known) return known
      }
      return undefined
    },
  }
}

function entriesOf(gazetteer: Gazetteer): Entry[] {
  const entries: Entry[] = []
  const add = (level: Level, units: readonly UnitCompletion['unit'][]) => {
    for (const unit of units)
      entries.push({
        key: fold(unit.name),
        marked: withMarks(unit.name),
        level,
        types: typeBits([unit.type]),
        unit,
      })
  }
  add('province', gazetteer.provinces)
  add('commune', gazetteer.communes)
  add('district', gazetteer.districts)
  add('former-commune', gazetteer.formerCommunes)
  return entries.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

function found(
  entries: readonly Entry[],
  text: string,
  types: number,
  limit: number,
  keep: (found: UnitCompletion) => boolean,
): UnitCompletion[] {
  const key = fold(text)
  if (!key) return []
  const marked = withMarks(text)
  const ranked: { rank: number; completion: UnitCompletion }[] = []
  for (let i = firstFrom(entries, key); i < entries.length; i++) {
    const entry = entries[i]!
    if (!entry.key.startsWith(key)) break
    if (types !== 0 && (entry.types & types) === 0) continue
    const completion = { unit: entry.unit, level: entry.level, share: key.length / entry.key.length }
    if (!keep(completion)) continue
    // Other marks than those that were typed are another name, offered after all that fit.
    const other = entry.marked.startsWith(marked) || !hasMarks(text) ? 0 : 1_000
    ranked.push({ rank: other + LEVELS.indexOf(entry.level) * 100 + entry.key.length, completion })
  }
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ completion }) => completion)
}

/** The first entry whose key is not before `key`. */
function firstFrom(entries: readonly Entry[], key: string): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (entries[middle]!.key < key) low = middle + 1
    else high = middle
  }
  return low
}

/** Decomposed, so that "bê" begins "bến". */
const withMarks = (name: string) => name.normalize('NFD').toLowerCase().trim()
const hasMarks = (text: string) => /[\p{M}đĐ]/u.test(text.normalize('NFD'))

type Names = ReadonlyMap<string, string>

/** Streets by folded name: those mapped in a commune, and those that a list has in a district it was made from. */
function streetsByPlace(gazetteer: Gazetteer): (commune: CurrentCommune) => Names[] {
  const places = new Map<CurrentCommune | District, Map<string, string>>()
  const add = (place: CurrentCommune | District, key: string, name: string) => {
    const names = places.get(place)
    if (names) names.set(key, name)
    else places.set(place, new Map([[key, name]]))
  }
  for (const name of gazetteer.streetNames) {
    const key = fold(name)
    const mapped = new Set<District>()
    for (const { commune } of gazetteer.communesOfStreet(name)) {
      add(commune, key, name)
      for (const { former } of commune.sources) mapped.add(former.district)
    }
    // Where the map has the street in a district, it says in which of its communes.
    for (const district of gazetteer.districtsOfStreet(name))
      if (!mapped.has(district)) add(district, key, name)
  }
  return (commune) => {
    const districts = new Set(commune.sources.map(({ former }) => former.district))
    return [commune, ...districts].flatMap((place) => places.get(place) ?? [])
  }
}
