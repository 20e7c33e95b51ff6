import { Writable } from 'node:stream'
import express from 'express'
import { pino } from 'pino'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROBLEMS, Problem, type ProblemCode, sendProblem } from '../../src/http/problems.ts'
import { routes } from '../../src/http/routes/index.ts'
import { problem } from '../../src/http/schemas.ts'
import { keyFor, openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

/** A log whose lines stay in memory. */
function keptLog() {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { log: pino(stream), lines }
}

/** Every refusal has this shape, whatever its cause. */
async function refused(response: request.Test, status: number, code: string) {
  const { body, headers, text, ...answer } = await response
  expect([answer.status, body.code]).toEqual([status, code])
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(problem.safeParse(body).error?.issues ?? []).toEqual([])
  expect(body).toMatchObject({
    status,
    type: `urn:vpostcode:problem:${code}`,
    requestId: headers['x-request-id'],
  })
  expect(text).not.toMatch(/<html|\bat .*\.(?:ts|js):/i)
  return body
}

const get = (url: string) => request(api.app).get(url)

describe('what any route refuses', () => {
  test('a URL that leads nowhere', async () => {
    for (const url of ['/v1', '/v1/nothing', '/v1/units/79/more', '/V1/units', '/v1/vpostcodes/a/b'])
      await refused(get(url), 404, 'unknown-route')
  })

  test('broken percent-encoding and bytes that are not UTF-8, in path and query', async () => {
    for (const url of [
      '/v1/units/%E0%A4%A',
      '/v1/units?q=%ff',
      '/v1/units?q=%',
      '/%c0%af',
      '/v1/vpostcodes/%zz',
    ])
      await refused(get(url), 400, 'malformed-url')
  })

  test('a URL beyond 8,192 characters', async () => {
    await refused(get(`/v1/units?q=${'a'.repeat(8_190)}`), 414, 'url-too-long')
  })

  test.each(['/', '/console', '/v/71009QMCXR8V', '/tiles.json', '/assets/none.js', '/widget.js'])(
    'other methods at the page %s',
    async (path) => {
      for (const method of ['post', 'put', 'delete'] as const)
        await refused(request(api.app)[method](path), 405, 'method-not-allowed')
      const options = await request(api.app).options(path)
      expect([options.status, options.text, options.headers.allow]).toEqual([204, '', 'GET, HEAD, OPTIONS'])
    },
  )

  test.each(routes.map((route) => [route.path, route] as const))(
    'other methods at %s',
    async (path, { examples }) => {
      const allowed = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase())
      const url = path.replace(/\{(\w+)\}/g, (_, name) =>
        encodeURIComponent(examples[0]?.params?.[name] ?? '1'),
      )
      for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
        if (allowed.includes(method.toUpperCase())) continue
        const response = request(api.app)[method](url)
        await refused(response, 405, 'method-not-allowed')
        const { headers } = await request(api.app)[method](url)
        expect(headers.allow!.split(', ')).toEqual(expect.arrayContaining(allowed))
      }
      const options = await request(api.app).options(url)
      expect([options.status, options.text]).toEqual([204, ''])
      expect(options.headers.allow!.split(', ')).toEqual(expect.arrayContaining(allowed))
    },
  )

  test.each(routes.map((route) => [route.path, route] as const))(
    'unknown parameters at %s',
    async (path, route) => {
      const url = path.replace(/\{(\w+)\}/g, (_, name) =>
        encodeURIComponent(route.examples[0]?.params?.[name] ?? '1'),
      )
      const body = await refused(
        request(api.app)
          [route.method](url)
          .set(keyFor(route))
          .query({ ...route.examples[0]?.query, colour: 'red', __proto: '1' })
          .type(route.raw?.[0] ?? 'json')
          .send(route.raw ? '-' : route.body ? (route.examples[0]!.body as object) : undefined),
        400,
        'unknown-parameter',
      )
      const names = body.errors.map((error: { in: string; name: string }) => `${error.in} ${error.name}`)
      expect(names).toEqual(expect.arrayContaining(['query colour', 'query __proto']))
    },
  )
})

test('titles and messages come in the language asked for', async () => {
  const ask = (language: string) => get('/v1/units?limit=x').set('Accept-Language', language)
  const vi = await ask('vi-VN, en;q=0.5')
  expect([vi.body.title, vi.headers['content-language']]).toEqual([PROBLEMS['bad-parameter'].vi, 'vi'])
  expect(vi.body.errors[0].message).toBe('phải là số nguyên từ 1 đến 200')
  for (const language of ['en', 'fr', '*', '']) {
    const { body, headers } = await ask(language)
    expect([body.title, headers['content-language']]).toEqual([PROBLEMS['bad-parameter'].en, 'en'])
    expect(headers.vary).toContain('Accept-Language')
  }
})

