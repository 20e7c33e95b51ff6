import type { Charset } from './charset.ts'
import type { Dialect } from './dialect.ts'
import type { Batch } from './records.ts'

/** A file of any kind as records of UTF-8 CSV text. */
export interface Source {
  /** What stands between the cells of a record. */
  delimiter: Dialect['delimiter']
  /** The file begins with a byte order mark. */
  bom: boolean
  charset: Charset
  /** The sheet of a workbook that is read, else null. */
  sheet: string | null
  /** All sheets of a workbook by name, else none. */
  sheets: string[]
  /** What a person should know about how the file was read. */
  notes: string[]
  /** The text in front of the first row, with line ends, when `skipped` records stand there; null for workbooks. */
  head: ((skipped: number) => string) | null
  /** Batches of at most `rows` records, after the first `skipped` ones. May be called again. */
  batches(skipped: number, rows: number): Iterable<Batch> | AsyncIterable<Batch>
  close(): void
}
