import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CsvRow, parseCsv } from './csv.ts'
import { numberKey, streetKeys } from './streetsKey.ts'
import type { Tables } from './tables.ts'

/** The tables of streets in seeds/ and their columns; those in osm/ are a layer of their own under the ODbL. */
export const STREET_TABLES = {
  streets: ['former_district_code', 'names'],
  'former-streets': ['former_code', 'names'],
  'osm/streets': ['name', 'number', 'commune_code', 'metres', 'addresses'],
  'osm/former-streets': ['name', 'number', 'commune_code', 'former_code', 'metres'],
  'osm/split-communes': ['former_code', 'core_commune_code', 'places'],
  'osm/former-grounds': ['former_code', 'commune_code', 'lat', 'lon', 'spread_metres'],
} as const
export type StreetTables = Record<keyof typeof STREET_TABLES, CsvRow[]>

/** Reads the tables of streets. Throws naming the table that is missing, broken or has other columns. */
export function readStreetTables(seedsDir: string): StreetTables {
  return {
    streets: read(seedsDir, 'streets'),
    'former-streets': read(seedsDir, 'former-streets'),
    'osm/streets': read(seedsDir, 'osm/streets'),
    'osm/former-streets': read(seedsDir, 'osm/former-streets'),
    'osm/split-communes': read(seedsDir, 'osm/split-communes'),
    'osm/former-grounds': read(seedsDir, 'osm/former-grounds'),
  }
}

const read = (seedsDir: string, name: keyof StreetTables) => readTable(seedsDir, name, STREET_TABLES[name])

/** The rows of seeds/NAME.csv. Throws when it is missing, broken or has other columns. */
export function readTable(seedsDir: string, name: string, columns: readonly string[]): CsvRow[] {
  const expected = columns.join()
  try {
    const found = parseCsv(readFileSync(join(seedsDir, `${name}.csv`), 'utf8'))
    if (found.columns.join() !== expected)
      throw new Error(`has the columns ${found.columns.join()}, expected ${expected}`)
    return found.rows
  } catch (error) {
    throw new Error(`the seeds in ${seedsDir} cannot be read:\n${name}.csv: ${(error as Error).message}`)
  }
}

/** Every fault of the tables of streets, each named with its table and row; empty when they are sound. */
export function validateStreets(streets: StreetTables, tables: Tables): string[] {
  return [
    ...districtFaults(streets.streets, tables),
    ...communeFaults(streets['osm/streets'], tables),
    ...coreFaults(streets['osm/split-communes'], tables),
    ...groundFaults(streets['osm/former-grounds'], tables),
    ...wardFaults(streets['former-streets'], tables),
    ...formerFaults(streets['osm/former-streets'], tables),
  ]
}

function districtFaults(rows: CsvRow[], tables: Tables): string[] {
  const faults: string[] = []
  const districts = new Set(tables['former-districts'].map((row) => row['code']!))
  const seen = new Set<string>()
  for (const { former_district_code: code = '', names = '' } of rows) {
    if (!districts.has(code)) faults.push(`streets: no such former district ${code}`)
    if (seen.has(code)) faults.push(`streets: ${code} stands twice`)
    seen.add(code)
    const keys = new Set<string>()
    for (const name of names.split(';')) {
      const key = streetKeys(name)[0]!
      if (key === '' || name !== name.trim()) faults.push(`streets: ${code} has the broken name "${name}"`)
      if (keys.has(key)) faults.push(`streets: ${code} has ${name} twice`)
      keys.add(key)
    }
  }
  return faults
}

function communeFaults(rows: CsvRow[], tables: Tables): string[] {
  const faults: string[] = []
  const communes = new Set(tables.communes.map((row) => row['code']!))
  const seen = new Set<string>()
  for (const { name = '', number = '', commune_code: code = '', metres = '', addresses = '' } of rows) {
    const row = `osm/streets: ${name}${number && `, ${number},`} in ${code}`
    const key = `${streetKeys(name)[0]}|${numberKey(number)}|${code}`
    if (key.startsWith('|') || name !== name.trim()) faults.push(`${row} has a broken name`)
    if (seen.has(key)) faults.push(`${row} stands twice`)
    seen.add(key)
    if (!communes.has(code)) faults.push(`${row}: no such current commune`)
    if (!/^\d{1,6}$/.test(metres) || !/^\d{1,6}$/.test(addresses) || Number(metres) + Number(addresses) === 0)
      faults.push(`${row} has the broken measure "${metres}" metres, "${addresses}" addresses`)
  }
  return faults
}

