import type { UnitType } from '../../src/gazetteer/types.ts'
import { fold, splitType } from './names.ts'
import { readJson } from './table.ts'

type Listed = {
  code: string
  name: string
  district_code: string
  district_name: string
  province_code: string
}

export interface Commune2019 {
  code: string
  name: string
  type: UnitType
  folded: string
  districtCode: string
  district: { name: string; type: UnitType }
  provinceCode: string
}

/** The communes of October 2019: the one source that gives accents, codes and districts of what was merged since. */
export function communes2019(): Commune2019[] {
  return readJson<Listed[]>('units/communes-2019-10.json').map((row) => {
    const { name, type } = splitType(row.name)
    const district = splitType(row.district_name)
    return {
      code: row.code,
      name,
      type: type!,
      folded: fold(name),
      districtCode: row.district_code,
      district: { name: district.name, type: district.type! },
      provinceCode: row.province_code,
    }
  })
}
