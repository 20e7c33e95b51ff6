import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CsvRow, parseCsv } from './csv.ts'

/** The tables of facts in seeds/ with their columns in their order; seeds/README.md says what each column means. */
export const TABLES = {
  provinces: [
    'code',
    'name',
    'type_2025',
    'type_changed_to',
    'type_changed_on',
    'type_change_resolution',
    'postcode_prefixes',
  ],
  communes: [
    'code',
    'code_alt',
    'province_code',
    'name',
    'other_names',
    'type_2025',
    'type_changed_to',
    'type_changed_on',
    'type_change_resolution',
    'postcode',
    'postcode_note',
    'centroid_lat',
    'centroid_lon',
    'inside_lat',
    'inside_lon',
    'min_lon',
    'min_lat',
    'max_lon',
    'max_lat',
    'declared_area_km2',
  ],
  'former-provinces': ['code', 'name', 'type', 'other_names'],
  'vn2000-meridians': ['province_code', 'meridian', 'source'],
  'former-districts': ['code', 'province_code', 'name', 'type', 'other_names'],
  'former-communes': ['code', 'district_code', 'name', 'type', 'other_names'],
  successions: [
    'former_code',
    'former_district_code',
    'current_code',
    'share',
    'takes_population',
    'note',
    'remark',
  ],
  'earlier-communes': [
    'code',
    'name',
    'type',
    'district_code',
    'district_name',
    'province_code',
    'as_of',
    'successors',
    'source',
  ],
  'earlier-districts': ['code', 'name', 'type', 'province_code', 'as_of', 'successors', 'communes', 'source'],
} as const

export type TableName = keyof typeof TABLES
export type Tables = Record<TableName, CsvRow[]>

/** Reads every table of a seeds folder. Throws naming each table that is missing, broken or has other columns. */
export function readTables(seedsDir: string): Tables {
  const faults: string[] = []
  const tables = Object.fromEntries(
    Object.entries(TABLES).map(([name, expected]) => {
      try {
        const { columns, rows } = parseCsv(readFileSync(join(seedsDir, `${name}.csv`), 'utf8'))
        if (columns.join() !== expected.join())
          faults.push(`${name}.csv has the columns ${columns.join()}, expected ${expected.join()}`)
        return [name, rows]
      } catch (error) {
        faults.push(`${name}.csv: ${(error as Error).message}`)
        return [name, []]
      }
    }),
  ) as Tables
  if (faults.length > 0) throw new Error(`the seeds in ${seedsDir} cannot be read:\n${faults.join('\n')}`)
  return tables
}

/** The words of a cell that lists codes or prefixes, separated by blanks. */
export const listed = (cell: string): readonly string[] => parts(cell, ' ')

/** The names of a cell that lists other spellings, separated by "; ". */
export const listedNames = (cell: string): readonly string[] => parts(cell, '; ')

/** Most cells are empty: they share one list. */
const NONE: readonly string[] = Object.freeze([])
const parts = (cell: string, separator: string) => (cell === '' ? NONE : Object.freeze(cell.split(separator)))
