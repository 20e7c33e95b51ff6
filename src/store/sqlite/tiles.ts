import type Database from 'better-sqlite3'
import { inGrid, SOUTH, WEST } from '../shared/bounds.ts'
import { EVENT_KINDS, PROVINCE_STEP } from '../shared/events.ts'
import {
  BLOCKS,
  blockOf,
  cellInTile,
  placesOfBlock,
  placesOfTile,
  TILES_PER_DEGREE,
  tileOf,
  tileOfPoint,
} from './cells.ts'
import { eventEnds } from './rows.ts'

/**
 * The households of a tile with a point, by cell: where each of the 64 cells begins and the last one ends, counted in
 * households; whether it was asked for lately; then of each household x, y (east and north of the tile's corner, in 1/2^32
 * of its side: 0.1 micrometres) and n (below 2^32).
 */
export type Tile = Uint32Array
const USED = 65
/** Where the first household stands in a tile. */
export const FIRST = 66

/** Bytes that one connection keeps: 14 million households with the tiles about them. */
const MOST_BYTES = 192 * 2 ** 20
/** What a tile costs beside its numbers. */
const OVERHEAD = 250
/** More events than these at once are not looked through: everything is read anew. */
const MOST_EVENTS = 5_000

/**
 * Milliseconds for which nobody looks again whether something was committed: looking takes longer than an answer. No
 * question that follows from a commit comes sooner.
 */
const FRESH = 0.05

const ERASE = EVENT_KINDS.indexOf('erase')

/**
 * Tiles of the registry in memory: read when first asked for, those not used for long forgotten, always those of the last
 * commit. Other processes commit as well: their events tell which tiles have changed.
 */
