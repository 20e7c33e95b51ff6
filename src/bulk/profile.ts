import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { type Columns, FIELDS, type Field, headerKey, MappingError, mapped } from './columns.ts'

/** What columns hold, kept in a file: a file with the same headers is read in the same way. */

/** One set of headers; `columns` = field to position in `header`. */
interface Profile {
  header: string[]
  columns: Columns
}

const MOST_BYTES = 1024 * 1024
const MOST_PROFILES = 1000

/** The columns that a profile file has for these headers, in whatever order they stand; null when it has none. */
export function profileOf(path: string, header: readonly string[], map: readonly string[]): Columns | null {
  const found = read(path).find((profile) => keyOf(profile.header) === keyOf(header))
  if (!found) return null
  const columns: Columns = {}
  for (const [field, position] of Object.entries(found.columns) as [Field, number][]) {
    const name = found.header[position]!
    // Of two headers of one name the same position is meant.
    columns[field] =
      header[position] === name ? position : header.findIndex((cell) => headerKey(cell) === headerKey(name))
  }
  for (const entry of map) {
    const { column, field } = mapped(header, entry)
    for (const other of FIELDS) if (columns[other] === column) delete columns[other]
    if (field !== 'none') columns[field] = column
  }
  return columns
}

/** Keeps the columns of these headers in a profile file, beside those of other headers. */
export function saveProfile(path: string, header: readonly string[], columns: Columns): void {
  const others = existsSync(path)
    ? read(path).filter((profile) => keyOf(profile.header) !== keyOf(header))
    : []
  const profiles: Profile[] = [...others, { header: [...header], columns }].slice(-MOST_PROFILES)
  writeFileSync(`${path}.part`, `${JSON.stringify({ profiles }, null, 2)}\n`)
  renameSync(`${path}.part`, path)
}

const keyOf = (header: readonly string[]) => header.map(headerKey).sort().join('\n')

function read(path: string): Profile[] {
  const fault = (why: string) => new MappingError(`The profile ${path} ${why}.`)
  if (!existsSync(path)) throw fault('is not there')
  if (statSync(path).size > MOST_BYTES) throw fault('is too large')
  let profiles: unknown
  try {
    profiles = JSON.parse(readFileSync(path, 'utf8')).profiles
  } catch {
    throw fault('is no JSON')
  }
  if (!Array.isArray(profiles) || !profiles.every(isProfile)) throw fault('is no list of profiles')
  return profiles
}

function isProfile(value: unknown): value is Profile {
  const { header, columns } = (value ?? {}) as Partial<Profile>
  if (
    !Array.isArray(header) ||
    !header.every((cell) => typeof cell === 'string') ||
    typeof columns !== 'object'
  )
    return false
  return Object.entries(columns ?? {}).every(
    ([field, position]) =>
      FIELDS.includes(field as Field) &&
      Number.isInteger(position) &&
      position >= 0 &&
      position < header.length,
  )
}
