import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import { z } from './params.ts'
import { PROBLEMS, type ProblemCode } from './problems.ts'
import type { Route } from './route.ts'
import { problem } from './schemas.ts'

/** What any route can answer with. */
const EVERYWHERE: ProblemCode[] = ['malformed-url', 'url-too-long', 'method-not-allowed', 'server-error']
const WITH_BODY: ProblemCode[] = ['missing-parameter', 'bad-json', 'body-too-large', 'unsupported-media-type']
const WITH_KEY: ProblemCode[] = [
  'key-needed',
  'unknown-key',
  'not-allowed',
  'origin-not-allowed',
  'too-many-requests',
]

const ifMatch = z.object({
  'If-Match': z.string().openapi({
    description: 'The ETag with which the household was answered',
    example: '"3-mdx3k2a1.full"',
  }),
})

/** The OpenAPI 3.1 document of a list of routes. */
export function openApiDocument(routes: readonly Route[], version: string) {
  const registry = new OpenAPIRegistry()
  for (const route of routes) {
    registry.registerPath({
      method: route.method,
      path: route.path,
      operationId: route.operationId,
      tags: [route.tag],
      summary: route.summary,
      ...(route.description ? { description: route.description } : {}),
      request: {
        ...(route.params ? { params: route.params as z.ZodObject } : {}),
        ...(route.query ? { query: route.query as z.ZodObject } : {}),
        ...(route.problems.includes('precondition-required') ? { headers: ifMatch } : {}),
        ...(route.body
          ? { body: { required: true, content: { 'application/json': { schema: route.body } } } }
          : {}),
        ...(route.raw ? { body: { required: true, content: rawContent(route.raw, route.form) } } : {}),
      },
      responses: {
        [route.status ?? 200]: {
          description: 'The answer',
          ...(route.status === 204 ? {} : contentOf(route)),
        },
        ...refusals(route),
      },
    })
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Vpostcode',
      version,
      description: 'Vietnamese addresses of both eras, Vpostcodes and registered households.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
  })
}

const contentOf = ({ media = 'application/json', answer }: Route) => ({
  content: { [media]: { schema: answer } },
})

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
    ...(route.access === 'open' ? [] : WITH_KEY),
  ])
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of codes) {
    const { status } = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const content = { 'application/problem+json': { schema: problem } }
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      { description: list.map((code) => `${code}: ${PROBLEMS[code].en}`).join('; '), content },
    ]),
  )
}
