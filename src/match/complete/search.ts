import { qualityInRange, type StreetHit, type StreetRange, type UnitHit } from './hits.ts'
import type { CompleteOptions, Kept } from './kept.ts'
import type { NamedUnits } from './namedUnits.ts'
import type { PlaceFilter } from './placeFilter.ts'
import type { Reading } from './readings.ts'
import { bestKnown, type PlaceNumber } from './streetIndex.ts'
import type { NamedUnit } from './unitIndex.ts'
import type { World } from './world.ts'

/** Fewer units than these are looked at one by one, not by where the other parts of the query lie. */
const FEW_UNITS = 64
/** Units that are looked at of those that a few letters begin; those near by in any case. */
const MOST_UNITS = 300
/** Places of one name that are looked at. */
const MOST_PLACES = 8
/** Lines that all readings of a query look at, and as many filters: some milliseconds. */
const MOST_LINES = 20_000
const NONE: readonly never[] = []

/** Looks for the places that readings of a query can mean, and puts them to the kept ones. */
export class Search {
  private readonly world: World
  private readonly within: PlaceNumber | null
  private readonly kept: Kept
  private lines = MOST_LINES
  /** Places around the person. */
  private readonly near: ReadonlySet<PlaceNumber>

  constructor(world: World, { near, within }: CompleteOptions, kept: Kept) {
    this.world = world
    this.kept = kept
    this.within = within?.index ?? null
    this.near = new Set(near ? world.fame.near(near) : [])
  }

  /** Units themselves, where the other parts of the query name what is around them. */
  units(reading: Reading, named: NamedUnits, others: readonly PlaceFilter[]): void {
    const { hits } = named
    const { kept } = this
    let within: readonly PlaceNumber[] | null = null
    if (hits.length > FEW_UNITS)
      for (const other of others) {
        const places = other.places()
        if (places.length * 2 < (within?.length ?? hits.length)) within = places
      }
    if (within) {
      for (const place of within) for (const hit of named.in(place)) this.unit(reading, hit, others, place)
      return
    }
    // Of a name alone that is not read freely the hits stand best known first.
    const isAlone = reading.units.length === 1 && !reading.units[0]!.freely
    for (const [i, hit] of hits.entries()) {
      const { unit, quality } = hit
      if (i > MOST_UNITS && isAlone && !unit.communes.some((one) => this.near.has(one))) continue
      if (kept.atMost(quality * reading.weight, unit.fame) <= kept.worst) continue
      this.unit(reading, hit, others)
    }
  }

  /** @param within of its communes only this one. */
  private unit(
    reading: Reading,
    { unit, quality }: UnitHit,
    others: readonly PlaceFilter[],
    within?: PlaceNumber,
  ): void {
    const { fame, provinceNumber } = this.world
    const { kept } = this
    const { sense, communes } = unit
    const weight = quality * reading.weight
    if (kept.atMost(weight, unit.fame) <= kept.worst) return
    const former = sense.currentProvince || sense.current ? null : unit
    if (sense.level === 'province') {
      const place = provinceNumber(sense.nowIn)
      const fits = product(others, (other) => other.ofProvince(place))
      if (this.within === null)
        kept.put(weight * fits, unit.fame, fame.atProvince(sense.nowIn), { reading, row: -1, place, former })
      return
    }
    for (const [k, place] of communes.entries()) {
      if (this.within !== null && this.within !== place) continue
      if (within !== undefined && within !== place) continue
      const fits = product(others, (other) => this.wider(other, place, unit))
      kept.put(weight * fits * 0.97 ** k, unit.fame, fame.at(place), { reading, row: -1, place, former })
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

  /** Streets of the ranges and hits, where the other parts of the query name what is around them. */
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
    for (const { row, quality } of hits)
      for (let at = places.starts[row]!; at < places.starts[row + 1]! && this.lines > 0; at++)
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
    for (let row = range.from; row < range.before && this.lines > 0; row++) {
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
    for (; low < end && items[low]! < range.before && this.lines > 0; low++)
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
    this.lines -= 1 + filters.length
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
    // Of a house somebody wants the door, and in a district nobody knows where the street is.
    const vague = reading.house && fame.inside[place]!.length > 0 ? UNMAPPED : 1
    this.kept.put(weight * fits * vague, known, fame.at(place), { reading, row, place, former })
  }

  private fits(filters: readonly PlaceFilter[], place: PlaceNumber): number {
    return product(filters, (filter) => filter.of(place))
  }
}

/** Of a house in a street that only the list of a district has, beside houses in mapped streets. */
const UNMAPPED = 0.85

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
