import type { CsvRow } from './csv.ts'
import { listed, type TableName, type Tables } from './tables.ts'
import type { UnitType } from './types.ts'
import { isUnitType, TYPE_WORDS } from './unitTypes.ts'

const COUNTS: Partial<Record<TableName, number>> = {
  provinces: 34,
  communes: 3321,
  'former-provinces': 63,
  'vn2000-meridians': 63,
  'former-districts': 696,
  'former-communes': 10035,
  successions: 10571,
}

/** Every fault of the tables, each named with its table and code; empty when they are sound. */
export function validate(tables: Tables): string[] {
  return [
    ...counts(tables),
    ...codesAndParents(tables),
    ...typesAndDates(tables),
    ...places(tables.communes),
    ...postcodes(tables),
    ...meridians(tables),
    ...relation(tables),
    ...earlier(tables),
  ]
}

function counts(tables: Tables): string[] {
  return Object.entries(COUNTS)
    .filter(([name, count]) => tables[name as TableName].length !== count)
    .map(([name, count]) => `${name}: ${tables[name as TableName].length} rows, expected ${count}`)
}

const codes = (rows: CsvRow[]) => new Set(rows.map((row) => row['code']!))

function codesAndParents(tables: Tables): string[] {
  const faults: string[] = []
  const shapes: [TableName, RegExp][] = [
    ['provinces', /^\d{2}$/],
    ['communes', /^\d{5}$/],
    ['former-provinces', /^\d{2}$/],
    ['former-districts', /^\d{3}$/],
    ['former-communes', /^\d{5}$/],
  ]
  for (const [name, shape] of shapes) {
    const seen = new Set<string>()
    for (const row of tables[name]) {
      const code = row['code']!
      if (!shape.test(code)) faults.push(`${name}: "${code}" is no code of this level`)
      for (const key of [code, row['code_alt']]) {
        if (!key) continue
        if (seen.has(key)) faults.push(`${name}: ${key} stands twice`)
        seen.add(key)
      }
    }
  }
  const parents: [TableName, string, TableName][] = [
    ['communes', 'province_code', 'provinces'],
    ['former-districts', 'province_code', 'former-provinces'],
    ['former-communes', 'district_code', 'former-districts'],
  ]
  for (const [name, column, parent] of parents) {
    const known = codes(tables[parent])
    for (const row of tables[name])
      if (!known.has(row[column]!))
        faults.push(
          `${name}: ${row['code']} lies in ${row[column] || 'nothing'}, which ${parent} does not have`,
        )
  }
  return faults
}

/** One for each former province, at the quarters of a degree that the country's zones have. */
function meridians(tables: Tables): string[] {
  const rows = tables['vn2000-meridians']
  const given = new Set(rows.map((row) => row['province_code']!))
  const missing = [...codes(tables['former-provinces'])].filter((code) => !given.has(code))
  const wrong = rows.filter(({ meridian }) => !/^10[3-8](?:\.(?:25|5|75))?$/.test(meridian!))
  return [
    ...missing.map((code) => `vn2000-meridians: ${code} is missing`),
    ...wrong.map((row) => `vn2000-meridians: ${row['province_code']} has "${row['meridian']}"`),
  ]
}

function typesAndDates(tables: Tables): string[] {
  const faults: string[] = []
  for (const [name, rows] of Object.entries(tables)) {
    for (const row of rows) {
      const unit = `${name}: ${row['code'] || row['name']}`
      if ('name' in row && row['name']!.trim() === '') faults.push(`${unit} has no name`)
      const type = row['type'] ?? row['type_2025']
      if (type !== undefined && !isUnitType(type)) faults.push(`${unit} has the unknown type "${type}"`)
      const { type_changed_to: to = '', type_changed_on: on = '' } = row
      if ((to === '') !== (on === '') || (to !== '' && (!isUnitType(to) || !/^20\d\d-\d\d-\d\d$/.test(on))))
        faults.push(`${unit} has the broken change of type "${to}" on "${on}"`)
      const asOf = row['as_of'] ?? ''
      if (asOf !== '' && !/^20\d\d(-\d\d-\d\d)?$/.test(asOf))
        faults.push(`${unit} has the broken date "${asOf}"`)
    }
  }
  return faults
}

function places(communes: CsvRow[]): string[] {
  return communes
    .filter((row) => {
      const [minLon, minLat, maxLon, maxLat] = ['min_lon', 'min_lat', 'max_lon', 'max_lat'].map((c) =>
        degrees(row[c]!),
      )
      const [lat, lon] = [degrees(row['inside_lat']!), degrees(row['inside_lon']!)]
      const [centreLat, centreLon] = [degrees(row['centroid_lat']!), degrees(row['centroid_lon']!)]
      const within = (lat: number, lon: number) =>
        lat >= minLat! && lat <= maxLat! && lon >= minLon! && lon <= maxLon!
      return !(
        within(lat, lon) &&
        within(centreLat, centreLon) &&
        minLat! > 6 &&
        maxLat! < 24 &&
        minLon! > 101 &&
        maxLon! < 118
      )
    })
    .map((row) => `communes: ${row['code']} has a broken point or box`)
}

const degrees = (cell: string) => (cell === '' ? Number.NaN : Number(cell))

