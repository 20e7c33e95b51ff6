import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi'
import { z } from 'zod'
import { readCoordinates } from '../geo/coordinates.ts'
import { issue } from '../locate/encode.ts'
import { type Fault, Problem, type ProblemCode, type Text } from './problems.ts'

extendZodWithOpenApi(z)

export { z }

/**
 * A number as people write it in a query: digits, at most one point or comma. Nothing else is a number
 * (z.coerce.number would read '' as 0 and '0x1f' as 31).
 */
export function numberParam(limits: { min: number; max: number; integer?: boolean }) {
  const { min, max, integer = false } = limits
  const pattern = integer ? /^[+-]?\d{1,12}$/ : /^[+-]?\d{1,12}(?:[.,]\d{1,20})?$/
  return z
    .string()
    .max(40)
    .transform((text, context) => {
      const value = pattern.test(text.trim()) ? Number(text.trim().replace(',', '.')) : Number.NaN
      if (value >= min && value <= max) return value
      context.addIssue({ code: 'custom', params: numberText(min, max, integer) })
      return z.NEVER
    })
    .openapi({ type: integer ? 'integer' : 'number', minimum: min, maximum: max })
}

function numberText(min: number, max: number, integer: boolean): Text {
  return {
    en: `must be a ${integer ? 'whole number' : 'number'} from ${min} to ${max}`,
    vi: `phải là ${integer ? 'số nguyên' : 'số'} từ ${min} đến ${max}`,
  }
}

const degree = (name: string, example: string) =>
  z
    .string()
    .max(64)
    .openapi({ description: `${name}, degrees WGS 84`, example })
export const latParam = degree('Latitude', '10.7721')
export const lonParam = degree('Longitude', '106.6983')

/**
 * The point of a query. Decimal commas and swapped pairs are repaired and reported; null for a point abroad.
 * Throws a Problem when the texts are no coordinates.
 */
export function readPoint(query: { lat: string; lon: string }) {
  const point = readCoordinates(query.lat, query.lon)
  if (point && !('error' in point)) {
    const { lat, lon } = point
    return { lat, lon, issues: point.issues.map((code) => issue(code, 'point', 'info', `${lat}, ${lon}`)) }
  }
  if (point?.error === 'outside-coverage' || point?.error === 'zero-coordinates') return null
  const text = COORDINATE_FAULTS[point?.error ?? 'bad-coordinates']
  const faults = (['lat', 'lon'] as const).map((name) => ({ in: 'query' as const, name, text }))
  throw new Problem('bad-parameter', { faults })
}

const COORDINATE_FAULTS: Record<
  'bad-coordinates' | 'projected-coordinates' | 'sexagesimal-coordinates',
  Text
> = {
  'bad-coordinates': { en: 'must be a number of degrees', vi: 'phải là số độ' },
  'projected-coordinates': {
    en: 'must be degrees, not metres of a projection',
    vi: 'phải là độ, không phải mét của lưới chiếu',
  },
  'sexagesimal-coordinates': {
    en: 'are no degrees, minutes and seconds that can be read',
    vi: 'không phải độ, phút, giây đọc được',
  },
}

/** Checks one place of a request. Throws a Problem that names every faulty parameter. */
export function readInput<T>(schema: z.ZodType<T>, value: unknown, place: Fault['in']): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const found = result.error.issues.slice(0, 20).flatMap((found) => faultsOf(found, place, value))
  const code = (['unknown-parameter', 'missing-parameter', 'bad-parameter'] as const).find((name) =>
    found.some((fault) => fault.code === name),
  )
  throw new Problem(code ?? 'bad-parameter', { faults: found.map(({ fault }) => fault) })
}

/** The types of JSON. */
const TYPES: Partial<Record<string, Text>> = {
  string: { en: 'a text', vi: 'chuỗi ký tự' },
  number: { en: 'a number', vi: 'số' },
  int: { en: 'a whole number', vi: 'số nguyên' },
  boolean: { en: 'true or false', vi: 'true hoặc false' },
  array: { en: 'a list', vi: 'danh sách' },
  object: { en: 'an object', vi: 'đối tượng' },
}

