// How soon the pages can be used in Chromium on this machine, and what they load. Run: npx tsx scripts/bench/pages.ts [ROUNDS = 5]
// Beside each, in the same round: the API's own page /docs. Needs dist/ (npm run build) and Chromium (CHROMIUM, else Debian's).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright-core'
import { startService } from './service.ts'

const rounds = Number(process.argv[2] ?? 5)
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-pages-'))
const { url, child } = await startService(resolve('dist/cli/main.js'), join(folder, 'pages.db'), {
  env: {
    PATH: process.env['PATH'],
    VPOSTCODE_LOG: 'error',
    VPOSTCODE_PROCESSES: '1',
    VPOSTCODE_PUBLIC_PER_MINUTE: '0',
  },
})
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--enable-unsafe-swiftshader'],
})

/** What has to be there, and able to act, before a page counts as interactive. */
const PAGES = {
  '/': '[role=combobox]',
  '/v/71009QMCXR8V': '#copy:not([hidden])',
  '/plates': 'textarea',
  '/docs': '.opblock-summary',
} as const

const found = new Map(Object.keys(PAGES).map((path) => [path, { ms: [] as number[], kB: 0, scriptsKB: 0 }]))
for (let round = 0; round < rounds; round++)
  for (const [path, ready] of Object.entries(PAGES)) {
    // A context of its own: nothing is known from before.
    const context = await browser.newContext()
    const page = await context.newPage()
    const started = performance.now()
    await page.goto(url + path, { waitUntil: 'commit' })
    await page.waitForSelector(ready)
    const entry = found.get(path)!
    entry.ms.push(performance.now() - started)
    await page.waitForLoadState('networkidle')
    const loaded = (await page.evaluate(
      "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')].map(({ name, encodedBodySize }) => [name, encodedBodySize])",
    )) as [string, number][]
    const sum = (pattern: RegExp) =>
      Math.round(loaded.reduce((all, [name, size]) => all + (pattern.test(name) ? size : 0), 0) / 100) / 10
    Object.assign(entry, { kB: sum(/./), scriptsKB: sum(/\.m?js$/) })
    await context.close()
  }

/** From the click that asks for the map until all of it is drawn. */
const map: number[] = []
for (let round = 0; round < rounds; round++) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  const page = await context.newPage()
  await page.goto(`${url}/v/71009QMCXR8V`)
  const tile = page.waitForResponse(/\/tiles\/[0-9a-f]+\/\d+/)
  const started = performance.now()
  await page.click('#open-map')
  await tile
  await page.waitForLoadState('networkidle')
  // It ends with half a second of silence.
  map.push(performance.now() - started - 500)
  await context.close()
}
await browser.close()
child.kill('SIGTERM')
rmSync(folder, { recursive: true, force: true })

const median = (values: number[]) => Math.round(values.toSorted((a, b) => a - b)[values.length >> 1]!)
console.log(
  JSON.stringify(
    {
      rounds,
      pages: Object.fromEntries(
        [...found].map(([path, { ms, kB, scriptsKB }]) => [path, { medianMs: median(ms), kB, scriptsKB }]),
      ),
      mapMedianMs: median(map),
    },
    null,
    2,
  ),
)
