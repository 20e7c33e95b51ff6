import { drawsFor } from '../../scripts/households/random.ts'
import type { openApiDocument } from '../../src/http/openapi.ts'

/** One generated request; `valid` parts may have been spoilt on purpose. */
export interface Generated {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer | null
}

type Document = ReturnType<typeof openApiDocument>
interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  example?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minimum?: number
  maximum?: number
  [list: string]: unknown
}
interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema: Schema
}
interface Operation {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema; examples?: Record<string, { value: unknown }> }> }
}

/** Numbers, codes, words, names and attacks that tell the checks of an API apart. */
const TEXTS = [
  ...[
    '',
    ' ',
    '0',
    '1',
    '-1',
    '10',
    '999999999999999999999',
    '1e308',
    'NaN',
    'null',
    'true',
    '[]',
    '{}',
    '%',
    '\0',
  ],
  ...[
    '10.7721',
    '106.6983',
    '21,0287',
    '105.8493',
    '90',
    '-180',
    '8.5',
    '102',
    '117.9',
    '7.2',
    '1191234.5',
    '603456.1',
  ],
  ...[
    '71009QMCXR8V',
    '71009-qmcx-r8o',
    '7100QMCXR8V',
    '57906V2M6WV3',
    '99999QMCXR8V',
    '482910573625',
    '100000000008',
  ],
  ...[
    '26740',
    '79',
    '760',
    '01',
    '71',
    '71009',
    '00000',
    'current',
    'former',
    'province',
    'commune',
    'now',
    'full',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '../../etc/passwd',
    "' OR 1=1",
    '<b>',
    '{{7*7}}',
    'a\r\nX-Evil: 1',
  ],
  ...['Hà Nội', 'phường 7 quận 3', '5 Lý Tự Trọng, Bến Nghé, Q1', '12 Hàng Trống, Hoàn Kiếm', '😀', '\ud800'],
  ...['ộ'.normalize('NFD'), '2026-01-15', '2026-01-15T08:30:00Z', 'P1D', '"3-mdx3k2a1.full"', '*', 'W/"1"'],
]
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
const JSON_TYPE = 'application/json'

/**
 * Endless requests to every operation of an OpenAPI document, in a seeded order: mostly what the document asks for, with
 * values that fit or not, and now and then something broken. `keys` are sent in turn (null: none), `known` are values that
 * lead somewhere in the database at hand, `versions` the latest ETag of some of them.
 */
