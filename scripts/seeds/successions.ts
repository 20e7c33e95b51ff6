import type { CsvRow } from '../../src/gazetteer/csv.ts'
import { readJson } from './table.ts'

type Edge = { oldDistrictCode: string; oldWardCode?: string; newWardCode: string; note: string }

/**
 * Rows of the official table whose code belongs to the row above: the name beside the code is another commune's, which
 * has no row of its own for this. [printed code, current commune, name beside it, its code]
 */
const MISPRINTED = [
  ['00553', '00562', 'Đặng Xá', '00556'],
  ['01615', '01648', 'Mỹ Hưng', '01651'],
  ['02485', '02494', 'Phú Thịnh', '02482'],
] as const

/**
 * The official relation of June 2025 to July 2025. `whole`: the former commune has this one successor. In a split the
 * note says who takes the population; the notes of 18796 contradict each other, so there nobody does.
 */
export function successions(): CsvRow[] {
  const edges = readJson<Edge[]>('mapping/mappings.json').map((edge) => {
    const misprint = MISPRINTED.find(
      ([code, current]) => code === edge.oldWardCode && current === edge.newWardCode,
    )
    return misprint
      ? {
          ...edge,
          oldWardCode: misprint[3],
          remark: `the table prints ${misprint[0]} beside the name ${misprint[2]}`,
        }
      : { ...edge, remark: '' }
  })
  const fanOut = new Map<string, number>()
  for (const { oldWardCode } of edges)
    if (oldWardCode) fanOut.set(oldWardCode, (fanOut.get(oldWardCode) ?? 0) + 1)
  return edges.map((edge) => {
    const whole = edge.oldWardCode ? fanOut.get(edge.oldWardCode) === 1 : edge.oldDistrictCode !== KIM_SON
    return {
      former_code: edge.oldWardCode ?? '',
      former_district_code: edge.oldDistrictCode,
      current_code: edge.newWardCode,
      share: whole ? 'whole' : 'part',
      takes_population: !whole && /toàn bộ dân số/.test(edge.note) ? '1' : '',
      note: edge.note,
      remark: edge.remark || (edge.oldWardCode ? '' : edge.oldDistrictCode === KIM_SON ? MUDFLATS : ISLAND),
    }
  })
}

const KIM_SON = '376'
const MUDFLATS = 'the mudflats on the coast of Kim Sơn, part of no commune'
const ISLAND = 'an island district without communes'
