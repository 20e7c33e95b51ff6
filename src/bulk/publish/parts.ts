import * as crypto from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const pack = promisify(gzip)
/** Characters that wait in memory, of one file and of all of them, before they are packed. */
const OF_ONE = 1_000_000
const OF_ALL = 16_000_000
/** Files packed at once. */
const AT_ONCE = 4
/** Of gzip: quicker than its usual 6, for somewhat larger files. */
const LEVEL = 4

/** A file that was written: bytes and SHA-256 of what is on disk. */
export interface PartFile {
  path: string
  bytes: number
  sha256: string
}

/**
 * Many packed files that are written at once, however many there are: lines wait in memory until there are enough, and are then
 * added to their file as one more member of gzip (RFC 1952, 2.2: members are read as one text).
 */
export class PartFiles {
  readonly #folder: string
  readonly #parts = new Map<string, Part>()
  #waiting = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Adds text to a file; one that is new begins with `head`. Call `settle` between. */
  add(path: string, text: string, head = ''): void {
    let part = this.#parts.get(path)
    if (!part) {
      part = { path, texts: [head], length: head.length, bytes: 0, hash: crypto.createHash('sha256') }
      this.#parts.set(path, part)
      this.#waiting += head.length
    }
    part.texts.push(text)
    part.length += text.length
    this.#waiting += text.length
  }

  /** Writes what has become enough. */
  async settle(): Promise<void> {
    const full = [...this.#parts.values()].filter(({ length }) => length >= OF_ONE)
    await this.#write(full)
    if (this.#waiting < OF_ALL) return
    const longest = [...this.#parts.values()].sort((a, b) => b.length - a.length)
    let left = this.#waiting
    const some: Part[] = []
    for (const part of longest) {
      if (left < OF_ALL / 2) break
      some.push(part)
      left -= part.length
    }
    await this.#write(some)
  }

  /** Writes the rest. Every file is on disk then. */
  async finish(): Promise<PartFile[]> {
    await this.#write([...this.#parts.values()], true)
    return [...this.#parts.values()].map(({ path, bytes, hash }) => ({
      path,
      bytes,
      sha256: hash.digest('hex'),
    }))
  }

  async #write(parts: readonly Part[], sync = false): Promise<void> {
    for (let first = 0; first < parts.length; first += AT_ONCE)
      await Promise.all(parts.slice(first, first + AT_ONCE).map((part) => this.#append(part, sync)))
  }

  async #append(part: Part, sync: boolean): Promise<void> {
    const text = part.texts.join('')
    this.#waiting -= part.length
    part.texts = []
    part.length = 0
    if (text === '' && !sync) return
    const path = join(this.#folder, part.path)
    if (part.bytes === 0) await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(path, 'a', 0o600)
    try {
      if (text !== '') {
        const packed = await pack(text, { level: LEVEL })
        await file.appendFile(packed)
        part.hash.update(packed)
        part.bytes += packed.length
      }
      if (sync) await file.sync()
    } finally {
      await file.close()
    }
  }
}

interface Part {
  path: string
  texts: string[]
  length: number
  bytes: number
  hash: crypto.Hash
}

/**
 * Tells the lines of a file from others whatever their order: the sum of the first 64 bits of the SHA-256 of each line
 * (UTF-8, without its end), modulo 2^64, as 16 hexadecimal digits.
 */
export class LineSum {
  rows = 0
  #sum = 0n

  add(line: string): void {
    this.rows++
    this.#sum += sha256(line).readBigUInt64BE(0)
  }

  get checksum(): string {
    return BigInt.asUintN(64, this.#sum).toString(16).padStart(16, '0')
  }
}

const sha256: (text: string) => Buffer = crypto.hash
  ? (text) => crypto.hash('sha256', text, 'buffer')
  : (text) => crypto.createHash('sha256').update(text).digest()
