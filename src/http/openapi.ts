import { readFileSync } from 'node:fs'
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import { mayUse, ROLES } from '../access/caller.ts'
import { mergeExtended } from './mergeSchemas.ts'
import { z } from './params.ts'
import { PROBLEMS, type ProblemCode } from './problems.ts'
import type { Example, Route } from './route.ts'
import { problem } from './schemas.ts'

/** What any route can answer with. */
const EVERYWHERE: ProblemCode[] = ['malformed-url', 'url-too-long', 'method-not-allowed', 'server-error']
const WITH_BODY: ProblemCode[] = [
  'missing-parameter',
  'bad-json',
  'request-timeout',
  'body-too-large',
  'unsupported-media-type',
]
const WITH_KEY: ProblemCode[] = [
  'key-needed',
  'unknown-key',
  'not-allowed',
  'origin-not-allowed',
  'too-many-requests',
]

const acceptLanguage = z.string().optional().openapi({
  description: 'The language of texts for people: vi, else English',
  example: 'vi',
})
const ifMatch = z
  .string()
  .openapi({ description: 'The ETag with which the household was answered', example: '"3-mdx3k2a1.full"' })
const tagged = {
  'If-None-Match': z.string().optional().openapi({
    description: 'The ETag of an earlier answer: if nothing changed since, 304 is answered',
  }),
}
const ranges = {
  Range: z.string().optional().openapi({
    description: 'The bytes that are wanted of the file',
    example: 'bytes=1048576-',
  }),
  'If-Range': z.string().optional().openapi({
    description:
      'The ETag of the file whose first part is there: if it is another one by now, all of it is answered',
  }),
}

/** Of answers: what every one has, what those have that count in a quota, and where to ask again. */
const HEADERS = {
  'X-Request-Id': 'Names this request; the log of the server has it too',
  'RateLimit-Policy': 'The quotas that the request counts in: q requests in w seconds',
  RateLimit: 'What is left of them: r requests, anew after t seconds',
  'Retry-After': 'Seconds after which to ask again',
  ETag: 'Of exactly this answer',
  'Content-Range': 'Which bytes of how many these are',
  Location: 'The path of what was made or handed in, where that is new',
}
const headersOf = (names: (keyof typeof HEADERS)[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

const TAGS = {
  addresses: 'Texts to what they mean: search, validation, conversion',
  places: 'Points to what stands there',
  codes: 'Vpostcodes',
  units: 'Provinces, districts and communes of both eras, postcodes',
  households: 'The registry: households, their changes, how far it is',
  publications: 'The registry as files by commune, day by day',
  jobs: 'Files and long work',
  keys: 'Keys of this API, for administrators',
  operations: 'Health, metrics, this document',
}

/** What the examples of the routes were answered, by operation: a request and its answer. */
export type Answers = Record<string, { request: Example; answer: unknown }[]>

/** The answers that tests replay and keep in docs/examples.json. */
export function recordedAnswers(): Answers {
  return JSON.parse(readFileSync(new URL('../../docs/examples.json', import.meta.url), 'utf8'))
}

/** The OpenAPI 3.1 document of a list of routes. */
export function openApiDocument(routes: readonly Route[], version: string, answers: Answers) {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'ApiKey', { type: 'apiKey', in: 'header', name: 'X-Api-Key' })
  registry.registerComponent('securitySchemes', 'Bearer', { type: 'http', scheme: 'bearer' })
  for (const [name, description] of Object.entries(HEADERS))
    registry.registerComponent('headers', name, { description, schema: { type: 'string' } })
  for (const route of routes) {
    const headers = z.object({
      'Accept-Language': acceptLanguage,
      ...(route.problems.includes('precondition-required') ? { 'If-Match': ifMatch } : {}),
      ...(route.tagged ? tagged : {}),
      ...(route.ranges ? ranges : {}),
    })
    const examples = bodyExamples(route)
    registry.registerPath({
      method: route.method,
      path: route.path,
      operationId: route.operationId,
      tags: [route.tag],
      summary: route.summary,
      description: [route.description, whoMay(route)].filter(Boolean).join('\n\n'),
      security: securityOf(route),
      request: {
        ...(route.params ? { params: route.params as z.ZodObject } : {}),
        ...(route.query ? { query: route.query as z.ZodObject } : {}),
        headers,
        ...(route.body
          ? { body: { required: true, content: { 'application/json': { schema: route.body, examples } } } }
          : {}),
        ...(route.raw ? { body: { required: true, content: rawContent(route.raw, route.form) } } : {}),
      },
      responses: {
        [route.status ?? 200]: {
          description: 'The answer',
          headers: headersOf(answerHeaders(route)),
          ...(route.status === 204 ? {} : contentOf(route, answers)),
        },
        ...(route.ranges
          ? {
              206: {
                description: 'The range that was asked for',
                headers: headersOf([...answerHeaders(route), 'Content-Range']),
                ...contentOf(route, answers),
              },
            }
          : {}),
        ...(route.tagged
          ? { 304: { description: 'Nothing changed', headers: headersOf(answerHeaders(route)) } }
          : {}),
        ...refusals(route),
      },
    })
  }
  const used = new Set(routes.map(({ tag }) => tag))
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Vpostcode',
      version,
      description: 'Vietnamese addresses of both eras, Vpostcodes and registered households.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS)
      .filter(([name]) => used.has(name as Route['tag']))
      .map(([name, description]) => ({ name, description })),
  })
  return mergeExtended(document)
}

