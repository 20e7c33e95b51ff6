import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { LayerSink } from '../streetLayer/types.ts'
import { readGeoJson } from './geojson.ts'
import { readPbf } from './pbf.ts'
import { MapUnreadable } from './unreadable.ts'

/** First bytes of GeoJSON: white space, the byte order mark, the record separator of RFC 8142, an object. */
const GEOJSON = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0x1e, 0x7b])

/** Is told which share of the work is done, 0 to 1. */
export type Watch = (share: number) => void

/** What a file of the map says of itself. */
export interface MapFacts {
  readonly format: 'pbf' | 'geojson'
  /** Day of its data (ISO), where it says one. */
  readonly date: string | null
  /** Ways whose nodes are not all in the file. */
  readonly incomplete: number
}

/**
 * Gives the named ways, house numbers and places of a file to `sink`: OpenStreetMap PBF, or GeoJSON (plain or gzip); which
 * it is its first bytes tell. Memory does not grow with the file, but with what is kept of it. Throws `MapUnreadable`.
 */
export async function readMap(path: string, sink: LayerSink, watch: Watch = () => {}): Promise<MapFacts> {
  const { size } = statSync(path)
  if (size === 0) throw new MapUnreadable(`${path} is empty`)
  const head = Buffer.alloc(2)
  const fd = openSync(path, 'r')
  readSync(fd, head, 0, head.length, 0)
  closeSync(fd)
  const isGzip = head[0] === 0x1f && head[1] === 0x8b
  if (isGzip || GEOJSON.has(head[0]!)) return readGeoJson(path, size, isGzip, sink, watch)
  // the length of a PBF's first head, which is below 64 KiB, in four bytes
  if (head[0] === 0 && head[1] === 0) return readPbf(path, sink, watch)
  throw new MapUnreadable(
    `${path} is no OpenStreetMap PBF and no GeoJSON (plain or .gz); \`osmium cat FILE -o OTHER.osm.pbf\` makes a PBF of other formats of OpenStreetMap`,
  )
}
