import type { CsvRow } from '../../src/gazetteer/csv.ts'
import { Spellings } from '../../src/gazetteer/spellings.ts'
import { readStreet } from '../../src/gazetteer/streetLayer/streetName.ts'
import { streetKeys } from '../../src/gazetteer/streetsKey.ts'
import { listed, type Tables } from '../../src/gazetteer/tables.ts'
import { fold, splitType } from './names.ts'
import { groupBy, readCsv } from './table.ts'

/** Provinces and districts whose name the list writes in its own way; [name there, name in June 2025]. */
const RENAMED: Record<string, string> = {
  'Thừa Thiên Huế': 'Huế',
  'Đảo Phú Quý': 'Phú Quý',
  'Xi Ma Cai': 'Si Ma Cai',
}

/** The rows of streets.csv, and the spellings that were read for them. */
export function nationwideStreets(tables: Tables): { rows: CsvRow[]; spellings: Spellings } {
  const source = readCsv('streets/street-names-nationwide-2019.csv')
  const districtsOf = districtFinder(tables)
  const known = new Set(source.map((row) => streetKeys(row['street']!)[0]!))
  const spellings = new Spellings()
  const read: { district: string; key: string; name: string }[] = []
  const lost = new Map<string, number>()
  let noStreet = 0
  for (const row of source) {
    const place = [row['province'], row['district_type'], row['district']].join('|')
    const districts = districtsOf(row['province']!, row['district_type']!, row['district']!)
    if (districts.length === 0) lost.set(place, (lost.get(place) ?? 0) + 1)
    const street = readStreet(row['street']!, (key) => known.has(key))
    if (!street || street.number) {
      noStreet++
      continue
    }
    spellings.add(street.key, street.name)
    for (const district of districts) read.push({ district, key: street.key, name: street.name })
  }
  for (const [place, rows] of lost) console.log(`streets: ${place} is no district, ${rows} rows left out`)
  console.log(`streets: ${noStreet} rows name no street`)

  const rows = [...groupBy(read, ({ district }) => district)].map(([district, streets]) => ({
    former_district_code: district,
    names: [...groupBy(streets, ({ key }) => key)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, same]) =>
        spellings.best(
          key,
          same.map(({ name }) => name),
        ),
      )
      .join(';'),
  }))
  return { rows, spellings }
}

/** The districts of June 2025 that a district of 2019 lives on in; where it was divided, each of them. */
function districtFinder(tables: Tables): (province: string, type: string, district: string) => string[] {
  const key = (text: string) => fold(RENAMED[text] ?? text)
  const provinces = new Map(tables['former-provinces'].map((row) => [fold(row['name']!), row['code']!]))
  const units = (name: 'former-districts' | 'earlier-districts') =>
    groupBy(
      tables[name].flatMap((row) =>
        [row['name']!, ...(row['other_names'] ?? '').split('; ').filter(Boolean)].map((spelling) => ({
          row,
          key: `${row['province_code']} ${fold(splitType(spelling).name)}`,
        })),
      ),
      (unit) => unit.key,
    )
  const [now, earlier] = [units('former-districts'), units('earlier-districts')]
  return (province, typeWord, district) => {
    const code = provinces.get(key(province))
    // "Huyện" and "Huyện Cao Lãnh"
    const twice = district.startsWith(`${typeWord} `)
    const { type, name } = splitType(typeWord && !twice ? `${typeWord} ${district}` : district)
    const at = `${code} ${key(name)}`
    const living = (now.get(at) ?? []).map(({ row }) => row)
    const gone = (earlier.get(at) ?? []).map(({ row }) => row)
    const exact = living.find((row) => row['type'] === type)
    if (exact) return [exact['code']!]
    const successors = gone.find((row) => row['type'] === type) ?? (living.length === 0 ? gone[0] : undefined)
    if (successors) return [...listed(successors['successors']!)]
    return living.length === 1 ? [living[0]!['code']!] : []
  }
}
