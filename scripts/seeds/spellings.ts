import { listedNames } from '../../src/gazetteer/tables.ts'
import type { Commune2019 } from './communes2019.ts'
import type { FormerUnits } from './former.ts'
import { fold, isClose } from './names.ts'
import type { Trail } from './trails.ts'

/**
 * Adds the spellings of October 2019 to units that are still the same in June 2025 (Qui Nhơn, Vĩ Dạ): same code, same
 * district, same type, and no sign of a merger.
 */
export function addSpellings(former: FormerUnits, communes: Commune2019[], trails: Map<string, Trail>): void {
  const byCode = new Map(former.communes.map((unit) => [unit.code, unit]))
  for (const commune of communes) {
    const unit = byCode.get(commune.code)
    if (!unit || unit.district_code !== commune.districtCode || unit.type !== commune.type) continue
    const merged = trails.get(commune.code)!.successors.size > 0
    if (!merged) add(unit, commune.name, commune.folded)
  }
  const districts = new Map(former.districts.map((unit) => [unit.code, unit]))
  for (const { districtCode, district } of communes) {
    const unit = districts.get(districtCode)
    if (unit && unit.type === district.type) add(unit, district.name, fold(district.name))
  }
}

function add(unit: { name: string; other_names: string }, spelling: string, folded: string): void {
  const known = [unit.name, ...listedNames(unit.other_names)]
  if (known.includes(spelling)) return
  if (known.some((name) => fold(name) === folded || isClose(fold(name), folded)))
    unit.other_names = [...listedNames(unit.other_names), spelling].join('; ')
}
