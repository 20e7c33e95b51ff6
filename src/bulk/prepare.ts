import { isUtf8 } from 'node:buffer'
import type { Gazetteer } from '../gazetteer/types.ts'
import type { DecidedStreets } from '../match/hearDecided.ts'
import type { IssueCode } from '../match/issueCodes.ts'
import type { Understanding } from '../match/types.ts'
import type { Location } from '../pipeline/row.ts'
import { prepareRow, readRowPoint } from '../pipeline.ts'
import type { HouseholdDraft } from '../registry/types.ts'
import { cellsOf, lineOf } from './cells.ts'
import { type Columns, fieldsOf } from './columns.ts'
import type { Dialect } from './dialect.ts'
import { type DateOrder, restoreDates } from './excelDates.ts'
import { guarded, isFormula } from './guard.ts'
import { inUnicode, type LegacyColumns } from './legacyColumns.ts'
import { FAULTS, STRIDE } from './records.ts'

/** What stays the same for all chunks of a file. */
export interface Shape {
  delimiter: Dialect['delimiter']
  /** Cells of the header. */
  width: number
  columns: Columns
  /** What is read of a row: its address and all else, or its point alone. */
  reads: 'address' | 'point'
  /** Columns that are written in an old encoding; null when none is. */
  legacy: LegacyColumns | null
  dateOrder: DateOrder
  /** Cells that a spreadsheet would run get an apostrophe. */
  guard: boolean
  /** The sheet of a workbook, and the records in front of the first row: with other ones it is other work. */
  sheet: string | null
  skipped: number
}

/** The bytes of some rows, as `readBatches` cuts them. */
export interface Chunk {
  bytes: Uint8Array
  table: Uint32Array
}

/** A row with all of its result that does not wait for the registry. */
export interface PreparedLine {
  /** Physical line in the input. */
  line: number
  /** The input's cells as CSV text; of a broken row its raw text in the first cell. */
  input: string
  /** What the registry is to decide on; null when rejected. */
  draft: HouseholdDraft | null
  /** Why the row is rejected, else null. */
  rejected: string | null
  location: Location | null
  /** The result columns from commune_code to confidence as CSV text. */
  answer: string
  /** Issue codes, each once. */
  issues: string[]
}

/** The delimiter of the result: a file of one column gets commas. */
export const outputDelimiter = (delimiter: Dialect['delimiter']) => delimiter || ','

/**
 * Rows to everything that needs no registry. Runs in a worker or in the process itself; no row makes it throw. One line after
 * the other: a worker has each written before the next is made, which spares the collector those of a whole chunk.
 */
export function* prepareChunk(
  chunk: Chunk,
  shape: Shape,
  gazetteer: Gazetteer,
  decided: DecidedStreets | null = null,
): Generator<PreparedLine> {
  const delimiter = outputDelimiter(shape.delimiter)
  const read = shape.reads === 'point' ? pointed : understood
  for (const { line, text, fault, cells } of readRecords(chunk, shape))
    yield fault
      ? broken(line, text, fault, shape, delimiter)
      : read(line, cells, shape, delimiter, gazetteer, decided)
}

/** One record of a file. */
export interface FileRecord {
  /** Physical line in the input. */
  line: number
  text: string
  /** Why it cannot be read; then it has no cells. */
  fault: string
  /** As many as the header has. */
  cells: string[]
}

/** The records of a chunk with their cells. */
export function* readRecords(
  { bytes: chunk, table }: Chunk,
  { delimiter, width, sheet }: Pick<Shape, 'delimiter' | 'width' | 'sheet'>,
): Generator<FileRecord> {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  const valid = isUtf8(bytes)
  for (let i = 0; i < table.length; i += STRIDE) {
    const start = table[i]!
    const end = table[i + 1]!
    const text = bytes.toString('utf8', start, end)
    let fault: string = FAULTS[table[i + 3]!]!
    if (!fault && !valid && !isUtf8(bytes.subarray(start, end))) fault = 'invalid-utf8'
    if (!fault && text.includes('\0')) fault = 'nul-byte'
    const cells = fault ? [] : cellsOf(text, delimiter)
    // A sheet does not write its empty cells.
    if (!fault && sheet !== null) while (cells.length < width) cells.push('')
    while (cells.length > width && cells.at(-1) === '') cells.pop()
    if (!fault && cells.length < width) fault = 'too-few-cells'
    if (!fault && cells.length > width) fault = 'too-many-cells'
    yield { line: table[i + 2]!, text, fault, cells }
  }
}

