import type { Bytes } from './charset.ts'
import type { Dialect } from './dialect.ts'

/**
 * Cuts a CSV file into records by their bytes: RFC 4180 quotes with line ends inside them, LF, CRLF or CR, physical line
 * numbers, flat memory. A fault costs one physical line and never the rest of the file; see
 * docs/decisions/0001-own-csv-reader.md.
 */

/** A record may grow to this size before its opening quote counts as never closed. */
export const MAX_RECORD_BYTES = 64 * 1024
const MAX_RECORD_LINES = 100
const MAX_BATCH_BYTES = 4 * 1024 * 1024
const BLOCK = 1024 * 1024

/** What is wrong with a record as a whole. `FAULTS[0]` = nothing. */
export const FAULTS = ['', 'unclosed-quote', 'bad-quotes', 'too-long'] as const
const UNCLOSED = 1
const BAD_QUOTES = 2
const TOO_LONG = 3

/** A place between two records: byte offset in the file and the physical line (from 1) that begins there. */
export interface Position {
  offset: number
  line: number
}

/** Records that stand one after the other. */
export interface Batch {
  bytes: Buffer
  /** Four numbers a record: start and end in `bytes` (without the line end), physical line, index into `FAULTS`. */
  table: Uint32Array
  /** Where reading goes on after this batch. */
  next: Position
  /** Empty lines passed over since the batch before: they are no rows. */
  blank: number
}

/** Entries of `Batch.table` a record. */
export const STRIDE = 4

/** The batches of the first `rows` records. */
export async function* firstRows(
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  rows: number,
): AsyncGenerator<Batch> {
  let left = rows
  for await (const batch of batches) {
    yield { ...batch, table: batch.table.slice(0, left * STRIDE) }
    left -= batch.table.length / STRIDE
    if (left <= 0) return
  }
}

/** Reads batches of at most `rows` records from `from` to the end. */
export function* readBatches(
  source: Bytes,
  dialect: Dialect,
  from: Position,
  rows: number,
): Generator<Batch> {
  let { offset, line } = from
  let readAt = offset
  let bytes: Buffer = Buffer.alloc(0)
  let used = 0
  let last = false
  let table: number[] = []
  let blank = 0

  const take = (): Batch => {
    // Memory of its own, so that it can be handed to a worker without a copy.
    const own = new Uint8Array(used)
    own.set(bytes.subarray(0, used))
    const batch = {
      bytes: Buffer.from(own.buffer),
      table: Uint32Array.from(table),
      next: { offset, line },
      blank,
    }
    bytes = bytes.subarray(used)
    used = 0
    table = []
    blank = 0
    return batch
  }

  for (;;) {
    const scan = scanRecords(bytes, used, line, dialect, last, rows - table.length / STRIDE, table)
    offset += scan.used - used
    used = scan.used
    line = scan.line
    blank += scan.blank
    if (scan.overlong) {
      table.push(used, used + MAX_RECORD_BYTES, line++, TOO_LONG)
      used += MAX_RECORD_BYTES
      bytes = bytes.subarray(0, used)
      offset = skipLine(source, dialect, readAt)
      readAt = offset
    }
    if (table.length >= rows * STRIDE || used >= MAX_BATCH_BYTES) yield take()
    else if (last && used === bytes.length) break
    else {
      const block = Buffer.allocUnsafe(BLOCK)
      const got = source.read(block, readAt)
      readAt += got
      last = got === 0
      bytes = bytes.length === 0 ? block.subarray(0, got) : Buffer.concat([bytes, block.subarray(0, got)])
    }
  }
  if (table.length > 0 || blank > 0) yield take()
}

/** The offset after the end of a line that goes on beyond `from`. */
function skipLine(source: Bytes, dialect: Dialect, from: number): number {
  const block = Buffer.allocUnsafe(BLOCK)
  for (let at = from; ; ) {
    const got = source.read(block, at)
    if (got === 0) return at
    const end = lineEnd(block, 0, got, dialect)
    if (end >= 0) return at + end + 1
    at += got
  }
}

interface Scan {
  used: number
  line: number
  blank: number
  /** The bytes from `used` on are a line that is longer than a record may be and ends beyond `bytes`. */
  overlong: boolean
}

