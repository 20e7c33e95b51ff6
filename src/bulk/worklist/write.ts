import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CurrentCommune } from '../../gazetteer/types.ts'
import type { IdCodec } from '../../registry/id.ts'
import type { RegistryReader, StoredHousehold } from '../../registry/store.ts'
import { lineOf } from '../cells.ts'
import { guarded } from '../guard.ts'
import { writeXlsx } from '../workbook/write.ts'
import { groupedId, HEADER, printable } from './sheet.ts'

const PAGE = 2000

/** Households of a commune that lack only a point. */
const toVisit = ({ status, point, review }: StoredHousehold) =>
  status === 'provisional' && point === null && review.length === 0

/** Hamlet, else group, else street: what one person walks. */
const walkOf = ({ parts }: StoredHousehold) => parts.hamlet ?? parts.group ?? parts.street ?? ''

/**
 * Writes the households of a commune that wait for a visit: one CSV, XLSX and HTML file a hamlet, in a folder of the
 * commune. Answers how many lists and households there are.
 */
export async function writeWorklists(
  store: RegistryReader,
  ids: IdCodec,
  { code, fullName, province }: CurrentCommune,
  folder: string,
): Promise<{ lists: number; households: number }> {
  const walks = new Map<string, { name: string; rows: string[][] }>()
  let after: StoredHousehold | null = null
  for (;;) {
    const page: StoredHousehold[] = await store.householdsOf(code, after, PAGE)
    for (const household of page.filter(toVisit)) {
      const name = walkOf(household)
      const key = slug(name)
      const walk = walks.get(key) ?? { name, rows: [] }
      walks.set(key, walk)
      const office = household.externalIds.find(({ scheme }) => scheme === 'office')?.value ?? ''
      const ours = [groupedId(ids.idOf(household.n)), office, household.text, name]
      walk.rows.push([...ours, ...new Array<string>(HEADER.length - ours.length).fill('')])
    }
    if (page.length < PAGE) break
    after = page.at(-1)!
  }
  let households = 0
  const place = join(folder, `${code}-${slug(fullName)}`)
  if (walks.size > 0) mkdirSync(place, { recursive: true })
  for (const [key, { name, rows }] of walks) {
    // In the order in which one walks: by text, numbers as numbers.
    rows.sort((a, b) => a[2]!.localeCompare(b[2]!, 'vi', { numeric: true }) || (a[0]! < b[0]! ? -1 : 1))
    const path = join(place, key)
    const lines = [HEADER, ...rows].map((cells) => `${lineOf(cells.map(guarded), ',')}\r\n`)
    // A byte order mark: Excel reads the accents.
    writeFileSync(`${path}.csv`, `\ufeff${lines.join('')}`, { mode: 0o600 })
    await writeXlsx(`${path}.xlsx`, { header: HEADER, numbers: new Set(), rows: [rows] })
    const title = `${fullName}, ${province.fullName}`
    writeFileSync(`${path}.html`, printable(title, name || 'không rõ thôn, tổ', rows), { mode: 0o600 })
    households += rows.length
  }
  return { lists: walks.size, households }
}

/** A name as a part of a file name. */
const slug = (name: string) =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60) || 'khong-ro'
