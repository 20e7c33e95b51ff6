import { isUtf8 } from 'node:buffer'
import { readFileSync, statSync } from 'node:fs'
import { type CsvRow, parseCsv } from '../gazetteer/csv.ts'
import { FileRefused, requireInput } from './files.ts'

/** Some 500,000 rows of five short cells. */
const MOST_BYTES = 20 * 1024 * 1024

/**
 * Reads a small table that somebody wrote for us: UTF-8 CSV with commas whose header names at least `columns`. Throws
 * FileRefused. Row 0 stands in line 2.
 */
export function readTable(path: string, columns: readonly string[]): CsvRow[] {
  requireInput(path)
  if (statSync(path).size > MOST_BYTES)
    throw new FileRefused(`${path} is larger than ${MOST_BYTES >> 20} MiB.`)
  const bytes = readFileSync(path)
  if (!isUtf8(bytes)) throw new FileRefused(`${path} is not UTF-8.`)
  let table: ReturnType<typeof parseCsv>
  try {
    table = parseCsv(bytes.toString('utf8'))
  } catch (error) {
    throw new FileRefused(`${path} cannot be read: ${(error as Error).message}.`)
  }
  const missing = columns.filter((name) => !table.columns.includes(name))
  if (missing.length > 0)
    throw new FileRefused(
      `${path} has no column ${missing.join(', ')}; a table of ${columns.join(', ')} is needed.`,
    )
  return table.rows
}
