import { scaleAt } from '../../geo/flatEarth.ts'
import { Spellings } from '../spellings.ts'
import { indexed } from './boxes.ts'
import { chainKey } from './chain.ts'
import { chainage } from './chainage.ts'
import type { Place, Way, World } from './collect.ts'
import { cutAtBorders, type Piece } from './cut.ts'
import { hangTogether } from './join.ts'
import type { AlleyKind } from './types.ts'

/** A row of the layer while it is being made. */
export interface StreetPiece {
  readonly commune: number
  /** Of an alley whose name says no street '', until the tree of alleys finds it. */
  key: string
  name: string
  otherNames: string[]
  /** What its other names are looked up by: key of the street and of the chain of alleys ('' for none). */
  readonly otherKeys: readonly (readonly [key: string, chain: string])[]
  readonly highway: string
  readonly metres: number
  whole: number
  readonly from: number
  readonly to: number
  neighbourhood: string
  readonly alley: AlleyPiece | null
  readonly lines: readonly Piece[]
}
export interface AlleyPiece {
  readonly kind: AlleyKind | null
  numbers: readonly string[]
  parent?: number
  mouth?: { x: number; y: number; along: number; side: -1 | 0 | 1 }
}

/** Ways of a proper name are one street up to this gap: a bridge under a name of its own (metres). */
const NAME_GAP = 500
/** "Tân Thới Hiệp 7", "Đường 3/2": a roundabout (metres). */
const NAME_AND_NUMBER_GAP = 200
/** "Đường số 3" of the next neighbourhood begins close by. */
const NUMBER_GAP = 40
const NUMBERED = /^(?:\S*\d\S*|[a-z]{1,2})$/
/** A place farther away names no street (metres). */
const NEIGHBOURHOOD_METRES = 1_500

/** Ways to streets: joined by name, measured, cut at the borders of communes; in the order of the rows. */
export function buildPieces(
  ways: readonly Way[],
  places: readonly Place[],
  world: World,
  watch: (share: number, streets: number) => void,
): StreetPiece[] {
  const spellings = new Spellings()
  for (const { street } of ways) if (street.key) spellings.add(street.key, street.name)
  let [done, streets] = [0, 0]
  const wholes = [...grouped(ways)].flatMap(([, group]) => {
    watch(done / ways.length, streets)
    done += group.length
    // the order of the source must not matter
    group.sort(
      (a, b) =>
        a.xy[0]! - b.xy[0]! ||
        a.xy[1]! - b.xy[1]! ||
        a.xy.length - b.xy.length ||
        a.xy.at(-1)! - b.xy.at(-1)!,
    )
    const { key, chain } = group[0]!.street
    const gap =
      chain.length > 0 || NUMBERED.test(key) ? NUMBER_GAP : /\d/.test(key) ? NAME_AND_NUMBER_GAP : NAME_GAP
    const lines = group.map(({ xy }) => xy)
    const together = hangTogether(lines, gap)
    streets += together.length
    return together.map(({ members, links }) =>
      piecesOf(
        members.map((line) => group[line]!),
        links,
        spellings,
        world,
      ),
    )
  })
  const rows = wholes
    .flat()
    .sort(
      (a, b) =>
        a.commune - b.commune ||
        compareTexts(a.key, b.key) ||
        compareTexts(a.alley?.numbers.join('/') ?? '', b.alley?.numbers.join('/') ?? '') ||
        a.lines[0]!.xy[0]! - b.lines[0]!.xy[0]! ||
        a.lines[0]!.xy[1]! - b.lines[0]!.xy[1]!,
    )
  const rowOf = new Map(rows.map((piece, row) => [piece, row]))
  for (const pieces of wholes) {
    pieces.sort((a, b) => a.from - b.from || rowOf.get(a)! - rowOf.get(b)!)
    for (const piece of pieces) piece.whole = rowOf.get(pieces[0]!)!
  }
  nameNeighbourhoods(rows, places)
  return rows
}

function grouped(ways: readonly Way[]): Map<string, Way[]> {
  const groups = new Map<string, Way[]>()
  for (const way of ways) {
    const key = `${way.street.key}|${chainKey(way.street.chain)}`
    const group = groups.get(key)
    if (group) group.push(way)
    else groups.set(key, [way])
  }
  return groups
}

