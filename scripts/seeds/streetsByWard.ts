import type { CsvRow } from '../../src/gazetteer/csv.ts'
import type { Spellings } from '../../src/gazetteer/spellings.ts'
import { readStreet } from '../../src/gazetteer/streetLayer/streetName.ts'
import { streetKeys } from '../../src/gazetteer/streetsKey.ts'
import { listed, type Tables } from '../../src/gazetteer/tables.ts'
import { fold } from '../../src/text/tokens.ts'
import { splitType } from './names.ts'
import { groupBy, readCsv } from './table.ts'

/** Districts that became a part of another one, as the list writes them. */
const NOW_IN: Record<string, string> = { '2': 'thu duc', '9': 'thu duc' }

/**
 * The rows of former-streets.csv: the streets and hamlets of each commune in a list of 2019 (Ho Chi Minh City and Hà Nội).
 * A ward that was merged until June 2025 stands under its successor.
 * @param spellings of known streets; the list itself is in small letters.
 */
export function streetsByWard(tables: Tables, spellings: Spellings): CsvRow[] {
  const communesOf = wardFinder(tables)
  let lost = 0
  const read = readCsv('streets/hamlets-and-streets-by-ward-2019.csv').flatMap((row) => {
    const communes = communesOf(row['province']!, row['district']!, row['ward']!)
    if (communes.length === 0) lost++
    const street = readStreet(row['street_or_hamlet']!, (key) => spellings.has(key))
    if (!street || street.number) return []
    const name = spellings.has(street.key) ? spellings.best(street.key) : street.name
    return communes.map((code) => ({ code, key: street.key, name }))
  })
  console.log(`streets by ward: ${lost} rows name no ward that is known`)
  return [...groupBy(read, ({ code }) => code)].map(([code, streets]) => ({
    former_code: code,
    names: [...groupBy(streets, ({ key }) => key)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, [first]]) => first!.name)
      .join(';'),
  }))
}

/** Each street's key with the former communes that have it, by the rows of former-streets.csv. */
export function wardsOfStreets(rows: readonly CsvRow[]): Map<string, Set<string>> {
  const wards = new Map<string, Set<string>>()
  for (const row of rows)
    for (const name of row['names']!.split(';')) {
      const key = streetKeys(name)[0]!
      wards.set(key, (wards.get(key) ?? new Set()).add(row['former_code']!))
    }
  return wards
}

/** The communes of June 2025 that a ward of 2019 lives on in, by the names of province, district and ward. */
function wardFinder(tables: Tables): (province: string, district: string, ward: string) => string[] {
  const provinces = new Map(tables['former-provinces'].map((row) => [row['code']!, fold(row['name']!)]))
  const districts = new Map(tables['former-districts'].map((row) => [row['code']!, row]))
  const known = new Map<string, Set<string>>()
  const bare = (text: string) => fold(splitType(text).name)
  const add = (province: string, district: string, ward: string, code: string) => {
    const key = `${provinces.get(province)}|${bare(district)}|${bare(ward)}`
    known.set(key, (known.get(key) ?? new Set()).add(code))
  }
  for (const row of tables['former-communes']) {
    const district = districts.get(row['district_code']!)!
    for (const name of [row['name']!, ...row['other_names']!.split('; ')].filter(Boolean))
      add(district['province_code']!, district['name']!, name, row['code']!)
  }
  for (const row of tables['earlier-communes'])
    for (const code of listed(row['successors']!))
      add(row['province_code']!, row['district_name']!, row['name']!, code)
  return (province, district, ward) => {
    const find = (name: string) => [...(known.get(`${fold(province)}|${name}|${bare(ward)}`) ?? [])]
    const name = bare(district)
    const found = find(name)
    return found.length > 0 ? found : find(NOW_IN[name] ?? '')
  }
}
