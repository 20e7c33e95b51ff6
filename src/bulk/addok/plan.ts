import { TEXT_FIELDS } from '../../pipeline/row.ts'
import { FIELD_OF, type Field, headerKey } from '../columns.ts'
import type { Dialect } from '../dialect.ts'
import { outputDelimiter } from '../prepare.ts'
import { COLUMNS, type CsvKind, EMPTY_COLUMNS } from './columns.ts'

/** What the client asks for, by the names of addok-csv; all values are names of columns. */
export interface CsvOptions {
  /** The columns that hold the address, in its order; empty = told by the headers, else all. */
  columns: readonly string[]
  /** The result columns that are wanted; empty = all. */
  resultColumns: readonly string[]
  filters: Partial<Record<'type' | 'postcode' | 'citycode', string>>
  lat: string | null
  lon: string | null
}

/** Everything that a worker needs to know to answer the rows of a file. */
export interface CsvPlan {
  kind: CsvKind
  delimiter: Dialect['delimiter']
  /** Cells of the header. */
  width: number
  /** Positions of the address, each with what its header says that it holds; null when one of them says nothing. */
  address: { column: number; field: (typeof TEXT_FIELDS)[number] | null }[]
  filters: Partial<Record<'type' | 'postcode' | 'citycode', number>>
  point: { lat: number; lon: number } | null
  /** The result columns, and where each stands in COLUMNS (-1: it is always empty). */
  names: string[]
  wanted: number[]
  /** Of the answer. */
  outDelimiter: string
}

/** An option that does not fit the file. */
export class BadOption extends Error {
  override name = 'BadOption'
  readonly option: string
  readonly text: { en: string; vi: string }
  constructor(option: string, text: { en: string; vi: string }) {
    super(`${option} ${text.en}`)
    this.option = option
    this.text = text
  }
}

/** Throws BadOption for a column that the file does not have. */
export function planOf(
  kind: CsvKind,
  header: readonly string[],
  delimiter: Dialect['delimiter'],
  options: CsvOptions,
): CsvPlan {
  const { columns, resultColumns, filters, lat, lon } = options
  const at = (option: string, name: string): number => {
    const found = header.indexOf(name)
    if (found < 0)
      throw new BadOption(option, {
        en: 'names a column that the file does not have',
        vi: 'nêu một cột không có trong tệp',
      })
    return found
  }
  const known = new Set<string>([...COLUMNS[kind], ...EMPTY_COLUMNS])
  if (resultColumns.some((name) => !known.has(name)))
    throw new BadOption('result_columns', {
      en: `must be of ${COLUMNS[kind].join(', ')}`,
      vi: `phải thuộc ${COLUMNS[kind].join(', ')}`,
    })
  if ((lat === null) !== (lon === null))
    throw new BadOption(lat === null ? 'lat' : 'lon', { en: 'is missing', vi: 'bị thiếu' })
  const point =
    lat !== null && lon !== null
      ? { lat: at('lat', lat), lon: at('lon', lon) }
      : kind === 'reverse'
        ? pointOf(header)
        : null
  const names = resultColumns.length > 0 ? [...new Set(resultColumns)] : [...COLUMNS[kind]]
  return {
    kind,
    delimiter,
    width: header.length,
    address:
      kind === 'reverse'
        ? []
        : columns.length > 0
          ? withFields(
              columns.map((name) => at('columns', name)),
              header,
            )
          : addressOf(header),
    filters: Object.fromEntries(Object.entries(filters).map(([name, column]) => [name, at(name, column)])),
    point,
    names,
    wanted: names.map((name) => (COLUMNS[kind] as readonly string[]).indexOf(name)),
    outDelimiter: outputDelimiter(delimiter),
  }
}

const fieldOf = (header: string): Field | undefined => FIELD_OF.get(headerKey(header))
const isText = (field: Field | undefined): field is (typeof TEXT_FIELDS)[number] =>
  (TEXT_FIELDS as readonly (Field | undefined)[]).includes(field)

/** Columns whose headers all say what they hold, each another part, are read as parts; others as one text. */
function withFields(columns: readonly number[], header: readonly string[]): CsvPlan['address'] {
  const fields = columns.map((column) => fieldOf(header[column]!))
  const said = fields.every(isText) && new Set(fields).size === fields.length
  return columns.map((column, i) => ({
    column,
    field: said ? (fields[i] as (typeof TEXT_FIELDS)[number]) : null,
  }))
}

/** The columns that headers tell to be of an address; a file without such headers is read whole, as addok does. */
function addressOf(header: readonly string[]): CsvPlan['address'] {
  const seen = new Set<Field>()
  const told = header.flatMap((name, column) => {
    const field = fieldOf(name)
    if (!isText(field) || seen.has(field)) return []
    seen.add(field)
    return column
  })
  return withFields(told.length > 0 ? told : header.map((_, column) => column), header)
}

/** As in addok-csv: latitude or lat, longitude, lon, lng or long; and the headers that files here have. */
function pointOf(header: readonly string[]): CsvPlan['point'] {
  const lat = header.findIndex((name) => fieldOf(name) === 'lat')
  const lon = header.findIndex((name) => fieldOf(name) === 'lon')
  if (lat >= 0 && lon >= 0) return { lat, lon }
  throw new BadOption('lat', {
    en: 'is missing: the file has no columns latitude (or lat) and longitude (or lon, lng, long)',
    vi: 'bị thiếu: tệp không có cột latitude (hoặc lat) và longitude (hoặc lon, lng, long)',
  })
}