export function tileCache(db: Database.Database) {
  const read = db.prepare('SELECT n, lat, lon FROM households WHERE place BETWEEN ? AND ?').raw()
  // From each tile that has a household on to the next: one search in the index a tile.
  const readBlock = db
    .prepare(
      `WITH RECURSIVE occupied (place) AS (
         SELECT min(place) FROM households WHERE place >= @first
         UNION ALL
         SELECT (SELECT min(place) FROM households WHERE place >= (occupied.place / 64 + 1) * 64)
         FROM occupied WHERE place <= @last
       ) SELECT place / 64 % 256 FROM occupied WHERE place <= @last`,
    )
    .pluck()
  const version = db.prepare('PRAGMA data_version').pluck()
  const own = db.prepare('SELECT total_changes()').pluck()
  // Counts how often all of a copy was replaced at once (see copyStore.ts): events do not tell of that.
  const life = db.prepare("SELECT value FROM meta WHERE name = 'life'").pluck()
  const ends = eventEnds(db)
  const changed = db
    .prepare(
      `SELECT kind, lat, lon,
         CASE WHEN instr(body, '"point"') > 0 THEN json_extract(body, '$.before.point.lat') END,
         CASE WHEN instr(body, '"point"') > 0 THEN json_extract(body, '$.before.point.lon') END
       FROM events JOIN households ON households.n = events.n WHERE id > ? AND id <= ?`,
    )
    .raw()

  /** By tile, in the order in which they were read or spared. */
  const tiles = new Map<number, Tile>()
  let bytes = 0
  /** A bit a tile, of the blocks that are known: may it have households? */
  let occupied = new Uint8Array(0)
  let knownBlocks = new Uint8Array(0)
  let seenVersion: unknown
  let seenLife: unknown
  let looked = Number.NEGATIVE_INFINITY
  const seenEvents = new Map<number, number>()

  function forgetAll() {
    tiles.clear()
    bytes = 0
    occupied = new Uint8Array(BLOCKS * BLOCKS * 32)
    knownBlocks = new Uint8Array(BLOCKS * BLOCKS)
  }

  /** Of a tile that has changed. */
  function forget(lat: number | null, lon: number | null) {
    if (lat === null || lon === null || !inGrid(lat, lon)) return
    const tile = tileOfPoint(lat, lon)
    drop(tile)
    occupied[tile >> 3]! |= 1 << (tile & 7)
  }

  function drop(tile: number) {
    const held = tiles.get(tile)
    if (!held) return
    tiles.delete(tile)
    bytes -= held.byteLength + OVERHEAD
  }

  /** Takes in what was committed since the last question. Call it before each. */
  function refresh() {
    // Only of a database in memory is the writing connection read from: it does not count its own changes as others'.
    if (!db.readonly) return refreshOwn()
    const time = performance.now()
    if (time - looked < FRESH) return
    looked = time
    const now = version.get()
    if (now === seenVersion) return
    const nowLife = life.get()
    const isAnew = seenVersion === undefined || nowLife !== seenLife
    seenVersion = now
    seenLife = nowLife
    const news: [from: number, to: number][] = []
    let count = 0
    for (const id of ends()) {
      const province = Math.floor(id / PROVINCE_STEP)
      const seen = seenEvents.get(province) ?? province * PROVINCE_STEP
      seenEvents.set(province, id)
      count += id - seen
      if (id > seen) news.push([seen, id])
    }
    if (isAnew || count > MOST_EVENTS) return forgetAll()
    for (const range of news) {
      for (const [kind, ...points] of changed.iterate(...range) as Iterable<[number, ...Point, ...Point]>) {
        // Where it stood was erased too.
        if (kind === ERASE) return forgetAll()
        forget(points[0], points[1])
        forget(points[2], points[3])
      }
    }
  }
  type Point = [lat: number | null, lon: number | null]

  function refreshOwn() {
    const now = own.get()
    if (now !== seenVersion) forgetAll()
    seenVersion = now
  }

  /** The households of a tile; null when it has none. */
  function at(row: number, column: number): Tile | null {
    const block = blockOf(row, column)
    const tile = tileOf(row, column)
    if (!knownBlocks[block]) {
      const [first, last] = placesOfBlock(block)
      for (const one of readBlock.all({ first, last }) as number[])
        occupied[block * 32 + (one >> 3)]! |= 1 << (one & 7)
      knownBlocks[block] = 1
    }
    if ((occupied[tile >> 3]! & (1 << (tile & 7))) === 0) return null
    const held = tiles.get(tile)
    if (held) {
      held[USED] = 1
      return held
    }
    return load(tile, row, column)
  }

  function load(tile: number, row: number, column: number): Tile | null {
    const rows = read.all(placesOfTile(tile)) as [number, number, number][]
    if (rows.length === 0) {
      occupied[tile >> 3]! &= ~(1 << (tile & 7))
      return null
    }
    const loaded = tileFrom(rows, row, column)
    tiles.set(tile, loaded)
    bytes += loaded.byteLength + OVERHEAD
    if (bytes > MOST_BYTES) makeRoom()
    return loaded
  }

  /** The oldest go, but those that were asked for since they were last looked at are spared once. */
  function makeRoom() {
    for (const [tile, held] of tiles) {
      if (bytes <= MOST_BYTES) return
      if (held[USED]) {
        held[USED] = 0
        tiles.delete(tile)
        tiles.set(tile, held)
      } else drop(tile)
    }
  }

  return { refresh, at }
}

function tileFrom(rows: readonly [n: number, lat: number, lon: number][], row: number, column: number): Tile {
  const tile = new Uint32Array(FIRST + 3 * rows.length)
  for (const [, lat, lon] of rows) tile[cellInTile(lat, lon) + 1]!++
  for (let cell = 1; cell < USED; cell++) tile[cell]! += tile[cell - 1]!
  const next = tile.slice(0, USED)
  for (const [n, lat, lon] of rows) {
    const to = FIRST + 3 * next[cellInTile(lat, lon)]!++
    tile[to] = ((lon - WEST) * TILES_PER_DEGREE - column) * 2 ** 32
    tile[to + 1] = ((lat - SOUTH) * TILES_PER_DEGREE - row) * 2 ** 32
    tile[to + 2] = n
  }
  return tile
}
