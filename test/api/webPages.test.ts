import { readdirSync, readFileSync } from 'node:fs'
import request from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PAGES, WEB } from '../../src/http/pages.ts'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

test('docs/pages.md has every page that is served, and no other', () => {
  const rows = readFileSync('docs/pages.md', 'utf8').matchAll(/^\| `(\/[^`]*)` \|/gm)
  expect([...rows].map((found) => found[1]).sort()).toEqual(Object.keys(PAGES).sort())
})

test('every page has a policy without unsafe words, is asked for each time, and holds no script', async () => {
  for (const path of Object.keys(PAGES)) {
    const { status, headers, text } = await request(api.app).get(path)
    const policy = headers['content-security-policy']
    expect([path, status, headers['content-type']]).toEqual([path, 200, 'text/html; charset=utf-8'])
    expect([path, policy]).toEqual([path, expect.stringContaining("default-src 'none'; script-src 'self';")])
    expect([path, policy]).toEqual([path, expect.not.stringMatching(/unsafe|\*|https?:/)])
    expect([path, headers['cache-control']]).toEqual([path, 'no-cache'])
    expect([path, text]).toEqual([
      path,
      expect.not.stringMatching(/<script(?![^>]*src=)|<style| style=|\son\w+=|https?:/),
    ])
    const again = await request(api.app).get(path).set('If-None-Match', headers['etag']!)
    expect([path, again.status]).toEqual([path, 304])
  }
  expect((await request(api.app).post('/')).body.code).toBe('unknown-route')
})

test('what pages load may be kept for a year, comes compressed to those who read that, and nothing else lies there', async () => {
  const files = readdirSync(`${WEB}assets`)
  expect(files.length).toBeGreaterThan(2)
  for (const file of files.filter((name) => !name.endsWith('.gz'))) {
    const asked = request(api.app).get(`/assets/${file}`)
    const { status, headers } = await asked.set('Accept-Encoding', 'gzip').responseType('blob')
    expect([file, status, headers['cache-control']]).toEqual([
      file,
      200,
      'public, max-age=31536000, immutable',
    ])
    const encoding = files.includes(`${file}.gz`) ? 'gzip' : undefined
    expect([file, headers['content-encoding']]).toEqual([file, encoding])
    expect([file, headers['content-type']]).toEqual([file, expect.not.stringContaining('octet')])
  }
  const plain = await request(api.app)
    .get(`/assets/${files.find((name) => name.endsWith('.js.gz'))!.replace('.gz', '')}`)
    .set('Accept-Encoding', 'identity')
  expect([plain.headers['content-encoding'], plain.headers['vary']]).toEqual([
    undefined,
    expect.stringContaining('Accept-Encoding'),
  ])
  for (const path of [
    '/assets',
    '/assets/',
    '/assets/..%2findex.html',
    '/assets/%2e%2e/index.html',
    '/index.html',
    '/assets/none.js',
  ])
    expect([path, (await request(api.app).get(path)).status]).toEqual([path, 404])
})

test('tiles of the operator are allowed by the policy and named in the page, escaped', async () => {
  const tiles = { url: 'https://tiles.example/{z}/{x}/{y}.png?a=1&b=2', notice: '© "A" <b>' }
  const own = await openTestApi({ settings: { tiles } })
  const { headers, text } = await request(own.app).get('/')
  await own.close()
  expect(headers['content-security-policy']).toContain(
    "img-src 'self' data: blob: https://tiles.example; connect-src 'self' https://tiles.example;",
  )
  expect(text).toContain(
    '<meta name="tiles" content="https://tiles.example/{z}/{x}/{y}.png?a=1&#38;b=2" data-notice="© &#34;A&#34; &#60;b&#62;">',
  )
})
