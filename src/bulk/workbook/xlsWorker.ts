import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { type CellObject, read, utils, type WorkSheet } from '@e965/xlsx'
import { numberText } from './numbers.ts'
import { MOST_COLUMNS, type SheetRow } from './sheet.ts'
import { numberKind } from './styles.ts'
import type { XlsSheet } from './xls.ts'

/** Reads an old workbook in a thread whose memory is bounded, and ends. */

/** The sheets with all their rows. */
function sheetsOf(path: string): XlsSheet[] {
  const book = read(readFileSync(path), {
    dense: true,
    cellNF: true,
    cellHTML: false,
    cellFormula: false,
    sheetRows: 65_536,
  })
  const base1904 = book.Workbook?.WBProps?.date1904 === true
  return book.SheetNames.map((name, i) => ({
    name,
    hidden: (book.Workbook?.Sheets?.[i]?.Hidden ?? 0) !== 0,
    rows: rowsOf(book.Sheets[name]!, base1904),
  }))
}

function rowsOf(sheet: WorkSheet, base1904: boolean): SheetRow[] {
  if (!sheet['!ref']) return []
  const data = (sheet['!data'] ?? []) as (CellObject | undefined)[][]
  utils.decode_range(sheet['!ref'])
  return Array.from(data, (cells, i) => ({
    row: i + 1,
    cells: Array.from((cells ?? []).slice(0, MOST_COLUMNS), (cell) => textOf(cell, base1904)),
  }))
}

function textOf(cell: CellObject | undefined, base1904: boolean): string {
  if (!cell || cell.v === undefined || cell.v === null) return ''
  if (cell.t === 'n') return numberText(String(cell.v), numberKind(String(cell.z ?? '')), base1904)
  if (cell.t === 'b') return cell.v ? 'TRUE' : 'FALSE'
  return cell.t === 'e' ? (cell.w ?? '') : String(cell.v)
}

try {
  parentPort!.postMessage({ sheets: sheetsOf(workerData as string) })
} catch (error) {
  parentPort!.postMessage({ fault: (error as Error).message })
}
