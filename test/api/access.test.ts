import request from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const ask = (url: string, headers: Record<string, string> = {}) => request(api.app).get(url).set(headers)

test('a key is read from both headers; one that nobody has is refused, also where none is needed', async () => {
  for (const headers of [{ 'X-Api-Key': 'server' }, { Authorization: 'Bearer server' }] as Record<
    string,
    string
  >[])
    expect((await ask('/v1/units?limit=1', headers)).status).toBe(200)
  const refused = await ask('/v1/units?limit=1', { 'X-Api-Key': 'nobody' })
  expect([refused.status, refused.body.code]).toEqual([401, 'unknown-key'])
  expect((await ask('/healthz', { 'X-Api-Key': 'nobody' })).status).toBe(200)
})

test('a key does what its role may', async () => {
  const refused = await ask('/v1/units?limit=1', { 'X-Api-Key': 'browser' })
  expect([refused.status, refused.body.code]).toEqual([403, 'not-allowed'])
  expect((await ask('/v1/vpostcodes/71009QMCXR8V', { 'X-Api-Key': 'courier' })).status).toBe(200)
})
