import type Database from 'better-sqlite3'
import type { NearestQuery } from '../../registry/store.ts'

/** The grid of the `cell` column (see migrations.ts): rows from 4 degrees north, columns from 100 degrees east. */
const PER_DEGREE = 2000
const SOUTH = 4
const WEST = 100
const COLUMNS = 40_000

const rowOf = (lat: number) => Math.floor((lat - SOUTH) * PER_DEGREE)
const columnOf = (lon: number) => Math.floor((lon - WEST) * PER_DEGREE)

/** Can the grid hold this point? Viet Nam with its seas lies well inside. */
export const inGrid = (lat: number, lon: number) =>
  lat >= SOUTH && lat < SOUTH + 20 && lon >= WEST && lon < WEST + 20

/** The cell ranges, one a row, that cover a box (degrees WGS 84). */
export function* rangesOfBox(box: { south: number; west: number; north: number; east: number }) {
  const west = clampColumn(columnOf(box.west))
  const east = clampColumn(columnOf(box.east))
  for (let row = Math.max(0, rowOf(box.south)); row <= Math.min(COLUMNS - 1, rowOf(box.north)); row++)
    yield { from: row * COLUMNS + west, to: row * COLUMNS + east }
}
const clampColumn = (column: number) => Math.max(0, Math.min(COLUMNS - 1, column))

/** The condition of the index on `cell` (see migrations.ts), which a question must repeat to use it. */
export const NOT_HISTORICAL = 'status <> 3'

/** Builds the search for the nearest households: squares of cells, each about twice the one before. */
export function nearestSearch(db: Database.Database) {
  const inRange = db
    .prepare(`SELECT n, lat, lon FROM households WHERE cell BETWEEN ? AND ? AND ${NOT_HISTORICAL}`)
    .raw()

  return ({ lat, lon, scale, metres, limit }: NearestQuery): { n: number; metres: number }[] => {
    if (limit < 1) return []
    const row = rowOf(lat)
    const column = columnOf(lon)
    const found: { n: number; metres: number }[] = []
    const search = (y: number, from: number, to: number) => {
      if (y < 0 || y >= COLUMNS || to < 0 || from >= COLUMNS || from > to) return
      const range = [y * COLUMNS + clampColumn(from), y * COLUMNS + clampColumn(to)]
      for (const [n, itsLat, itsLon] of inRange.all(range) as [number, number, number][]) {
        const distance = Math.hypot((itsLat - lat) * 1e6 * scale.y, (itsLon - lon) * 1e6 * scale.x)
        if (distance <= metres) found.push({ n, metres: distance })
      }
    }
    for (let reach = 0, done = -1; ; done = reach, reach = reach === 0 ? 1 : reach * 2) {
      for (let y = row - reach; y <= row + reach; y++) {
        if (Math.abs(y - row) > done) search(y, column - reach, column + reach)
        else {
          search(y, column - reach, column - done - 1)
          search(y, column + done + 1, column + reach)
        }
      }
      // What was not searched lies beyond the nearest side of the square.
      const covered =
        1e6 *
        Math.min(
          (lat - SOUTH - (row - reach) / PER_DEGREE) * scale.y,
          ((row + reach + 1) / PER_DEGREE - (lat - SOUTH)) * scale.y,
          (lon - WEST - (column - reach) / PER_DEGREE) * scale.x,
          ((column + reach + 1) / PER_DEGREE - (lon - WEST)) * scale.x,
        )
      const enough = found.filter((one) => one.metres < covered).length >= limit
      if (enough || covered > metres || reach > COLUMNS) break
    }
    return found.sort((a, b) => a.metres - b.metres || a.n - b.n).slice(0, limit)
  }
}
