import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { LoadedGazetteer } from '../gazetteer/load.ts'
import { fieldByContent } from './byContent.ts'
import { cellsOf, lineOf } from './cells.ts'
import type { Charset } from './charset.ts'
import { type Columns, MappingError, type Recognition, recognise } from './columns.ts'
import { EMPTY_FILE, UnreadableFile } from './dialect.ts'
import { dateOrderOf } from './excelDates.ts'
import { FileRefused, type ResultFile, requireInput, requireOutput } from './files.ts'
import { type Format, formatOf } from './formats.ts'
import { guarded } from './guard.ts'
import { findHeader } from './header.ts'
import { inUnicode, type LegacyColumns, legacyColumns } from './legacyColumns.ts'
import { openSource } from './open.ts'
import { outputDelimiter, type Shape } from './prepare.ts'
import { profileOf, saveProfile } from './profile.ts'
import { type Batch, firstRows, STRIDE } from './records.ts'
import { type Origin, recordsOf, rejectsPath, writeRejects } from './rejects.ts'
import { isResult, render } from './render.ts'
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
  /** How the result is written; by default as the name of `output` says. */
  format?: Format | null
  /** A file that says what columns of these headers hold, and one that is to keep it. */
  profile?: string | null
  saveProfile?: string | null
  /** Where rejected rows go; by default beside the result. */
  rejects?: string | null
  /** Name or number of the sheet of a workbook. */
  sheet?: string | null
  /** Only the first rows are read: a try. */
  rows?: number | null
  gazetteer: LoadedGazetteer
  /** What is read of a row; its address and all else when not said. */
  reads?: Shape['reads']
  /** Columns that are not understood are told in `fault`: for a look, no work can be done then. */
  anyColumns?: boolean
}

/** A file that is to be read once, with everything that its result needs to know of it. */
export interface Input {
  input: string
  output: string
  header: string[]
  columns: Columns
  /** Cells of the first rows. */
  sample: string[][]
  notes: string[]
  charset: Charset
  /** All sheets of a workbook, else none. */
  sheets: string[]
  /** Why the columns are not understood; null when they are. */
  fault: MappingError | null
  shape: Shape
  delimiter: string
  /** The header of the result, with its end. */
  firstLine: string
  bytesTotal: number
  /** What a file of rejected rows takes over. */
  origin: Origin
  batches(): Iterable<Batch> | AsyncIterable<Batch>
  /**
   * Gives the complete result its name and format, and writes the rejected rows (`rejected` = how many) to a file of their own,
   * whose path is answered. `file.discard()` may follow when nobody needs the result to go on any more.
   * Throws `FileRefused` when the file was changed since it was opened.
   */
  complete(file: ResultFile, rejected: number): Promise<string | null>
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
      throw new UnreadableFile({
        en: 'The header is no text that can be read. Save the file as "CSV UTF-8" and try again.',
        vi: 'Dòng tiêu đề không phải văn bản đọc được. Hãy lưu tệp dưới dạng "CSV UTF-8" rồi thử lại.',
      })
    const content = (column: number) =>
      fieldByContent(
        header[column]!,
        rows.map((row) => row[column] ?? ''),
        gazetteer,
      )
    const kept = options.profile ? profileOf(options.profile, header, map) : null
    const { columns, notes, fault } = kept
      ? { columns: kept, notes: ['columns as the profile says'], fault: null }
      : recognised(() => recognise(header, map, content, reads), options.anyColumns)
    if (options.profile && !kept) notes.push('the profile has nothing on these headers')
    const delimiter = outputDelimiter(source.delimiter)
    const format = options.format ?? formatOf(output)
    const guard = format === 'csv'
    const columnsOfResult = resultHeader(guard ? header.map(guarded) : header, names)
    const firstLine = `${source.bom ? '\ufeff' : ''}${lineOf(columnsOfResult, delimiter)}\n`
    const isOurs =
      guard || !statSync(output, { throwIfNoEntry: false })?.isFile()
        ? null
        : await isResult(output, format, columnsOfResult)
    requireOutput(output, input, firstLine, isOurs)
    if (options.saveProfile) saveProfile(options.saveProfile, header, columns)
    const requireUnchanged = () => {
      const { size, mtimeMs } = statSync(input)
      if (size === before.size && mtimeMs === before.mtimeMs) return
      throw new FileRefused(`${options.input} was changed while it was read: run the command again.`)
    }
    const origin: Origin = {
      delimiter: source.delimiter,
      charset: source.charset,
      bom: source.bom,
      header,
      head: source.head?.(found.skipped) ?? null,
    }
    return {
      input,
      output,
      header,
      columns,
      sample: rows,
      charset: source.charset,
      sheets: source.sheets,
      fault,
      notes: [...source.notes, ...found.notes, ...legacyNotes(legacy, header), ...notes],
      shape: {
        delimiter: source.delimiter,
        width: header.length,
        columns,
        reads,
        legacy,
        dateOrder: dateOrderOf(rows, columns),
        guard,
        sheet: source.sheet,
        skipped: found.skipped,
      },
      delimiter,
      firstLine,
      bytesTotal: before.size,
      origin,
      batches() {
        const all = source.batches(found.skipped, CHUNK)
        return options.rows ? firstRows(all, options.rows) : all
      },
      async complete(file, rejected) {
        requireUnchanged()
        const spool = { path: file.path, delimiter, bom: source.bom }
        const inputs = header.length
        let rejects: string | null = null
        if (rejected > 0) {
          const isRejected = rejectedBy(names, inputs)
          const path = options.rejects
            ? resolve(options.rejects)
            : rejectsPath(input, output, origin.head === null)
          const records = recordsOf({ source, skipped: found.skipped, spool, isRejected })
          rejects = await writeRejects(origin, records, path)
        }
        if (guard) file.finish()
        else await file.finishAs((path) => render(spool, format, columnsOfResult, inputs, path))
        return rejects
      },
      close: () => source.close(),
    }
  } catch (error) {
    source.close()
    throw error
  }
}

