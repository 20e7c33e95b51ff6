import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { startServer } from '../../../src/http/server.ts'
import { openTestApi, type TestApi } from '../../api/support.ts'

/** Debian's, or the one that CHROMIUM names. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--enable-unsafe-swiftshader']
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Where screenshots are kept for a look; git ignores it. */
const SHOTS = 'test-results'

export interface Pages {
  api: TestApi
  /** "http://127.0.0.1:PORT" */
  origin: string
  browser: Browser
  /** A page in a context of its own (nothing stored). What it asks of others and what it complains of fails the test. */
  open(path: string, options?: BrowserContextOptions & { language?: 'vi' | 'en' }): Promise<Page>
  /** The same of a page of another server, which may ask whom it likes. */
  openElsewhere(url: string, options?: BrowserContextOptions): Promise<Page>
  /** To be said before something that the page rightly complains of: a request that the test lets fail. */
  expectComplaint(pattern: RegExp): void
}

/** What answers: the API of the tests in this process (`api`), or a service that was started for the test. */
export interface Host {
  /** "http://127.0.0.1:PORT" */
  origin: string
  stop(): Promise<void>
}

/**
 * Tests of pages in Chromium over the API of the tests, in this process. Left out where no Chromium is installed;
 * `bash .ci/run clients` installs it and sets CLIENTS_NEEDED, and then a missing one is a failure.
 */
export function describePages(
  name: string,
  tests: (pages: Pages) => void,
  settings = {},
  start?: () => Promise<Host>,
): void {
  const found = existsSync(CHROMIUM)
  if (!found && process.env['CLIENTS_NEEDED']) throw new Error(`${CHROMIUM} is not installed`)
  if (!found) {
    describe.skip(`${name} (Chromium is not installed here: see .ci/run clients)`, () => tests({} as Pages))
    return
  }
  describe(name, () => {
    const pages = {} as Pages
    let host: Host
    const complaints: string[] = []
    const expected: RegExp[] = []

    beforeAll(async () => {
      host = await (start ?? (() => ownHost(pages, settings)))()
      pages.origin = host.origin
      pages.browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
    })
    afterAll(async () => {
      await pages.browser?.close()
      await host?.stop()
    })
    pages.expectComplaint = (pattern) => void expected.push(pattern)
    pages.open = async (path, { language = 'vi', ...options } = {}) => {
      const context = await pages.browser.newContext({ locale: 'vi-VN', ...options })
      await context.addInitScript(`try { localStorage.setItem('language', '${language}') } catch {}`)
      const page = await listened(context)
      page.on('request', (request) => {
        const url = request.url()
        if (!url.startsWith(`${pages.origin}/`) && !/^(data|blob):/.test(url)) complaints.push(`asked ${url}`)
      })
      await page.goto(pages.origin + path)
      return page
    }
    pages.openElsewhere = async (url, options = {}) => {
      const page = await listened(await pages.browser.newContext({ locale: 'vi-VN', ...options }))
      await page.goto(url)
      return page
    }
    async function listened(context: BrowserContext): Promise<Page> {
      const page = await context.newPage()
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error)))
      return page
    }
    afterEach(async () => {
      for (const context of pages.browser.contexts()) await context.close()
      const unexpected = complaints.filter((text) => !expected.some((pattern) => pattern.test(text)))
      complaints.length = 0
      expected.length = 0
      expect(unexpected).toEqual([])
    })
    tests(pages)
  })
}

async function ownHost(pages: Pages, settings: object): Promise<Host> {
  const api = await openTestApi({ settings })
  pages.api = api
  const server = await startServer(api.deps, 0, '127.0.0.1')
  return {
    origin: `http://127.0.0.1:${server.port}`,
    async stop() {
      await server.close()
      await api.close()
    },
  }
}

/** What axe finds against WCAG 2.2 AA and its own best practices; none is right. */
export async function faultsOf(page: Page): Promise<string[]> {
  // By the debugger: the policy of the page allows no script that does not come from its server.
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResult> } }).axe.run(),
  )
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}
interface AxeResult {
  violations: { id: string; nodes: { target: string[] }[] }[]
}

/** Keeps a picture of the page at 360 and 1280 pixels, and sees that nothing is wider than the screen. */
export async function shoot(page: Page, name: string): Promise<void> {
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: width === 360 ? 740 : 800 })
    const file = join(SHOTS, `${name}-${width}.png`)
    mkdirSync(dirname(file), { recursive: true })
    await page.screenshot({ path: file, fullPage: true })
    const wide = await page.evaluate('document.documentElement.scrollWidth')
    expect([name, width, wide]).toEqual([name, width, width])
  }
}
