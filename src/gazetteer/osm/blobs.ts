import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { promisify } from 'node:util'
import { inflate } from 'node:zlib'
import { PbfReader } from 'pbf'
import { MapUnreadable } from './unreadable.ts'

/** Bounds of the format: https://wiki.openstreetmap.org/wiki/PBF_Format */
const MOST_HEADER = 64 * 1024
const MOST_BLOB = 32 * 1024 * 1024
/** Unpacked bytes that may wait for their turn: two blobs of the greatest size, hundreds of the usual 100 kB. */
const MOST_WAITING = 2 * MOST_BLOB
/** What this reader understands; a file that needs more is refused, as the format demands. */
const FEATURES = new Set(['OsmSchema-V0.6', 'DenseNodes'])
/** Fields of a Blob. */
const RAW = 1
const RAW_SIZE = 2
const ZLIB = 3
const OTHER_PACKINGS: ReadonlyMap<number, string> = new Map([
  [4, 'lzma'],
  [5, 'bzip2'],
  [6, 'lz4'],
  [7, 'zstd'],
])

const unpack = promisify(inflate)

/** An unpacked block of a PBF file. `from` and `to` are its first byte in the file and the first after it. */
export interface Blob {
  readonly from: number
  readonly to: number
  readonly bytes: Uint8Array
}
interface Packed {
  readonly from: number
  readonly to: number
  readonly type: string
  readonly body: Uint8Array
}

/**
 * The blocks of an OpenStreetMap PBF file. Every size is checked before memory is taken for it. Opening checks the head;
 * throws `MapUnreadable`, also while reading.
 */
export class BlobFile {
  readonly size: number
  /** Day of the data (ISO), where the head tells it. */
  date: string | null = null
  readonly #path: string
  readonly #fd: number
  #first = 0

  private constructor(path: string) {
    this.#path = path
    this.#fd = openSync(path, 'r')
    this.size = fstatSync(this.#fd).size
  }

  static async open(path: string): Promise<BlobFile> {
    const file = new BlobFile(path)
    try {
      const packed = file.#read(0, true)
      file.#readHead(await file.#unpack(packed))
      file.#first = packed.to
      return file
    } catch (error) {
      file.close()
      throw error
    }
  }

  /**
   * All blocks of data in the order of the file, or those that begin at `places`. The next ones are unpacked by other
   * threads while one is worked on.
   */
  async *blocks(places?: Iterable<number>): AsyncGenerator<Blob> {
    const waiting: { blob: Promise<Blob>; size: number }[] = []
    let held = 0
    const next = () => {
      const { blob, size } = waiting.shift()!
      held -= size
      return blob
    }
    for (const packed of places ? this.#at(places) : this.#all()) {
      if (packed.type !== 'OSMData') continue
      const size = sizeOf(packed.body)
      while (waiting.length > 0 && held + size > MOST_WAITING) yield await next()
      const blob = this.#unpack(packed).then((bytes) => ({ from: packed.from, to: packed.to, bytes }))
      // it is awaited in its turn; without this, a fault in it would end the process before
      blob.catch(() => {})
      waiting.push({ blob, size })
      held += size
      if (waiting.length > 16) yield await next()
    }
    while (waiting.length > 0) yield await next()
  }

  close(): void {
    closeSync(this.#fd)
  }

  /** "FILE, byte 123: what is wrong with it". */
  fault(at: number, what: string): MapUnreadable {
    return new MapUnreadable(`${this.#path}, block at byte ${at}: ${what}`)
  }

  *#all(): Generator<Packed> {
    for (let at = this.#first; at < this.size; ) {
      const packed = this.#read(at, false)
      at = packed.to
      yield packed
    }
  }

  *#at(places: Iterable<number>): Generator<Packed> {
    for (const at of places) yield this.#read(at, false)
  }

