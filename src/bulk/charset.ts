import { readSync } from 'node:fs'
import { WINDOWS_1252_HIGH as HIGH } from '../text/misreadUtf8.ts'

/**
 * How the letters of a text file are written. windows-1252 stands for all 8-bit files: the old Vietnamese encodings are told
 * from each other by their words (text/legacyEncodings.ts), not by their bytes.
 */
export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** Where bytes of UTF-8 are read from. */
export interface Bytes {
  /** Fills `into` from offset `at` (of the UTF-8 text) and answers how much there was; 0 at the end. */
  read(into: Buffer, at: number): number
  /** How far into the file itself that offset is. */
  fileOffset(at: number): number
}

/** The charset of a file by its mark, else by its first bytes; `mark` = length of the mark. */
export function charsetOf(head: Buffer): { charset: Charset; mark: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { charset: 'utf-8', mark: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { charset: 'utf-16le', mark: 2 }
  if (head[0] === 0xfe && head[1] === 0xff) return { charset: 'utf-16be', mark: 2 }
  // Commas, digits, line ends and most letters of UTF-16 have a zero byte; a stray NUL breaks only its row.
  let even = 0
  let odd = 0
  for (let i = 0; i < head.length; i++) if (head[i] === 0) i % 2 === 0 ? even++ : odd++
  if (odd > head.length / 8 && odd > 8 * even) return { charset: 'utf-16le', mark: 0 }
  if (even > head.length / 8 && even > 8 * odd) return { charset: 'utf-16be', mark: 0 }
  return { charset: mostlyUtf8(head) ? 'utf-8' : 'windows-1252', mark: 0 }
}

/** A few broken rows do not make a file of UTF-8 something else. */
function mostlyUtf8(head: Buffer): boolean {
  let whole = 0
  let broken = 0
  for (let i = 0; i < head.length; i++) {
    const byte = head[i]!
    if (byte < 0x80) continue
    const more =
      byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xf0 && byte < 0xf5 ? 3 : 0
    let k = 1
    while (k <= more && (head[i + k]! & 0xc0) === 0x80) k++
    if (i + more >= head.length) break
    if (more > 0 && k > more) {
      whole++
      i += more
    } else broken++
  }
  return broken <= whole
}

/** The bytes of a file as UTF-8. */
export function bytesOf(fd: number, charset: Charset): Bytes {
  if (charset === 'utf-8')
    return { read: (into, at) => readSync(fd, into, 0, into.length, at), fileOffset: (at) => at }
  return new Transcoded(fd, charset)
}

const BLOCK = 256 * 1024

/** UTF-8 made of another charset on the way; read from the front to the back, and from the front again. */
class Transcoded implements Bytes {
  readonly #fd: number
  readonly #charset: Exclude<Charset, 'utf-8'>
  #decoder!: (block: Buffer) => string
  #fileAt = 0
  /** Offset of `#ready` in the UTF-8 text. */
  #at = 0
  #ready: Buffer = Buffer.alloc(0)
  #ended = false

  constructor(fd: number, charset: Exclude<Charset, 'utf-8'>) {
    this.#fd = fd
    this.#charset = charset
    this.#rewind()
  }

  #rewind(): void {
    this.#decoder = decoderOf(this.#charset)
    this.#fileAt = 0
    this.#at = 0
    this.#ready = Buffer.alloc(0)
    this.#ended = false
  }

  read(into: Buffer, at: number): number {
    if (at < this.#at) this.#rewind()
    let done = 0
    while (done < into.length) {
      const skip = at + done - this.#at
      if (skip < this.#ready.length) {
        done += this.#ready.copy(into, done, skip)
        continue
      }
      if (this.#ended) break
      this.#at += this.#ready.length
      const block = Buffer.allocUnsafe(BLOCK)
      const got = readSync(this.#fd, block, 0, BLOCK, this.#fileAt)
      this.#fileAt += got
      this.#ended = got === 0
      this.#ready = Buffer.from(this.#decoder(block.subarray(0, got)))
    }
    return done
  }

  fileOffset(): number {
    return this.#fileAt
  }
}

function decoderOf(charset: Exclude<Charset, 'utf-8'>): (block: Buffer) => string {
  if (charset === 'windows-1252') return windows1252
  const decoder = new TextDecoder(charset)
  return (block) => decoder.decode(block, { stream: block.length > 0 })
}

/** Node's own decoder of this name leaves 0x80 to 0x9f as they are. */
const windows1252 = (block: Buffer) =>
  block.toString('latin1').replace(/[\x80-\x9f]/g, (sign) => HIGH[sign.charCodeAt(0) - 0x80]!)

/** A text in the bytes of a charset; letters that it has not become "?". */
export function encoded(text: string, charset: Charset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text)
  if (charset === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (charset === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  return Buffer.from(
    text.replace(/[^\0-\xff]/gu, (sign) => {
      const high = HIGH.indexOf(sign)
      return high < 0 ? '?' : String.fromCharCode(0x80 + high)
    }),
    'latin1',
  )
}
