import type { CsvRow } from '../../src/gazetteer/csv.ts'
import { listedNames } from '../../src/gazetteer/tables.ts'
import { DISTRICT_AS_OF } from './asOf.ts'
import type { Commune2019 } from './communes2019.ts'
import type { FormerUnits } from './former.ts'
import { fold } from './names.ts'
import { groupBy } from './table.ts'
import type { Trail } from './trails.ts'

/** Gone before October 2019: the list of aliases has them without accents. [name, type, June 2025, last year] */
const BEFORE_2019 = [
  ['Tân Thành', 'huyen', '754', '2018'],
  ['Phúc Yên', 'thi-xa', '244', '2018'],
  ['Đồng Xoài', 'thi-xa', '689', '2018'],
  ['Long Khánh', 'thi-xa', '732', '2019'],
] as const

/**
 * The districts of October 2019 that were abolished, renamed or raised since. Their successors are those districts of
 * June 2025 in which their communes stood then, the one with most of them first; `communes` are those communes.
 */
export function earlierDistricts(
  communes: Commune2019[],
  former: FormerUnits,
  trails: Map<string, Trail>,
): CsvRow[] {
  const districts = new Map(former.districts.map((unit) => [unit.code, unit]))
  const districtOf = new Map(former.communes.map((unit) => [unit.code, unit.district_code]))
  const rows: CsvRow[] = []
  for (const [code, inDistrict] of groupBy(communes, (commune) => commune.districtCode)) {
    const { district, provinceCode } = inDistrict[0]!
    const now = districts.get(code)
    const names = now ? [now.name, ...listedNames(now.other_names)] : []
    if (now?.type === district.type && names.some((name) => fold(name) === fold(district.name))) continue
    const went = inDistrict.flatMap((commune) => {
      const { successors } = trails.get(commune.code)!
      return successors.size > 0 ? [...successors] : [commune.code]
    })
    const counts = groupBy(went.map((code) => districtOf.get(code) ?? '').filter(Boolean), (code) => code)
    const successors = [...counts]
      .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
      .map(([code]) => code)
    rows.push({
      code,
      name: district.name,
      type: district.type,
      province_code: provinceCode,
      as_of: DISTRICT_AS_OF[code] ?? '',
      successors: successors.join(' '),
      communes: [...new Set(went)]
        .filter((one) => districtOf.has(one))
        .sort()
        .join(' '),
      source: 'communes-2019-10',
    })
  }
  for (const [name, type, successor, as_of] of BEFORE_2019)
    rows.push({
      code: '',
      name,
      type,
      province_code: districts.get(successor)!.province_code,
      as_of,
      successors: successor,
      communes: '',
      source: 'vietnamadminunits',
    })
  return rows
}
