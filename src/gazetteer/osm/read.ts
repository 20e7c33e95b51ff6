import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { LayerSink } from '../streetLayer/types.ts'
import { BlobFile } from './blobs.ts'
import { readGeoJson } from './geojson.ts'
import { readPbf } from './pbf.ts'
import { MapUnreadable } from './unreadable.ts'

/** First bytes of GeoJSON: white space, the byte order mark, the record separator of RFC 8142, an object. */
const GEOJSON = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0x1e, 0x7b])

/** Is told which share of the work is done, 0 to 1. */
export type Watch = (share: number) => void

/** A file of the map whose head has been checked. */
export interface MapFile {
  readonly format: 'pbf' | 'geojson'
  /** Day of its data (ISO), where it says one. */
  readonly date: string | null
  /**
   * Gives its named ways, house numbers and places to `sink`. Memory does not grow with the file, but with what is kept of it.
   * Answers how many ways had nodes that are not in the file. Throws `MapUnreadable`.
   */
  read(sink: LayerSink, watch?: Watch): Promise<{ incomplete: number; passed?: number }>
}

/** Opens OpenStreetMap PBF or GeoJSON (plain or gzip); which it is its first bytes tell. Throws `MapUnreadable`. */
export async function openMap(path: string): Promise<MapFile> {
  const { size } = statSync(path)
  if (size === 0) throw new MapUnreadable(`${path} is empty`)
  const head = Buffer.alloc(2)
  const fd = openSync(path, 'r')
  readSync(fd, head, 0, head.length, 0)
  closeSync(fd)
  const isGzip = head[0] === 0x1f && head[1] === 0x8b
  if (isGzip || GEOJSON.has(head[0]!))
    return {
      format: 'geojson',
      date: null,
      read: (sink, watch = () => {}) => readGeoJson(path, size, isGzip, sink, watch),
    }
  // the length of a PBF's first head, which is below 64 KiB, in four bytes
  if (head[0] !== 0 || head[1] !== 0)
    throw new MapUnreadable(
      `${path} is no OpenStreetMap PBF and no GeoJSON (plain or .gz); \`osmium cat FILE -o OTHER.osm.pbf\` makes a PBF of other formats of OpenStreetMap`,
    )
  const file = await BlobFile.open(path)
  file.close()
  return { format: 'pbf', date: file.date, read: (sink, watch = () => {}) => readPbf(path, sink, watch) }
}
