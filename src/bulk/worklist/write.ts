import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { CurrentCommune } from '../../gazetteer/types.ts'
import type { IdCodec } from '../../registry/id.ts'
import type { RegistryReader, StoredHousehold } from '../../registry/store.ts'
import { groupedId, slug, writeSheet } from './files.ts'
import { HEADER, HINT } from './sheet.ts'

const PAGE = 2000

/** Households of a commune that lack only a point. */
export const toVisit = ({ status, point, review }: Pick<StoredHousehold, 'status' | 'point' | 'review'>) =>
  status === 'provisional' && point === null && review.length === 0

/** Hamlet, else group, else street: what one person walks. */
const walkOf = ({ parts }: Pick<StoredHousehold, 'parts'>) =>
  parts.hamlet ?? parts.group ?? parts.street ?? ''

/** A household as a row of a list; what is found on site is left empty. */
export function visitCells(
  household: Pick<StoredHousehold, 'externalIds' | 'text' | 'parts'>,
  id: string,
): string[] {
  const office = household.externalIds.find(({ scheme }) => scheme === 'office')?.value ?? ''
  const ours = [groupedId(id), office, household.text, walkOf(household)]
  return [...ours, ...new Array<string>(HEADER.length - ours.length).fill('')]
}

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
      walk.rows.push(visitCells(household, ids.idOf(household.n)))
    }
    if (page.length < PAGE) break
    after = page.at(-1)!
  }
  let households = 0
  const place = join(folder, `${code}-${slug(fullName)}`)
  if (walks.size > 0) mkdirSync(place, { recursive: true })
  for (const [key, { name, rows }] of walks) {
    const sheet = {
      header: HEADER,
      title: `Danh sách hộ cần khảo sát: ${fullName}, ${province.fullName}`,
      place: name || 'không rõ thôn, tổ',
      hint: HINT,
      signed: 'Xác nhận của UBND xã, phường',
    }
    await writeSheet(join(place, key), sheet, rows)
    households += rows.length
  }
  return { lists: walks.size, households }
}
