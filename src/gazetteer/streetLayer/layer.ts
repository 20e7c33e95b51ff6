import Flatbush from 'flatbush'
import { scaleAt } from '../../geo/flatEarth.ts'
import { DataUnreadable } from '../sealed.ts'
import { type Check, openSections } from '../sections.ts'
import { streetKeys } from '../streetsKey.ts'
import type { CurrentCommune } from '../types.ts'
import { LAYER_FILE, type LayerArrays } from './arrays.ts'
import { chainKey, compareChains } from './chain.ts'
import { HamletRow, HouseRow, SIDES, StreetRow } from './rows.ts'
import { type Foot, feetWithin } from './segments.ts'
import { Texts } from './texts.ts'
import type {
  Hamlet,
  House,
  HouseHit,
  LayerHead,
  Street,
  StreetHit,
  StreetLayer,
  StreetName,
} from './types.ts'

/** What the head of the file says. */
export interface LayerFacts {
  readonly head: LayerHead
  /** Codes of the communes that it has anything in, ascending. */
  readonly communes: readonly string[]
}

/** Look-ups go no farther than this (metres). */
const FARTHEST = 2_000
/**
 * Pieces of a street farther off along it (metres) are another stretch of a long road: a national road is one street through
 * hundreds of communes, and its numbers start anew.
 */
const STRETCH = 15_000
/** Streets of one name without a commune. */
const MOST = 1_000
/** Houses of a piece of a street that are looked at: more are a mistake of the map. */
const MOST_HOUSES = 20_000

/**
 * Opens the bytes of a layer; nothing is decoded and nothing copied. `check` as of `openSections`. Throws `DataUnreadable`
 * when they are damaged, of another version, or name a commune that there is not.
 */
export function openLayer(
  buffer: ArrayBufferLike,
  source: string,
  communeOf: (code: string) => CurrentCommune | undefined,
  check: Check = 'all',
): Layer {
  const { facts, arrays, version } = openSections<typeof LAYER_FILE.sections, LayerFacts>(
    LAYER_FILE,
    buffer,
    source,
    check,
  )
  const communes = facts.communes.map((code) => {
    const commune = communeOf(code)
    if (!commune) throw new DataUnreadable(source, `there is no commune ${code} any more: import it again`)
    return commune
  })
  return new Layer(facts.head, version, communes, arrays, buffer)
}

export class Layer implements StreetLayer {
  readonly head: LayerHead
  readonly version: string
  readonly communes: readonly CurrentCommune[]
  readonly arrays: LayerArrays
  readonly texts: Texts
  /** Everything, as it can be handed to a thread. */
  readonly buffer: ArrayBufferLike
  /** By code: a commune may come from another load of the same data. */
  private readonly placeOf: ReadonlyMap<string, number>
  private readonly runs: Flatbush | null
  private readonly doors: Flatbush | null

  constructor(
    head: LayerHead,
    version: string,
    communes: readonly CurrentCommune[],
    arrays: LayerArrays,
    buffer: ArrayBufferLike,
  ) {
    this.head = head
    this.version = version
    this.communes = communes
    this.arrays = arrays
    this.buffer = buffer
    this.texts = new Texts(arrays)
    this.placeOf = new Map(communes.map(({ code }, place) => [code, place]))
    this.runs = boxes(arrays.runBoxes)
    this.doors = boxes(arrays.houseBoxes)
  }

  get counts(): StreetLayer['counts'] {
    const { streetCommune, houseCommune, hamletCommune, alleyChain } = this.arrays
    const alleys = alleyChain.reduce((sum, chain) => sum + (chain === 0 ? 0 : 1), 0)
    return {
      streets: streetCommune.length - alleys,
      alleys,
      houses: houseCommune.length,
      hamlets: hamletCommune.length,
    }
  }

  streetAt(row: number): Street {
    return new StreetRow(this, inside(row, this.arrays.streetCommune.length))
  }
  houseAt(row: number): House {
    return new HouseRow(this, inside(row, this.arrays.houseCommune.length))
  }
  hamletAt(row: number): Hamlet {
    return new HamletRow(this, inside(row, this.arrays.hamletCommune.length))
  }

