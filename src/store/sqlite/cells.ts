import { SOUTH, WEST } from '../shared/bounds.ts'

/**
 * The grid of the `place` column (see migrations.ts): cells of half a thousandth of a degree (55 m), rows from 4 degrees
 * north, columns from 100 degrees east. 8 x 8 cells are a tile, 16 x 16 tiles a block; a place is the block, the tile in
 * it and the cell in that, row by row, so that the households of a tile, and of a block, stand together in an index.
 */
const PER_DEGREE = 2000
const CELLS = 40_000
/** Cells a side of a tile, as a power of two: rows and columns are cut by shifting. */
const TILE = 3
const BLOCK = 4
export const TILES_PER_DEGREE = PER_DEGREE >> TILE
/** Tiles and blocks a side of the grid. */
export const TILES = CELLS >> TILE
export const BLOCKS = Math.ceil(TILES / (1 << BLOCK))

const rowOf = (lat: number) => Math.floor((lat - SOUTH) * PER_DEGREE)
const columnOf = (lon: number) => Math.floor((lon - WEST) * PER_DEGREE)

/** The block of a tile, and the tile in it. */
export const blockOf = (row: number, column: number) => (row >> BLOCK) * BLOCKS + (column >> BLOCK)
const tileInBlock = (row: number, column: number) => ((row & 15) << BLOCK) | (column & 15)
/** A tile by its number, over all blocks. */
export const tileOf = (row: number, column: number) =>
  (blockOf(row, column) << (2 * BLOCK)) | tileInBlock(row, column)
export const tileOfPoint = (lat: number, lon: number) => tileOf(rowOf(lat) >> TILE, columnOf(lon) >> TILE)
/** The cell in its tile. */
const cellAt = (row: number, column: number) => ((row & 7) << TILE) | (column & 7)
export const cellInTile = (lat: number, lon: number) => cellAt(rowOf(lat), columnOf(lon))

/** First and last place of a tile, and of a block. */
export const placesOfTile = (tile: number) => [tile * 64, tile * 64 + 63] as const
export const placesOfBlock = (block: number) => [block * 16_384, block * 16_384 + 16_383] as const

/** The places that cover a small box (degrees WGS 84). */
export function* placesOfBox(box: { south: number; west: number; north: number; east: number }) {
  const [bottom, top] = [clamp(rowOf(box.south)), clamp(rowOf(box.north))]
  const [left, right] = [clamp(columnOf(box.west)), clamp(columnOf(box.east))]
  for (let row = bottom; row <= top; row++)
    for (let column = left; column <= right; column++)
      yield tileOf(row >> TILE, column >> TILE) * 64 + cellAt(row, column)
}
const clamp = (at: number) => Math.max(0, Math.min(CELLS - 1, at))
