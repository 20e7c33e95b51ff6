import { readFileSync } from 'node:fs'
import type { Router } from 'express'
import { expect, test } from 'vitest'
import { openApiDocument, recordedAnswers } from '../../src/http/openapi.ts'
import { PROBLEMS } from '../../src/http/problems.ts'
import { routes } from '../../src/http/routes/index.ts'
import { isHouseholdId } from '../../src/registry/id.ts'
import { openTestApi } from './support.ts'

const document = openApiDocument(routes, '0.0.0', recordedAnswers())
const page = readFileSync('docs/api.md', 'utf8')
const EXAMPLE_ID = '482910573625'

/** "GET /v1/units" of everything that the running application answers. */
async function answered(): Promise<string[]> {
  const api = await openTestApi()
  await api.close()
  const layers = (api.app.router as unknown as Router).stack.flatMap(({ route }) => (route ? [route] : []))
  return layers.flatMap(({ path, stack }) => {
    const methods = stack.flatMap(({ method }) => (method ? [method.toUpperCase()] : []))
    return [...new Set(methods)].map((method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
  })
}
const documented = Object.entries(document.paths ?? {}).flatMap(([path, operations]) =>
  Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
)

test('the OpenAPI document has the routes of the application, all and no others', async () => {
  expect(documented.sort()).toEqual((await answered()).sort())
})

test('every operation has a summary, an answer, refusals, and an example for each needed parameter', () => {
  for (const [path, operations] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations as Record<string, Operation>)) {
      const name = `${method} ${path}`
      expect([name, Boolean(operation.summary), Boolean(operation.operationId)]).toEqual([name, true, true])
      const answers = Object.keys(operation.responses)
      expect([name, answers]).toEqual([name, expect.arrayContaining(['400', '405', '500'])])
      expect([name, answers]).toEqual([name, expect.arrayContaining([expect.stringMatching(/^20[0124]$/)])])
      for (const parameter of operation.parameters ?? [])
        if (parameter.required) expect([name, parameter.schema?.example]).toEqual([name, expect.anything()])
    }
  }
})
interface Operation {
  summary: string
  operationId: string
  responses: object
  parameters?: { name: string; required?: boolean; schema?: { example?: string } }[]
}

test('every reference in the document leads to a schema', () => {
  const text = JSON.stringify(document)
  const names = Object.keys(document.components?.schemas ?? {})
  const used = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((found) => found[1]!)
  expect(used.length).toBeGreaterThan(20)
  expect(used.filter((name) => !names.includes(name))).toEqual([])
})

test('docs/api.md has a section for every route and none for others', async () => {
  const sections = [...page.matchAll(/^## ((?:GET|POST|PATCH|DELETE) .+)$/gm)].map((found) => found[1]!)
  expect(sections.sort()).toEqual((await answered()).sort())
})

test('docs/api.md names every parameter of every route', () => {
  for (const route of routes) {
    const section = page.split(`\n## ${route.method.toUpperCase()} ${route.path}\n`)[1]!.split('\n## ')[0]!
    const shape = (route.query as unknown as { shape?: object } | undefined)?.shape ?? {}
    for (const name of Object.keys(shape))
      expect([route.path, section]).toEqual([route.path, expect.stringContaining(`\`${name}\``)])
  }
})

test('docs/api.md has the table of problems, all and no others', () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ])
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(PROBLEMS).map(([code, { status }]) => [code, status])),
  )
})

test('every curl example of docs/api.md is answered', async () => {
  const { default: request } = await import('supertest')
  const api = await openTestApi()
  const urls = [...page.matchAll(/^curl (?:-i )?"?http:\/\/localhost:8080([^\s"]+)"?$/gm)].map(
    (found) => found[1]!,
  )
  expect(urls.length).toBeGreaterThan(7)
  expect(isHouseholdId(EXAMPLE_ID)).toBe(true)
  for (const url of urls) {
    const real = url.replace(EXAMPLE_ID, api.ids[0]!)
    expect([url, (await request(api.app).get(real)).status]).toEqual([url, 200])
  }
  await api.close()
})
