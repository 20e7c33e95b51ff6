import type { CsvRow } from '../../src/gazetteer/csv.ts'
import { splitType } from './names.ts'
import { readCsv, readJson } from './table.ts'

type Amendments = {
  provinces_to_city: { code: string; on: string; res: string }[]
  communes_to_wards: { on: string; res: string; codes: string[] }[]
}

/** The units since 1 July 2025, their type on that day and the changes of type in 2026. */
export function currentUnits() {
  const amendments = readJson<Amendments>('units/amendments_2026.json')
  const toCity = new Map(amendments.provinces_to_city.map((change) => [change.code, change]))
  const toWard = new Map(
    amendments.communes_to_wards.flatMap((change) => change.codes.map((code) => [code, change] as const)),
  )
  const prefixes = readJson<Record<string, string>>('postcodes/province_prefixes_qd2334.json')
  const decree = new Map(
    readCsv('postcodes/postcodes_2025_qd2334.csv').map((row) => [row['ward_code']!, row['postcode']!]),
  )

  const provinces = readJson<{ code: string; nameWithType: string }[]>('units/current-provinces.json').map(
    (unit) => {
      const change = toCity.get(unit.code)
      return {
        code: unit.code,
        name: splitType(unit.nameWithType).name,
        // the list names the types of 1 July 2025 or of today, depending on its age: the amendments decide
        type_2025: change ? 'tinh' : splitType(unit.nameWithType).type!,
        type_changed_to: change ? 'thanh-pho' : '',
        type_changed_on: change?.on ?? '',
        type_change_resolution: change?.res ?? '',
        postcode_prefixes: prefixes[unit.code] ?? '',
      }
    },
  )
  const communes = readCsv('units/units_current.csv').map((row): CsvRow => {
    const code = row['code']!
    const change = toWard.get(code)
    const before = typeOf(row['type_2025-07-01']!, row)
    const now = typeOf(row['type_2026-09-20']!, row)
    if ((before !== now) !== Boolean(change) || (change && change.on !== row['type_changed_on']))
      throw new Error(`${code}: the two sources disagree about its change of type`)
    if (decree.get(code) !== row['postcode_2025']) throw new Error(`${code}: two postcodes in the sources`)
    return {
      code,
      code_alt: row['code_alt']!,
      province_code: row['province_code']!,
      name: row['name']!,
      other_names: row['name_alt']!,
      type_2025: before,
      type_changed_to: change ? now : '',
      type_changed_on: change?.on ?? '',
      type_change_resolution: change?.res ?? '',
      postcode: row['postcode_2025']!,
      postcode_note: row['postcode_note']!,
      centroid_lat: row['lat']!,
      centroid_lon: row['lon']!,
      inside_lat: row['rep_lat']!,
      inside_lon: row['rep_lon']!,
      min_lon: row['minx']!,
      min_lat: row['miny']!,
      max_lon: row['maxx']!,
      max_lat: row['maxy']!,
      declared_area_km2: row['area_km2_declared']!,
    }
  })
  return { provinces, communes }
}

function typeOf(word: string, row: CsvRow): string {
  const { type } = splitType(`${word} x`)
  if (!type) throw new Error(`${row['code']}: unknown type ${word}`)
  return type
}
