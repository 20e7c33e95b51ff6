import type { CurrentCommune, District } from '../../gazetteer/types.ts'
import { inKeyOrder, type Lists, listsOf, NameList } from '../../text/nameList.ts'
import type { PlaceFame } from './fame.ts'

/** A commune by its index, or behind the communes a district. */
export type PlaceNumber = number

/** A street in a place that has it, as `Gazetteer.eachStreet` tells it. */
export interface StreetLine {
  readonly folded: string
  readonly names: readonly string[]
  readonly place: CurrentCommune | District
  readonly metres: number
}

/** Street names with the places that have them: rows are those of `names`. */
export interface StreetIndex {
  readonly names: NameList
  /** Folded with blanks, and as written, the usual spelling first. */
  readonly folded: readonly string[]
  readonly spellings: readonly (readonly string[])[]
  /** For each row its places, those where it is best known first. */
  readonly places: Lists
  /** For each row how well it is known there, 0 to 1. */
  readonly best: Float32Array
  /** See `bestKnown`. */
  readonly bestKnown: Map<string, readonly number[]>
  /** For each place its rows, in the order of their keys. */
  readonly rowsOf: Lists
}

/** The streets of all lines. One that the map has in a commune is not also in the district around it. Yields now and then. */
export function* indexStreets(
  lines: readonly StreetLine[],
  fame: PlaceFame,
): Generator<undefined, StreetIndex> {
  const streets = new Map<
    string,
    { folded: string; names: readonly string[]; places: Map<PlaceNumber, number> }
  >()
  for (const [i, { folded, names, place, metres }] of lines.entries()) {
    if (i % MANY === 0) yield
    let street = streets.get(folded)
    if (!street) {
      street = { folded, names, places: new Map() }
      streets.set(folded, street)
    } else if (!names.every((name) => street!.names.includes(name)))
      street.names = [...new Set([...street.names, ...names])]
    const number = fame.numberOf(place)
    street.places.set(number, (street.places.get(number) ?? 0) + metres)
  }
  const sorted = yield* inKeyOrder(streets.values())
  for (const { places } of sorted)
    for (const place of [...places.keys()])
      for (const district of fame.around[place]!) places.delete(district)
  yield
  const known: { place: PlaceNumber; fame: number }[][] = []
  for (const street of sorted) {
    if (known.length % MANY === 0) yield
    known.push(
      [...street.places]
        .map(([place, metres]) => ({ place, fame: 0.75 * fame.of(place) + 0.25 * lengthFame(metres) }))
        .sort((a, b) => b.fame - a.fame),
    )
  }
  const rows: number[][] = Array.from({ length: fame.places }, () => [])
  for (const [row, street] of sorted.entries())
    for (const place of street.places.keys()) rows[place]!.push(row)
  yield
  return {
    names: yield* NameList.of(sorted.map(({ folded }) => folded)),
    folded: sorted.map(({ folded }) => folded),
    spellings: sorted.map(({ names }) => names),
    places: listsOf(known.map((places) => places.map(({ place }) => place))),
    best: Float32Array.from(known, ([first]) => first!.fame),
    bestKnown: new Map(),
    rowsOf: listsOf(rows),
  }
}

/** Lines between two rests. */
const MANY = 2_000

/** Names that are looked at of those that begin with a few letters. */
const MOST_ROWS = 64

/** Of the rows of a range the first, which is the name itself where there is one, and the best known. */
export function bestKnown(streets: StreetIndex, from: number, before: number): readonly number[] {
  if (before - from <= MOST_ROWS) return Array.from({ length: before - from }, (_, i) => from + i)
  const key = `${from} ${before}`
  let rows = streets.bestKnown.get(key)
  if (!rows) {
    const all = Array.from({ length: before - from - 1 }, (_, i) => from + 1 + i)
    rows = [from, ...all.sort((a, b) => streets.best[b]! - streets.best[a]!).slice(0, MOST_ROWS)]
    // At most one for each beginning that so many names have.
    streets.bestKnown.set(key, rows)
  }
  return rows
}

/** Of 10 km and more 1; of a street whose length is not known little. */
const lengthFame = (metres: number) => (metres === 0 ? 0.2 : Math.min(1, Math.log10(1 + metres) / 4))