/** Appends up to `limit` records of `bytes` from `start` to `table`; stops before a record that may go on beyond `bytes`. */
export function scanRecords(
  bytes: Buffer,
  start: number,
  startLine: number,
  dialect: Dialect,
  last: boolean,
  limit: number,
  table: number[],
): Scan {
  const size = bytes.length
  let pos = start
  let line = startLine
  let blank = 0
  let room = limit
  let quote = -2
  while (pos < size && room > 0) {
    let end = lineEnd(bytes, pos, size, dialect)
    if (end < 0) {
      if (size - pos > MAX_RECORD_BYTES) return { used: pos, line, blank, overlong: true }
      if (!last) break
      end = size
    } else if (!last && bytes[end] === 13 && end === size - 1) break // the LF of this CR may come next
    let fault = end - pos > MAX_RECORD_BYTES ? TOO_LONG : 0
    let lines = 1
    if (quote !== -1 && quote < pos) quote = bytes.indexOf(34, pos)
    if (fault === 0 && quote >= 0 && quote < end) {
      const quoted = quotedEnd(bytes, pos, dialect, last)
      if (quoted === MORE) break
      if (quoted < 0) fault = -quoted
      else if (quoted > end) {
        lines += countLines(bytes, end, quoted, dialect)
        end = quoted
      }
    }
    const stop = end > pos && bytes[end - 1] === 13 && bytes[end] !== 13 ? end - 1 : end
    if (fault === 0 && isBlank(bytes, pos, stop)) blank++
    else {
      table.push(pos, fault === TOO_LONG ? pos + MAX_RECORD_BYTES : stop, line, fault)
      room--
    }
    pos = Math.min(size, end + 1)
    if (bytes[end] === 13 && bytes[end + 1] === 10) pos++
    line += lines
  }
  return { used: pos, line, blank, overlong: false }
}

/** Position of the byte that ends the line (LF; in files of CR lines the CR), -1 when it is not in `bytes`. */
function lineEnd(bytes: Buffer, from: number, size: number, dialect: Dialect): number {
  if (!dialect.bareCr) {
    const found = bytes.indexOf(10, from)
    return found < size ? found : -1
  }
  for (let i = from; i < size; i++) if (bytes[i] === 13 || bytes[i] === 10) return i
  return -1
}

const MORE = -99

/** The line end that closes the record at `pos`, `MORE` when `bytes` stop before it, or minus the fault. */
function quotedEnd(bytes: Buffer, pos: number, dialect: Dialect, last: boolean): number {
  const bound = Math.min(bytes.length, pos + MAX_RECORD_BYTES + 1)
  const beyond = () => (last || bytes.length > pos + MAX_RECORD_BYTES ? -UNCLOSED : MORE)
  const { delimiterByte, bareCr } = dialect
  let lines = 0
  let fieldStart = true
  let i = pos
  while (i < bound) {
    const byte = bytes[i]!
    if (byte === 34 && fieldStart) {
      for (i++; ; i++) {
        if (i >= bound) return beyond()
        const inside = bytes[i]!
        if (inside === 34) {
          if (bytes[i + 1] !== 34) break
          i++
        } else if (inside === 10 || (bareCr && inside === 13)) {
          if (++lines > MAX_RECORD_LINES) return -UNCLOSED
        }
      }
      i++
      if (i >= bytes.length) return last ? i : MORE
      const after = bytes[i]!
      if (after === 13 && !bareCr) {
        if (i + 1 >= bytes.length) return last ? i + 1 : MORE
        if (bytes[i + 1] !== 10) return -BAD_QUOTES
      } else if (after !== delimiterByte && after !== 10 && after !== 13) return -BAD_QUOTES
      fieldStart = false
      continue
    }
    if (byte === 10 || (bareCr && byte === 13))
      return bareCr && byte === 13 && !last && i + 1 >= bytes.length ? MORE : i
    fieldStart = byte === delimiterByte
    i++
  }
  return i >= bytes.length && last ? bytes.length : beyond()
}

function countLines(bytes: Buffer, from: number, to: number, dialect: Dialect): number {
  let lines = 0
  for (let at = from; ; at++) {
    at = lineEnd(bytes, at, to, dialect)
    if (at < 0 || at >= to) return lines
    if (bytes[at] === 13 && bytes[at + 1] === 10) at++
    lines++
  }
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 32) return false
  return true
}