function coreFaults(rows: CsvRow[], tables: Tables): string[] {
  const parts = new Set(
    tables.successions
      .filter((row) => row['share'] === 'part')
      .map((row) => `${row['former_code']} ${row['current_code']}`),
  )
  const seen = new Set<string>()
  return rows.flatMap(({ former_code: code = '', core_commune_code: core = '', places = '' }) => {
    const faults: string[] = []
    if (!parts.has(`${code} ${core}`)) faults.push(`osm/split-communes: no part of ${code} went to ${core}`)
    if (seen.has(code)) faults.push(`osm/split-communes: ${code} stands twice`)
    seen.add(code)
    if (!/^[1-9]\d*$/.test(places)) faults.push(`osm/split-communes: ${code} has "${places}" places`)
    return faults
  })
}

function groundFaults(rows: CsvRow[], tables: Tables): string[] {
  const parts = new Set(tables.successions.map((row) => `${row['former_code']} ${row['current_code']}`))
  const seen = new Set<string>()
  return rows.flatMap((cells) => {
    const { former_code: code = '', commune_code: commune = '', spread_metres: spread = '' } = cells
    const row = `osm/former-grounds: ${code} in ${commune}`
    const faults: string[] = []
    if (!parts.delete(`${code} ${commune}`))
      faults.push(`${row} ${seen.has(`${code} ${commune}`) ? 'stands twice' : 'went elsewhere'}`)
    seen.add(`${code} ${commune}`)
    const box = tables.communes.find((one) => one['code'] === commune)
    const within = (value: string | undefined, least: string, most: string) =>
      Number(value) >= Number(box?.[least]) && Number(value) <= Number(box?.[most])
    if (!within(cells['lat'], 'min_lat', 'max_lat') || !within(cells['lon'], 'min_lon', 'max_lon'))
      faults.push(`${row} lies outside it`)
    if (!/^\d{1,5}$/.test(spread)) faults.push(`${row} spreads over "${spread}" metres`)
    return faults
  })
}

function wardFaults(rows: CsvRow[], tables: Tables): string[] {
  const faults: string[] = []
  const communes = new Set(tables['former-communes'].map((row) => row['code']!))
  const seen = new Set<string>()
  for (const { former_code: code = '', names = '' } of rows) {
    if (!communes.has(code)) faults.push(`former-streets: no such former commune ${code}`)
    if (seen.has(code)) faults.push(`former-streets: ${code} stands twice`)
    seen.add(code)
    for (const name of names.split(';'))
      if (streetKeys(name)[0] === '' || name !== name.trim())
        faults.push(`former-streets: ${code} has the broken name "${name}"`)
  }
  return faults
}

function formerFaults(rows: CsvRow[], tables: Tables): string[] {
  const faults: string[] = []
  const edges = new Set(tables.successions.map((row) => `${row['former_code']} ${row['current_code']}`))
  const seen = new Set<string>()
  for (const { name = '', number = '', commune_code, former_code, metres = '' } of rows) {
    const row = `osm/former-streets: ${name}${number && `, ${number},`} in ${former_code}, now ${commune_code},`
    const key = `${streetKeys(name)[0]}|${numberKey(number)}|${commune_code}|${former_code}`
    if (key.startsWith('|') || name !== name.trim()) faults.push(`${row} has a broken name`)
    if (seen.has(key)) faults.push(`${row} stands twice`)
    seen.add(key)
    if (!edges.has(`${former_code} ${commune_code}`))
      faults.push(`${row}: nothing of ${former_code} went there`)
    if (!/^[1-9]\d{0,5}$/.test(metres)) faults.push(`${row} has the broken measure "${metres}" metres`)
  }
  return faults
}
