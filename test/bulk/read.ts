import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cellsOf } from '../../src/bulk/cells.ts'
import { type CsvSource, openCsv } from '../../src/bulk/csv.ts'
import { FAULTS, STRIDE } from '../../src/bulk/records.ts'

export interface ReadRow {
  line: number
  fault: string
  cells: string[]
}

/** All records of a text file. */
function recordsOf(source: CsvSource, skipped = 0, batchRows = 7): { list: ReadRow[]; blank: number } {
  const list: ReadRow[] = []
  let blank = 0
  for (const batch of source.batches(skipped, batchRows)) {
    blank += batch.blank
    for (let i = 0; i < batch.table.length; i += STRIDE) {
      const text = batch.bytes.toString('utf8', batch.table[i], batch.table[i + 1])
      const fault = FAULTS[batch.table[i + 3]!]!
      const cells = fault ? [text] : cellsOf(text, source.delimiter)
      list.push({ line: batch.table[i + 2]!, fault, cells })
    }
  }
  return { list, blank }
}

/** A whole CSV file as tests like to see it: its first record is the header. */
export function readFile(path: string, batchRows = 7) {
  const source = openCsv(path)
  try {
    const header = recordsOf(source, 0, 1).list[0]!.cells
    return { ...source, header, ...recordsOf(source, 1, batchRows) }
  } finally {
    source.close()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-bulk-'))
let count = 0

/** Writes `content` to a new file and answers its path. */
export function fileOf(content: string | Uint8Array): string {
  const path = join(folder, `${++count}.csv`)
  writeFileSync(path, content)
  return path
}
