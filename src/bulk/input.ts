import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { LoadedGazetteer } from '../gazetteer/load.ts'
import { fieldByContent } from './byContent.ts'
import { cellsOf, lineOf } from './cells.ts'
import { type Columns, recognise } from './columns.ts'
import { UnreadableFile } from './dialect.ts'
import { dateOrderOf } from './excelDates.ts'
import { FileRefused, requireInput, requireOutput } from './files.ts'
import { findHeader } from './header.ts'
import { inUnicode, type LegacyColumns, legacyColumns } from './legacyColumns.ts'
import { openSource } from './open.ts'
import { outputDelimiter, type Shape } from './prepare.ts'
import { type Batch, STRIDE } from './records.ts'
import { resultHeader } from './result.ts'
import type { Source } from './source.ts'

/** Rows a chunk: a transaction, an append to the result, a step of a restart. */
const CHUNK = 1000
/** Records that are looked at before the work begins. */
const SAMPLE = 100

export interface InputOptions {
  input: string
  output: string
  /** "header=field" entries. */
  map: readonly string[]
  /** Name or number of the sheet of a workbook. */
  sheet?: string | null
  gazetteer: LoadedGazetteer
  /** What is read of a row; its address and all else when not said. */
  reads?: Shape['reads']
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
  batches(): Iterable<Batch> | AsyncIterable<Batch>
  /** Throws `FileRefused` when the file was changed since it was opened. */
  requireUnchanged(): void
  close(): void
}

/**
 * Opens and looks at the file; `names` are the columns of its result.
 * Throws `FileRefused`, `UnreadableFile` or `MappingError`; nothing is written yet.
 */
export async function openInput(options: InputOptions, names: readonly string[]): Promise<Input> {
  const { map, gazetteer, reads = 'address' } = options
  const input = resolve(options.input)
  const output = resolve(options.output)
  requireInput(input)
  const before = statSync(input)
  const source = await openSource(input, options.sheet ?? null)
  try {
    const sample = await sampleOf(source)
    const legacy = legacyColumns(sample)
    const read = legacy ? sample.map((row) => row.map((cell, i) => inUnicode(cell, legacy[i]!))) : sample
    const found = findHeader(read, map.map(headerOf))
    const header = found.cells
    const rows = read.slice(found.skipped)
    // A sheet may have cells to the right of its header.
    if (source.sheet !== null) while (rows.some((row) => row.length > header.length)) header.push('')
    if (header.some((cell) => cell.includes('\ufffd')))
      throw new UnreadableFile(
        'The header is no text that can be read. Save the file as "CSV UTF-8" and run the command again.',
      )
    const content = (column: number) =>
      fieldByContent(
        header[column]!,
        rows.map((row) => row[column] ?? ''),
        gazetteer,
      )
    const { columns, notes } = recognise(header, map, content, reads)
    const delimiter = outputDelimiter(source.delimiter)
    const firstLine = `${source.bom ? '\ufeff' : ''}${lineOf(resultHeader(header, names), delimiter)}\n`
    requireOutput(output, input, firstLine)
    return {
      input,
      output,
      header,
      columns,
      notes: [...source.notes, ...found.notes, ...legacyNotes(legacy, header), ...notes],
      shape: {
        delimiter: source.delimiter,
        width: header.length,
        columns,
        reads,
        legacy,
        dateOrder: dateOrderOf(rows, columns),
        sheet: source.sheet,
        skipped: found.skipped,
      },
      delimiter,
      firstLine,
      bytesTotal: before.size,
      batches: () => source.batches(found.skipped, CHUNK),
      requireUnchanged() {
        const { size, mtimeMs } = statSync(input)
        if (size === before.size && mtimeMs === before.mtimeMs) return
        throw new FileRefused(`${options.input} was changed while it was read: run the command again.`)
      },
      close: () => source.close(),
    }
  } catch (error) {
    source.close()
    throw error
  }
}

const headerOf = (entry: string) => entry.slice(0, Math.max(0, entry.lastIndexOf('=')))

/** The cells of the first records. */
async function sampleOf(source: Source): Promise<string[][]> {
  const rows: string[][] = []
  for await (const { bytes, table } of source.batches(0, SAMPLE)) {
    for (let i = 0; i < table.length; i += STRIDE) {
      const text = bytes.toString('utf8', table[i], table[i + 1])
      if (rows.length === 0 && table[i + 3] !== 0)
        throw new UnreadableFile(
          `The header in line ${table[i + 2]} is broken: its quotes do not close or it is too long.`,
        )
      rows.push(table[i + 3] === 0 ? cellsOf(text, source.delimiter) : [text])
    }
    if (rows.length > 0) break
  }
  if (rows.length === 0) throw new UnreadableFile('The file is empty: it has no header line.')
  return rows
}

function legacyNotes(legacy: LegacyColumns | null, header: readonly string[]): string[] {
  const encodings = [...new Set(legacy)].filter((encoding) => encoding !== null)
  return encodings.map((encoding) => {
    const names = header.filter((_, i) => legacy![i] === encoding)
    return `written in ${encoding} and converted: ${names.join(', ')}`
  })
}
