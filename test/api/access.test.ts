import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '../../src/http/routes/index.ts'
import { openTestApi, SHOP, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const UNITS = '/v1/units?limit=1'
const ask = (url: string, headers: Record<string, string> = {}) => request(api.app).get(url).set(headers)
const validate = (headers: Record<string, string>) =>
  request(api.app).post('/v1/validate').set(headers).send({ address: 'Lê Lợi, Quận 1' })

test('a key is read from both headers; one that nobody has is refused, also where none is needed', async () => {
  for (const [name, value] of [
    ['X-Api-Key', 'server'],
    ['Authorization', 'Bearer server'],
    ['Authorization', 'bearer  server'],
  ] as const)
    expect((await ask(UNITS, { [name]: value })).status).toBe(200)
  for (const [name, value] of [
    ['X-Api-Key', 'nobody'],
    ['X-Api-Key', 'constructor'],
    ['X-Api-Key', ''],
    ['X-Api-Key', `server${' '.repeat(300)}x`],
    ['Authorization', 'Bearer'],
    ['Authorization', 'Bearer server server'],
    ['Authorization', 'server'],
    ['Authorization', 'Basic c2VydmVyOng='],
    ['Authorization', 'Bearer-server'],
    ['Authorization', ''],
  ] as const) {
    const refused = await ask(UNITS, { [name]: value })
    expect([value, refused.status, refused.body.code]).toEqual([value, 401, 'unknown-key'])
  }
  const both = await ask(UNITS, { Authorization: 'Basic c2VydmVyOng=', 'X-Api-Key': 'server' })
  expect(both.status).toBe(401)
  expect((await ask('/healthz', { 'X-Api-Key': 'nobody' })).status).toBe(200)
})

test('a key does what its role may', async () => {
  const refused = await ask(UNITS, { 'X-Api-Key': 'browser', Origin: SHOP })
  expect([refused.status, refused.body.code]).toEqual([403, 'not-allowed'])
  expect((await ask('/v1/vpostcodes/71009QMCXR8V', { 'X-Api-Key': 'courier' })).status).toBe(200)
})

test('a browser key works from its own pages only', async () => {
  expect((await validate({ 'X-Api-Key': 'browser', Origin: SHOP })).status).toBe(200)
  for (const origin of [undefined, 'https://shop.example.evil.example', 'http://shop.example', 'null']) {
    const refused = await validate({ 'X-Api-Key': 'browser', ...(origin ? { Origin: origin } : {}) })
    expect([origin, refused.status, refused.body.code]).toEqual([origin, 403, 'origin-not-allowed'])
  }
})

describe('pages of other origins', () => {
  const preflight = (url: string, headers: Record<string, string> = {}) =>
    request(api.app)
      .options(url)
      .set({ Origin: SHOP, 'Access-Control-Request-Method': 'POST', ...headers })

  test('are told before they ask what they may send, for routes that need no key or a browser key', async () => {
    const answer = await preflight('/v1/validate', { 'Access-Control-Request-Headers': 'x-api-key' })
    expect(answer.status).toBe(204)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': expect.stringMatching(/Content-Type.*X-Api-Key/),
      'access-control-max-age': '86400',
    })
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    expect((await preflight('/v1/convert')).headers['access-control-allow-methods']).toBe('GET,POST')
    const health = await preflight('/healthz')
    expect([health.status, health.headers['access-control-allow-origin']]).toEqual([204, undefined])
  })

  test('every route that no page may ask is left out', async () => {
    const closed = routes.filter(({ path, access }) => {
      const others = routes.filter((route) => route.path === path)
      return (
        !['search', 'resolve', 'read'].includes(access) && others.every((route) => route.access === access)
      )
    })
    expect(closed.length).toBeGreaterThan(1)
    for (const { path } of closed)
      expect([path, (await preflight(path)).headers['access-control-allow-origin']]).toEqual([
        path,
        undefined,
      ])
  })

  test('read what is asked without a key, refusals too', async () => {
    for (const [url, status] of [
      [UNITS, 200],
      ['/v1/units?colour=red', 400],
      ['/v1/nowhere', 404],
      ['/v1/units/%zz', 400],
    ] as const) {
      const answer = await ask(url, { Origin: 'https://anybody.example' })
      expect([url, answer.status, answer.headers['access-control-allow-origin']]).toEqual([url, status, '*'])
      expect(answer.headers['access-control-expose-headers']).toMatch(
        /ETag,Location,RateLimit,.*X-Request-Id/,
      )
      expect(answer.headers['vary']).toMatch(/^Authorization, X-Api-Key/)
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    }
    const unknown = await ask(UNITS, { Origin: SHOP, 'X-Api-Key': 'nobody' })
    expect([unknown.status, unknown.headers['access-control-allow-origin']]).toEqual([401, '*'])
  })

  test('read with a browser key under their own origin only', async () => {
    const answer = await validate({ 'X-Api-Key': 'browser', Origin: SHOP })
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': SHOP,
      vary: expect.stringContaining('Origin'),
    })
    // The page sees why it is refused.
    const evil = await validate({ 'X-Api-Key': 'browser', Origin: 'https://evil.example' })
    expect([evil.status, evil.headers['access-control-allow-origin']]).toEqual([403, 'https://evil.example'])
    const refused = await ask(UNITS, { 'X-Api-Key': 'browser', Origin: SHOP })
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([403, SHOP])
  })

  test('read nothing with the key of a server', async () => {
    for (const key of ['server', 'staff', 'courier']) {
      const answer = await ask('/v1/vpostcodes/71009QMCXR8V', { 'X-Api-Key': key, Origin: SHOP })
      expect([key, answer.status, answer.headers['access-control-allow-origin']]).toEqual([
        key,
        200,
        undefined,
      ])
    }
  })

  test('show images: no answer is kept from them by its resource policy', async () => {
    expect((await ask(UNITS)).headers['cross-origin-resource-policy']).toBe('cross-origin')
  })
})

test('what needs a key is kept by no cache, unless the route says how', async () => {
  for (const [url, key] of [
    ['/v1/review', 'staff'],
    ['/v1/households?limit=1', 'staff'],
    ['/v1/keys', 'admin'],
  ] as const) {
    const { status, headers } = await ask(url, { 'X-Api-Key': key })
    expect([url, status, headers['cache-control']]).toEqual([url, 200, 'private, no-store'])
  }
  const whole = await ask(`/v1/households/${api.ids[0]}`, { 'X-Api-Key': 'staff' })
  expect(whole.headers['cache-control']).toBe('private, no-cache')
  expect((await ask('/v1/search?q=Hu%E1%BA%BF')).headers['cache-control']).toBeUndefined()
})
