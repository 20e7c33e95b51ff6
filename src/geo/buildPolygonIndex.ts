import { eachRingArc } from './coverage.ts'
import type { PolygonArrays } from './polygonIndex.ts'
import type { Topology } from './topology.ts'

/** About 550 m: one in five land cells of the country is then a border cell, and the grid takes 6 MB. */
const CELL = 5000
const TILE_SIDE = 20
/** Edges a latitude band, before those that reach over several bands. */
const EDGES_A_BAND = 8

/** Builds the arrays of a `PolygonIndex` over `count` polygons (at most 65,535). */
export function buildPolygonIndex(topology: Topology, count: number): PolygonArrays {
  if (count > 65_535) throw new RangeError(`at most 65,535 polygons, not ${count}`)
  const { xy } = topology
  const edges = edgesByPolygon(topology, count)
  const bands = buildBands(xy, edges)
  return { xy, ...bands, ...buildGrid(xy, edges) }
}

/** Edges of each polygon by their first vertex; arcs that a polygon uses twice lie inside it and fall out. */
function edgesByPolygon(topology: Topology, count: number): Uint32Array[] {
  const { xy, arcStart } = topology
  const arcs: Map<number, boolean>[] = Array.from({ length: count }, () => new Map())
  eachRingArc(topology, (arc, owner) => {
    arcs[owner]!.set(arc, !arcs[owner]!.get(arc))
  })
  return arcs.map((odd) => {
    const edges: number[] = []
    for (const [arc, isBorder] of odd) {
      for (let i = arcStart[arc]!; isBorder && i + 1 < arcStart[arc + 1]!; i++) {
        if (xy[2 * i] !== xy[2 * i + 2] || xy[2 * i + 1] !== xy[2 * i + 3]) edges.push(i)
      }
    }
    return Uint32Array.from(edges)
  })
}

function buildBands(xy: Int32Array, edges: Uint32Array[]) {
  const polygons = new Int32Array(edges.length * 4)
  const starts: Uint32Array[] = []
  const entries: Uint32Array[] = []
  let bandsSoFar = 0
  let entriesSoFar = 0
  edges.forEach((own, polygon) => {
    // An empty polygon has its top below its bottom: it contains nothing and is near nothing.
    let [bottom, top] = [1, 0]
    own.forEach((i, k) => {
      const [low, high] = ySpan(xy, i)
      bottom = k === 0 ? low : Math.min(bottom, low)
      top = k === 0 ? high : Math.max(top, high)
    })
    const height = Math.max(
      1,
      Math.ceil((top - bottom + 1) / Math.ceil(Math.max(1, own.length / EDGES_A_BAND))),
    )
    const count = Math.max(1, Math.floor((top - bottom) / height) + 1)
    const start = new Uint32Array(count + 1)
    const eachEntry = (visit: (band: number, edge: number) => void) => {
      for (const i of own) {
        const [low, high] = ySpan(xy, i)
        const last = Math.floor((high - bottom) / height)
        for (let band = Math.floor((low - bottom) / height); band <= last; band++) visit(band, i)
      }
    }
    eachEntry((band) => {
      start[band + 1]!++
    })
    for (let band = 0; band < count; band++) start[band + 1]! += start[band]!
    const next = start.slice()
    const list = new Uint32Array(start[count]!)
    eachEntry((band, edge) => {
      list[next[band]!++] = edge
    })
    polygons.set([bottom, top, height, bandsSoFar], polygon * 4)
    starts.push(start.map((entry) => entry + entriesSoFar))
    entries.push(list)
    bandsSoFar += count + 1
    entriesSoFar += list.length
  })
  return { polygons, bandStart: concat(starts), bandEdges: concat(entries) }
}

