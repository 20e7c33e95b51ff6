import { closeSync, fstatSync, openSync } from 'node:fs'
import { resolve } from 'node:path'
import { lineOf } from './cells.ts'
import { type Columns, recognise } from './columns.ts'
import { open } from './dialect.ts'
import { FileRefused, requireInput, requireOutput } from './files.ts'
import { outputDelimiter, type Shape } from './prepare.ts'
import { type Batch, readBatches } from './records.ts'
import { resultHeader } from './result.ts'

/** Rows a chunk: a transaction, an append to the result, a step of a restart. */
const CHUNK = 1000

export interface InputOptions {
  input: string
  output: string
  /** "header=field" entries. */
  map: readonly string[]
}

/** A file that is to be read once, with everything that its result needs to know of it. */
export interface Input {
  input: string
  output: string
  header: string[]
  columns: Columns
  notes: string[]
  shape: Shape
  delimiter: string
  /** The header of the result, with its end. */
  firstLine: string
  bytesTotal: number
  batches(): Iterable<Batch>
  /** Throws `FileRefused` when the file was changed since it was opened. */
  requireUnchanged(): void
  close(): void
}

/**
 * Opens and looks at the file; `names` are the columns of its result.
 * Throws `FileRefused`, `UnreadableFile` or `MappingError`; nothing is written yet.
 */
export function openInput(options: InputOptions, names: readonly string[]): Input {
  const input = resolve(options.input)
  const output = resolve(options.output)
  requireInput(input)
  const fd = openSync(input, 'r')
  try {
    const before = fstatSync(fd)
    const { dialect, header, rows } = open(fd)
    const { columns, notes } = recognise(header, options.map)
    const delimiter = outputDelimiter(dialect.delimiter)
    const firstLine = `${dialect.bom ? '\ufeff' : ''}${lineOf(resultHeader(header, names), delimiter)}\n`
    requireOutput(output, input, firstLine)
    return {
      input,
      output,
      header,
      columns,
      notes,
      shape: { delimiter: dialect.delimiter, width: header.length, columns },
      delimiter,
      firstLine,
      bytesTotal: before.size,
      batches: () => readBatches(fd, dialect, rows, CHUNK),
      requireUnchanged() {
        const { size, mtimeMs } = fstatSync(fd)
        if (size === before.size && mtimeMs === before.mtimeMs) return
        throw new FileRefused(`${options.input} was changed while it was read: run the command again.`)
      },
      close: () => closeSync(fd),
    }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}
