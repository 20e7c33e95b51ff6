import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { MapUnreadable } from './unreadable.ts'

/** Bytes of one feature; the border of the whole country in full detail has about 10 MB. */
const MOST_FEATURE = 32 * 1024 ** 2
/** Bytes of a file when unpacked. */
const MOST_UNPACKED = 64 * 1024 ** 3
const MOST_DEPTH = 64
const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d]
/** What may stand between objects: white space, commas, the byte order mark (UTF-8), the record separator of RFC 8142. */
const BETWEEN = new Set([0x20, 0x09, 0x0a, 0x0d, 0x2c, 0xef, 0xbb, 0xbf, 0x1e])
const FEATURES = Buffer.from('features')

/**
 * The features of a GeoJSON file, plain or gzip, each as its own bytes, with no more than one in memory: those of a
 * FeatureCollection, or one a line or record. `watch` is told how many bytes of the file were read. Throws `MapUnreadable`.
 */
export async function* features(
  path: string,
  isGzip: boolean,
  watch: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 })
  const bytes = isGzip ? file.pipe(createGunzip({ chunkSize: 1 << 18 })) : file
  if (isGzip) file.on('error', (error) => bytes.destroy(error))
  const cutter = new Cutter(path)
  try {
    for await (const chunk of bytes) {
      yield* cutter.cut(chunk as Buffer)
      watch(file.bytesRead)
    }
  } catch (error) {
    if (!/^Z_/.test((error as NodeJS.ErrnoException).code ?? '')) throw error
    throw new MapUnreadable(
      `${path} cannot be unpacked (${(error as Error).message}): it is damaged or was not copied to its end`,
    )
  } finally {
    file.destroy()
  }
  cutter.end()
}

/** Finds where features begin and end; what is in them is not read. */
class Cutter {
  readonly #path: string
  /** Bytes of the chunks before. */
  #before = 0
  #depth = 0
  /** The depth at which features begin: 0, or 2 in the list of a collection. */
  #level = 0
  #inText = false
  #escaped = false
  /** How much of the last text at depth 1 is the word "features"; -1 when it is another one. */
  #matched = -1
  /** The feature that is open, as far as it stood in earlier chunks. */
  #parts: Buffer[] = []
  #size = 0
  #isOpen = false

  constructor(path: string) {
    this.#path = path
  }

  /** The features that are complete with this chunk. */
  cut(chunk: Buffer): Buffer[] {
    const found: Buffer[] = []
    let from = 0
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!
      if (this.#inText) this.#text(byte)
      else if (byte === QUOTE) {
        if (this.#depth === 0) throw this.#notGeoJson(i)
        this.#inText = true
        if (this.#depth === 1) this.#matched = 0
      } else if (byte === OPEN || byte === OPEN_LIST) {
        if (this.#depth === this.#level && byte === OPEN) {
          this.#isOpen = true
          from = i
        } else if (this.#depth === 0) throw this.#notGeoJson(i)
        else if (this.#depth === 1 && byte === OPEN_LIST && this.#matched === FEATURES.length) {
          // what is open is a collection, and no feature itself
          this.#level = 2
          this.#close()
        }
        if (++this.#depth > MOST_DEPTH) throw this.#fault(i, `it is nested more than ${MOST_DEPTH} deep`)
      } else if (byte === CLOSE || byte === CLOSE_LIST) {
        this.#depth--
        if (this.#depth < this.#level) this.#level = 0
        else if (this.#depth === this.#level && this.#isOpen) {
          this.#keep(chunk.subarray(from, i + 1), i)
          found.push(Buffer.concat(this.#parts))
          this.#close()
        }
        if (this.#depth < 0) throw this.#notGeoJson(i)
      } else if (this.#depth === 0 && !BETWEEN.has(byte)) throw this.#notGeoJson(i)
    }
    if (this.#isOpen) this.#keep(chunk.subarray(from), chunk.length)
    this.#before += chunk.length
    if (this.#before > MOST_UNPACKED)
      throw new MapUnreadable(`${this.#path} unpacks to more than ${MOST_UNPACKED / 1024 ** 3} GiB`)
    return found
  }

  end(): void {
    if (this.#depth > 0)
      throw new MapUnreadable(
        `${this.#path} ends in the middle of an object, at byte ${this.#before}: it was not copied to its end`,
      )
  }

  #text(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === BACKSLASH) this.#escaped = true
    else if (byte === QUOTE) {
      this.#inText = false
      return
    }
    if (this.#depth === 1) this.#matched = byte === FEATURES[this.#matched] ? this.#matched + 1 : -1
  }

  #keep(part: Buffer, at: number): void {
    this.#size += part.length
    if (this.#size > MOST_FEATURE)
      throw this.#fault(at, `a feature is larger than ${MOST_FEATURE / 1024 ** 2} MiB`)
    this.#parts.push(part)
  }

  #close(): void {
    this.#isOpen = false
    this.#parts = []
    this.#size = 0
  }

  #notGeoJson(at: number): MapUnreadable {
    return this.#fault(at, 'here should an object of GeoJSON begin')
  }

  #fault(at: number, what: string): MapUnreadable {
    return new MapUnreadable(`${this.#path}, byte ${this.#before + at}: ${what}`)
  }
}
