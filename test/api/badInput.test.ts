import { connect } from 'node:net'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readInput, z } from '../../src/http/params.ts'
import type { Problem } from '../../src/http/problems.ts'
import type { Example, Route } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes/index.ts'
import { problem } from '../../src/http/schemas.ts'
import { startServer } from '../../src/http/server.ts'
import { keyFor, openTestApi, type TestApi } from './support.ts'

/** What every route is given that no route can use; the routes come from the list, so a new one is tested too. */
let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const urlOf = ({ path, examples }: Route, params: Example['params'] = {}) =>
  path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(
      params[name] ??
        (name === 'id' && path.includes('households') ? api.ids[0]! : (examples[0]?.params?.[name] ?? '1')),
    ),
  )
const ask = (route: Route, params: Example['params'] = {}) =>
  request(api.app)
    [route.method](urlOf(route, params))
    .set({ ...keyFor(route), 'If-Match': '"0-0.full"' })

/** Refused with one of the codes, in the one shape; answers the named values. */
async function refused(asked: request.Test, ...codes: string[]): Promise<string[]> {
  const { status, body, text, headers } = await asked
  expect([body.code, codes]).toEqual([body.code, expect.arrayContaining([body.code])])
  expect([status, body.status, headers['content-type']]).toEqual([
    status,
    status,
    'application/problem+json; charset=utf-8',
  ])
  expect(status).toBeLessThan(500)
  expect(problem.safeParse(body).error?.issues ?? []).toEqual([])
  expect(text).not.toMatch(/<html|\bat .*\.(?:ts|js):/i)
  return (body.errors ?? []).map(({ in: place, name }: { in: string; name: string }) => `${place} ${name}`)
}

const shapeOf = (schema: unknown): string[] =>
  Object.keys((schema as { shape?: object } | undefined)?.shape ?? {})
const named = (list: readonly Route[]) =>
  list.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const)
const JSON_BODIES = routes.filter(({ body }) => body)

describe.each(named(JSON_BODIES))('the body of %s', (_name, route) => {
  const example = route.examples.find(({ body }) => body)!
  const send = (body: string | object | undefined, type = 'application/json') =>
    ask(route)
      .query(example.query ?? {})
      .set('Content-Type', type)
      .send(body)
  const fields = Object.keys(example.body as object)

  test('that is no JSON', async () => {
    for (const text of ['{', '{"a":', 'address', '{"a":1}{', "{'a':1}", '\u0000', '"text"', '5', 'null'])
      await refused(send(text), 'bad-json')
  })
  test('that is not UTF-8', async () => {
    const asked = send(undefined)
    asked.write(Buffer.from('{"address":"'))
    asked.write(Buffer.from([0xff, 0xfe]))
    asked.write(Buffer.from('"}'))
    await refused(asked, 'bad-json')
  })
  test('that is huge', async () => {
    await refused(send(`{"address":"${'a'.repeat(3_000_000)}"}`), 'body-too-large')
  })
  test('of another type, or none', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
    ])
      await refused(send('a=1', type), 'unsupported-media-type')
    await refused(ask(route).query(example.query ?? {}), 'unsupported-media-type')
  })
  test('that is compressed', async () => {
    await refused(
      send(JSON.stringify(example.body)).set('Content-Encoding', 'gzip'),
      'unsupported-media-type',
    )
  })
  test('that is empty, a list, or has unknown fields, which are named', async () => {
    await refused(send([]), 'bad-parameter', 'missing-parameter')
    const faults = await refused(send({ ...(example.body as object), colour: 'red' }), 'unknown-parameter')
    expect(faults).toContain('body colour')
  })
  test.each(fields)('with a wrong type of %s, which is named', async (field) => {
    const isBoolean = typeof (example.body as Record<string, unknown>)[field] === 'boolean'
    for (const value of [isBoolean ? 1 : true, { colour: { red: 1 } }, [[[]]]]) {
      const faults = await refused(
        send({ ...(example.body as object), [field]: value }),
        'bad-parameter',
        'unknown-parameter',
        'missing-parameter',
      )
      expect([field, faults]).toEqual([
        field,
        expect.arrayContaining([expect.stringMatching(new RegExp(`^body ${field}`))]),
      ])
    }
  })
})

const WITH_QUERY = routes.flatMap((route) =>
  shapeOf(route.query).map((name) => [`${route.path}?${name}=`, route, name] as const),
)
test.each(WITH_QUERY)('%s given twice is refused by name', async (_name, route, parameter) => {
  const faults = await refused(
    ask(route)
      .query({ ...route.examples[0]?.query, [parameter]: ['1', '2'] })
      .send(route.examples[0]?.body as object),
    'bad-parameter',
    'missing-parameter',
  )
  expect(faults).toContain(`query ${parameter}`)
})
test.each(WITH_QUERY)('%s too long is refused', async (_name, route, parameter) => {
  const codes = ['bad-parameter', 'missing-parameter', 'input-too-long', 'mistyped-household-id']
  await refused(
    ask(route)
      .query({ ...route.examples[0]?.query, [parameter]: 'x'.repeat(3_000) })
      .send(route.examples[0]?.body as object),
    ...codes,
  )
})

