import { Gap } from '../../text/tokens.ts'
import { streetHits, streetRanges } from './hits.ts'
import { type Candidate, type CompleteOptions, Kept } from './kept.ts'
import { freeUnits, sureUnits } from './namedUnits.ts'
import type { Query, Span } from './query.ts'
import { Names, type Reading, readings } from './readings.ts'
import { Search } from './search.ts'
import type { World } from './world.ts'

/** Everything that a query can become, best first; more freely when nothing else fits well. */
export function candidates(query: Query, world: World, options: CompleteOptions): readonly Candidate[] {
  const sure = remembered((span) => sureUnits(query, span, world))
  const free = remembered((span) => freeUnits(query, span, world))
  const ranges = remembered((span) => streetRanges(world.streets, query, span))
  const hits = remembered((span) => streetHits(world.streets, query, span))
  const kept = new Kept(options)
  const search = new Search(world, options, kept)
  const look = (found: readonly Reading[]) => {
    for (const reading of found) {
      const units = reading.units.map((span) => (span.freely ? free(span) : sure(span)))
      const { street } = reading
      if (street)
        search.streets(
          reading,
          units.map(({ filter }) => filter),
          street.freely ? [] : ranges(street),
          street.freely ? hits(street) : [],
        )
      else
        for (const [i, named] of units.entries())
          search.units(
            reading,
            named,
            units.toSpliced(i, 1).map(({ filter }) => filter),
          )
    }
  }
  const surely = (is: boolean) => (is ? Names.surely : Names.nothing)
  const freely = (is: boolean) => (is ? Names.freely : Names.nothing)
  const street = (span: Span) => surely(ranges(span).length > 0)
  const unit = (span: Span) => surely(sure(span).hits.length > 0)
  look(readings(query, street, unit, 0))
  const { tokens } = query
  // Of a name alone whose beginning few have the words may be swapped: "loi le".
  const isName = tokens.length <= 3 && tokens.every(({ gap }) => gap < Gap.comma)
  if (kept.isGood() && !(isName && kept.best().length < options.limit)) return kept.best()
  // First only what is no name as it stands, then also what is one and does not fit the rest.
  look(
    readings(
      query,
      (span) => street(span) || freely(hits(span).length > 0),
      (span) => unit(span) || freely(free(span).hits.length > 0),
      1,
    ),
  )
  if (kept.best().length > 0) return kept.best()
  const isPart = ({ from, before }: Span) =>
    (from === 0 || tokens[from]!.gap >= Gap.comma || query.houseEnd(0) === from) &&
    (before === tokens.length || tokens[before]!.gap >= Gap.comma)
  look(
    readings(
      query,
      (span) => street(span) | freely(isPart(span) && hits(span).length > 0),
      (span) => unit(span) | freely(isPart(span) && free(span).hits.length > 0),
      1,
    ),
  )
  return kept.best()
}

function remembered<T>(make: (span: Span) => T): (span: Span) => T {
  const made = new Map<number, T>()
  return (span) => {
    const key = span.from * 64 + span.before
    let known = made.get(key)
    if (known === undefined) {
      known = make(span)
      made.set(key, known)
    }
    return known
  }
}
