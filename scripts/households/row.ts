import type { Boundaries, CurrentCommune, FormerCommune } from '../../src/gazetteer/types.ts'
import type { RowStatus } from '../../src/registry/types.ts'
import { type Home, type Style, writeCells, writeHouse } from './address.ts'
import type { Place } from './names.ts'
import { type Draws, drawsFor, shuffledOrder } from './random.ts'

export const HEADERS = ['Mã hộ', 'Địa chỉ', 'Phường/Xã', 'Quận/Huyện', 'Tỉnh/TP', 'Vĩ độ', 'Kinh độ', 'note']

export interface MadeRow {
  /** As many as the headers, except in a row that is meant to be broken. */
  cells: string[]
  /** What `assign` should say on a new database. */
  expectedStatus: RowStatus
  /** Code of the current commune, empty for a broken row. */
  expectedCommune: string
  /** The row (from 1) that says the same household, and how this one differs from it. */
  twin: { row: number; kind: TwinKind } | null
}

/** How often a row has which trait. The rest is a plain household with a point. */
export interface Mix {
  /** Names a hamlet and no house. */
  hamletOnly: number
  /** Of the rows that name only a hamlet. */
  hamletPoint: number
  noPoint: number
  /** The household of the row before, written in another way. */
  repeated: number
  /** As `repeated`, with a slip in the name of the street or hamlet and a point some metres off. */
  respelled: number
  /** As `repeated`, in the units of the other era; half of them without a point. */
  otherEra: number
  swapped: number
  decimalComma: number
  /** The point lies in another commune. */
  farPoint: number
  /** Two rows that cannot be read: one without any address, one with too many cells. */
  broken: boolean
}

export const MIXES: Record<'office' | 'points' | 'text' | 'twins', Mix> = {
  office: {
    hamletOnly: 0.15,
    hamletPoint: 0.4,
    noPoint: 0.15,
    repeated: 0.02,
    respelled: 0,
    otherEra: 0,
    swapped: 0.03,
    decimalComma: 0.04,
    farPoint: 0.005,
    broken: true,
  },
  points: {
    hamletOnly: 0.05,
    hamletPoint: 0,
    noPoint: 0,
    repeated: 0.01,
    respelled: 0,
    otherEra: 0,
    swapped: 0.01,
    decimalComma: 0.01,
    farPoint: 0,
    broken: false,
  },
  text: {
    hamletOnly: 0.05,
    hamletPoint: 0,
    noPoint: 1,
    repeated: 0.01,
    respelled: 0,
    otherEra: 0,
    swapped: 0,
    decimalComma: 0,
    farPoint: 0,
    broken: false,
  },
  twins: {
    hamletOnly: 0.05,
    hamletPoint: 0.5,
    noPoint: 0.3,
    repeated: 0.01,
    respelled: 0.02,
    otherEra: 0.02,
    swapped: 0,
    decimalComma: 0,
    farPoint: 0,
    broken: false,
  },
}

type TwinKind = 'repeated' | 'respelled' | 'otherEra'

export interface Plan {
  rows: number
  seed: number
  order: 'commune' | 'shuffled'
  mix: Mix
  places: Place[]
  boundaries: Boundaries
}

/**
 * The generator: row(i) for i from 0 to rows - 1, pure. Households stand in order of commune, an equal share for each; the
 * shuffled order only moves them.
 */
