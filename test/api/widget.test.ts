import { gzipSync } from 'node:zlib'
import request from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())
const get = (path: string) => request(api.app).get(path).set('Origin', 'https://elsewhere.example')

test('the widget is below 15 kB gzipped, and holds what makes it up', async () => {
  const { status, headers, text } = await get('/widget.js').buffer(true)
  expect([status, headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
  expect(gzipSync(text, { level: 9 }).length).toBeLessThan(15_000)
  for (const part of ['vpostcode-address', 'v1/validate', 'formAssociated']) expect(text).toContain(part)
  // Text of the API is never read as HTML, and nothing is run that a strict policy would refuse.
  expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/)
})

test('pages of any origin load it, and keep it for an hour', async () => {
  const { headers } = await get('/widget.js').set('Accept-Encoding', 'gzip')
  expect(headers).toMatchObject({
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'content-encoding': 'gzip',
    'cache-control': 'public, max-age=3600',
    vary: expect.stringContaining('Accept-Encoding'),
  })
  const again = await get('/widget.js').set('If-None-Match', headers['etag']!)
  expect(again.status).toBe(304)
})

test('the one of today has a name of its own, which may be kept for a year; others have none', async () => {
  const { headers, text } = await get('/widget.js').buffer(true)
  const pinned = headers['content-location']!
  expect(pinned).toMatch(/^\/widget-[\da-zA-Z]{10}\.js$/)
  const same = await get(pinned).buffer(true)
  expect([same.status, same.text === text]).toEqual([200, true])
  expect(same.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect((await get('/widget-0123456789.js')).status).toBe(404)
})
