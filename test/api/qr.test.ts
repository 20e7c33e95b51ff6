import qrcode from 'qrcode'
import request from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const get = (url: string, query: object = {}) => request(api.app).get(url).query(query)
const svgOf = async (code: string, query: object = {}) => {
  const { status, headers, body } = await get(`/v1/vpostcodes/${encodeURIComponent(code)}/qr.svg`, query)
  expect([status, headers['content-type']]).toEqual([200, 'image/svg+xml; charset=utf-8'])
  return { svg: String(body), headers }
}

/** The dark modules of the drawing, row by row: its path draws runs from left to right. */
function modules(svg: string): string {
  const side = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)![1])
  const dark = Array.from({ length: side }, () => new Array<string>(side).fill('.'))
  let [x, y] = [0, 0]
  for (const [, command, a, b] of /stroke="#000000" d="([^"]+)"/
    .exec(svg)![1]!
    .matchAll(/([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?/g)) {
    if (command === 'M') [x, y] = [Number(a), Number(b)]
    else if (command === 'm') [x, y] = [x + Number(a), y + Number(b ?? 0)]
    else for (let end = x + Number(a); x < end; x++) dark[Math.floor(y)]![x] = '#'
  }
  return dark.map((row) => row.join('')).join('\n')
}

test('a drawing with the code as its title, a quiet zone of four modules and the three finders', async () => {
  const { svg } = await svgOf('71009qmcx-r8v')
  expect(svg).toMatch(/^<svg role="img" [^>]*width="256" height="256"[^>]*><title>71009 QMCX R8V<\/title>/)
  const rows = modules(svg).split('\n')
  for (const row of [...rows.slice(0, 4), ...rows.slice(-4)]) expect(row).not.toContain('#')
  const finder = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']
  const end = rows.length - 11
  for (const [top, left] of [
    [4, 4],
    [4, end],
    [end, 4],
  ] as const)
    expect(rows.slice(top, top + 7).map((row) => row.slice(left, left + 7))).toEqual(finder)
})

/** The modules that a text has, without the quiet zone. */
function modulesOf(text: string): string {
  const { data, size } = qrcode.create(text, { errorCorrectionLevel: 'M' }).modules
  return Array.from({ length: size }, (_, row) =>
    Array.from(data.slice(row * size, (row + 1) * size), (dark) => (dark ? '#' : '.')).join(''),
  ).join('\n')
}
const inner = (svg: string) =>
  modules(svg)
    .split('\n')
    .slice(4, -4)
    .map((row) => row.slice(4, -4))
    .join('\n')

test('content and size are those asked for', async () => {
  const { svg: geo } = await svgOf('71009QMCXR8V')
  const { svg: code } = await svgOf('71009QMCXR8V', { content: 'code', size: '512' })
  expect(code).toContain('width="512" height="512"')
  const { geo: uri } = (await get('/v1/vpostcodes/71009QMCXR8V')).body
  expect([inner(geo), inner(code)]).toEqual([modulesOf(uri), modulesOf('71009QMCXR8V')])
})

test('nothing in it runs, pages of others may show it, and it is not sent twice', async () => {
  const { svg, headers } = await svgOf('71009QMCXR8V')
  expect(svg).not.toMatch(/script|href|style|on\w+=/i)
  expect(headers).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'public, max-age=86400',
  })
  const again = await get('/v1/vpostcodes/71009QMCXR8V/qr.svg').set('If-None-Match', headers['etag']!)
  expect(again.status).toBe(304)
})

test.each([
  ['99999QMCXR8V', {}, 404, 'mistyped-vpostcode'],
  ['<script>', {}, 404, 'mistyped-vpostcode'],
  ['7'.repeat(65), {}, 400, 'bad-parameter'],
  ['71009QMCXR8V', { size: '63' }, 400, 'bad-parameter'],
  ['71009QMCXR8V', { size: '2049' }, 400, 'bad-parameter'],
  ['71009QMCXR8V', { content: 'https' }, 400, 'bad-parameter'],
  ['71009QMCXR8V', { colour: 'red' }, 400, 'unknown-parameter'],
])('%s %o is refused', async (code, query, status, problem) => {
  const { status: given, body } = await get(`/v1/vpostcodes/${encodeURIComponent(code)}/qr.svg`, query)
  expect([given, body.code]).toEqual([status, problem])
})