const answerHeaders = (route: Route): (keyof typeof HEADERS)[] => [
  'X-Request-Id',
  ...(counts(route) ? (['RateLimit-Policy', 'RateLimit'] as const) : []),
  ...(route.tagged ? (['ETag'] as const) : []),
  ...(route.status === 201 || route.status === 202 ? (['Location'] as const) : []),
]

const counts = ({ access }: Route) => access !== 'open'

function securityOf({ access }: Route) {
  if (access === 'open') return []
  const keys: Record<string, string[]>[] = [{ ApiKey: [] }, { Bearer: [] }]
  return mayUse({ role: 'public' }, access) ? [{}, ...keys] : keys
}

function whoMay({ access }: Route): string {
  if (access === 'open') return 'Needs no key and counts in no quota.'
  const roles = ROLES.filter((role) => mayUse({ role }, access)).join(', ')
  return `${mayUse({ role: 'public' }, access) ? 'Needs no key; allowed to keys' : 'Needs a key'} of the roles: ${roles}.`
}

const bodyExamples = ({ examples }: Route) =>
  Object.fromEntries(
    examples.flatMap(({ body }, i) => (body === undefined ? [] : [[`example${i + 1}`, { value: body }]])),
  )

function answerExamples({ method, path }: Route, answers: Answers[string] = []) {
  if (answers.length === 0) return {}
  const name = ({ params = {}, query = {} }: Example) => {
    const url = path.replace(/\{(\w+)\}/g, (_, key) => params[key]!)
    const search = new URLSearchParams(query).toString()
    return `${method.toUpperCase()} ${url}${search && `?${search}`}`
  }
  return {
    examples: Object.fromEntries(
      answers.map(({ request, answer }, i) => [`example${i + 1}`, { summary: name(request), value: answer }]),
    ),
  }
}

function contentOf(route: Route, answers: Answers) {
  const { media = 'application/json', answer, operationId } = route
  return { content: { [media]: { schema: answer, ...answerExamples(route, answers[operationId]) } } }
}

const rawContent = (types: readonly string[], form: Route['form']) =>
  Object.fromEntries(
    types.map((type) => [type, { schema: form ?? { type: 'string' as const, format: 'binary' } }]),
  )

/** One response a status: the codes that come with it stand in its description. */
function refusals(route: Route) {
  const codes = new Set([
    ...route.problems,
    ...EVERYWHERE,
    ...(route.body ? WITH_BODY : []),
    ...(counts(route) ? WITH_KEY : []),
  ])
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of codes) {
    const { status } = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      {
        description: list.map((code) => `${code}: ${PROBLEMS[code].en}`).join('; '),
        headers: headersOf([
          'X-Request-Id',
          ...(status === 429 ? (['RateLimit-Policy', 'RateLimit'] as const) : []),
          ...(status === 429 || status === 503 ? (['Retry-After'] as const) : []),
        ]),
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  )
}
