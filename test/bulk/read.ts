import { closeSync, mkdtempSync, openSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cellsOf } from '../../src/bulk/cells.ts'
import { type Opening, open } from '../../src/bulk/dialect.ts'
import { FAULTS, readBatches, STRIDE } from '../../src/bulk/records.ts'

export interface ReadRow {
  line: number
  fault: string
  cells: string[]
}

/** A whole file as tests like to see it. */
export function readFile(path: string, batchRows = 7): Opening & { list: ReadRow[]; blank: number } {
  const fd = openSync(path, 'r')
  try {
    const opening = open(fd)
    const list: ReadRow[] = []
    let blank = 0
    for (const batch of readBatches(fd, opening.dialect, opening.rows, batchRows)) {
      blank += batch.blank
      for (let i = 0; i < batch.table.length; i += STRIDE) {
        const text = batch.bytes.toString('utf8', batch.table[i], batch.table[i + 1])
        const fault = FAULTS[batch.table[i + 3]!]!
        const cells = fault ? [text] : cellsOf(text, opening.dialect.delimiter)
        list.push({ line: batch.table[i + 2]!, fault, cells })
      }
    }
    return { ...opening, list, blank }
  } finally {
    closeSync(fd)
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