  get nameCount(): number {
    return this.arrays.keyText.length
  }
  nameAt(index: number): StreetName {
    const { keyText, keyName, keyStart, keyRows } = this.arrays
    inside(index, keyText.length)
    const [from, end] = [keyStart[index]!, keyStart[index + 1]!]
    const layer = this
    return {
      key: this.texts.at(keyText[index]!),
      name: this.texts.at(keyName[index]!),
      get streets() {
        return layer.ranked(keyRows.subarray(from, end), layer.texts.at(keyText[index]!))
      },
    }
  }

  streetsNamed(name: string, commune?: CurrentCommune): readonly Street[] {
    if (!this.covers(commune)) return []
    const { keyText, keyStart, keyRows } = this.arrays
    for (const key of streetKeys(name)) {
      const found = this.rowsOf(this.texts.find(keyText, key), keyStart, keyRows, commune)
      if (found.length > 0) return this.ranked(found, key)
    }
    return []
  }

  alleysNamed(name: string, numbers: readonly string[], commune?: CurrentCommune): readonly Street[] {
    if (!this.covers(commune)) return []
    const { alleyKeyText, alleyKeyStart, alleyKeyRows } = this.arrays
    const chain = chainKey(numbers)
    for (const key of streetKeys(name)) {
      const place = this.texts.find(alleyKeyText, `${key}|${chain}`)
      const found = this.rowsOf(place, alleyKeyStart, alleyKeyRows, commune)
      if (found.length > 0) return this.ranked(found, key)
    }
    return []
  }

  pieces(street: Street): readonly Street[] {
    return this.rowsAround(street).map((row) => new StreetRow(this, row))
  }

  alleysOf(street: Street): readonly Street[] {
    const { childRows, alleyParent, alleyChain, streetWhole } = this.arrays
    const parents = new Set(this.rowsAround(street))
    const rows = new Set<number>()
    const wholes = new Set([street.whole])
    for (const whole of wholes) {
      const [from, end] = range(childRows.length, whole, (at) => streetWhole[alleyParent[childRows[at]!]!]!)
      for (const row of childRows.subarray(from, end)) {
        if (!parents.has(alleyParent[row]!)) continue
        rows.add(row)
        parents.add(row)
        wholes.add(streetWhole[row]!)
      }
    }
    return [...rows]
      .map((row) => ({ row, chain: this.texts.at(alleyChain[row]!) }))
      .sort((a, b) => compareChains(a.chain, b.chain) || a.row - b.row)
      .map(({ row }) => new StreetRow(this, row))
  }

  housesOf(street: Street): readonly House[] {
    const { houseStreet } = this.arrays
    const pieces = this.pieces(street)
    const houses = pieces.flatMap(({ row }) => {
      const [from, end] = range(houseStreet.length, row, (at) => houseStreet[at]!)
      const step = Math.ceil((end - from) / MOST_HOUSES) || 1
      return Array.from({ length: Math.ceil((end - from) / step) }, (_, at): House => {
        return new HouseRow(this, from + at * step)
      })
    })
    if (pieces.length < 2) return houses
    return houses
      .map((house) => ({ house, chain: house.chain.join('/') }))
      .sort((a, b) => compareChains(a.chain, b.chain) || a.house.row - b.house.row)
      .map(({ house }) => house)
  }

  nearestStreets(lat: number, lon: number, metres: number, limit: number): readonly StreetHit[] {
    const { runs } = this
    if (!runs) return []
    const feet = widening(metres, limit, (reach) =>
      feetWithin(this.arrays, runs, lon * 1e6, lat * 1e6, reach),
    )
    return feet.map((foot) => this.hit(foot))
  }

  housesNear(lat: number, lon: number, metres: number, limit: number): readonly HouseHit[] {
    const { doors } = this
    if (!doors) return []
    const { houseXy } = this.arrays
    const [x, y, scale] = [lon * 1e6, lat * 1e6, scaleAt(lat)]
    const found = widening(metres, limit, (reach) => {
      const [dx, dy] = [reach / scale.x, reach / scale.y]
      const near: { row: number; metres: number }[] = []
      for (const row of doors.search(x - dx, y - dy, x + dx, y + dy)) {
        const away = Math.hypot((houseXy[2 * row]! - x) * scale.x, (houseXy[2 * row + 1]! - y) * scale.y)
        if (away <= reach) near.push({ row, metres: away })
      }
      return near
    })
    return found.map((near) => ({ house: new HouseRow(this, near.row), metres: near.metres }))
  }

