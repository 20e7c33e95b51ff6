import type { CsvRow } from '../../src/gazetteer/csv.ts'
import { splitType, tidy } from './names.ts'
import { readCsv, readJson } from './table.ts'

type LegacyUnit = { code: string; name: string; nameWithType: string; provinceCode: string }
export type LegacyWard = LegacyUnit & { formerNames?: { name: string; code?: string }[] }

const OFFICE = 'units/danhmuchanhchinh.gso.gov.vn'

/**
 * The units of 30 June 2025. Codes, types and parents are the statistics office's; where its list and the second list
 * spell a name differently, the second one's is the name (it follows the usual tone placement) and the office's is kept.
 */
export function formerUnits() {
  const officeDistricts = readCsv(`${OFFICE}_district_2025-07-18.csv`)
  const officeCommunes = readCsv(`${OFFICE}_ward_2025-07-18.csv`)
  // 794 and 900 stand twice in the second list, once under a province that they were never in
  const provinceOf = new Map(officeDistricts.map((row) => [row['Mã']!, row['Mã TP']!]))
  const secondDistricts = new Map(
    readJson<LegacyUnit[]>('units/legacy-districts.json')
      .filter((unit) => provinceOf.get(unit.code) === unit.provinceCode)
      .map((unit) => [unit.code, unit.nameWithType]),
  )
  const wards = readJson<LegacyWard[]>('units/legacy-wards.json')
  const secondCommunes = new Map(wards.map((unit) => [unit.code, unit.nameWithType]))

  const provinces = readJson<LegacyUnit[]>('units/legacy-provinces.json').map((unit) => ({
    code: unit.code,
    ...both(
      unit.nameWithType,
      officeDistricts.find((row) => row['Mã TP'] === unit.code)!['Tỉnh / Thành Phố']!,
    ),
  }))
  const districts = officeDistricts.map((row) => ({
    code: row['Mã']!,
    province_code: row['Mã TP']!,
    ...both(secondDistricts.get(row['Mã']!), row['Tên']!),
  }))
  const communes = officeCommunes.map((row) => ({
    code: row['Mã']!,
    district_code: row['Mã QH']!,
    ...both(secondCommunes.get(row['Mã']!), row['Tên']!),
  }))
  return { provinces, districts, communes, wards }
}

export type FormerUnits = ReturnType<typeof formerUnits>

function both(
  second: string | undefined,
  office: string,
): CsvRow & { name: string; type: string; other_names: string } {
  const official = splitType(office)
  const name = splitType(second ?? office).name
  if (!official.type) throw new Error(`${office}: no known type word`)
  return { name, type: official.type, other_names: tidy(official.name) === name ? '' : official.name }
}