test('every 503 says when to ask again', async () => {
  const codes = (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => PROBLEMS[code].status === 503)
  const app = express()
  app.get('/:code', (req, res) => sendProblem(req, res, new Problem(req.params.code as ProblemCode)))
  expect(codes).toEqual(expect.arrayContaining(['busy', 'not-ready', 'batch-full', 'too-many-files']))
  for (const code of codes) {
    const { status, headers } = await request(app).get(`/${code}`)
    expect([code, status, headers['retry-after']]).toEqual([code, 503, '5'])
  }
})

describe('numbers', () => {
  test.each(['', ' ', '0', '-1', '201', '1.5', '1e1', '0x10', 'NaN', 'Infinity', '1,5', '१', '9'.repeat(50)])(
    'limit=%s is refused',
    async (limit) => {
      const body = await refused(get('/v1/units').query({ limit }), 400, 'bad-parameter')
      expect(body.errors).toMatchObject([{ in: 'query', name: 'limit' }])
    },
  )
  test('given twice is refused', async () => {
    const body = await refused(get('/v1/units?limit=1&limit=2'), 400, 'bad-parameter')
    expect(body.errors[0].message).toBe('must be given once')
  })
  test('with blanks around or a plus sign is read', async () => {
    expect((await get('/v1/units').query({ limit: ' +2 ' })).body.units.length).toBe(2)
  })
})

test('a trace id of the caller is taken over, anything else is replaced', async () => {
  const id = '4bf92f3577b34da6a3ce929d0e0e4736'
  expect((await get('/healthz').set('X-Request-Id', id)).headers['x-request-id']).toBe(id)
  const other = (await get('/healthz').set('X-Request-Id', '0912345678')).headers['x-request-id']
  expect(other).toMatch(/^[0-9a-f]{8}-/)
})

test('the server does not say what it is made of', async () => {
  const { headers } = await get('/healthz')
  expect(headers['x-powered-by']).toBeUndefined()
  expect(headers['x-content-type-options']).toBe('nosniff')
})

test('an unexpected failure says nothing of itself, and the log has its place but not its message', async () => {
  const { log, lines } = keptLog()
  const broken = await openTestApi({
    log,
    versioned: async () => {
      throw new TypeError('cannot read 12 Lê Lợi')
    },
  })
  const response = await request(broken.app).get(`/v1/households/${broken.ids[0]}`)
  await broken.close()
  expect([response.status, response.body.code]).toEqual([500, 'server-error'])
  expect(response.text).not.toMatch(/Lê Lợi|TypeError|\.ts/)
  const written = lines.join('')
  expect(written).toContain('TypeError')
  expect(written).toContain('problems.test.ts')
  expect(written).toContain(response.body.requestId)
  expect(written).not.toContain('Lê Lợi')
})

test('the log has route, status, time and id, and nothing that was asked', async () => {
  const { log, lines } = keptLog()
  const logged = await openTestApi({ log })
  const secret = /duong-bi-mat|bi mat|10\.77|106\.69|71009QMCXR8V|482910573|SECRET/i
  await request(logged.app).get('/v1/convert').query({ address: '12 duong-bi-mat, Ben Thanh' })
  await request(logged.app)
    .post('/v1/convert')
    .send({ address: '12 bi mat', point: { lat: 10.7721, lon: 106.6983 } })
  await request(logged.app)
    .post('/v1/convert')
    .set('Content-Type', 'application/json')
    .send('{"address": SECRET')
  await request(logged.app).get('/v1/vpostcodes/71009QMCXR8V')
  await request(logged.app)
    .get('/v1/reverse?lat=10.7721&lon=106.6983&duong-bi-mat=1')
    .set('Referer', 'http://x/SECRET')
  await request(logged.app).get('/v1/households/482910573628').set('User-Agent', 'SECRET')
  await request(logged.app).get('/duong-bi-mat')
  await logged.close()
  const entries = lines.map((line) => JSON.parse(line))
  expect(entries.map(({ route }) => route)).toEqual([
    '/v1/convert',
    '/v1/convert',
    '/v1/convert',
    '/v1/vpostcodes/:code',
    '/v1/reverse',
    '/v1/households/:id',
    null,
  ])
  expect(entries.map(({ problem }) => problem)).toEqual([
    ...[
      undefined,
      undefined,
      'bad-json',
      undefined,
      'unknown-parameter',
      'mistyped-household-id',
      'unknown-route',
    ],
  ])
  for (const { problem, ...entry } of entries) {
    expect(Object.keys(entry).sort()).toEqual(
      ['hostname', 'id', 'level', 'method', 'ms', 'msg', 'pid', 'route', 'status', 'time'].sort(),
    )
    expect(JSON.stringify(entry)).not.toMatch(secret)
  }
})