function postcodes(tables: Tables): string[] {
  const faults: string[] = []
  const provinceOfPrefix = new Map<string, string>()
  for (const row of tables.provinces) {
    if (row['postcode_prefixes'] === '') faults.push(`provinces: ${row['code']} has no postcode prefix`)
    for (const prefix of listed(row['postcode_prefixes']!)) {
      if (!/^\d{2}$/.test(prefix)) faults.push(`provinces: ${row['code']} has the broken prefix "${prefix}"`)
      const other = provinceOfPrefix.get(prefix)
      if (other) faults.push(`provinces: prefix ${prefix} belongs to ${other} and ${row['code']}`)
      provinceOfPrefix.set(prefix, row['code']!)
    }
  }
  const seen = new Map<string, string>()
  for (const { code, postcode, province_code } of tables.communes as Record<string, string>[]) {
    if (!/^\d{5}$/.test(postcode!)) {
      faults.push(`communes: ${code} has the broken postcode "${postcode}"`)
      continue
    }
    if (seen.has(postcode!))
      faults.push(`communes: ${seen.get(postcode!)} and ${code} share the postcode ${postcode}`)
    seen.set(postcode!, code!)
    if (provinceOfPrefix.get(postcode!.slice(0, 2)) !== province_code)
      faults.push(
        `communes: the postcode ${postcode} of ${code} has no prefix of its province ${province_code}`,
      )
  }
  return faults
}

function relation(tables: Tables): string[] {
  const faults: string[] = []
  const current = codes(tables.communes)
  const districts = codes(tables['former-districts'])
  const districtOf = new Map(tables['former-communes'].map((row) => [row['code']!, row['district_code']!]))
  const sourced = new Set<string>()
  const successors = new Map<string, CsvRow[]>()
  const seen = new Set<string>()
  for (const row of tables.successions) {
    const { former_code, former_district_code, current_code, share } = row as Record<string, string>
    const edge = `successions: ${former_code || `district ${former_district_code}`} to ${current_code}`
    const key = `${former_code} ${former_district_code} ${current_code}`
    if (seen.has(key)) faults.push(`${edge} stands twice`)
    seen.add(key)
    if (!current.has(current_code!)) faults.push(`${edge}: no such current commune`)
    sourced.add(current_code!)
    if (!['whole', 'part'].includes(share!)) faults.push(`${edge}: unknown share "${share}"`)
    if (!['', '1'].includes(row['takes_population']!))
      faults.push(`${edge}: takes_population is neither 1 nor blank`)
    if (former_code === '') {
      if (!districts.has(former_district_code!)) faults.push(`${edge}: no such former district`)
    } else if (!districtOf.has(former_code!)) faults.push(`${edge}: no such former commune`)
    else {
      if (districtOf.get(former_code!) !== former_district_code)
        faults.push(
          `${edge}: the commune lies in district ${districtOf.get(former_code!)}, not ${former_district_code}`,
        )
      successors.set(former_code!, [...(successors.get(former_code!) ?? []), row])
    }
  }
  for (const code of districtOf.keys()) {
    const rows = successors.get(code) ?? []
    if (rows.length === 0) faults.push(`former-communes: ${code} has no successor`)
    if (rows.some((row) => row['share'] === 'whole') && rows.length > 1)
      faults.push(`successions: ${code} goes whole to one commune and has ${rows.length} successors`)
    if (rows.filter((row) => row['takes_population'] === '1').length > 1)
      faults.push(`successions: the population of ${code} goes whole to several communes`)
  }
  for (const code of current) if (!sourced.has(code)) faults.push(`communes: ${code} has no source`)
  return faults
}

function earlier(tables: Tables): string[] {
  const faults: string[] = []
  const communes = codes(tables['former-communes'])
  const districts = codes(tables['former-districts'])
  const provinces = codes(tables['former-provinces'])
  const becameCommune = new Set(
    tables.successions.filter((row) => row['former_code'] === '').map((row) => row['former_district_code']!),
  )
  const districtNames = new Set(
    tables['earlier-districts'].map(
      ({ province_code, type, name }) => `${province_code} ${TYPE_WORDS[type as UnitType]} ${name}`,
    ),
  )
  for (const { code, name, district_code, district_name, province_code } of tables['earlier-communes'])
    if (!district_code && !districtNames.has(`${province_code} ${district_name}`))
      faults.push(`earlier-communes: ${code} ${name} lies in ${district_name}, which no table has`)
  for (const row of tables['earlier-districts'])
    for (const code of listed(row['communes']!))
      if (!communes.has(code))
        faults.push(`earlier-districts: ${row['name']} holds ${code}, which is unknown`)
  for (const name of ['earlier-communes', 'earlier-districts'] as const) {
    const known = name === 'earlier-communes' ? communes : districts
    const seen = new Set<string>()
    for (const row of tables[name]) {
      const unit = `${name}: ${row['name']} (${row['district_name'] ?? row['province_code']}${row['code'] ? `, ${row['code']}` : ''})`
      const key = ['name', 'type', 'district_name', 'province_code', 'successors']
        .map((c) => row[c])
        .join('|')
      if (seen.has(key)) faults.push(`${unit} stands twice`)
      seen.add(key)
      if (!provinces.has(row['province_code']!)) faults.push(`${unit} has no known province`)
      if (row['district_code'] && !districts.has(row['district_code']))
        faults.push(`${unit} has no known district`)
      const successors = listed(row['successors']!)
      if (successors.length === 0 && !becameCommune.has(row['district_code'] ?? ''))
        faults.push(`${unit} leads to nothing`)
      for (const code of successors)
        if (!known.has(code)) faults.push(`${unit} leads to ${code}, which is unknown`)
    }
  }
  return faults
}