function typeText(expected: string): Text {
  const { en, vi } = TYPES[expected] ?? { en: expected, vi: expected }
  return { en: `must be ${en}`, vi: `phải là ${vi}` }
}

/** A limit means another thing of a number, of a text and of a list. */
function limitText(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): Text {
  const isNumber = issue.origin === 'number' || issue.origin === 'int'
  const isList = issue.origin === 'array'
  if (issue.code === 'too_big') {
    const { maximum, inclusive } = issue
    if (isNumber)
      return inclusive === false
        ? { en: `must be less than ${maximum}`, vi: `phải nhỏ hơn ${maximum}` }
        : { en: `must be at most ${maximum}`, vi: `tối đa là ${maximum}` }
    return isList
      ? { en: `must have at most ${maximum} entries`, vi: `có tối đa ${maximum} mục` }
      : { en: `must be at most ${maximum} characters long`, vi: `dài tối đa ${maximum} ký tự` }
  }
  const { minimum, inclusive } = issue
  if (isNumber)
    return inclusive === false
      ? { en: `must be more than ${minimum}`, vi: `phải lớn hơn ${minimum}` }
      : { en: `must be at least ${minimum}`, vi: `tối thiểu là ${minimum}` }
  if (minimum === 1) return { en: 'must not be empty', vi: 'không được để trống' }
  return isList
    ? { en: `must have at least ${minimum} entries`, vi: `có ít nhất ${minimum} mục` }
    : { en: `must be at least ${minimum} characters long`, vi: `dài ít nhất ${minimum} ký tự` }
}

type Found = { code: ProblemCode; fault: Fault }

/** Whether nothing was given there: of a wrong value the message is another one. */
const isMissing = (given: unknown, path: readonly PropertyKey[]): boolean =>
  path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? at[key as keyof typeof at] : undefined),
    given,
  ) === undefined

/** @param given what was checked. */
function faultsOf(issue: z.core.$ZodIssue, place: Fault['in'], given: unknown): Found[] {
  const name = issue.path.map(String).join('.').slice(0, 60)
  const fault = (text: Text, code: ProblemCode = 'bad-parameter'): Found[] => [
    { code, fault: { in: place, name, text } },
  ]
  // What a rule of ours says of a missing value it says itself.
  if (issue.code !== 'unrecognized_keys' && issue.code !== 'custom' && isMissing(given, issue.path))
    return fault({ en: 'is missing', vi: 'bị thiếu' }, 'missing-parameter')
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, 10).map((key) => ({
        code: 'unknown-parameter',
        fault: {
          in: place,
          name: [...issue.path.map(String), key].join('.').slice(0, 60),
          text: { en: 'is not known here', vi: 'không được hỗ trợ ở đây' },
        },
      }))
    case 'invalid_type':
      if (issue.message.includes('received array') && place === 'query')
        return fault({ en: 'must be given once', vi: 'chỉ được khai báo một lần' })
      return fault(typeText(issue.expected))
    case 'too_big':
    case 'too_small':
      return fault(limitText(issue))
    case 'invalid_value':
      return fault({
        en: `must be one of ${issue.values.join(', ')}`,
        vi: `phải là một trong: ${issue.values.join(', ')}`,
      })
    case 'invalid_format':
      return fault({ en: 'has a wrong form', vi: 'sai dạng' })
    case 'invalid_union': {
      // Of the ways that a value may be given the one that it was given in tells what is wrong.
      const inside = issue.errors.find((faults) =>
        faults.every(({ code, path }) => path.length > 0 || code !== 'invalid_type'),
      )
      if (!inside) return fault({ en: 'has a wrong type', vi: 'sai kiểu' })
      return inside.flatMap((one) => faultsOf({ ...one, path: [...issue.path, ...one.path] }, place, given))
    }
    case 'custom':
      if (issue.params?.['en']) return fault(issue.params as unknown as Text)
      return fault({ en: 'has a wrong value', vi: 'có giá trị sai' })
    default:
      return fault({ en: 'has a wrong value', vi: 'có giá trị sai' })
  }
}
