import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import request from 'supertest'
import { expect, test } from 'vitest'
import { startServer } from '../../src/http/server.ts'
import { openTestApi } from './support.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

test('the page and what it loads are local files, and no script stands in the page', async () => {
  const api = await openTestApi()
  const page = await request(api.app).get('/docs')
  const csp = page.headers['content-security-policy']!
  expect(csp).toContain("default-src 'none'; script-src 'self';")
  expect(page.text).not.toMatch(/https?:|<script>|\son\w+=/)
  for (const [, file] of page.text.matchAll(/(?:src|href)="(docs.+?)"/g)) {
    const { status, headers } = await request(api.app).get(`/${file}`)
    expect([file, status, headers['content-type']]).toEqual([
      file,
      200,
      expect.stringMatching(/^text\/(?:css|javascript); charset=utf-8$/),
    ])
  }
  for (const file of ['package.json', '..%2fpackage.json', 'index.html', '.', '%00'])
    expect([file, (await request(api.app).get(`/docs/${file}`)).status]).toEqual([file, 404])
  await api.close()
})

test('its address with a slash leads to the page', async () => {
  const api = await openTestApi()
  const asked = async (path: string) => {
    const { status, headers } = await request(api.app).get(path)
    return [status, new URL(headers['location']!, `http://host${path}`).pathname]
  }
  expect(await asked('/docs/')).toEqual([308, '/docs'])
  expect((await request(api.app).post('/')).body.code).toBe('method-not-allowed')
  await api.close()
})

test.skipIf(!existsSync(CHROMIUM))(
  'a browser without a network shows every operation (left out where Debian’s chromium is not installed)',
  async () => {
    const api = await openTestApi()
    const server = await startServer(api.deps, 0, '127.0.0.1')
    const origin = `http://127.0.0.1:${server.port}`
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      const elsewhere: string[] = []
      const complaints: string[] = []
      page.on('request', (asked) => {
        if (!asked.url().startsWith(origin) && !asked.url().startsWith('data:')) elsewhere.push(asked.url())
      })
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(`${origin}/docs`)
      await page.waitForSelector('.opblock-summary')
      const shown = await page.locator('.opblock-summary').count()
      const locks = (operation: string) =>
        page.locator(`#operations-${operation} .authorization__btn`).count()
      expect([await locks('addresses-search'), await locks('households-verifyHousehold')]).toEqual([0, 1])
      const { paths } = (await (await fetch(`${origin}/openapi.json`)).json()) as { paths: object }
      const operations = Object.values(paths).flatMap((path) => Object.keys(path))
      expect([shown, elsewhere, complaints]).toEqual([operations.length, [], []])
    } finally {
      await browser.close()
      await server.close()
      await api.close()
    }
  },
  60_000,
)
