import type { CsvRow } from '../../src/gazetteer/csv.ts'
import { readJson } from './table.ts'

type Edge = { oldDistrictCode: string; oldWardCode?: string; newWardCode: string; note: string }

/**
 * The official relation of June 2025 to July 2025. `whole`: the former commune has this one successor. In a split the
 * note says who takes the population; the notes of 01615, 02485 and 18796 contradict each other, so there nobody does.
 */
export function successions(): CsvRow[] {
  const edges = readJson<Edge[]>('mapping/mappings.json')
  const fanOut = new Map<string, number>()
  for (const { oldWardCode } of edges)
    if (oldWardCode) fanOut.set(oldWardCode, (fanOut.get(oldWardCode) ?? 0) + 1)
  return edges.map((edge) => {
    const whole = edge.oldWardCode ? fanOut.get(edge.oldWardCode) === 1 : !/một phần/.test(edge.note)
    return {
      former_code: edge.oldWardCode ?? '',
      former_district_code: edge.oldDistrictCode,
      current_code: edge.newWardCode,
      share: whole ? 'whole' : 'part',
      takes_population: !whole && /toàn bộ dân số/.test(edge.note) ? '1' : '',
      note: edge.note,
    }
  })
}
