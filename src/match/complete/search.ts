import type { CurrentCommune } from '../../gazetteer/types.ts'
import { type Scale, scaleAt } from '../../geo/flatEarth.ts'
import { Gap } from '../../text/tokens.ts'
import { type LatLon, nearness } from './fame.ts'
import {
  qualityInRange,
  type StreetHit,
  type StreetRange,
  streetHits,
  streetRanges,
  type UnitHit,
} from './hits.ts'
import { freeUnits, sureUnits } from './namedUnits.ts'
import type { PlaceFilter } from './placeFilter.ts'
import type { Query, Span } from './query.ts'
import { Names, type Reading, readings } from './readings.ts'
import { bestKnown, type PlaceNumber } from './streetIndex.ts'
import type { NamedUnit } from './unitIndex.ts'
import type { World } from './world.ts'

export interface CompleteOptions {
  readonly limit: number
  /** Where the person is, degrees WGS 84. */
  readonly near?: LatLon | null | undefined
  /** Only in this commune. */
  readonly within?: CurrentCommune | null | undefined
}

/** A place that a query can become. */
export interface Candidate {
  readonly score: number
  readonly reading: Reading
  /** Of a street its row; -1 for a unit. */
  readonly row: number
  /** A commune or district, or a province by its number. */
  readonly place: number
  /** The unit before July 2025 by which it was named. */
  readonly former: NamedUnit | null
}

/** Candidates kept of one query. */
const MOST_KEPT = 128
/** Of a name cut at its blanks, its parts without a comma, at least one begun. */
const GOOD = 0.5
/** Units that are looked at of those that a few letters begin; those near by in any case. */
const MOST_UNITS = 300
/** Places of one name that are looked at. */
const MOST_PLACES = 8
/** Lines that one reading with wrong letters or in another order looks at. */
const MOST_LINES = 30_000