export function rowMaker(plan: Plan): (index: number) => MadeRow {
  const { rows, seed, mix, places, boundaries } = plan
  const shuffled = plan.order === 'shuffled' ? shuffledOrder(rows, seed) : null
  const positionOf = (item: number) => shuffled?.positionOf(item) ?? item
  const placeAt = (item: number) => Math.floor((item * places.length) / rows)
  const twinKinds = ['repeated', 'respelled', 'otherEra'] as const
  /** How a row says the household of the item before, null when it is one of its own. */
  const twinOf = (item: number): TwinKind | null => {
    if (item === 0 || placeAt(item) !== placeAt(item - 1)) return null
    let value = drawsFor(seed ^ 0x5eed, item).next()
    const kind = twinKinds.find((name) => {
      const drawn = value < mix[name]
      value -= mix[name]
      return drawn
    })
    if (!kind || twinOf(item - 1)) return null
    const trait = traitsOf(item - 1)
    // The same text again without a point is another matter: nothing is near.
    return trait === 'plain' || (kind !== 'repeated' && trait === 'no-point') ? kind : null
  }
  const isBroken = (item: number) => mix.broken && (item === rows >> 1 || item === rows >> 2)

  function traitsOf(item: number): 'hamlet' | 'no-point' | 'far' | 'plain' | 'broken' {
    if (isBroken(item)) return 'broken'
    const value = drawsFor(seed ^ 0x7a17, item).next()
    const place = places[placeAt(item)]!
    const rural = place.commune.type !== 'phuong'
    if (value < mix.hamletOnly) return rural ? 'hamlet' : 'plain'
    if (value < mix.hamletOnly + mix.noPoint) return 'no-point'
    return value > 1 - mix.farPoint ? 'far' : 'plain'
  }

  /** Everything about a household but the way that a row writes it. */
  function household(item: number, trait: string): Made {
    const draw = drawsFor(seed, item)
    const placeIndex = placeAt(item)
    const place = places[placeIndex]!
    const ordinal = item - Math.ceil((placeIndex * rows) / places.length)
    const whole = place.formers.filter(({ successors }) => successors.length === 1)
    const wantsPoint = trait === 'hamlet' ? draw.chance(mix.hamletPoint) : trait !== 'no-point'
    // What the name of its commune leaves open the former units tell, else the point.
    const hasPoint = wantsPoint || (place.namesake && whole.length === 0)
    const formers = hasPoint ? place.formers : whole
    const inFormer = draw.chance(0.4) || (!hasPoint && place.namesake)
    const former = formers.length > 0 && inFormer ? draw.pick(formers) : null
    const house =
      trait === 'hamlet' ? place.hamlets[ordinal % place.hamlets.length]! : writeHouse(place, ordinal, draw)
    const near = trait === 'far' ? places[(placeIndex + (places.length >> 1)) % places.length]! : place
    const point = hasPoint ? pointIn(near.commune, boundaries, draw, place.namesake ? REACH : 0) : null
    return {
      home: { place, former: former && point && isOpen(former, place, point, trait) ? null : former, house },
      point,
    }
  }

  /** Far from a split former commune, or near the border of two parts, nothing says which part a row in its units means. */
  function isOpen(former: FormerCommune, { commune }: Place, { lat, lon }: Point, trait: string): boolean {
    const { successors } = former
    if (successors.length === 1 || trait === 'far') return successors.length > 1
    const near = boundaries.communesWithin(lat, lon, REACH)
    return successors.some(
      ({ current }) => current !== commune && near.some(({ index }) => index === current.index),
    )
  }

  return (index) => {
    const item = shuffled?.itemAt(index) ?? index
    const kind = twinOf(item)
    // A row that stands twice has the number of its household, or was given one of its own by mistake.
    const ownNumber = kind !== 'repeated' || item % 2 === 0
    const id = `H${String(ownNumber ? item + 1 : item).padStart(8, '0')}`
    const trait = traitsOf(kind ? item - 1 : item)
    if (trait === 'broken') return brokenRow(id, item === rows >> 1)
    const first = household(kind ? item - 1 : item, trait)
    const { home, point } = kind ? twin(kind, first, drawsFor(seed ^ 0x7317, item)) : first
    const draw = drawsFor(seed ^ 0x0ff1ce, item)
    const style = point === null ? 'full' : pickStyle(draw)
    const cells = [
      id,
      ...writeCells(home, style, draw.chance(0.3)),
      ...writePoint(point, mix, draw),
      'made up',
    ]
    const next = item + 1 < rows ? twinOf(item + 1) : null
    const other = kind ? item - 1 : next ? item + 1 : null
    const second = other !== null && (kind ?? next) === 'repeated' && positionOf(other) < index
    const otherNumber = Math.max(item, other ?? 0) % 2 === 0
    return {
      cells,
      expectedStatus: second
        ? otherNumber
          ? 'review'
          : 'duplicate'
        : trait === 'far'
          ? 'review'
          : point
            ? 'assigned'
            : 'visit',
      expectedCommune: home.place.commune.code,
      twin: kind && { row: positionOf(item - 1) + 1, kind },
    }
  }
}

