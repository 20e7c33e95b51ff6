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
  expect([...rows].map((found) => found[1]).sort()).toEqual([...Object.keys(PAGES), '/v/{code}'].sort())
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
  expect((await request(api.app).post('/')).body.code).toBe('method-not-allowed')
})

test('the page of a code tells chat apps what it is about, everything escaped, and its image is a picture', async () => {
  const { text, headers } = await request(api.app).get('/v/71009-qmcx-r8v').set('Host', 'vp.example')
  expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';")
  expect(text).toContain('<title>71009 QMCX R8V · Vpostcode</title>')
  expect(text).toContain('<meta property="og:title" content="71009 QMCX R8V · Vpostcode">')
  expect(text).toMatch(/<meta property="og:description" content="Phường Bến Thành, [^"<>]+">/)
  const image = /og:image" content="http:\/\/vp\.example(\/v\/71009QMCXR8V\/qr\.png)"/.exec(text)![1]!
  const picture = await request(api.app).get(image).responseType('blob')
  expect([picture.status, picture.headers['content-type'], picture.body.subarray(1, 4).toString()]).toEqual([
    200,
    'image/png',
    'PNG',
  ])
  for (const hostile of ['"><script>x</script>', "'onload=x", '<!--', '$&$`', '{code}', '&lt;', '</title>']) {
    const { text } = await request(api.app).get(`/v/${encodeURIComponent(hostile)}`)
    expect([hostile, text]).toEqual([
      hostile,
      expect.not.stringMatching(/<script>|"'onload|<title>[^<]*<(?!\/title>)|content="[^"]*"[^>]*>x</),
    ])
    expect(text.match(/<script/g)).toHaveLength(1)
    expect(text.match(/<\/title>/g)).toHaveLength(1)
  }
  const lying = await request(api.app).get('/v/71009QMCXR8V').set('Host', 'x"><script>')
  expect(lying.text).not.toMatch(/og:image|<script>/)
  expect((await request(api.app).get('/v/71009QMCXR8O/qr.png')).body.code).toBe('mistyped-vpostcode')
  expect((await request(api.app).get(`/v/${'9'.repeat(65)}`)).status).toBe(404)
})

test('the image of a code stands at the host that was asked for; another one is believed of a trusted proxy only', async () => {
  const forwarded = { Host: 'own.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' }
  const imageOf = (text: string) => /og:image" content="([^"]+)\/v\//.exec(text)![1]
  const get = async (trustProxy: number | string[]) => {
    const own = await openTestApi({ settings: { trustProxy } })
    const { text } = await request(own.app).get('/v/71009QMCXR8V').set(forwarded)
    await own.close()
    return imageOf(text)
  }
  expect(await get(0)).toBe('http://own.example')
  expect(await get(['10.0.0.1'])).toBe('http://own.example')
  expect(await get(1)).toBe('https://evil.example')
})

test('the page of a code says what it is near to where nobody is registered, and the units before July 2025', async () => {
  // Beside a registered home, in a cell of nobody.
  const code = (await request(api.app).get('/v1/vpostcodes?lat=21.03145&lon=105.84946')).body.vpostcode
  const { text } = await request(api.app).get(`/v/${code}`)
  expect(text).toMatch(/<p class="near">Gần 14 Hàng Trống, Phường Hoàn Kiếm, [^<]*\(\d+ m\)<\/p>/)
  expect(text).toMatch(
    /<dt>Trước 7\/2025, một trong<\/dt><dd>(Phường [^<]+, Quận Hoàn Kiếm, [^<]+<br>){2}[^<]+<\/dd>/,
  )
  const registered = await request(api.app).get(`/v/${api.codes[2]}`)
  expect(registered.text).not.toContain('class="near"')
  expect(registered.text).toContain('Trước 7/2025')
  const english = await request(api.app).get(`/v/${code}?lang=en`)
  expect(english.text).toContain('Before July 2025, one of')
})

test('the page of a code counts in the quota of the address, what it loads does not', async () => {
  const own = await openTestApi({ settings: { publicPerMinute: 2 } })
  const statuses: number[] = []
  for (const path of [
    '/',
    '/v/71009QMCXR8V',
    '/v/sw.js',
    '/tiles.json',
    '/v/71009QMCXR8V',
    '/v/71009QMCXR8V',
    '/',
  ])
    statuses.push((await request(own.app).get(path)).status)
  await own.close()
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 200])
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
