import { scaleAt, squaredDistance } from './flatEarth.ts'
import { type OutlinePolygon, outline } from './outline.ts'

/**
 * The arrays of an index of polygons for "which one contains this point", laid so that they can be views of one shared
 * buffer. Coordinates are millionths of a degree.
 */
export interface PolygonArrays {
  /** [left, bottom, cell size, cells a tile side, tile columns, tile rows] of the grid. */
  readonly grid: Int32Array
  /** For each tile the first of its cells in `cells`; -1 = no polygon near. */
  readonly tiles: Int32Array
  /** For each cell: 0 = none; p + 1 = wholly inside polygon p; -n = the candidates are listed at n of `lists`. */
  readonly cells: Int32Array
  /** Candidates of border cells: count, then polygons in ascending order. */
  readonly lists: Uint16Array
  /** Vertices of all arcs as x, y; edge i runs from vertex i to vertex i + 1. */
  readonly xy: Int32Array
  /** [bottom, top, height of a band, first band in `bandStart`] of each polygon. */
  readonly polygons: Int32Array
  /** First entry of each band in `bandEdges`, with one closing entry a polygon. */
  readonly bandStart: Uint32Array
  /** Edges that touch a band of latitude of a polygon. */
  readonly bandEdges: Uint32Array
}

export interface Near {
  readonly index: number
  readonly metres: number
}

/**
 * Point in polygon and distance to polygons. A grid answers at once inside a polygon; in border cells an even-odd ray is
 * cast through one latitude band of each candidate. Neighbours share their edges, so that a point on a common border
 * belongs to exactly one of them. Where polygons overlap the lowest position wins.
 */
export class PolygonIndex {
  private readonly arrays: PolygonArrays

  constructor(arrays: PolygonArrays) {
    this.arrays = arrays
  }

  /** The polygon that contains the point (degrees WGS 84), -1 when none does. */
  at(lat: number, lon: number): number {
    const x = lon * 1e6
    const y = lat * 1e6
    const cell = this.cellAt(x, y)
    if (cell >= 0) return cell - 1
    const { lists } = this.arrays
    const first = 1 - cell
    const end = first + lists[-cell]!
    for (let i = first; i < end; i++) if (this.contains(lists[i]!, x, y)) return lists[i]!
    return -1
  }

  /** Polygons within `metres` of the point, nearest first (0 inside or on the border). Throws for a negative distance. */
  within(lat: number, lon: number, metres: number): Near[] {
    if (!(metres >= 0)) throw new RangeError(`metres must be 0 or more, not ${metres}`)
    const candidates = new Set<number>()
    const scale = scaleAt(lat)
    const [dx, dy] = [metres / scale.x + 1, metres / scale.y + 1]
    this.eachCell(lon * 1e6 - dx, lat * 1e6 - dy, lon * 1e6 + dx, lat * 1e6 + dy, (cell) => {
      if (cell > 0) candidates.add(cell - 1)
      if (cell >= 0) return
      const { lists } = this.arrays
      for (let i = 1; i <= lists[-cell]!; i++) candidates.add(lists[i - cell]!)
    })
    const found: Near[] = []
    for (const index of candidates) {
      const distance = this.distance(index, lat, lon, metres)
      if (distance <= metres) found.push({ index, metres: distance })
    }
    return found.sort((a, b) => a.metres - b.metres || a.index - b.index)
  }

  /** Metres from the point to a polygon, 0 inside; Infinity beyond `limit`. */
  distance(polygon: number, lat: number, lon: number, limit: number): number {
    const x = lon * 1e6
    const y = lat * 1e6
    if (this.contains(polygon, x, y)) return 0
    const { polygons, bandStart, bandEdges, xy } = this.arrays
    const scale = scaleAt(lat)
    const reach = limit / scale.y + 1
    const bottom = polygons[4 * polygon]!
    const height = polygons[4 * polygon + 2]!
    const bands = polygons[4 * polygon + 3]!
    const low = Math.max(y - reach, bottom)
    const high = Math.min(y + reach, polygons[4 * polygon + 1]!)
    if (!(low <= high)) return Infinity
    const start = bandStart[bands + Math.floor((low - bottom) / height)]!
    const end = bandStart[bands + Math.floor((high - bottom) / height) + 1]!
    let best = Infinity
    for (let k = start; k < end; k++) {
      const i = 2 * bandEdges[k]!
      const squared = squaredDistance(x, y, xy[i]!, xy[i + 1]!, xy[i + 2]!, xy[i + 3]!, scale)
      if (squared < best) best = squared
    }
    const metres = Math.sqrt(best)
    return metres <= limit ? metres : Infinity
  }

  /** The border of polygons taken together; see outline.ts. */
  outline(polygons: readonly number[]): Generator<undefined, OutlinePolygon[]> {
    return outline(this.arrays, polygons, (polygon, x, y) => this.contains(polygon, x, y))
  }

  private contains(polygon: number, x: number, y: number): boolean {
    const { polygons, bandStart, bandEdges, xy } = this.arrays
    const bottom = polygons[4 * polygon]!
    if (!(y >= bottom && y <= polygons[4 * polygon + 1]!)) return false
    const band = polygons[4 * polygon + 3]! + Math.floor((y - bottom) / polygons[4 * polygon + 2]!)
    const end = bandStart[band + 1]!
    let inside = false
    for (let k = bandStart[band]!; k < end; k++) {
      const i = 2 * bandEdges[k]!
      const y0 = xy[i + 1]!
      const y1 = xy[i + 3]!
      if (y0 > y === y1 > y) continue
      const x0 = xy[i]!
      if (x < x0 + ((xy[i + 2]! - x0) * (y - y0)) / (y1 - y0)) inside = !inside
    }
    return inside
  }

  private cellAt(x: number, y: number): number {
    const { grid, tiles, cells } = this.arrays
    const size = grid[2]!
    const side = grid[3]!
    const column = Math.floor((x - grid[0]!) / size)
    const row = Math.floor((y - grid[1]!) / size)
    const tileColumn = Math.floor(column / side)
    const tileRow = Math.floor(row / side)
    if (!(tileColumn >= 0 && tileRow >= 0 && tileColumn < grid[4]! && tileRow < grid[5]!)) return 0
    const first = tiles[tileRow * grid[4]! + tileColumn]!
    if (first < 0) return 0
    return cells[first + (row - tileRow * side) * side + column - tileColumn * side]!
  }

  private eachCell(x0: number, y0: number, x1: number, y1: number, visit: (cell: number) => void): void {
    const { grid, tiles, cells } = this.arrays
    const size = grid[2]!
    const side = grid[3]!
    const tileColumns = grid[4]!
    const columns = side * tileColumns
    const rows = side * grid[5]!
    const firstColumn = Math.max(0, Math.floor((x0 - grid[0]!) / size))
    const lastColumn = Math.min(columns - 1, Math.floor((x1 - grid[0]!) / size))
    const firstRow = Math.max(0, Math.floor((y0 - grid[1]!) / size))
    const lastRow = Math.min(rows - 1, Math.floor((y1 - grid[1]!) / size))
    for (let row = firstRow; row <= lastRow; row++) {
      const tileRow = Math.floor(row / side)
      for (let column = firstColumn; column <= lastColumn; column++) {
        const tileColumn = Math.floor(column / side)
        const first = tiles[tileRow * tileColumns + tileColumn]!
        if (first >= 0) visit(cells[first + (row - tileRow * side) * side + column - tileColumn * side]!)
      }
    }
  }
}