  streetsOf(commune: CurrentCommune): readonly Street[] {
    const [from, end] = this.rangeOf(this.arrays.streetCommune, commune)
    return Array.from({ length: end - from }, (_, at) => new StreetRow(this, from + at))
  }

  hamletsOf(commune: CurrentCommune): readonly Hamlet[] {
    const [from, end] = this.rangeOf(this.arrays.hamletCommune, commune)
    return Array.from({ length: end - from }, (_, at) => new HamletRow(this, from + at))
  }

  /** The rows of the pieces of a street that lie at most `STRETCH` before or behind it. */
  private rowsAround({ whole, from, to }: Street): number[] {
    const { wholeRows, streetWhole, streetFrom, streetTo } = this.arrays
    const [first, end] = range(wholeRows.length, whole, (at) => streetWhole[wholeRows[at]!]!)
    return Array.from(wholeRows.subarray(first, end)).filter(
      (row) => streetFrom[row]! <= to + STRETCH && streetTo[row]! >= from - STRETCH,
    )
  }

  private hit({ street, x, y, along, side, metres }: Foot): StreetHit {
    return {
      street: new StreetRow(this, street),
      lat: y / 1e6,
      lon: x / 1e6,
      along,
      side: SIDES[side],
      metres,
    }
  }

  private rangeOf(column: Uint16Array, commune: CurrentCommune): [number, number] {
    const place = this.placeOf.get(commune.code)
    return place === undefined ? [0, 0] : range(column.length, place, (at) => column[at]!)
  }

  /** Asked first: most communes are on no map of a city, and the key of a name costs more. */
  private covers(commune: CurrentCommune | undefined): boolean {
    return !commune || this.placeOf.has(commune.code)
  }

  /** The rows of a key, which stand by commune; of a commune that the layer covers. */
  private rowsOf(
    place: number,
    start: Uint32Array,
    rows: Uint32Array,
    commune: CurrentCommune | undefined,
  ): Uint32Array {
    if (place < 0) return rows.subarray(0, 0)
    const all = rows.subarray(start[place]!, start[place + 1]!)
    if (!commune) return all
    const wanted = this.placeOf.get(commune.code)!
    const { streetCommune } = this.arrays
    const [from, end] = range(all.length, wanted, (at) => streetCommune[all[at]!]!)
    return all.subarray(from, end)
  }

  /** Those that bear the key as their main name first, then the longest. */
  private ranked(rows: Uint32Array, key: string): Street[] {
    if (rows.length === 1) return [new StreetRow(this, rows[0]!)]
    const { streetMetres } = this.arrays
    return Array.from(rows, (row) => new StreetRow(this, row))
      .map((street) => ({ street, other: street.key === key ? 0 : 1, metres: streetMetres[street.row]! }))
      .sort((a, b) => a.other - b.other || b.metres - a.metres || a.street.row - b.street.row)
      .slice(0, MOST)
      .map(({ street }) => street)
  }
}

/** Looks ever farther until enough is found: the nearest first. */
function widening<T extends { metres: number }>(
  metres: number,
  limit: number,
  within: (reach: number) => T[],
): T[] {
  const farthest = Math.min(metres, FARTHEST)
  for (let reach = Math.min(50, farthest); ; reach = Math.min(4 * reach, farthest)) {
    const found = within(reach)
    if (found.length >= limit || reach >= farthest)
      return found.sort((a, b) => a.metres - b.metres).slice(0, limit)
  }
}

/** Where the entries with this value stand in a list sorted by it. */
function range(length: number, wanted: number, valueAt: (at: number) => number): [number, number] {
  const from = firstAt(length, (at) => valueAt(at) >= wanted)
  return [from, firstAt(length, (at) => valueAt(at) > wanted)]
}

function firstAt(length: number, holds: (at: number) => boolean): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function inside(row: number, count: number): number {
  if (!(row >= 0 && row < count)) throw new RangeError(`row ${row} of ${count}`)
  return row
}

const boxes = (bytes: Uint8Array): Flatbush | null =>
  bytes.length === 0 ? null : Flatbush.from(bytes.buffer, bytes.byteOffset)
