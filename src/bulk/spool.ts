import { closeSync, openSync } from 'node:fs'
import { cellsOf } from './cells.ts'
import { bytesOf } from './charset.ts'
import type { Dialect } from './dialect.ts'
import { readBatches, STRIDE } from './records.ts'

/** Reads a result as it was spooled: CSV with a header, written by us. */
export interface Spool {
  path: string
  delimiter: string
  bom: boolean
}

/** The rows behind the header, some at a time. */
export function* spoolRows({ path, delimiter, bom }: Spool): Generator<string[][]> {
  const fd = openSync(path, 'r')
  try {
    const dialect: Dialect = {
      delimiter: delimiter as Dialect['delimiter'],
      delimiterByte: delimiter.charCodeAt(0),
      bareCr: false,
    }
    let first = true
    for (const { bytes, table } of readBatches(
      bytesOf(fd, 'utf-8'),
      dialect,
      { offset: bom ? 3 : 0, line: 1 },
      1000,
    )) {
      const rows: string[][] = []
      for (let i = 0; i < table.length; i += STRIDE)
        rows.push(cellsOf(bytes.toString('utf8', table[i], table[i + 1]), delimiter))
      if (first) rows.shift()
      first = false
      yield rows
    }
  } finally {
    closeSync(fd)
  }
}