  #read(from: number, first: boolean): Packed {
    const strange = () =>
      first
        ? new MapUnreadable(`${this.#path} is no OpenStreetMap PBF file: it does not begin with an OSMHeader`)
        : this.fault(from, 'the block has no valid head: the file is damaged')
    const headerLength = this.#bytes(from, 4, first ? strange : null).readUInt32BE()
    if (headerLength === 0 || headerLength > MOST_HEADER) throw strange()
    const header = this.#bytes(from + 4, headerLength, first ? strange : null)
    let type = ''
    let length = -1
    try {
      new PbfReader(header).readFields((field, _, pbf) => {
        if (field === 1) type = pbf.readString()
        else if (field === 3) length = pbf.readVarint(true)
      }, null)
    } catch {
      throw strange()
    }
    if (length < 0 || type === '' || (first && type !== 'OSMHeader')) throw strange()
    if (length > MOST_BLOB) throw this.fault(from, `it has ${length} bytes, more than the format's 32 MiB`)
    const at = from + 4 + headerLength
    return { from, to: at + length, type, body: this.#bytes(at, length, null) }
  }

  #bytes(at: number, length: number, strange: (() => MapUnreadable) | null): Buffer {
    const bytes = Buffer.allocUnsafe(length)
    let done = 0
    while (done < length) {
      const read = readSync(this.#fd, bytes, done, length - done, at + done)
      if (read === 0)
        throw (
          strange?.() ??
          new MapUnreadable(
            `${this.#path} ends in the middle of a block, at byte ${at + done}: it was not copied to its end`,
          )
        )
      done += read
    }
    return bytes
  }

  async #unpack({ from, body }: Packed): Promise<Uint8Array> {
    let raw: Uint8Array | null = null
    let zlib: Uint8Array | null = null
    let other = ''
    try {
      new PbfReader(body).readFields((field, _, pbf) => {
        if (field === RAW) raw = pbf.readBytes()
        else if (field === ZLIB) zlib = pbf.readBytes()
        else other ||= OTHER_PACKINGS.get(field) ?? ''
      }, null)
    } catch (error) {
      throw this.fault(from, `it is damaged (${(error as Error).message})`)
    }
    if (raw) return raw
    if (!zlib)
      throw this.fault(
        from,
        other
          ? `it is packed with ${other}, and only zlib is read; \`osmium cat FILE -o OTHER.osm.pbf\` writes zlib`
          : 'it is empty',
      )
    const size = sizeOf(body)
    if (size <= 0 || size > MOST_BLOB)
      throw this.fault(from, `it says that it unpacks to ${size} bytes; the format's most are 32 MiB`)
    let bytes: Buffer
    try {
      bytes = await unpack(zlib, { maxOutputLength: size, chunkSize: Math.max(64, size) })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
        throw this.fault(from, `it unpacks to more than the ${size} bytes that it says`)
      throw this.fault(from, `it cannot be unpacked (${(error as Error).message}): the file is damaged`)
    }
    if (bytes.length !== size)
      throw this.fault(from, `it unpacks to ${bytes.length} bytes where it says ${size}: the file is damaged`)
    return bytes
  }

  #readHead(bytes: Uint8Array): void {
    const missing: string[] = []
    let seconds = 0
    try {
      new PbfReader(bytes).readFields((field, _, pbf) => {
        if (field === 4) {
          const feature = pbf.readString()
          if (!FEATURES.has(feature)) missing.push(feature.slice(0, 100))
        } else if (field === 32) seconds = pbf.readVarint(true)
      }, null)
    } catch (error) {
      throw this.fault(0, `its head is damaged (${(error as Error).message})`)
    }
    if (missing.length > 0)
      throw new MapUnreadable(
        `${this.#path} needs a reader that knows ${missing.slice(0, 5).join(', ')}; this one knows ${[...FEATURES].join(' and ')}`,
      )
    if (seconds > 0 && seconds < 1e10) this.date = new Date(seconds * 1000).toISOString().slice(0, 10)
  }
}

/** What a Blob says that it unpacks to; of one that is not packed its own length. */
function sizeOf(body: Uint8Array): number {
  let size = 0
  try {
    new PbfReader(body).readFields((field, _, pbf) => {
      if (field === RAW_SIZE) size = pbf.readVarint(true)
    }, null)
  } catch {
    // told when it is unpacked
  }
  return size || body.length
}
