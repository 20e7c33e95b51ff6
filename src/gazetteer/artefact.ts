import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TABLES, type TableName, type Tables } from './tables.ts'

const MAGIC = 'vpostcode-gazetteer'
/** Raised with every change of the form below. */
const FORMAT = 2

/** The columns that the world needs when it runs; the rest of seeds/ is provenance. */
const LEFT_OUT = new Set(['type_change_resolution', 'postcode_note', 'note', 'remark', 'source'])

/** One array per column of a table, all of the same length. */
export type Columns = Record<string, string[]>
export interface Artefact {
  version: string
  tables: Record<TableName, Columns>
}

/** Writes DIR/units.json. */
export function writeArtefact(dir: string, version: string, tables: Tables): void {
  const columns = Object.fromEntries(
    Object.entries(TABLES).map(([name, all]) => [
      name,
      Object.fromEntries(
        all
          .filter((column) => !LEFT_OUT.has(column))
          .map((column) => [column, tables[name as TableName].map((row) => row[column]!)]),
      ),
    ]),
  )
  writeFileSync(
    join(dir, 'units.json'),
    JSON.stringify({ magic: MAGIC, format: FORMAT, version, tables: columns }),
  )
}

/** Reads DIR/units.json. Throws when it is missing, broken or of another format, and says what to run. */
export function readArtefact(dir: string): Artefact {
  const path = join(dir, 'units.json')
  const help = 'run "npm run build" to build it, or set VPOSTCODE_DATA to a folder that holds it'
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(
      `the gazetteer ${path} cannot be read (${(error as NodeJS.ErrnoException).code}): ${help}`,
    )
  }
  let found: { magic?: unknown; format?: unknown } & Artefact
  try {
    found = JSON.parse(text)
  } catch {
    throw new Error(`the gazetteer ${path} is cut off or broken: ${help}`)
  }
  if (found?.magic !== MAGIC) throw new Error(`${path} is not a gazetteer of this program: ${help}`)
  if (found.format !== FORMAT)
    throw new Error(`the gazetteer ${path} has format ${found.format}, this program reads ${FORMAT}: ${help}`)
  return found
}
