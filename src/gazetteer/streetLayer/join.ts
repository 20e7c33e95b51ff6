import type Flatbush from 'flatbush'
import { scaleAt } from '../../geo/flatEarth.ts'
import { indexed } from './boxes.ts'

/** Two points of lines that are taken as joined: line, place in it, line, place in it. */
export type Link = readonly [number, number, number, number]

/** Lines that hang together, and links that tie those of them that share no point. Links count lines by their place in `members`. */
export interface Together {
  readonly members: readonly number[]
  readonly links: readonly Link[]
}

/** Ends this near to another line of their name are linked to it (metres): both carriageways, slips of the mapper. */
const LINK_METRES = 60
/** Points around an end that are looked at: thousands of ways may meet at one node. */
const MOST_NEAR = 32

/**
 * Lines (longitude, latitude in millionths of a degree) in groups that hang together: those of which two points come within
 * `metres` of each other. Time and memory grow with the points, not with the pairs of lines.
 */
export function hangTogether(lines: readonly Int32Array[], metres: number): Together[] {
  if (lines.length === 1) return [{ members: [0], links: [] }]
  const points = new Points(lines)
  const sets = new Sets(lines.length)
  for (const through of points.through) for (const line of through) sets.join(line, through[0]!)
  const links: Link[] = []
  const near = endsNear(points)
  for (const { end, point, metres: away } of near)
    if (away <= metres) sets.join(points.line[end]!, points.line[point]!)
  const bridge = (a: number, b: number) => {
    const [one, other] = [points.line[a]!, points.line[b]!]
    if (sets.join(one, other)) links.push(closest(lines, one, other))
  }
  const cells = new Cells(points, metres)
  for (const cell of cells.all) for (const point of cell.points) bridge(cell.points[0]!, point)
  for (const cell of cells.all)
    for (const other of cells.around(cell)) {
      if (sets.of(points.line[cell.points[0]!]!) === sets.of(points.line[other.points[0]!]!)) continue
      const pair = cells.pairWithin(cell, other)
      if (pair) bridge(...pair)
    }
  for (const { end, point } of near) {
    const [line, other] = [points.line[end]!, points.line[point]!]
    if (sets.of(line) === sets.of(other)) links.push([line, points.at[end]!, other, points.at[point]!])
  }
  return groupsOf(sets, links)
}

function groupsOf(sets: Sets, links: readonly Link[]): Together[] {
  const groups = new Map<number, { members: number[]; links: Link[] }>()
  const placeOf: number[] = []
  for (let line = 0; line < sets.size; line++) {
    const root = sets.of(line)
    const group = groups.get(root) ?? { members: [], links: [] }
    groups.set(root, group)
    placeOf.push(group.members.push(line) - 1)
  }
  for (const [line, at, other, place] of links)
    groups.get(sets.of(line))!.links.push([placeOf[line]!, at, placeOf[other]!, place])
  return [...groups.values()]
}

/** The different points of all lines, each with the first line that has it. */
class Points {
  readonly x: number[] = []
  readonly y: number[] = []
  readonly line: number[] = []
  /** Place in that line. */
  readonly at: number[] = []
  /** All lines of each point. */
  readonly through: number[][] = []
  /** First and last point of each line. */
  readonly ends: readonly (readonly [number, number])[]

  constructor(lines: readonly Int32Array[]) {
    const known = new Map<number, number>()
    this.ends = lines.map((xy, line) => {
      let [first, last] = [-1, -1]
      for (let at = 0; 2 * at < xy.length; at++) {
        const [x, y] = [xy[2 * at]!, xy[2 * at + 1]!]
        // latitudes are below 2^25 millionths
        const place = x * 2 ** 25 + y
        last = known.get(place) ?? -1
        if (last < 0) {
          last = this.x.push(x) - 1
          this.y.push(y)
          this.line.push(line)
          this.at.push(at)
          this.through.push([line])
          known.set(place, last)
        } else if (this.through[last]!.at(-1) !== line) this.through[last]!.push(line)
        if (at === 0) first = last
      }
      return [first, last]
    })
  }

  metres(a: number, b: number, scale = scaleAt(this.y[a]! / 1e6)): number {
    return Math.hypot((this.x[a]! - this.x[b]!) * scale.x, (this.y[a]! - this.y[b]!) * scale.y)
  }
}

/** Two points, the first of which is an end. */
interface NearEnd {
  readonly end: number
  readonly point: number
  readonly metres: number
}

/** For the ends of each line the nearest point of each line that does not pass through them. */
function endsNear(points: Points): NearEnd[] {
  const { x, y, through, ends } = points
  const index = indexed(x.flatMap((_, point) => [x[point]!, y[point]!, x[point]!, y[point]!]))!
  const found: NearEnd[] = []
  // Lines that end together are tied to others once.
  for (const end of new Set(ends.flat())) {
    const scale = scaleAt(y[end]! / 1e6)
    const own = new Set(through[end])
    const seen = new Set(own)
    const near = index
      .neighbors(x[end]!, y[end]!, MOST_NEAR, LINK_METRES / scale.x, (point) =>
        through[point]!.some((line) => !own.has(line)),
      )
      .map((point) => ({ end, point, metres: points.metres(end, point, scale) }))
      .filter(({ metres }) => metres <= LINK_METRES)
      .sort((a, b) => a.metres - b.metres || a.point - b.point)
    for (const one of near) {
      const lines = through[one.point]!
      if (lines.every((line) => seen.has(line))) continue
      for (const line of lines.slice(0, MOST_NEAR)) seen.add(line)
      found.push(one)
    }
  }
  return found
}

