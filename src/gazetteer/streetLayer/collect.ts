import { readWayName, type WrittenStreet } from './streetName.ts'
import type { LayerSink, RawHouse, RawPlace, RawWay } from './types.ts'

/** What a compiler has to know of the country. */
export interface World {
  /** Position in `communeCodes` of the commune that holds a point, -1 outside the country. */
  communeAt(lat: number, lon: number): number
  readonly communeCodes: readonly string[]
  /** Whether a street of this key is known anywhere: tells "152 Cao Lỗ" (an alley) from "152 Abc". */
  isStreet(key: string): boolean
}

/** A way in compact form. */
export interface Way {
  readonly street: WrittenStreet
  readonly others: readonly WrittenStreet[]
  readonly highway: string
  /** Longitude, latitude in millionths of a degree. */
  readonly xy: Int32Array
}
export interface Door {
  readonly number: string
  readonly street: WrittenStreet | null
  readonly x: number
  readonly y: number
  readonly commune: number
}
export interface Place {
  readonly kind: string
  readonly name: string
  readonly x: number
  readonly y: number
  readonly commune: number
}

/** How many objects were taken, and how many were not, by reason. */
export interface Collected {
  ways: number
  houses: number
  hamlets: number
  /** The same id once more. */
  repeated: number
  /** The name says no street (a ramp, a hall, a bridge, a mark), or a place is a unit. */
  unnamed: number
  /** Outside the country, or coordinates that are none. */
  outside: number
  /** A way of one point, a house without any digit, an overlong text. */
  broken: number
}

/** Values of `highway` of ways that no address is in. */
export const NO_ADDRESSES_THERE = /^(?:platform|motorway|motorway_link|proposed)$/
/** A way named so is a bridge, unless a street of that name is known. */
export const BRIDGE = /^cầu /i
/** Units are no hamlets, and those of the map may be former ones. */
const UNIT_PLACE = /^(?:city|town|state|province|county|district)$/
const UNIT_NAME = /^(?:(?:phường|quận|huyện|xã|thị trấn|thị xã|thành phố)\s.*|\d+)$/i
const MOST_LETTERS = 200
/** Of one row. */
const MOST_POINTS = 20_000
const BOX = { minLat: 7, maxLat: 24, minLon: 101, maxLon: 118 }

/** Takes raw objects and keeps what the compiler needs of them; what it cannot use is counted. */
export class Collector implements LayerSink {
  readonly counts: Collected = {
    ways: 0,
    houses: 0,
    hamlets: 0,
    repeated: 0,
    unnamed: 0,
    outside: 0,
    broken: 0,
  }
  readonly ways: Way[] = []
  readonly doors: Door[] = []
  readonly places: Place[] = []
  /** Ids by kind: a building with a number can be a named place too. */
  private readonly seen = { way: new Set<string>(), house: new Set<string>(), place: new Set<string>() }
  private readonly written = new Map<string, WrittenStreet | null>()
  protected readonly world: World

  constructor(world: World) {
    this.world = world
  }

  /** One of more points than a row holds becomes several that touch. */
  way(way: RawWay): void {
    const { id, points } = way
    const most = 2 * MOST_POINTS
    if (points.length <= most || this.seen.way.has(id)) this.counts[this.takeWay(way)]++
    else
      for (let from = 0; from < points.length - 2; from += most - 2) {
        const piece = Array.from(
          { length: Math.min(most, points.length - from) },
          (_, i) => points[from + i]!,
        )
        this.counts[this.takeWay({ ...way, id: from === 0 ? id : `${id}+${from}`, points: piece })]++
      }
  }
  house(house: RawHouse): void {
    this.counts[this.takeHouse(house)]++
  }
  place(place: RawPlace): void {
    this.counts[this.takePlace(place)]++
  }

  private takeWay({ id, name, otherNames, highway, points }: RawWay): keyof Collected {
    if (this.isRepeated('way', id)) return 'repeated'
    const { length } = points
    if (length < 4 || length % 2 !== 0 || name.length > MOST_LETTERS || highway.length > MOST_LETTERS)
      return 'broken'
    const street = NO_ADDRESSES_THERE.test(highway) ? null : this.read(name)
    if (!street || (BRIDGE.test(name) && !this.world.isStreet(street.key))) return 'unnamed'
    const xy: number[] = []
    for (let i = 0; i < length; i += 2) {
      const [lat, lon] = [points[i]!, points[i + 1]!]
      if (!inBox(lat, lon)) return 'outside'
      const [x, y] = [Math.round(lon * 1e6), Math.round(lat * 1e6)]
      if (x !== xy[xy.length - 2] || y !== xy[xy.length - 1]) xy.push(x, y)
    }
    if (xy.length < 4) return 'broken'
    const others = otherNames.slice(0, 20).flatMap((other) => this.read(other) ?? [])
    this.ways.push({ street, others, highway, xy: Int32Array.from(xy) })
    return 'ways'
  }

  private takeHouse({ id, number, street, lat, lon }: RawHouse): keyof Collected {
    if (this.isRepeated('house', id)) return 'repeated'
    // people leave anything in this field: "ks", "DT"
    if (!/\d/.test(number) || number.length > 40) return 'broken'
    const commune = inBox(lat, lon) ? this.world.communeAt(lat, lon) : -1
    if (commune < 0) return 'outside'
    const written = street ? this.read(street) : null
    this.doors.push({
      number: number.normalize('NFC').trim(),
      street: written,
      x: Math.round(lon * 1e6),
      y: Math.round(lat * 1e6),
      commune,
    })
    return 'houses'
  }

  private takePlace({ id, kind, name, lat, lon }: RawPlace): keyof Collected {
    if (this.isRepeated('place', id)) return 'repeated'
    const text = name.normalize('NFC').trim()
    if (text === '' || text.length > MOST_LETTERS || kind.length > 40) return 'broken'
    if (UNIT_PLACE.test(kind) || UNIT_NAME.test(text)) return 'unnamed'
    const commune = inBox(lat, lon) ? this.world.communeAt(lat, lon) : -1
    if (commune < 0) return 'outside'
    this.places.push({ kind, name: text, x: Math.round(lon * 1e6), y: Math.round(lat * 1e6), commune })
    return 'hamlets'
  }

  private read(name: string): WrittenStreet | null {
    if (name.length > MOST_LETTERS) return null
    let written = this.written.get(name)
    if (written === undefined) {
      written = readWayName(name, (key) => this.world.isStreet(key))
      this.written.set(name, written)
    }
    return written
  }

  private isRepeated(kind: 'way' | 'house' | 'place', id: string): boolean {
    const seen = this.seen[kind]
    const before = seen.size
    return seen.add(id).size === before
  }
}

const inBox = (lat: number, lon: number) =>
  lat >= BOX.minLat && lat <= BOX.maxLat && lon >= BOX.minLon && lon <= BOX.maxLon
