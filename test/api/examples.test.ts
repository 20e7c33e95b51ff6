import { readFileSync } from 'node:fs'
import request from 'supertest'
import { expect, test } from 'vitest'
import { type Answers, recordedAnswers } from '../../src/http/openapi.ts'
import type { Example, Route } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes/index.ts'
import { gazetteer, keyFor, openTestApi, type TestApi } from './support.ts'

/**
 * docs/examples.json has what the examples of the routes are answered; /openapi.json shows it. What differs from one database
 * to the next (ids, times, cursors) is put into one form. `npx vitest run test/api/examples.test.ts -u` writes the file.
 */
const FILE = '../../docs/examples.json'

/** Not kept: they answer no JSON, or something else on each machine. Files and jobs have tests of their own. */
const shown = routes.filter(
  ({ media = 'application/json', raw, path }) =>
    media.endsWith('json') && !raw && path !== '/openapi.json' && !/^\/v1\/(jobs|publications\/)/.test(path),
)
/** Characters. A longer answer helps nobody who reads the document. */
const LONGEST = 20_000

/** What has to be done before, so that a change can be carried out. */
const BEFORE: Record<string, (api: TestApi) => Promise<unknown>> = {
  reinstateHousehold: (api) => post(api, '/retire', { reason: 'gone' }),
  removeExternalId: (api) => post(api, '/external-ids', { scheme: 'office', value: 'HK-14' }, 2),
}

const staff = { 'X-Api-Key': 'staff' }
async function etagOf(api: TestApi, id: string): Promise<string> {
  return (await request(api.app).get(`/v1/households/${id}`).set(staff)).headers['etag']!
}
async function post(api: TestApi, under: string, body: object, home = 0) {
  const id = api.ids[home]!
  const ifMatch = await etagOf(api, id)
  return request(api.app)
    .post(`/v1/households/${id}${under}`)
    .set({ ...staff, 'If-Match': ifMatch })
    .send(body)
}

/** The home of an example: the one that has the number which it takes away, else the first. */
const homeOf = (route: Route) => (route.operationId === 'removeExternalId' ? 2 : 0)

async function ask(api: TestApi, route: Route, { params = {}, query = {}, body }: Example) {
  const home = api.ids[homeOf(route)]!
  const url = route.path.replace(/\{(\w+)\}/g, (_, name) =>
    name === 'id' && route.tag === 'households' ? home : encodeURIComponent(params[name]!),
  )
  const text = JSON.stringify(body ?? null).replaceAll('100000000008', api.ids[1]!)
  const ifMatch =
    route.access === 'write' && route.path.includes('{id}') ? { 'If-Match': await etagOf(api, home) } : {}
  return request(api.app)
    [route.method](url)
    .set({ ...keyFor(route), ...ifMatch })
    .query(query)
    .send(body === undefined ? undefined : JSON.parse(text))
}

/** Ids that ids can be: the same ones in every answer, in the order in which it names them. */
const IDS = ['482910573625', '913570284116', '275640391823', '638210457294', '150930628473']

/** The answer without what is new on each database. */
function settled(answer: unknown): unknown {
  const ids = new Map<string, string>()
  const idOf = (id: string) => {
    if (!ids.has(id)) ids.set(id, IDS[ids.size] ?? IDS.at(-1)!)
    return ids.get(id)!
  }
  const text = JSON.stringify(answer, (key, value) => {
    if (['next', 'until', 'cursor', 'since'].includes(key) && typeof value === 'string') return 'b3BhcXVlCg'
    if (key === 'day') return '2026-01-15'
    return value
  })
  return JSON.parse(
    text
      .replaceAll(gazetteer.version, '8ca0c06a919b')
      .replaceAll('0.0.0-test', '0.1.0')
      .replace(
        /\bvp_([a-z]+)_([\w-]{8,43})/g,
        (_, role, secret) => `vp_${role}_${'3xAmpLeK'.padEnd(secret.length, 'x')}`,
      )
      .replace(/"\d+-[a-z0-9]{6,}"/g, '"3-mdx3k2a1"')
      .replace(/\b[1-9]\d{4}[01]\d{6}\b/g, idOf)
      .replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g, '2026-01-15T08:30:00.000Z'),
  )
}

test('every example of every route is answered as docs/examples.json has it', {
  timeout: 120_000,
}, async () => {
  const answers: Answers = {}
  const shared = await openTestApi()
  for (const route of shown) {
    const examples = route.examples.length > 0 ? route.examples : [{ params: { id: IDS[0]! } }]
    for (const example of examples) {
      const api = route.access === 'write' ? await openTestApi() : shared
      await BEFORE[route.operationId]?.(api)
      const { status, body } = await ask(api, route, example)
      if (api !== shared) await api.close()
      expect([route.operationId, status, body.errors]).toEqual([
        route.operationId,
        route.status ?? 200,
        undefined,
      ])
      expect([route.operationId, route.answer.safeParse(body).error?.issues ?? []]).toEqual([
        route.operationId,
        [],
      ])
      answers[route.operationId] ??= []
      const list = answers[route.operationId]!
      if (list.length === 0 || JSON.stringify(body).length < LONGEST)
        list.push({ request: example, answer: settled(body) })
    }
  }
  await shared.close()
  await expect(`${JSON.stringify(answers, null, 1)}\n`).toMatchFileSnapshot(FILE)
})

test('the document shows an answer of every route that answers JSON', () => {
  expect(Object.keys(recordedAnswers()).sort()).toEqual(shown.map(({ operationId }) => operationId).sort())
  expect(readFileSync('docs/examples.json', 'utf8').length).toBeLessThan(400_000)
})
