import request from 'supertest'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openCounts } from '../../src/access/counts.ts'
import { createApp } from '../../src/http/app.ts'
import type { AppSettings } from '../../src/http/route.ts'
import { CALLERS, openTestApi, SHOP, type TestApi } from './support.ts'

const UNITS = '/v1/units?limit=1'
const HALF_PAST = Date.parse('2026-11-22T08:00:30Z')

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())
// The clock stands at half a minute; sockets and their timers go on.
beforeEach(() => void vi.useFakeTimers({ now: HALF_PAST, toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

/** A new application, nothing counted yet, with quotas of keys by the name of the key. */
function appWith(settings: Partial<AppSettings>, perMinute: Record<string, number> = {}) {
  const keys = {
    callerOf(key: string) {
      const caller = CALLERS[key]
      return caller ? { ...caller, key: { ...caller.key!, perMinute: perMinute[key] ?? 1_000 } } : null
    },
  }
  return createApp({
    ...api.deps,
    keys,
    counts: openCounts(),
    settings: { ...api.deps.settings, ...settings },
  })
}
type App = ReturnType<typeof appWith>
const ask = (app: App, headers: Record<string, string> = {}, url = UNITS) =>
  request(app).get(url).set(headers)
const statuses = async (n: number, app: App, headers: Record<string, string>, url?: string) => {
  const found: number[] = []
  for (let i = 0; i < n; i++) found.push((await ask(app, headers, url)).status)
  return found
}

describe('without a key', () => {
  test('an address has its quota, is told how much is left, and is refused beyond it until the minute ends', async () => {
    const app = appWith({ publicPerMinute: 2 })
    const first = await ask(app)
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"address";q=2;w=60',
      ratelimit: '"address";r=1;t=30',
    })
    await ask(app)
    const refused = await ask(app)
    expect([refused.status, refused.body.code, refused.type]).toEqual([
      429,
      'too-many-requests',
      'application/problem+json',
    ])
    expect(refused.headers).toMatchObject({
      'retry-after': '30',
      ratelimit: '"address";r=0;t=30',
      'access-control-allow-origin': '*',
    })
    expect((await ask(app, {}, '/healthz')).status).toBe(200)
    vi.setSystemTime(HALF_PAST + 30_000)
    expect((await ask(app)).headers['ratelimit']).toBe('"address";r=1;t=60')
  })

  test('keys that nobody has count, so that nobody tries them out for free', async () => {
    const app = appWith({ publicPerMinute: 2 })
    expect(await statuses(3, app, { 'X-Api-Key': 'nobody' })).toEqual([401, 401, 429])
  })

  test('refusals of the route count', async () => {
    const app = appWith({ publicPerMinute: 1 })
    expect(await statuses(2, app, {}, '/v1/units?colour=red')).toEqual([400, 429])
  })

  test('0 is no quota', async () => {
    const answer = await ask(appWith({ publicPerMinute: 0 }))
    expect([answer.status, answer.headers['ratelimit']]).toEqual([200, undefined])
  })
})

describe('the address of the client', () => {
  const from = (address: string) => ({ 'X-Forwarded-For': address })

  test('is not what the client says', async () => {
    const app = appWith({ publicPerMinute: 1 })
    expect([
      ...(await statuses(1, app, from('203.0.113.1'))),
      ...(await statuses(1, app, from('203.0.113.2'))),
    ]).toEqual([200, 429])
  })

  test.each([[1], [['loopback']]])(
    'is what a trusted proxy says (%j); of IPv6 the /64 counts',
    async (trustProxy) => {
      const app = appWith({ publicPerMinute: 1, trustProxy })
      const told = async (address: string) => (await ask(app, from(address))).status
      expect([await told('203.0.113.1'), await told('203.0.113.2')]).toEqual([200, 200])
      expect([await told('2001:db8::1'), await told('2001:db8:0:0:ffff::2')]).toEqual([200, 429])
      expect(await told('::ffff:203.0.113.1')).toBe(429)
      // The proxy adds the address that it sees; what stood there before came from the client.
      expect(await told('198.51.100.1, 203.0.113.2')).toBe(429)
      expect([await told('unknown'), await told('nonsense')]).toEqual([200, 429])
    },
  )
})

describe('with a key', () => {
  test('the key has its own quota, wherever it is used, and no address has one', async () => {
    const app = appWith({ publicPerMinute: 1, trustProxy: 1 }, { server: 3 })
    const answers = []
    for (const address of ['203.0.113.1', '203.0.113.1', '203.0.113.2', '203.0.113.3'])
      answers.push(await ask(app, { 'X-Api-Key': 'server', 'X-Forwarded-For': address }))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answers[0]!.headers).toMatchObject({
      'ratelimit-policy': '"key";q=3;w=60',
      ratelimit: '"key";r=2;t=30',
    })
    expect((await ask(app, { 'X-Api-Key': 'staff' })).status).toBe(200)
  })

  test('a rotated key and its successor have one together; a later key of that name has its own', async () => {
    const app = appWith({}, { staff: 2, 'staff rotated': 2, 'staff again': 2 })
    const found = []
    for (const key of ['staff', 'staff rotated', 'staff', 'staff rotated', 'staff again'])
      found.push((await ask(app, { 'X-Api-Key': key })).status)
    expect(found).toEqual([200, 200, 429, 429, 200])
  })

  test('a browser key has one of its own and one for each address', async () => {
    const app = appWith({ publicPerMinute: 2, trustProxy: 1 }, { browser: 3 })
    const validate = (address: string, origin = SHOP) =>
      request(app)
        .post('/v1/validate')
        .set({ 'X-Api-Key': 'browser', Origin: origin, 'X-Forwarded-For': address })
        .send({ address: 'Lê Lợi, Quận 1' })
    const first = await validate('203.0.113.1')
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"address";q=2;w=60, "key";q=3;w=60',
      ratelimit: '"address";r=1;t=30, "key";r=2;t=30',
    })
    const rest = [await validate('203.0.113.1'), await validate('203.0.113.1'), await validate('203.0.113.2')]
    expect(rest.map(({ status }) => status)).toEqual([200, 429, 200])
    expect((await validate('203.0.113.3')).body.code).toBe('too-many-requests')
    // Without a key the address has its own count.
    expect((await ask(app, { 'X-Forwarded-For': '203.0.113.1' })).status).toBe(200)
  })

  test('foreign pages do not use up the quota of a browser key', async () => {
    const app = appWith({ publicPerMinute: 0 }, { browser: 1 })
    const validate = (origin: string) =>
      request(app)
        .post('/v1/validate')
        .set({ 'X-Api-Key': 'browser', Origin: origin })
        .send({ address: 'Lê Lợi, Quận 1' })
    for (let i = 0; i < 3; i++) expect((await validate('https://evil.example')).status).toBe(403)
    expect((await validate(SHOP)).status).toBe(200)
  })

  test('a request that a role may not make counts', async () => {
    const app = appWith({}, { courier: 1 })
    expect(await statuses(2, app, { 'X-Api-Key': 'courier' })).toEqual([403, 429])
  })

  test('a file counts by its rows: all of them, or it is refused before the first is answered', async () => {
    const app = appWith({}, { server: 5 })
    const send = (rows: number) =>
      request(app)
        .post('/v1/search/csv')
        .set('X-Api-Key', 'server')
        .attach('data', Buffer.from(`address\n${'Lê Lợi\n'.repeat(rows)}`), 'list.csv')
    const whole = await send(29)
    expect([whole.status, whole.headers['ratelimit']]).toEqual([200, '"key";r=2;t=30'])
    const refused = await send(40)
    expect([refused.status, refused.body.code]).toEqual([429, 'too-many-requests'])
    expect(refused.headers['ratelimit']).toBe('"key";r=1;t=30')
    const never = await send(100)
    expect([never.status, never.body.detail]).toEqual([
      429,
      expect.stringMatching(/counts as 1?\d requests.* 5 a minute/),
    ])
  })
})
