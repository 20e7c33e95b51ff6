import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, extname, join, normalize } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeClient, run, type Service, startService } from './support.ts'

/** Debian's. */
const CHROMIUM = '/usr/bin/chromium'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-swiftshader',
]
const require = createRequire(import.meta.url)
const FOLDERS: Record<string, string> = {
  'maplibre-gl': dirname(require.resolve('maplibre-gl/dist/maplibre-gl.css')),
  'maplibre-gl-geocoder': dirname(
    require.resolve('@maplibre/maplibre-gl-geocoder/dist/maplibre-gl-geocoder.css'),
  ),
}
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
}

/** A page of somebody else's site: another origin than the API, with local files only. */
function servePage(): Promise<Server> {
  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url!, 'http://x')
    const [, folder, file] = /^\/(maplibre-gl(?:-geocoder)?)\/([\w.-]+)$/.exec(pathname) ?? []
    const path = folder
      ? join(FOLDERS[folder]!, file!)
      : join('test/clients/page', normalize(pathname === '/' ? '/index.html' : pathname))
    res.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream')
    createReadStream(path)
      .on('error', () => res.writeHead(404).end())
      .pipe(res)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

await describeClient(
  'maplibre-gl-geocoder in Chromium',
  async () => (await run(CHROMIUM, ['--version', '--no-sandbox'])).stdout,
  () => {
    const profile = mkdtempSync(join(tmpdir(), 'vpostcode-chromium-'))
    let service: Service
    let pages: Server
    let browser: BrowserContext
    let page: Page
    const wrong: string[] = []

    beforeAll(async () => {
      service = await startService()
      pages = await servePage()
      browser = await chromium.launchPersistentContext(profile, {
        executablePath: CHROMIUM,
        headless: true,
        args: FLAGS,
      })
    })
    afterAll(async () => {
      await browser?.close()
      pages?.close()
      await service?.close()
      rmSync(profile, { recursive: true, force: true })
    })
    beforeEach(async () => {
      wrong.length = 0
      page = await browser.newPage()
      page.on('pageerror', (error) => wrong.push(String(error)))
      page.on('requestfailed', (request) => {
        // Chromium gives up a request when a newer one takes its place.
        if (request.failure()?.errorText !== 'net::ERR_ABORTED') wrong.push(request.url())
      })
    })
    afterEach(async () => {
      await page.close()
      expect(wrong).toEqual([])
    })

    const open = async (options = '') => {
      const { port } = pages.address() as AddressInfo
      await page.goto(`http://127.0.0.1:${port}/?api=http://${service.host}/v1${options}`)
      return page.locator('.maplibregl-ctrl-geocoder--input')
    }
    const offered = () => page.locator('.suggestions li')
    const chosen = () =>
      page.evaluate(
        () => (globalThis as unknown as { chosen: { id: string; properties: { id: string } } }).chosen,
      )

    test('forwardGeocode: an address is found while it is typed, chosen, and marked on the map', async () => {
      const input = await open()
      await input.pressSequentially('14 Hàng Trống, phường Hoàn Kiếm, Hà Nội')
      await offered().first().waitFor()
      await expect.poll(() => offered().first().textContent()).toContain('14 Hàng Trống')
      await offered().first().click()
      await expect.poll(async () => (await chosen())?.properties.id).toBe(service.api.ids[2])
      await page.locator('.maplibregl-marker').first().waitFor()
      const centre = await page.evaluate(() => {
        const { lng, lat } = (
          globalThis as unknown as { map: { getCenter(): { lng: number; lat: number } } }
        ).map.getCenter()
        return [lng, lat]
      })
      expect(centre[0]).toBeCloseTo(105.84942, 3)
      expect(centre[1]).toBeCloseTo(21.03135, 3)
    })

    test('getSuggestions: an unfinished name is completed, and the choice is looked for', async () => {
      const input = await open('&suggest')
      await input.pressSequentially('hoàn ki')
      await expect.poll(() => offered().first().textContent()).toContain('Phường Hoàn Kiếm')
      await offered().first().click()
      await expect.poll(() => offered().count()).toBeGreaterThan(0)
      await offered().first().click()
      await expect.poll(async () => (await chosen())?.properties.id).toBe('00070')
    })

    test('reverseGeocode: coordinates are looked up', async () => {
      const input = await open()
      await input.pressSequentially('21.03135, 105.84942')
      await expect.poll(() => offered().first().textContent()).toContain('14 Hàng Trống')
    })
  },
)
