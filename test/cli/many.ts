import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cellsOf } from '../../src/bulk/cells.ts'
import { STRIDE } from '../../src/bulk/records.ts'
import { writeXlsx } from '../../src/bulk/workbook/write.ts'
import { openXlsx } from '../../src/bulk/workbook/xlsx.ts'
import { openReader } from '../../src/store/sqlite/open.ts'
import { traces } from '../bulk/run.ts'
import { folder } from './command.ts'

/** The made-up sample with other house numbers: about one row in six stands twice in the file. */
export function manyHouseholds(count: number): string {
  const [header, ...rows] = readFileSync('seeds/sample-households.csv', 'utf8').trimEnd().split('\n')
  const lines = [header]
  for (let i = 0; lines.length <= count; i++) {
    const row = rows[i % rows.length]!
    lines.push(
      row
        .replace(/^[^,]*/, '')
        .replace(/Số (\d+)/, (_, n) => `Số ${Number(n) + (Math.floor(i / 1000) % 20)}`),
    )
  }
  return lines.join('\n')
}

/** The same as a workbook. */
export function manyInBook(path: string, count: number): Promise<void> {
  const [header, ...rows] = manyHouseholds(count)
    .split('\n')
    .map((line) => cellsOf(line, ','))
  // A row with too many cells cannot stand in a table with a header.
  const cells = rows.map((row) => row.slice(0, header!.length))
  return writeXlsx(path, { header: header!, numbers: new Set(), rows: [cells] })
}

/** The rows of a workbook's sheet as CSV. */
async function textOfBook(path: string): Promise<string> {
  const source = await openXlsx(path, null)
  try {
    let text = ''
    for await (const { bytes, table } of source.batches(0, 1000))
      for (let i = 0; i < table.length; i += STRIDE)
        text += `${bytes.toString('utf8', table[i], table[i + 1])}\n`
    return text
  } finally {
    source.close()
  }
}

export const sizeOf = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0

/** What a load has left behind, without ids and times. */
export async function traceOf(db: string, result: string) {
  const store = openReader(join(folder, db))
  let path = join(folder, result)
  if (result.endsWith('.xlsx')) {
    const text = await textOfBook(path)
    path += '.csv'
    writeFileSync(path, text)
  }
  const found = await traces(store, path)
  await store.close()
  return found
}