interface Cell {
  readonly row: number
  readonly column: number
  readonly points: number[]
  index: Flatbush | null
}

/** Points in cells so small that those of one cell lie within `metres` of each other. */
class Cells {
  readonly all: Cell[] = []
  private readonly points: Points
  private readonly metres: number
  private readonly height: number
  private readonly byPlace = new Map<string, Cell>()

  constructor(points: Points, metres: number) {
    this.points = points
    this.metres = metres
    // a millionth of a degree of latitude is at most 0.1117 m
    this.height = metres / Math.SQRT2 / 0.112
    for (const [point, y] of points.y.entries()) {
      const row = Math.floor(y / this.height)
      const column = Math.floor(points.x[point]! / this.width(row))
      const key = `${row} ${column}`
      const cell = this.byPlace.get(key)
      if (cell) cell.points.push(point)
      else {
        const fresh = { row, column, points: [point], index: null }
        this.byPlace.set(key, fresh)
        this.all.push(fresh)
      }
    }
  }

  /** Of a cell of a row, in millionths of a degree of longitude: by its southern border, where a degree is longest. */
  private width(row: number): number {
    return this.metres / Math.SQRT2 / scaleAt((row * this.height) / 1e6).x
  }

  /** The cells above and behind a cell in which there can be points within `metres` of one of its own. */
  *around({ row, column }: Cell): Generator<Cell> {
    const width = this.width(row)
    for (let up = 0; up <= 2; up++) {
      const other = this.width(row + up)
      const from = up === 0 ? column + 1 : Math.floor((column * width - 2 * other) / other)
      const to = Math.floor(((column + 1) * width + 2 * other) / other)
      for (let next = from; next <= to; next++) {
        const cell = this.byPlace.get(`${row + up} ${next}`)
        if (cell) yield cell
      }
    }
  }

  /** A point of each of two cells within `metres` of each other. */
  pairWithin(a: Cell, b: Cell): [number, number] | null {
    const { points, metres } = this
    const [few, many] = a.points.length < b.points.length ? [a, b] : [b, a]
    for (const point of few.points) {
      const scale = scaleAt(points.y[point]! / 1e6)
      for (const other of this.near(many, point, scale))
        if (points.metres(point, other, scale) <= metres) return [point, other]
    }
    return null
  }

  private near(cell: Cell, point: number, scale: { x: number; y: number }): readonly number[] {
    if (cell.points.length <= FEW) return cell.points
    const { x, y } = this.points
    cell.index ??= indexed(cell.points.flatMap((one) => [x[one]!, y[one]!, x[one]!, y[one]!]))!
    // by degrees, of which those of longitude are up to a tenth shorter: the nearest of a few
    return cell.index
      .neighbors(x[point]!, y[point]!, FEW, (1.2 * this.metres) / scale.x)
      .map((at) => cell.points[at]!)
  }
}
/** So many are looked at one by one. */
const FEW = 64

/** The two points of two lines that are nearest to each other. */
function closest(lines: readonly Int32Array[], one: number, other: number): Link {
  const swapped = lines[one]!.length > lines[other]!.length
  const [short, long] = swapped ? [lines[other]!, lines[one]!] : [lines[one]!, lines[other]!]
  const scale = scaleAt(short[1]! / 1e6)
  const isLong = long.length > 2 * FEW
  const boxes: number[] = []
  if (isLong)
    for (let j = 0; j < long.length; j += 2) boxes.push(long[j]!, long[j + 1]!, long[j]!, long[j + 1]!)
  const index = isLong ? indexed(boxes)! : null
  let best = { squared: Infinity, at: 0, other: 0 }
  const look = (i: number, j: number) => {
    const dx = (short[2 * i]! - long[2 * j]!) * scale.x
    const dy = (short[2 * i + 1]! - long[2 * j + 1]!) * scale.y
    const squared = dx * dx + dy * dy
    if (squared < best.squared) best = { squared, at: i, other: j }
  }
  for (let i = 0; 2 * i < short.length; i++)
    if (index) for (const j of index.neighbors(short[2 * i]!, short[2 * i + 1]!, 4)) look(i, j)
    else for (let j = 0; 2 * j < long.length; j++) look(i, j)
  return swapped ? [one, best.other, other, best.at] : [one, best.at, other, best.other]
}

/** Sets of numbers from 0 that grow together. */
class Sets {
  readonly size: number
  private readonly parent: Int32Array
  constructor(size: number) {
    this.size = size
    this.parent = Int32Array.from({ length: size }, (_, one) => one)
  }

  of(one: number): number {
    const { parent } = this
    let root = one
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!
      root = parent[root]!
    }
    return root
  }

  /** False when they were together already. */
  join(a: number, b: number): boolean {
    const [one, other] = [this.of(a), this.of(b)]
    this.parent[Math.max(one, other)] = Math.min(one, other)
    return one !== other
  }
}
