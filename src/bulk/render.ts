import { closeSync, createWriteStream, openSync, readSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { beginsWith } from './files.ts'
import { type Format, NUMBERS, uniqueNames } from './formats.ts'
import { geojson, geojsonHead, ndjson } from './json.ts'
import { type Spool, spoolRows } from './spool.ts'
import { openArchive } from './workbook/archive.ts'
import { SharedStrings } from './workbook/sharedStrings.ts'
import { sheetRows } from './workbook/sheet.ts'
import { writeXlsx } from './workbook/write.ts'

/** Writes a complete spool in another format to `path`; `inputs` = how many of its columns are the input's. */
export async function render(
  spool: Spool,
  format: Exclude<Format, 'csv'>,
  header: readonly string[],
  inputs: number,
  path: string,
): Promise<void> {
  const rows = spoolRows(spool)
  if (format === 'xlsx') {
    const isNumber = (name: string, i: number) =>
      i >= inputs && NUMBERS.has(name.replace(/^(?:result_)+/, ''))
    const numbers = new Set(header.flatMap((name, i) => (isNumber(name, i) ? [i] : [])))
    return writeXlsx(path, { header, numbers, rows })
  }
  const texts = (format === 'geojson' ? geojson : ndjson)({ names: uniqueNames(header), inputs, rows })
  await pipeline(Readable.from(texts, { objectMode: false }), createWriteStream(path, { mode: 0o600 }))
}

/** Whether a file is a result in this format with these columns. */
export async function isResult(
  path: string,
  format: Exclude<Format, 'csv'>,
  header: readonly string[],
): Promise<boolean> {
  if (format === 'geojson') return beginsWith(path, geojsonHead(uniqueNames(header)))
  if (format === 'ndjson') return namesOf(path) === uniqueNames(header).join('\n')
  try {
    const archive = await openArchive(path)
    try {
      const context = { strings: new SharedStrings(), styles: [], base1904: false }
      for await (const [first] of sheetRows(await archive.stream('xl/worksheets/sheet1.xml'), context))
        return first?.cells.join('\n') === header.join('\n')
    } finally {
      archive.close()
    }
  } catch {}
  return false
}

/** The names of the object in the first line of a file. */
function namesOf(path: string): string | null {
  const fd = openSync(path, 'r')
  try {
    const head = Buffer.alloc(1024 * 1024)
    const line = head.toString('utf8', 0, readSync(fd, head, 0, head.length, 0)).split('\n')[0]!
    return Object.keys(JSON.parse(line)).join('\n')
  } catch {
    return null
  } finally {
    closeSync(fd)
  }
}
