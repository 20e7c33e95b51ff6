import { type UnitHit, unitHits } from './hits.ts'
import { PlaceFilter } from './placeFilter.ts'
import type { Query, Span } from './query.ts'
import type { PlaceNumber } from './streetIndex.ts'
import type { World } from './world.ts'

/** The units that a part of a query can name, and the places that lie in them. */
export class NamedUnits {
  readonly hits: readonly UnitHit[]
  private readonly world: World
  private made: PlaceFilter | null = null
  private byPlace: Map<PlaceNumber, UnitHit[]> | null = null

  constructor(hits: readonly UnitHit[], world: World) {
    this.hits = hits
    this.world = world
  }

  get filter(): PlaceFilter {
    this.made ??= new PlaceFilter(this.hits, this.world)
    return this.made
  }

  /** The hits of a commune. */
  in(place: PlaceNumber): readonly UnitHit[] {
    if (!this.byPlace) {
      this.byPlace = new Map()
      for (const hit of this.hits)
        for (const commune of hit.unit.communes) {
          const hits = this.byPlace.get(commune)
          if (hits) hits.push(hit)
          else this.byPlace.set(commune, [hit])
        }
    }
    return this.byPlace.get(place) ?? NONE
  }
}
const NONE: readonly UnitHit[] = []

/**
 * Those of the last queries that many units fit: a single letter begins thousands of names. A filter has 16 kB; fewer hits are
 * found as soon as kept ones.
 */
const MOST_KEPT = 500
const MANY = 40

/** Units that begin as a span does. */
export function sureUnits(query: Query, span: Span, world: World): NamedUnits {
  const typed = query.unit(span)
  if (!typed) return none(world)
  const make = () => {
    const hits = unitHits(world.units, typed, 'begins', query.work)
    // The best known first: of the thousands that a letter begins few are looked at then.
    return new NamedUnits(
      hits.sort((a, b) => b.quality * (1 + b.unit.fame) - a.quality * (1 + a.unit.fame)),
      world,
    )
  }
  const marks = typed.marks?.map(({ letters, open }) => (open ? letters : `${letters}.`)).join(' ') ?? ''
  const key = `${typed.type?.typeBits ?? 0} ${typed.bounds} ${typed.key}${typed.open ? '' : '.'} ${marks}`
  const known = world.named.get(key) ?? make()
  if (known.hits.length < MANY) return known
  // The one that was asked for last stands last.
  world.named.delete(key)
  world.named.set(key, known)
  if (world.named.size > MOST_KEPT) world.named.delete(world.named.keys().next().value!)
  return known
}

/** Units that a span can name when it is read freely. */
export function freeUnits(query: Query, span: Span, world: World): NamedUnits {
  if (span.before - span.from > LONGEST) return none(world)
  const typed = query.unit(span)
  const behind = query.unitBehindSlip(span)
  const hits = [
    ...(typed ? unitHits(world.units, typed, 'freely', query.work) : []),
    ...(behind ? unitHits(world.units, behind, 'begins', query.work) : []),
  ]
  return new NamedUnits(hits, world)
}

/** Words of a unit with its type word. */
const LONGEST = 7

const none = (world: World) => new NamedUnits([], world)
