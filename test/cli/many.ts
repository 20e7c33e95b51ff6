import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
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

export const sizeOf = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0

/** What a load has left behind, without ids and times. */
export async function traceOf(db: string, result: string) {
  const store = openReader(join(folder, db))
  const found = await traces(store, join(folder, result))
  await store.close()
  return found
}
