import { readFileSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import request from 'supertest'
import { expect, test } from 'vitest'
import { openApiDocument, recordedAnswers } from '../../src/http/openapi.ts'
import { routes } from '../../src/http/routes/index.ts'
import { openTestApi } from './support.ts'

const document = openApiDocument(routes, '0.0.0', recordedAnswers())
const operations = Object.fromEntries(
  Object.values(document.paths ?? {}).flatMap((path) =>
    Object.values(path as Record<string, Operation>).map((operation) => [operation.operationId, operation]),
  ),
)
interface Operation {
  operationId: string
  security: object[]
  description: string
  parameters?: { name: string; in: string }[]
  requestBody?: { content: Record<string, { examples?: object }> }
  responses: Record<string, { headers?: object; content?: Record<string, { examples?: object }> }>
}

test('the document passes the recommended rules of redocly: its examples too fit their schemas', async () => {
  const config = await createConfig({ extends: ['recommended'] })
  const found = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: '/openapi.json',
    config,
  })
  expect(found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
})

test('what the build wrote is this document: /openapi.json of a service is read, not made', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect(readFileSync('dist/openapi.json', 'utf8')).toBe(
    JSON.stringify(openApiDocument(routes, version, recordedAnswers())),
  )
})

test('every operation says who may use it', () => {
  expect(operations['health']).toMatchObject({ security: [] })
  expect(operations['search']).toMatchObject({ security: [{}, { ApiKey: [] }, { Bearer: [] }] })
  const verify = operations['verifyHousehold']!
  expect(verify.security).toEqual([{ ApiKey: [] }, { Bearer: [] }])
  expect(verify.description).toMatch(/Needs a key of the roles: staff\.$/)
  expect(verify.parameters).toContainEqual(expect.objectContaining({ name: 'If-Match', in: 'header' }))
})

test('every operation that takes JSON shows a request, every one that answers JSON an answer, and what is left of the quota', () => {
  for (const { operationId, requestBody, responses } of Object.values(operations)) {
    const body = requestBody?.content['application/json']
    if (body)
      expect([operationId, body.examples]).toEqual([
        operationId,
        expect.objectContaining({ example1: expect.anything() }),
      ])
    const [status, answer] = Object.entries(responses).find(([code]) => code.startsWith('2'))!
    // What is answered to files and of jobs is in tests of their own, not in docs/examples.json.
    const isKept =
      !['openapi', 'getManifest'].includes(operationId) &&
      !/job/i.test(operationId) &&
      requestBody?.content['multipart/form-data'] === undefined
    if (answer.content?.['application/json'] && isKept)
      expect([operationId, status, answer.content['application/json'].examples]).toEqual([
        operationId,
        status,
        expect.objectContaining({ example1: expect.anything() }),
      ])
    if (responses['429'])
      expect([operationId, Object.keys(responses['429'].headers ?? {})]).toEqual([
        operationId,
        expect.arrayContaining(['RateLimit', 'Retry-After']),
      ])
  }
})

test('what has an ETag says so and answers 304 to it; files say that they can be had in parts', async () => {
  const api = await openTestApi()
  const seen: string[] = []
  for (const { method, path, operationId, examples, tagged } of routes) {
    if (method !== 'get') continue
    const [{ params = {}, query = {} } = {}] = examples
    const url = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? api.ids[0]!))
    const ask = (headers = {}) =>
      request(api.app)
        .get(url)
        .query(query)
        .set({ 'X-Api-Key': 'staff', ...headers })
    const { status, headers } = await ask()
    if (status !== 200) continue
    expect([operationId, headers['etag'] !== undefined]).toEqual([operationId, tagged ?? false])
    const told = operations[operationId]!
    expect([operationId, '304' in told.responses]).toEqual([operationId, tagged ?? false])
    if (!tagged) continue
    seen.push(operationId)
    expect([operationId, (await ask({ 'If-None-Match': headers['etag'] })).status]).toEqual([
      operationId,
      304,
    ])
  }
  expect(seen).toEqual(expect.arrayContaining(['getHousehold', 'getUnit']))
  const { parameters, responses } = operations['getJobResult']!
  expect(parameters?.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Range', 'If-Range', 'If-None-Match']),
  )
  expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '206', '304', '416']))
  await api.close()
})
