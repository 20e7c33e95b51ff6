import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Gazetteer } from '../../gazetteer/types.ts'
import type { IdCodec } from '../../registry/id.ts'
import { blind } from '../../registry/sample/blind.ts'
import type { RegistryReader } from '../../registry/store.ts'
import type { Place } from '../../registry/types.ts'
import { groupedId, slug, writeSheet } from '../worklist/files.ts'
import { HEADER, HINT } from './sheet.ts'

/**
 * Writes the sampled households of communes that wait for their check: one CSV, XLSX and HTML file an area (former district),
 * for a file of one commune would tell it. Answers how many sheets and households there are.
 */
export async function writeSampleSheets(
  store: RegistryReader,
  ids: IdCodec,
  gazetteer: Gazetteer,
  places: readonly Place[],
  folder: string,
): Promise<{ sheets: number; households: number }> {
  const areas = new Map<string, { province: string; area: string; rows: string[][] }>()
  let households = 0
  for (const place of places) {
    const waiting = await store.toCheck(place)
    const stored = await store.households(waiting.map(({ n }) => n))
    for (const [i, household] of stored.entries()) {
      const { id, round, address, area, province } = blind(household, waiting[i]!, ids, gazetteer)
      const key = `${household.provinceCode}-${slug(area)}`
      const sheet = areas.get(key) ?? { province, area, rows: [] }
      areas.set(key, sheet)
      const ours = [groupedId(id), String(round), address, area, province]
      sheet.rows.push([...ours, ...new Array<string>(HEADER.length - ours.length).fill('')])
      households++
    }
  }
  if (areas.size > 0) mkdirSync(folder, { recursive: true })
  for (const [key, { province, area, rows }] of areas) {
    const sheet = {
      header: HEADER,
      title: `Danh sách hộ kiểm tra mẫu: ${province}`,
      place: area || 'không rõ khu vực',
      hint: HINT,
      signed: 'Người kiểm tra',
    }
    await writeSheet(join(folder, key), sheet, rows)
  }
  return { sheets: areas.size, households }
}