/** Metres: as far as a point is heard beyond a border. */
const REACH = 100

interface Made {
  home: Home
  point: Point | null
}

/** The same household as another clerk would write it. */
function twin(kind: TwinKind, { home, point }: Made, draw: Draws): Made {
  if (kind === 'repeated') return { home, point }
  const metres = () => (draw.next() - 0.5) * 14
  const moved = point && {
    lat: millionths(point.lat + metres() / 111_000),
    lon: millionths(point.lon + metres() / 108_000),
  }
  if (kind === 'respelled') return { home: { ...home, house: withSlip(home.house, draw) }, point: moved }
  const { formers } = home.place
  const former = home.former || formers.length === 0 ? null : draw.pick(formers)
  return { home: { ...home, former }, point: draw.chance(0.5) ? null : moved }
}

/** One letter of the longest word left out, doubled or changed for its neighbour. */
function withSlip(house: string, draw: Draws): string {
  const words = house.split(' ')
  const length = Math.max(...words.map((word) => (/^\p{L}+$/u.test(word) ? word.length : 0)))
  const at = words.findLastIndex((word) => word.length === length && /^\p{L}+$/u.test(word))
  const word = words[at]!
  const i = 1 + draw.below(Math.max(1, length - 2))
  const slips = [
    word.slice(0, i) + word.slice(i + 1),
    word.slice(0, i) + word[i] + word.slice(i),
    word.slice(0, i) + (word[i + 1] ?? '') + word[i] + word.slice(i + 2),
  ]
  words[at] = length < 3 ? word : draw.pick(slips)
  return words.join(' ')
}

interface Point {
  lat: number
  lon: number
}

function pickStyle(draw: Draws): Style {
  const value = draw.next()
  return value < 0.6 ? 'full' : value < 0.92 ? 'short' : 'bare'
}

/**
 * A point of six decimals in the commune, evenly spread, with no other one within `reach` metres. Islets in a wide sea fall
 * back on the commune's inner point.
 */
export function pointIn(commune: CurrentCommune, boundaries: Boundaries, draw: Draws, reach = 0): Point {
  const [west, south, east, north] = commune.bbox
  for (let attempt = 0; attempt < 200; attempt++) {
    const lat = millionths(south + draw.next() * (north - south))
    const lon = millionths(west + draw.next() * (east - west))
    // Three decimals and zeros behind them look like a rounded point.
    if (isRounded(lat) && isRounded(lon)) continue
    if (boundaries.communeAt(lat, lon) !== commune.index) continue
    if (reach === 0 || boundaries.communesWithin(lat, lon, reach).length === 1) return { lat, lon }
  }
  return { lat: millionths(commune.inside.lat), lon: millionths(commune.inside.lon) }
}

const isRounded = (degrees: number) => Math.round(degrees * 1e6) % 1000 === 0

function millionths(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6
}

/** Latitude and longitude as the two cells of a row, now and then swapped or with commas. */
function writePoint(point: Point | null, mix: Mix, draw: Draws): [string, string] {
  if (point === null) return ['', '']
  const comma = draw.chance(mix.decimalComma)
  const [lat, lon] = [point.lat, point.lon].map((value) => {
    const text = value.toFixed(6)
    return comma ? text.replace('.', ',') : text
  }) as [string, string]
  return draw.chance(mix.swapped) ? [lon, lat] : [lat, lon]
}

function brokenRow(id: string, empty: boolean): MadeRow {
  const cells = empty
    ? [id, '', '', '', '', '', '', 'made up']
    : [id, 'Số 5', 'ngõ 12', 'phố Huế', 'P. Hai Bà Trưng', '', 'TP. Hà Nội', '21.014', '105.852', 'made up']
  return { cells, expectedStatus: 'rejected', expectedCommune: '', twin: null }
}