function recognised(recognise: () => Recognition, any = false): Recognition & { fault: MappingError | null } {
  try {
    return { ...recognise(), fault: null }
  } catch (error) {
    if (!any || !(error instanceof MappingError)) throw error
    return { columns: {}, notes: [], fault: error }
  }
}

/** A row was rejected when its status says so; without a status when nothing was understood. */
function rejectedBy(names: readonly string[], inputs: number): (cells: readonly string[]) => boolean {
  const [name, value] = names.includes('status') ? ['status', 'rejected'] : ['grade', 'D']
  const column = inputs + names.indexOf(name!)
  return (cells) => cells[column] === value
}

const headerOf = (entry: string) => entry.slice(0, Math.max(0, entry.lastIndexOf('=')))

/** The cells of the first records. */
async function sampleOf(source: Source): Promise<string[][]> {
  const rows: string[][] = []
  for await (const { bytes, table } of source.batches(0, SAMPLE)) {
    for (let i = 0; i < table.length; i += STRIDE) {
      const text = bytes.toString('utf8', table[i], table[i + 1])
      if (rows.length === 0 && table[i + 3] !== 0)
        throw new UnreadableFile({
          en: `The header in line ${table[i + 2]} is broken: its quotes do not close or it is too long.`,
          vi: `Dòng tiêu đề (dòng ${table[i + 2]}) bị hỏng: dấu ngoặc kép không đóng hoặc dòng quá dài.`,
        })
      rows.push(table[i + 3] === 0 ? cellsOf(text, source.delimiter) : [text])
    }
    if (rows.length > 0) break
  }
  if (rows.length === 0) throw new UnreadableFile(EMPTY_FILE)
  return rows
}

function legacyNotes(legacy: LegacyColumns | null, header: readonly string[]): string[] {
  const encodings = [...new Set(legacy)].filter((encoding) => encoding !== null)
  return encodings.map((encoding) => {
    const names = header.filter((_, i) => legacy![i] === encoding)
    return `written in ${encoding} and converted: ${names.join(', ')}`
  })
}
