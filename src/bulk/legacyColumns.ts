import { convertLegacy, detectLegacy, isUnicode, type LegacyEncoding } from '../text/legacyEncodings.ts'

/** The old encoding of each column, null where there is none. */
export type LegacyColumns = readonly (LegacyEncoding | null)[]

const NOT_ASCII = /[^\0-\x7f]/

/**
 * In which old encoding the columns of a table are written, by a sample of rows; null when none is. A column goes by its own
 * cells, else by those of the whole table when most of that is old.
 */
export function legacyColumns(rows: readonly (readonly string[])[]): LegacyColumns | null {
  const width = Math.max(...rows.map((row) => row.length))
  const columns = Array.from({ length: width }, (_, i) => encodingOf(rows.map((row) => row[i] ?? '')))
  const told = columns.filter((encoding) => encoding !== null)
  if (told.length === 0) return null
  const whole = encodingOf(rows.flat())
  return columns.map(
    (encoding, i) =>
      encoding ??
      (whole && rows.some((row) => NOT_ASCII.test(row[i] ?? '') && !isUnicode(row[i]!)) ? whole : null),
  )
}

/** Of several cells; null when most of them are true Unicode. */
function encodingOf(cells: readonly string[]): LegacyEncoding | null {
  const marked = cells.filter((cell) => NOT_ASCII.test(cell))
  const old = marked.filter((cell) => !isUnicode(cell))
  return old.length * 2 > marked.length ? detectLegacy(old.join(' , ')) : null
}

/** The cell in Unicode. */
export function inUnicode(cell: string, encoding: LegacyEncoding | null): string {
  return encoding && NOT_ASCII.test(cell) && !isUnicode(cell) ? convertLegacy(cell, encoding).text : cell
}
