import type { CurrentCommune, District, Province } from '../../gazetteer/types.ts'
import { candidates } from './candidates.ts'
import { type Candidate, type CompleteOptions, PLACES, repeated } from './kept.ts'
import { type Query, readQuery } from './query.ts'
import { withoutTelex } from './telex.ts'
import type { NamedUnit } from './unitIndex.ts'
import type { World } from './world.ts'

/** What a text can become. */
export interface Completion {
  /** The street; null for a unit itself. */
  readonly street: string | null
  /** What was typed in front of the street, as typed: a number, its alleys. */
  readonly house: string | null
  /** Where it lies: a district where it is not known in which of its communes, a province for itself alone. */
  readonly place: CurrentCommune | District | Province
  /** The unit before July 2025 that was typed. */
  readonly former: NamedUnit | null
  /** 0 to 1. */
  readonly score: number
}

/** What a text can become whose last word may be unfinished, best first. Empty for one that is no place name. */
export function completions(text: string, world: World, options: CompleteOptions): Completion[] {
  const query = readQuery(withoutTelex(text, world.syllables))
  if (!query) return []
  const found = candidates(query, world, options)
  return varied(found, options.limit).map((one) => completionOf(one, query, world))
}

/** Each place once, other names before the same name again. */
function varied(found: readonly Candidate[], limit: number): Candidate[] {
  const times = new Map<string | number, number>()
  const seen = new Set<number>()
  const ranked: Candidate[] = []
  for (const one of found) {
    const { row, place, former, score } = one
    const id = row * PLACES + place
    if (seen.has(id)) continue
    seen.add(id)
    const name = row >= 0 ? row : former ? `${former.name} ${former.sense.level}` : ''
    const before = name === '' ? 0 : (times.get(name) ?? 0)
    times.set(name, before + 1)
    ranked.push(before === 0 ? one : { ...one, score: score * repeated(before) })
  }
  return ranked.sort((a, b) => b.score - a.score).slice(0, limit)
}

function completionOf(
  { score, reading, row, place, former }: Candidate,
  query: Query,
  world: World,
): Completion {
  const { fame, gazetteer, streets } = world
  const { house } = reading
  return {
    street: row < 0 ? null : (streets.spellings[row]![0] ?? null),
    house: house && query.text.slice(query.tokens[house.from]!.start, query.tokens[house.before - 1]!.end),
    place: place < fame.places ? fame.placeOf(place) : gazetteer.provinces[place - fame.places]!,
    former,
    score,
  }
}