function buildGrid(xy: Int32Array, edges: Uint32Array[]) {
  let [left, bottom, right, top] = [0, 0, 0, 0]
  for (let i = 0; i < xy.length; i += 2) {
    left = i === 0 ? xy[i]! : Math.min(left, xy[i]!)
    right = i === 0 ? xy[i]! : Math.max(right, xy[i]!)
    bottom = i === 0 ? xy[i + 1]! : Math.min(bottom, xy[i + 1]!)
    top = i === 0 ? xy[i + 1]! : Math.max(top, xy[i + 1]!)
  }
  const tileColumns = Math.floor((right - left) / (CELL * TILE_SIDE)) + 1
  const tileRows = Math.floor((top - bottom) / (CELL * TILE_SIDE)) + 1
  const columns = tileColumns * TILE_SIDE
  const rows = tileRows * TILE_SIDE

  const tiles = new Int32Array(tileColumns * tileRows).fill(-1)
  let cells = new Int32Array(1 << 16)
  let used = 0
  const cellOf = (column: number, row: number): number => {
    const tile = Math.floor(row / TILE_SIDE) * tileColumns + Math.floor(column / TILE_SIDE)
    if (tiles[tile]! < 0) {
      tiles[tile] = used
      used += TILE_SIDE * TILE_SIDE
      if (used > cells.length) {
        const larger = new Int32Array(cells.length * 2)
        larger.set(cells)
        cells = larger
      }
    }
    return tiles[tile]! + (row % TILE_SIDE) * TILE_SIDE + (column % TILE_SIDE)
  }

  // While building, a border cell is -n - 1 with its candidates at n of `candidates`.
  const candidates: number[][] = []
  const addCandidate = (cell: number, polygon: number, isBorder: boolean) => {
    const before = cells[cell]!
    if (before === 0 && !isBorder) cells[cell] = polygon + 1
    else if (before < 0) candidates[-before - 1]!.push(polygon)
    else {
      candidates.push(before === 0 ? [polygon] : [before - 1, polygon])
      cells[cell] = -candidates.length
    }
  }

  const touched = new Uint16Array(columns * rows)
  edges.forEach((own, polygon) => {
    const middles = new Map<number, number[]>()
    for (const i of own) {
      const [x0, y0, x1, y1] = [xy[2 * i]!, xy[2 * i + 1]!, xy[2 * i + 2]!, xy[2 * i + 3]!]
      const [low, high] = ySpan(xy, i)
      const slope = y1 === y0 ? 0 : (x1 - x0) / (y1 - y0)
      const lastRow = Math.floor((high - bottom) / CELL)
      for (let row = Math.floor((low - bottom) / CELL); row <= lastRow; row++) {
        const from = Math.max(low, bottom + row * CELL)
        const to = Math.min(high, bottom + (row + 1) * CELL)
        const xs = y1 === y0 ? [x0, x1] : [x0 + slope * (from - y0), x0 + slope * (to - y0)]
        // One millionth wider on both sides: a cell too many costs a ray, one too few a wrong answer.
        const c0 = Math.max(0, Math.floor((Math.min(...xs) - 1 - left) / CELL))
        const c1 = Math.min(columns - 1, Math.floor((Math.max(...xs) + 1 - left) / CELL))
        for (let column = c0; column <= c1; column++) {
          if (touched[row * columns + column] === polygon + 1) continue
          touched[row * columns + column] = polygon + 1
          addCandidate(cellOf(column, row), polygon, true)
        }
        const middle = bottom + (row + 0.5) * CELL
        if (y0 > middle !== y1 > middle) {
          const crossing = x0 + slope * (middle - y0)
          const line = middles.get(row)
          if (line) line.push(crossing)
          else middles.set(row, [crossing])
        }
      }
    }
    for (const [row, line] of middles) {
      line.sort((a, b) => a - b)
      for (let k = 0; k + 1 < line.length; k += 2) {
        const c0 = Math.ceil((line[k]! - left) / CELL - 0.5)
        const c1 = Math.floor((line[k + 1]! - left) / CELL - 0.5)
        for (let column = c0; column <= c1; column++) {
          if (touched[row * columns + column] !== polygon + 1)
            addCandidate(cellOf(column, row), polygon, false)
        }
      }
    }
  })

  const lists: number[] = [0]
  const known = new Map<string, number>()
  for (let cell = 0; cell < used; cell++) {
    if (cells[cell]! >= 0) continue
    const own = candidates[-cells[cell]! - 1]!
    const key = own.join()
    let at = known.get(key)
    if (at === undefined) {
      at = lists.length
      lists.push(own.length, ...own)
      known.set(key, at)
    }
    cells[cell] = -at
  }
  return {
    grid: Int32Array.of(left, bottom, CELL, TILE_SIDE, tileColumns, tileRows),
    tiles,
    cells: cells.slice(0, used),
    lists: Uint16Array.from(lists),
  }
}

function ySpan(xy: Int32Array, edge: number): [number, number] {
  const a = xy[2 * edge + 1]!
  const b = xy[2 * edge + 3]!
  return a < b ? [a, b] : [b, a]
}

function concat(parts: Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
