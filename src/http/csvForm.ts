import type { CsvOptions } from '../bulk/addok/plan.ts'
import type { Problem } from './problems.ts'
import { badField } from './upload.ts'

/** What a form of addok-csv asks for. */
export interface CsvForm extends CsvOptions {
  encoding: string | null
  delimiter: string | null
  withBom: boolean
}

/** Fields that may stand in the form several times. */
const REPEATED = ['columns', 'result_columns']
const FILTERS = ['type', 'postcode', 'citycode'] as const
/** The second names are those of addok-geocode-stream. */
const POINT = { lat: ['lat', 'latitude'], lon: ['lon', 'longitude', 'lng', 'long'] }
/** Known, and without an effect here: the quote is always ", addresses are all there is to search. */
const PASSED_OVER: Record<string, string> = { quote: '"', indexes: 'address', index: 'address' }

/** Reads the fields beside the file. Throws a Problem that names the wrong one. */
export function readCsvForm(fields: ReadonlyMap<string, readonly string[]>): CsvForm {
  const known = new Set([
    ...REPEATED,
    ...FILTERS,
    ...POINT.lat,
    ...POINT.lon,
    ...Object.keys(PASSED_OVER),
    'encoding',
    'delimiter',
    'with_bom',
  ])
  for (const [name, values] of fields) {
    if (!known.has(name)) throw unknownField(name)
    if (values.length > 1 && !REPEATED.includes(name))
      throw badField(name, { en: 'must be given once', vi: 'chỉ được khai báo một lần' })
    if (PASSED_OVER[name] && values[0] !== PASSED_OVER[name])
      throw badField(name, { en: `must be ${PASSED_OVER[name]}`, vi: `phải là ${PASSED_OVER[name]}` })
  }
  const one = (...names: string[]) => {
    for (const name of names) {
      const value = fields.get(name)?.[0]
      if (value) return value
    }
    return null
  }
  const filters: CsvOptions['filters'] = {}
  for (const name of FILTERS) {
    const column = one(name)
    if (column) filters[name] = column
  }
  return {
    columns: (fields.get('columns') ?? []).filter(Boolean),
    resultColumns: (fields.get('result_columns') ?? []).filter(Boolean),
    filters,
    lat: one(...POINT.lat),
    lon: one(...POINT.lon),
    encoding: one('encoding'),
    delimiter: one('delimiter'),
    withBom: yes(one('with_bom')),
  }
}

function yes(value: string | null): boolean {
  if (value === null || /^(?:0|false|no|off)$/i.test(value)) return false
  if (/^(?:1|true|yes|on)$/i.test(value)) return true
  throw badField('with_bom', { en: 'must be true or false', vi: 'phải là true hoặc false' })
}

const unknownField = (name: string): Problem =>
  badField(name, { en: 'is not known here', vi: 'không được hỗ trợ ở đây' }, 'unknown-parameter')
