import { lineOf } from '../cells.ts'
import { type Batch, MAX_RECORD_BYTES } from '../records.ts'
import type { SheetRow } from './sheet.ts'

export const DELIMITER = ','
const TOO_LONG = 3

/**
 * Rows of a sheet as batches of CSV records. The line of a record is the number of its row; rows without a text are no
 * records. `offset` tells how far reading has come.
 */
export async function* batchesOf(
  source: AsyncIterable<SheetRow[]>,
  skipped: number,
  size: number,
  offset: () => number,
): AsyncGenerator<Batch> {
  let toSkip = skipped
  let texts: string[] = []
  let lines: number[] = []
  let blank = 0
  const take = (): Batch => {
    const { bytes, table } = packed(texts, lines)
    const batch = { bytes, table, next: { offset: offset(), line: (lines.at(-1) ?? 0) + 1 }, blank }
    texts = []
    lines = []
    blank = 0
    return batch
  }
  for await (const rows of source)
    for (const { row, cells } of rows) {
      if (cells.every((cell) => cell === '')) blank++
      else if (toSkip > 0) toSkip--
      else {
        texts.push(lineOf(cells, DELIMITER))
        lines.push(row)
        if (texts.length === size) yield take()
      }
    }
  if (texts.length > 0 || blank > 0) yield take()
}

function packed(texts: readonly string[], lines: readonly number[]): { bytes: Buffer; table: Uint32Array } {
  const room = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + 3 * text.length, 0))
  const table: number[] = []
  let at = 0
  for (const [i, text] of texts.entries()) {
    const length = room.write(text, at)
    const fits = length <= MAX_RECORD_BYTES
    table.push(at, at + Math.min(length, MAX_RECORD_BYTES), lines[i]!, fits ? 0 : TOO_LONG)
    at += length
  }
  // Memory of its own, so that it can be handed to a worker without a copy.
  const own = new Uint8Array(at)
  own.set(room.subarray(0, at))
  return { bytes: Buffer.from(own.buffer), table: Uint32Array.from(table) }
}