export function requestsOf(
  document: Document,
  keys: readonly (string | null)[],
  known: () => string[],
  versions: ReadonlyMap<string, string>,
  seed: number,
) {
  const { next: random, below, pick, chance } = drawsFor(seed, 0)
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
      path,
      method,
      operation,
    })),
  )
  const settle = (schema: Schema): Schema => (schema.$ref ? schemas[schema.$ref.split('/').pop()!]! : schema)

  function anyText(): string {
    const kind = random()
    if (kind < 0.15) return pick(known())
    if (kind < 0.8) return pick(TEXTS)
    const length = Math.floor(random() ** 3 * (kind < 0.99 ? 60 : 3_000))
    return Array.from({ length }, () => String.fromCharCode(32 + Math.floor(random() ** 4 * 8_000))).join('')
  }
  function anyValue(depth = 0): unknown {
    const kind = random()
    if (kind < 0.5 || depth > 3) return anyText()
    if (kind < 0.7) return (random() - 0.5) * 10 ** below(10)
    if (kind < 0.8) return pick([null, true, false, [], {}])
    if (kind < 0.9) return Array.from({ length: below(4) }, () => anyValue(depth + 1))
    return Object.fromEntries(
      Array.from({ length: 3 }, () => [pick(['lat', 'lon', 'address', 'x']), anyValue(depth + 1)]),
    )
  }
  /** A value that the schema asks for, or one in ten something else. */
  function fitting(given: Schema, depth = 0): unknown {
    const schema = settle(given)
    if (chance(0.1) || depth > 6) return anyValue(depth)
    if (schema.example !== undefined && chance(0.5)) return schema.example
    if (schema.enum) return pick(schema.enum)
    const ways = ['oneOf', 'anyOf', 'allOf'].flatMap((name) => (schema[name] as Schema[] | undefined) ?? [])
    if (ways.length > 0) return fitting(pick(ways), depth + 1)
    const type = Array.isArray(schema.type) ? pick(schema.type) : schema.type
    const { minimum = -200, maximum = 200 } = schema
    if (type === 'integer') return minimum + below(Math.min(maximum - minimum, 1_000) + 1)
    if (type === 'number') return minimum + random() * (maximum - minimum)
    if (type === 'boolean') return chance(0.5)
    if (type === 'null') return null
    if (type === 'array')
      return Array.from({ length: below(4) }, () => fitting(schema.items ?? {}, depth + 1))
    if (type === 'object' || schema.properties) {
      const names = Object.keys(schema.properties ?? {}).filter((name) =>
        chance(schema.required?.includes(name) ? 0.95 : 0.4),
      )
      const fields = names.map((name) => [name, fitting(schema.properties![name]!, depth + 1)])
      return Object.fromEntries(chance(0.03) ? [...fields, ['colour', 'red']] : fields)
    }
    return anyText()
  }
  const encode = (value: unknown) => encodeURIComponent(Buffer.from(String(value)).toString())

  /** A form as browsers send it. */
  function form(schema: Schema): { type: string; body: Buffer } {
    const edge = 'xXxXxX'
    const { properties = {}, required = [] } = settle(schema)
    const names = Object.keys(properties).filter((name) =>
      chance(required.includes(name) || name === 'file' ? 0.95 : 0.3),
    )
    for (const name of ['data', 'file', 'colour']) if (chance(0.03)) names.push(name)
    const parts = names.map((name) => {
      const isFile = name === 'data' || name === 'file'
      const rows = Array.from({ length: below(5) }, () => `"${anyText().replaceAll('"', '""')}",${anyText()}`)
      const text = isFile ? `address,lat\n${rows.join('\n')}\n` : String(fitting(properties[name] ?? {}))
      return `--${edge}\r\nContent-Disposition: form-data; name="${name}"${isFile ? '; filename="a.csv"' : ''}\r\n\r\n${text}\r\n`
    })
    const end = chance(0.95) ? `--${edge}--\r\n` : ''
    return { type: `multipart/form-data; boundary=${edge}`, body: Buffer.from(parts.join('') + end) }
  }

  function bodyOf({ requestBody }: Operation): { type: string; body: Buffer } | null {
    const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? []
    if (!type || !content) return chance(0.02) ? { type: JSON_TYPE, body: Buffer.from('{}') } : null
    if (type !== JSON_TYPE) return form(content.schema)
    const examples = Object.values(content.examples ?? {})
    const value = examples.length > 0 && chance(0.2) ? pick(examples).value : fitting(content.schema)
    const body = Buffer.from(JSON.stringify(value) ?? '')
    if (chance(0.95)) return { type: JSON_TYPE, body }
    return pick([
      { type: JSON_TYPE, body: body.subarray(0, below(body.length + 1)) },
      { type: JSON_TYPE, body: Buffer.concat([body, Buffer.from([0xff, 0xc0])]) },
      { type: JSON_TYPE, body: Buffer.alloc(20_000, 0x20) },
      { type: 'text/plain', body },
      { type: `${JSON_TYPE}; charset=latin1`, body },
    ])
  }

  return function next(): Generated {
    const { path, method, operation } = pick(operations)
    const { parameters = [] } = operation
    const at = (place: Parameter['in']) => parameters.filter((parameter) => parameter.in === place)
    const values = new Map(
      at('path').map(({ name, schema }) => [
        name,
        chance(0.6)
          ? pick(name === 'id' && versions.size > 0 && chance(0.7) ? [...versions.keys()] : known())
          : fitting(schema),
      ]),
    )
    const url = path.replace(/\{(\w+)\}/g, (_, name) => encode(values.get(name)) || '-')
    const query = at('query')
      .filter(({ required }) => chance(required ? 0.95 : 0.4))
      .map(({ name, schema }) => `${name}=${encode(fitting(schema))}`)
    if (chance(0.03)) query.push(`${encode(anyText())}=1`)
    if (chance(0.01)) query.push('q=%ff')
    const headers: Record<string, string> = {}
    const asHeader = (value: unknown) =>
      String(value)
        .replace(/[^\x20-\x7e]/g, '?')
        .slice(0, 200)
    for (const { name, schema } of at('header'))
      if (chance(0.8)) headers[name] = asHeader(chance(0.5) ? pick(known()) : fitting(schema))
    const version = versions.get(String(values.get('id')))
    if (version && headers['If-Match'] && chance(0.8)) headers['If-Match'] = version
    const key = pick(keys)
    if (key !== null) headers[chance(0.9) ? 'X-Api-Key' : 'Authorization'] = key
    if (key === 'browser' && chance(0.8)) headers['Origin'] = 'https://shop.example'
    const sent = bodyOf(operation)
    if (sent) headers['Content-Type'] = sent.type
    if (chance(0.01)) delete headers['Content-Type']
    return {
      method: chance(0.97) ? method.toUpperCase() : pick(METHODS),
      path: query.length > 0 ? `${url}?${query.join('&')}` : url,
      headers,
      body: sent?.body ?? null,
    }
  }
}