const WITH_PATH = routes.flatMap((route) =>
  shapeOf(route.params).map((name) => [route.path, route, name] as const),
)
test.each(WITH_PATH)(
  '%s: a parameter of the path that is too long, or nonsense',
  async (_path, route, parameter) => {
    const body = route.examples.find(({ body }) => body)?.body as object | undefined
    for (const value of ['x'.repeat(3_000), '\u0000', '../..', '__proto__', '%', '𝟙']) {
      const asked = ask(route, { [parameter]: value })
      const { status, body: answer } = await (body ? asked.send(body) : asked)
      // A code that cannot be one is told what is wrong with it.
      if (status === 200) expect([value, answer.status]).toEqual([value, 'mistyped'])
      else expect([value, status < 500, problem.safeParse(answer).success]).toEqual([value, true, true])
    }
  },
)

const FORMS = routes.filter(({ raw }) => raw)
test.each(named(FORMS))('%s: a form that ends in the middle of a file, of any name', async (_name, route) => {
  for (const name of ['data', 'file', 'colour']) {
    const form = `--x\r\nContent-Disposition: form-data; name="${name}"; filename="a.csv"\r\n\r\naddress\nHà`
    await refused(
      ask(route).set('Content-Type', 'multipart/form-data; boundary=x').send(form),
      'bad-parameter',
    )
  }
})
test.each(named(FORMS))('%s takes no other body than a form', async (_name, route) => {
  for (const type of ['application/json', 'text/csv', 'application/octet-stream'])
    await refused(ask(route).set('Content-Type', type).send('{}'), 'unsupported-media-type')
})

describe('slow clients', () => {
  /** Milliseconds until the server says why and closes, and what it says. */
  async function trickle(start: string, drop: string): Promise<[number, string]> {
    const server = await startServer(api.deps, 0, '127.0.0.1')
    const socket = connect(server.port, '127.0.0.1')
    const from = Date.now()
    let said = ''
    socket.setEncoding('utf8').on('data', (text) => {
      said += text
    })
    socket.write(start)
    const drops = setInterval(() => socket.write(drop), 1_000)
    await new Promise((resolve) => socket.once('close', resolve).on('error', resolve))
    clearInterval(drops)
    await server.close()
    return [Date.now() - from, said]
  }

  test.concurrent('whose headers trickle in', { timeout: 60_000 }, async () => {
    const [time, said] = await trickle('GET /healthz HTTP/1.1\r\nHost: x\r\n', 'X-Drop: 1\r\n')
    expect([said.split('\r\n')[0], said]).toEqual([
      'HTTP/1.1 408 Request Timeout',
      expect.stringContaining('"code":"request-timeout"'),
    ])
    expect(time).toBeLessThan(30_000)
  })
  test.concurrent('whose body trickles in', { timeout: 60_000 }, async () => {
    const head =
      'POST /v1/validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n'
    const [time, said] = await trickle(head, '"')
    expect([said.split('\r\n')[0], said]).toEqual([
      'HTTP/1.1 408 Request Timeout',
      expect.stringContaining('"code":"request-timeout"'),
    ])
    expect(time).toBeLessThan(45_000)
  })
})

test('what is missing is told apart from what is wrong, whatever it should be', () => {
  const schema = z.strictObject({
    found: z.enum(['right', 'gone']),
    at: z.strictObject({ kind: z.literal('door') }),
    address: z.union([z.string(), z.strictObject({ street: z.string() })]),
    limit: z.int(),
  })
  const codeOf = (value: object) => {
    try {
      readInput(schema, { found: 'right', at: { kind: 'door' }, address: 'x', limit: 1, ...value }, 'body')
    } catch (error) {
      const { code, faults } = error as Problem
      return [code, faults.map(({ name }) => name)]
    }
  }
  for (const [value, wrong, name] of [
    [{ found: undefined }, { found: 'x' }, 'found'],
    [{ at: {} }, { at: { kind: null } }, 'at.kind'],
    [{ at: undefined }, { at: 'x' }, 'at'],
    [{ address: undefined }, { address: 5 }, 'address'],
    [{ limit: undefined }, { limit: null }, 'limit'],
  ] as const) {
    expect(codeOf(value)).toEqual(['missing-parameter', [name]])
    expect(codeOf(wrong)).toEqual(['bad-parameter', [name]])
  }
})