/** Everything that a query can become, best first; more freely when nothing else fits well. */
export function candidates(query: Query, world: World, options: CompleteOptions): Candidate[] {
  const sure = remembered((span) => sureUnits(query, span, world))
  const free = remembered((span) => freeUnits(query, span, world))
  const ranges = remembered((span) => streetRanges(world.streets, query, span))
  const hits = remembered((span) => streetHits(world.streets, query, span))
  const kept = new Kept(options)
  const search = new Search(world, options, kept)
  const look = (found: readonly Reading[]) => {
    for (const reading of found) {
      const units = reading.units.map((span) => (span.freely ? free(span) : sure(span)))
      const filters = units.map(({ filter }) => filter)
      const { street } = reading
      if (street)
        search.streets(
          reading,
          filters,
          street.freely ? NONE : ranges(street),
          street.freely ? hits(street) : NONE,
        )
      else for (const [i, { hits }] of units.entries()) search.units(reading, hits, filters.toSpliced(i, 1))
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
const NONE: readonly never[] = []

/** The best candidates so far. */
class Kept {
  private readonly found: Candidate[] = []
  private readonly near: LatLon | null
  private readonly scale: Scale
  /** What a candidate needs at least. */
  worst = 0

  constructor({ near }: CompleteOptions) {
    this.near = near ?? null
    this.scale = scaleAt(near?.lat ?? 0)
  }

  /** Whether one of this weight and fame can be kept; a look before the work. */
  wants(weight: number, fame: number): boolean {
    return weight * (this.near ? 0.6 + 0.4 * (0.45 * fame + 0.55) : 0.6 + 0.4 * fame) > this.worst
  }

  /** @param weight how well it fits, @param fame how well it is known, both 0 to 1; the score is at most the weight. */
  put(weight: number, fame: number, at: LatLon, candidate: Omit<Candidate, 'score'>): void {
    const prior = this.near ? 0.45 * fame + 0.55 * nearness(this.near, at, this.scale) : fame
    const score = weight * (0.6 + 0.4 * prior)
    if (score <= this.worst) return
    this.found.push({ score, ...candidate })
    if (this.found.length >= 2 * MOST_KEPT) this.worst = this.best()[MOST_KEPT - 1]!.score
  }

  /** Whether there is one that fits so well that a letter wrong is not likely. */
  isGood(): boolean {
    return this.found.some(({ score }) => score >= GOOD)
  }

  best(): Candidate[] {
    this.found.sort((a, b) => b.score - a.score)
    this.found.length = Math.min(this.found.length, MOST_KEPT)
    return this.found
  }
}

class Search {
  private readonly world: World
  private readonly within: PlaceNumber | null
  private readonly kept: Kept
  /** Places around the person. */
  private readonly near: ReadonlySet<PlaceNumber>

  constructor(world: World, { near, within }: CompleteOptions, kept: Kept) {
    this.world = world
    this.kept = kept
    this.within = within?.index ?? null
    this.near = new Set(near ? world.fame.near(near) : [])
  }

  /** Units themselves, where the other parts of the query name what is around them. */
  units(reading: Reading, hits: readonly UnitHit[], others: readonly PlaceFilter[]): void {
    const { fame, provinceNumber } = this.world
    // Of a name alone that is not read freely the hits stand best known first.
    const isAlone = reading.units.length === 1 && !reading.units[0]!.freely
    for (const [i, { unit, quality }] of hits.entries()) {
      const { sense, communes } = unit
      if (i > MOST_UNITS && isAlone && !communes.some((one) => this.near.has(one))) continue
      const weight = quality * reading.weight
      if (!this.kept.wants(weight, unit.fame)) continue
      const former = sense.currentProvince || sense.current ? null : unit
      if (sense.level === 'province') {
        const place = provinceNumber(sense.nowIn)
        const fits = product(others, (other) => other.ofProvince(place))
        if (this.within === null)
          this.kept.put(weight * fits, unit.fame, fame.atProvince(sense.nowIn), {
            reading,
            row: -1,
            place,
            former,
          })
        continue
      }
      for (const [k, place] of communes.entries()) {
        if (this.within !== null && this.within !== place) continue
        const fits = product(others, (other) => this.wider(other, place, unit))
        this.kept.put(weight * fits * 0.97 ** k, unit.fame, fame.at(place), {
          reading,
          row: -1,
          place,
          former,
        })
      }
    }
  }

  /** How well a unit lies in what another part names; a part that is narrower is what is meant itself. */
  private wider(other: PlaceFilter, place: PlaceNumber, { sense }: NamedUnit): number {
    if (sense.level === 'district' && other.ofCommune(place) > 0) return 0
    const { fame, provinceOf } = this.world
    let best = Math.max(other.ofProvince(provinceOf[place]!), SAME_LEVEL * other.ofCommune(place))
    for (const district of sense.districts) best = Math.max(best, other.of(fame.numberOf(district)))
    return best
  }

  streets(
    reading: Reading,
    filters: readonly PlaceFilter[],
    ranges: readonly StreetRange[],
    hits: readonly StreetHit[],
  ): void {
    const { places } = this.world.streets
    if (filters.length === 0 && this.within === null) {
      for (const range of ranges) {
        for (const row of bestKnown(this.world.streets, range.from, range.before))
          this.everywhere(reading, row, this.quality(row, range))
        for (const place of this.near) this.rowsIn(reading, filters, place, range)
      }
      for (const { row, quality } of hits) this.everywhere(reading, row, quality)
      return
    }
    for (const range of ranges) this.inPlaces(reading, filters, range)
    let lines = MOST_LINES
    for (const { row, quality } of hits)
      for (let at = places.starts[row]!; at < places.starts[row + 1]! && lines-- > 0; at++)
        this.line(reading, filters, row, places.items[at]!, quality)
  }

  private quality(row: number, range: StreetRange): number {
    return qualityInRange(this.world.streets, row, range)
  }

  /** A street in its best known places. */
  private everywhere(reading: Reading, row: number, quality: number): void {
    const { starts, items } = this.world.streets.places
    const before = Math.min(starts[row + 1]!, starts[row]! + MOST_PLACES)
    for (let at = starts[row]!; at < before; at++) this.line(reading, NONE, row, items[at]!, quality)
  }

  /** The units first, then the streets inside them; the other way round where few streets begin so. */
  private inPlaces(reading: Reading, filters: readonly PlaceFilter[], range: StreetRange): void {
    const { fame, streets } = this.world
    let inside: readonly PlaceNumber[] =
      this.within === null ? [] : [this.within, ...fame.around[this.within]!]
    for (const filter of this.within === null ? filters : []) {
      const places = filter.places()
      if (inside.length === 0 || places.length < inside.length) inside = places
    }
    const { starts, items } = streets.places
    if (starts[range.before]! - starts[range.from]! > inside.length * LOOK_UP) {
      for (const place of inside) this.rowsIn(reading, filters, place, range)
      return
    }
    for (let row = range.from; row < range.before; row++) {
      const quality = this.quality(row, range)
      for (let at = starts[row]!; at < starts[row + 1]!; at++)
        this.line(reading, filters, row, items[at]!, quality)
    }
  }

  private rowsIn(
    reading: Reading,
    filters: readonly PlaceFilter[],
    place: PlaceNumber,
    range: StreetRange,
  ): void {
    const { starts, items } = this.world.streets.rowsOf
    const end = starts[place + 1]!
    let low = starts[place]!
    let high = end
    while (low < high) {
      const middle = (low + high) >> 1
      if (items[middle]! < range.from) low = middle + 1
      else high = middle
    }
    for (; low < end && items[low]! < range.before; low++)
      this.line(reading, filters, items[low]!, place, this.quality(items[low]!, range))
  }

  /** A street of a list: of a district's in the communes that were named, in the district itself where none was. */
  private line(
    reading: Reading,
    filters: readonly PlaceFilter[],
    row: number,
    place: PlaceNumber,
    quality: number,
  ): void {
    const weight = quality * reading.weight
    if (weight <= this.kept.worst) return
    const communes = this.world.fame.inside[place]!
    if (this.within !== null) {
      if (place === this.within || communes.includes(this.within))
        this.street(weight, reading, filters, row, this.within)
      return
    }
    for (const commune of communes)
      if (filters.some((filter) => filter.ofCommune(commune) > 0))
        this.street(weight, reading, filters, row, commune, place)
    // A district that is a commune now leaves no doubt.
    this.street(weight, reading, filters, row, communes.length === 1 ? communes[0]! : place)
  }

  /** @param listed the district whose list has it, where `place` is one of its communes and was named. */
  private street(
    weight: number,
    reading: Reading,
    filters: readonly PlaceFilter[],
    row: number,
    place: PlaceNumber,
    listed?: PlaceNumber,
  ): void {
    const fits =
      listed === undefined
        ? this.fits(filters, place)
        : product(filters, (filter) => filter.ofCommune(place) || filter.of(listed))
    if (fits === 0) return
    const { fame, streets } = this.world
    const many = streets.places.starts[row + 1]! - streets.places.starts[row]!
    const known = 0.45 * fame.of(place) + 0.35 * Math.min(1, Math.log10(many) / 2.5)
    let former: NamedUnit | null = null
    for (const filter of filters) former ??= filter.former(place)
    this.kept.put(weight * fits, known, fame.at(place), { reading, row, place, former })
  }

  private fits(filters: readonly PlaceFilter[], place: PlaceNumber): number {
    return product(filters, (filter) => filter.of(place))
  }
}

/** Two communes in one query are rarely two names of one. */
const SAME_LEVEL = 0.3

/** A look-up in a place costs as much as this many lines. */
const LOOK_UP = 2

/** What the parts of a query leave of a weight; 0 when one does not fit. */
function product(filters: readonly PlaceFilter[], of: (filter: PlaceFilter) => number): number {
  let weight = 1
  for (const filter of filters) {
    const fits = of(filter)
    if (fits === 0) return 0
    weight *= 0.3 + 0.7 * fits
  }
  return weight
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
