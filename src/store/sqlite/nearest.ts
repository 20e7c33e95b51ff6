import type Database from 'better-sqlite3'
import type { NearestQuery } from '../../registry/store.ts'
import { SOUTH, WEST } from '../shared/bounds.ts'
import { TILES, TILES_PER_DEGREE } from './cells.ts'
import { FIRST, type Tile, tileCache } from './tiles.ts'

type Near = { n: number; metres: number }

/**
 * Builds the search for the nearest households: the tiles around the point, ring by ring, until what is left lies farther
 * than what was found; in a tile the cells, the nearest one first.
 */
export function nearestSearch(db: Database.Database) {
  let tiles: ReturnType<typeof tileCache> | undefined

  return ({ lat, lon, scale, metres, limit }: NearestQuery): Near[] => {
    if (!(limit >= 1)) return []
    tiles ??= tileCache(db)
    tiles.refresh()
    const x = (lon - WEST) * TILES_PER_DEGREE
    const y = (lat - SOUTH) * TILES_PER_DEGREE
    const column = Math.floor(x)
    const row = Math.floor(y)
    const wide = (1e6 / TILES_PER_DEGREE) * scale.x
    const high = (1e6 / TILES_PER_DEGREE) * scale.y
    const best = new Best(limit, metres * metres)
    for (let reach = 0; reach <= TILES; reach++) {
      for (let r = Math.max(0, row - reach); r <= Math.min(TILES - 1, row + reach); r++) {
        const isEnd = Math.abs(r - row) === reach
        for (let c = column - reach; c <= column + reach; c += isEnd || reach === 0 ? 1 : 2 * reach) {
          if (c < 0 || c >= TILES) continue
          const dx = gap(x - c, 1) * wide
          const dy = gap(y - r, 1) * high
          if (dx * dx + dy * dy > best.reach) continue
          const tile = tiles.at(r, c)
          if (tile) searchTile(tile, x - c, y - r, wide, high, best)
        }
      }
      // What was not searched lies beyond the nearest side of the square.
      const covered = Math.min(
        Math.min(x - (column - reach), column + reach + 1 - x) * wide,
        Math.min(y - (row - reach), row + reach + 1 - y) * high,
      )
      if (covered * covered > best.reach) break
    }
    return best.found()
  }
}

/** From `at` to the interval from 0 to `size`; 0 inside. */
const gap = (at: number, size: number) => (at < 0 ? -at : at > size ? at - size : 0)

/** x and y from the corner of the tile in its sides, which are `wide` and `high` metres. */
function searchTile(tile: Tile, x: number, y: number, wide: number, high: number, best: Best): void {
  const nearColumn = eighth(x)
  const nearRow = eighth(y)
  searchCell(tile, nearRow * 8 + nearColumn, x, y, wide, high, best)
  for (let row = 0; row < 8; row++) {
    const dy = gap(y - row / 8, 1 / 8) * high
    if (dy * dy > best.reach) continue
    for (let column = 0; column < 8; column++) {
      const cell = row * 8 + column
      if (tile[cell] === tile[cell + 1] || (row === nearRow && column === nearColumn)) continue
      const dx = gap(x - column / 8, 1 / 8) * wide
      if (dx * dx + dy * dy <= best.reach) searchCell(tile, cell, x, y, wide, high, best)
    }
  }
}
const eighth = (at: number) => Math.max(0, Math.min(7, Math.floor(at * 8)))

function searchCell(
  tile: Tile,
  cell: number,
  x: number,
  y: number,
  wide: number,
  high: number,
  best: Best,
): void {
  const end = FIRST + 3 * tile[cell + 1]!
  const unitX = wide / 2 ** 32
  const unitY = high / 2 ** 32
  const fromX = x * 2 ** 32
  const fromY = y * 2 ** 32
  for (let at = FIRST + 3 * tile[cell]!; at < end; at += 3) {
    const dx = (tile[at]! - fromX) * unitX
    const dy = (tile[at + 1]! - fromY) * unitY
    const squared = dx * dx + dy * dy
    if (squared <= best.reach) best.add(tile[at + 2]!, squared)
  }
}

/** The nearest so far, in order: by distance, then n. */
class Best {
  /** Squared metres: nothing farther is wanted. */
  reach: number
  readonly #limit: number
  readonly #ns: number[] = []
  readonly #squared: number[] = []

  constructor(limit: number, reach: number) {
    this.#limit = limit
    this.reach = reach
  }

  add(n: number, squared: number): void {
    const ns = this.#ns
    const distances = this.#squared
    let at = ns.length
    while (at > 0 && (squared < distances[at - 1]! || (squared === distances[at - 1] && n < ns[at - 1]!)))
      at--
    if (at >= this.#limit) return
    ns.splice(at, 0, n)
    distances.splice(at, 0, squared)
    if (ns.length > this.#limit) {
      ns.pop()
      distances.pop()
    }
    if (ns.length === this.#limit) this.reach = distances[ns.length - 1]!
  }

  found(): Near[] {
    return this.#ns.map((n, i) => ({ n, metres: Math.sqrt(this.#squared[i]!) }))
  }
}