interface InCommune {
  readonly lines: Piece[]
  readonly metres: Map<string, number>
}

/** One street: its pieces in the communes that it runs through. */
function piecesOf(
  ways: readonly Way[],
  links: readonly (readonly [number, number, number, number])[],
  spellings: Spellings,
  world: World,
): StreetPiece[] {
  const lines = ways.map(({ xy }) => xy)
  const along = chainage(lines, links)
  const byCommune = new Map<number, InCommune>()
  ways.forEach(({ highway }, at) => {
    for (const piece of cutAtBorders(lines[at]!, along[at]!, world.communeAt)) {
      const found: InCommune = byCommune.get(piece.commune) ?? { lines: [], metres: new Map() }
      byCommune.set(piece.commune, found)
      found.lines.push(piece)
      found.metres.set(highway, (found.metres.get(highway) ?? 0) + piece.metres)
    }
  })
  const { key, chain, kind } = ways[0]!.street
  const streetName = key
    ? spellings.best(
        key,
        ways.map(({ street }) => street.name),
      )
    : ''
  const others = new Map(
    ways
      .flatMap((way) => way.others)
      .filter((other) => other.key && (other.key !== key || chainKey(other.chain) !== chainKey(chain)))
      .map((other) => [`${other.key}|${chainKey(other.chain)}`, other]),
  )
  return [...byCommune].map(([commune, found]) => ({
    commune,
    key,
    name: chain.length > 0 ? alleyName(kind, chain, streetName) : streetName,
    otherNames: [...others.values()].map((other) =>
      other.chain.length > 0 ? alleyName(other.kind, other.chain, other.name) : other.name,
    ),
    otherKeys: [...others.values()].map((other) => [other.key, chainKey(other.chain)] as const),
    highway: [...found.metres].sort(([a, x], [b, y]) => y - x || compareTexts(a, b))[0]![0],
    metres: [...found.metres.values()].reduce((sum, metres) => sum + metres, 0),
    whole: 0,
    from: extreme(found.lines, Math.min),
    to: extreme(found.lines, Math.max),
    neighbourhood: '',
    alley: chain.length > 0 ? { kind, numbers: chain } : null,
    lines: found.lines,
  }))
}

const WORDS: Readonly<Record<AlleyKind, string>> = { ngo: 'Ngõ', ngach: 'Ngách', hem: 'Hẻm', kiet: 'Kiệt' }

/** "Hẻm 42/3 Lê Lợi" */
export const alleyName = (kind: AlleyKind | null, numbers: readonly string[], street: string): string =>
  [kind && WORDS[kind], numbers.join('/'), street].filter(Boolean).join(' ')

/** Streets that share their name with another of their commune, and those with a number for a name, get that of the nearest place. */
function nameNeighbourhoods(rows: readonly StreetPiece[], places: readonly Place[]): void {
  const boxes = indexed(places.flatMap(({ x, y }) => [x, y, x, y]))
  if (!boxes) return
  rows.forEach((piece, row) => {
    const twin = [rows[row - 1], rows[row + 1]].some(
      (other) => other && other.commune === piece.commune && other.key === piece.key && !other.alley,
    )
    if (piece.alley || !(twin || NUMBERED.test(piece.key))) return
    const { xy } = piece.lines[0]!
    const middle = 2 * Math.floor(xy.length / 4)
    const [x, y] = [xy[middle]!, xy[middle + 1]!]
    const scale = scaleAt(y / 1e6)
    const [dx, dy] = [NEIGHBOURHOOD_METRES / scale.x, NEIGHBOURHOOD_METRES / scale.y]
    let best = NEIGHBOURHOOD_METRES
    for (const at of boxes.search(x - dx, y - dy, x + dx, y + dy)) {
      const place = places[at]!
      const metres = Math.hypot((place.x - x) * scale.x, (place.y - y) * scale.y)
      if (metres > best || (metres === best && place.name > piece.neighbourhood)) continue
      best = metres
      piece.neighbourhood = place.name
    }
  })
}

/** By UTF-16 code units: the same everywhere. */
export const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const extreme = (lines: readonly Piece[], of: (a: number, b: number) => number): number =>
  lines.reduce((found, { along }) => along.reduce((a, b) => of(a, b), found), lines[0]!.along[0]!)
