import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { startServer } from '../../src/http/server.ts'
import { openTestApi, SHOP } from './support.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** Pages of public names may ask this machine without asking the user: only here the two are one machine. */
const LOCAL = '--disable-features=LocalNetworkAccessChecks'

test.skipIf(!existsSync(CHROMIUM))(
  'in a browser, pages read what is theirs to read and nothing else (left out where Debian’s chromium is not installed)',
  async () => {
    const api = await openTestApi()
    const server = await startServer(api.deps, 0, '127.0.0.1')
    const url = `http://127.0.0.1:${server.port}`
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', LOCAL] })
    try {
      /** Asks from a page of an origin; 'unreadable' when the browser keeps the answer from the page. */
      const askFrom = async (origin: string, path: string, init: RequestInit = {}) => {
        const page = await browser.newPage()
        await page.route(`${origin}/**`, (route) =>
          route.fulfill({ contentType: 'text/html', body: '<p>Shop' }),
        )
        await page.goto(`${origin}/checkout`)
        const answer = await page.evaluate(
          async ([asked, how]) => {
            try {
              const found = await fetch(asked, how)
              const body = (await found.json()) as { code?: string }
              return [found.status, body.code ?? null, found.headers.has('RateLimit')]
            } catch {
              return 'unreadable'
            }
          },
          [url + path, init] as const,
        )
        await page.close()
        return answer
      }
      const validate = (key?: string): RequestInit => ({
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(key ? { 'X-Api-Key': key } : {}) },
        body: JSON.stringify({ address: 'Lê Lợi, Quận 1' }),
      })
      const EVIL = 'https://evil.example'
      expect(await askFrom(SHOP, '/v1/validate', validate('browser'))).toEqual([200, null, true])
      expect(await askFrom(EVIL, '/v1/validate', validate('browser'))).toEqual([
        403,
        'origin-not-allowed',
        false,
      ])
      expect(await askFrom(EVIL, '/v1/validate', validate())).toEqual([200, null, false])
      expect(await askFrom(EVIL, '/v1/validate', validate('nobody'))).toEqual([401, 'unknown-key', false])
      expect(await askFrom(SHOP, '/v1/validate', validate('server'))).toBe('unreadable')
      expect(await askFrom(SHOP, '/v1/units?colour=red')).toEqual([400, 'unknown-parameter', false])
      const write = { ...validate('staff'), method: 'PATCH' }
      expect(await askFrom(SHOP, `/v1/households/${api.ids[0]}`, write)).toBe('unreadable')
      expect(await askFrom(SHOP, '/metrics')).toBe('unreadable')
    } finally {
      await browser.close()
      await server.close()
      await api.close()
    }
  },
  60_000,
)