function broken(line: number, text: string, fault: string, shape: Shape, delimiter: string): PreparedLine {
  const cells = new Array<string>(shape.width).fill('')
  cells[0] = text.replaceAll('\0', '\ufffd')
  const answer = answerOf(null, 'D', delimiter)
  return {
    line,
    input: inputOf(cells, shape, delimiter),
    draft: null,
    rejected: fault,
    location: null,
    answer,
    issues: [fault],
  }
}

function understood(
  line: number,
  given: string[],
  shape: Shape,
  delimiter: string,
  gazetteer: Gazetteer,
  decided: DecidedStreets | null,
): PreparedLine {
  const { legacy } = shape
  const cells = legacy ? given.map((cell, i) => inUnicode(cell, legacy[i] ?? null)) : given
  const remarks: IssueCode[] = legacy ? convertedFrom(given, cells, shape) : []
  if (restoreDates(cells, shape.columns, shape.dateOrder)) remarks.push('date-restored')
  const { draft, rejected, understanding, location, issues } = prepareRow(
    fieldsOf(cells, shape.columns),
    gazetteer,
    { decided },
  )
  if (shape.guard && cells.some(isFormula)) remarks.push('formula-guarded')
  return {
    line,
    input: inputOf(cells, shape, delimiter),
    draft,
    rejected: draft ? null : (rejected ?? 'not-understood'),
    location,
    answer: answerOf(understanding, understanding?.grade ?? 'D', delimiter),
    issues: [...new Set([...remarks, ...issues])],
  }
}

/** A row of which only the point is read; what stands there is asked later. */
function pointed(line: number, given: string[], shape: Shape, delimiter: string): PreparedLine {
  const { legacy, columns } = shape
  const cells = legacy ? given.map((cell, i) => inUnicode(cell, legacy[i] ?? null)) : given
  const { point, issues } = readRowPoint(fieldsOf(cells, columns))
  const rejected = point ? null : (issues[0] ?? 'bad-coordinates')
  return {
    line,
    input: inputOf(cells, shape, delimiter),
    draft: null,
    rejected,
    location: point && { lat: point.lat, lon: point.lon, precision: 'point', accuracy: point.accuracy },
    answer: '',
    issues: rejected && issues.length === 0 ? [rejected] : [...issues],
  }
}

/** The input's cells as they stand in the result. */
const inputOf = (cells: readonly string[], { guard }: Shape, delimiter: string) =>
  lineOf(guard && cells.some(isFormula) ? cells.map(guarded) : cells, delimiter)

/** The encodings that the cells with a field were converted from. */
function convertedFrom(
  given: readonly string[],
  cells: readonly string[],
  { columns, legacy }: Shape,
): IssueCode[] {
  return Object.values(columns).flatMap((i) =>
    given[i] === cells[i] ? [] : [`converted-from-${legacy![i]!}` as const],
  )
}

function answerOf(understanding: Understanding | null, grade: string, delimiter: string): string {
  const { current = null, former = null, confidence = 0 } = understanding ?? {}
  return lineOf(
    [
      current?.commune?.code ?? '',
      current?.commune?.fullName ?? '',
      current?.province.code ?? '',
      current?.province.fullName ?? '',
      former?.commune?.code ?? '',
      former?.commune?.fullName ?? '',
      former?.successor.flatMap(({ commune }) => commune?.code ?? []).join(';') ?? '',
      former?.district?.fullName ?? '',
      former?.province?.fullName ?? '',
      grade,
      String(Math.round(confidence * 1000) / 1000),
    ],
    delimiter,
  )
}
