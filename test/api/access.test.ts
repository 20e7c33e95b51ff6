import request from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
  ] as const) {
    const refused = await ask(UNITS, { [name]: value })
    expect([value, refused.status, refused.body.code]).toEqual([value, 401, 'unknown-key'])
  }
  expect((await ask('/healthz', { 'X-Api-Key': 'nobody' })).status).toBe(200)
})

test('another scheme of authorization is none of ours', async () => {
  expect((await ask(UNITS, { Authorization: 'Basic c2VydmVyOng=' })).status).toBe(200)
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
