import { createHash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** A file that cannot be read or must not be written; the message says why. */
export class FileRefused extends Error {
  override name = 'FileRefused'
}

/** SHA-256 of a file, in hex. */
export async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const block of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(block)
  return hash.digest('hex')
}

/** The file to read must be an ordinary file; throws `FileRefused`. */
export function requireInput(path: string): void {
  if (!existsSync(path)) throw new FileRefused(`There is no file ${path}.`)
  if (!statSync(path).isFile()) throw new FileRefused(`${path} is not an ordinary file.`)
}

/**
 * The result may be written to `output` when nothing is there, or the result of an earlier run on a file with the same
 * columns: `firstLine` tells, or `isOurs` for an OUT that is no CSV. Anything else is somebody's data: throws `FileRefused`.
 */
export function requireOutput(
  output: string,
  input: string | null,
  firstLine: string,
  isOurs: boolean | null = null,
): void {
  if (!existsSync(dirname(output)))
    throw new FileRefused(`There is no folder ${dirname(output)} for the result.`)
  for (const path of [output, partOf(output)]) {
    if (!existsSync(path)) continue
    const found = statSync(path)
    const source = input === null ? null : statSync(input)
    if (source && found.dev === source.dev && found.ino === source.ino) {
      throw new FileRefused('The result cannot be written over its own input: give another file with -o.')
    }
    const ours =
      found.isFile() &&
      (found.size === 0 || ((path === output ? isOurs : null) ?? beginsWith(path, firstLine)))
    if (!ours) {
      throw new FileRefused(
        `${path} is there already and is no result of this input: remove it or give another file with -o.`,
      )
    }
  }
}

/** An unfinished result stands under this name. */
const partOf = (output: string) => `${output}.part`

/** The complete result on its way into another format. */
const renderedOf = (output: string) => `${partOf(output)}.rendered`

/** Removes the unfinished result of `output`, if there is one. */
export function discardUnfinished(output: string): void {
  for (const path of [partOf(output), renderedOf(output)]) rmSync(path, { force: true })
}

/** Whether a file begins with a text. */
export function beginsWith(path: string, text: string): boolean {
  const wanted = Buffer.from(text)
  const found = Buffer.alloc(wanted.length)
  const fd = openSync(path, 'r')
  readSync(fd, found, 0, wanted.length, 0)
  closeSync(fd)
  return found.equals(wanted)
}

function giveName(path: string, name: string): void {
  renameSync(path, name)
  syncPath(dirname(name))
}

/** A file, or the names in a folder, last through a power cut after this. */
export function syncPath(path: string): void {
  // Windows does not let a folder be opened.
  if (process.platform === 'win32') return
  const fd = openSync(path, 'r')
  fsyncSync(fd)
  closeSync(fd)
}

/** A result being written: OUT.part until `finish`. */
export class ResultFile {
  length: number
  readonly #fd: number
  readonly #output: string
  #closed = false

  private constructor(output: string, fd: number, length: number) {
    this.#output = output
    this.#fd = fd
    this.length = length
  }

  static create(output: string, firstLine: string): ResultFile {
    const file = new ResultFile(output, openSync(partOf(output), 'w', 0o600), 0)
    file.append(firstLine)
    return file
  }

  /** Goes on after `length` bytes; null when the unfinished result is gone, shorter than that or was edited. */
  static resume(output: string, length: number): ResultFile | null {
    // Killed between the last chunk and the end of the job: the result has its name already.
    if (!existsSync(partOf(output)) && existsSync(output) && statSync(output).size === length) {
      renameSync(output, partOf(output))
    }
    if (!existsSync(partOf(output)) || statSync(partOf(output)).size < length) return null
    const fd = openSync(partOf(output), 'r+')
    const last = Buffer.alloc(1)
    readSync(fd, last, 0, 1, Math.max(0, length - 1))
    // What we wrote ends with a line; where text was put in or taken out it does not, but by chance.
    if (last[0] !== 10) {
      closeSync(fd)
      return null
    }
    ftruncateSync(fd, length)
    return new ResultFile(output, fd, length)
  }

  /** Appends and waits until the bytes are on disk. */
  append(text: string): void {
    const bytes = Buffer.from(text)
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#fd, bytes, done, bytes.length - done, this.length + done)
    }
    this.length += bytes.length
    fdatasyncSync(this.#fd)
  }

  /** Takes away what was appended after `length` bytes: the transaction that it belonged to is begun again. */
  rewind(length: number): void {
    if (this.length <= length) return
    ftruncateSync(this.#fd, length)
    this.length = length
  }

  /** Where the unfinished result stands. */
  get path(): string {
    return partOf(this.#output)
  }

  /** Gives the complete result its name. */
  finish(): void {
    this.close()
    giveName(this.path, this.#output)
  }

  /** Gives the complete result its name in the shape that `render` writes; what it was made from stays until `discard`. */
  async finishAs(render: (path: string) => Promise<void>): Promise<void> {
    this.close()
    const rendered = renderedOf(this.#output)
    try {
      await render(rendered)
      const fd = openSync(rendered, 'r+')
      fsyncSync(fd)
      closeSync(fd)
      giveName(rendered, this.#output)
    } catch (error) {
      // On a full disk half of it would only take the room that the next try needs.
      rmSync(rendered, { force: true })
      throw error
    }
  }

  /** Removes the unfinished result, or what a finished one was made from. */
  discard(): void {
    this.close()
    discardUnfinished(this.#output)
  }

  close(): void {
    if (!this.#closed) closeSync(this.#fd)
    this.#closed = true
  }
}
