import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CsvRow, parseCsv } from './csv.ts'
import { alleyKey, streetKeys } from './streetsKey.ts'
import type { Tables } from './tables.ts'

/** The tables of streets in seeds/ and their columns; the second is a layer of its own under the ODbL. */
export const STREET_TABLES = {
  streets: ['former_district_code', 'names'],
  'osm/streets': ['name', 'alley', 'commune_code', 'metres', 'addresses'],
} as const
export type StreetTables = Record<keyof typeof STREET_TABLES, CsvRow[]>

/** Reads the tables of streets. Throws naming the table that is missing, broken or has other columns. */
export function readStreetTables(seedsDir: string): StreetTables {
  return { streets: read(seedsDir, 'streets'), 'osm/streets': read(seedsDir, 'osm/streets') }
}

function read(seedsDir: string, name: keyof StreetTables): CsvRow[] {
  const expected = STREET_TABLES[name].join()
  try {
    const { columns, rows } = parseCsv(readFileSync(join(seedsDir, `${name}.csv`), 'utf8'))
    if (columns.join() !== expected)
      throw new Error(`has the columns ${columns.join()}, expected ${expected}`)
    return rows
  } catch (error) {
    throw new Error(`the seeds in ${seedsDir} cannot be read:\n${name}.csv: ${(error as Error).message}`)
  }
}

/** Every fault of the tables of streets, each named with its table and row; empty when they are sound. */
export function validateStreets(streets: StreetTables, tables: Tables): string[] {
  return [...districtFaults(streets.streets, tables), ...communeFaults(streets['osm/streets'], tables)]
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
  for (const { name = '', alley = '', commune_code: code = '', metres = '', addresses = '' } of rows) {
    const row = `osm/streets: ${name}${alley && `, alley ${alley}`} in ${code}`
    const key = `${streetKeys(name)[0]}|${alleyKey(alley)}|${code}`
    if (key.startsWith('|') || name !== name.trim()) faults.push(`${row} has a broken name`)
    if (seen.has(key)) faults.push(`${row} stands twice`)
    seen.add(key)
    if (!communes.has(code)) faults.push(`${row}: no such current commune`)
    if (!/^\d{1,6}$/.test(metres) || !/^\d{1,6}$/.test(addresses) || Number(metres) + Number(addresses) === 0)
      faults.push(`${row} has the broken measure "${metres}" metres, "${addresses}" addresses`)
  }
  return faults
}
