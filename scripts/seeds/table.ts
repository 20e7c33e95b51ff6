import { readFileSync, writeFileSync } from 'node:fs'
import { type CsvRow, parseCsv } from '../../src/gazetteer/csv.ts'
import { TABLES, type TableName } from '../../src/gazetteer/tables.ts'

/** The folder of the reference data that the seeds are made from (see data/README.md there). */
const SHARED = `${process.env.VPOSTCODE_SHARED ?? '../shared'}/data`

export const readCsv = (path: string): CsvRow[] => parseCsv(readFileSync(`${SHARED}/${path}`, 'utf8')).rows
export const readJson = <T>(path: string): T => JSON.parse(readFileSync(`${SHARED}/${path}`, 'utf8'))

/** Writes seeds/NAME.csv with the rows sorted by the columns `sortBy`, so that two runs give the same bytes. */
export function writeTable(name: TableName, rows: CsvRow[], sortBy: string[]): void {
  writeRows(`seeds/${name}.csv`, TABLES[name], rows, sortBy)
}

/** Writes a CSV table with the rows sorted by the columns `sortBy`. */
export function writeRows(path: string, columns: readonly string[], rows: CsvRow[], sortBy: string[]): void {
  const key = (row: CsvRow) => sortBy.map((column) => row[column] ?? '').join('\u0000')
  const sorted = rows
    .map((row) => ({ row, key: key(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  const lines = sorted.map(({ row }) =>
    columns.map((column) => quoted((row[column] ?? '').normalize('NFC'))).join(','),
  )
  writeFileSync(path, `${[columns.join(','), ...lines].join('\n')}\n`)
  console.log(`${path}: ${rows.length} rows`)
}

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** The items by their key, in their order (Map.groupBy is younger than Node 20). */
export function groupBy<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}
