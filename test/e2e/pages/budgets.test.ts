import { expect, test } from 'vitest'
import { describePages } from './support.ts'

interface Entry {
  name: string
  initiatorType: string
  encodedBodySize: number
}

describePages('budgets', (pages) => {
  /** What a page has loaded, in bytes as they came over the network, with the page itself. */
  const loaded = async (path: string) => {
    const page = await pages.open(path)
    await page.waitForLoadState('networkidle')
    const entries = (await page.evaluate(
      "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')].map(({ name, initiatorType, encodedBodySize }) => ({ name, initiatorType, encodedBodySize }))",
    )) as Entry[]
    return { page, entries }
  }
  const bytes = (entries: Entry[], pattern: RegExp) =>
    entries
      .filter(({ name }) => pattern.test(name))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)

  test('the scripts of / have less than 150 kB compressed before the map is asked for', async () => {
    const { entries } = await loaded('/')
    expect(bytes(entries, /\.js$/)).toBeGreaterThan(5_000)
    expect(bytes(entries, /\.js$/)).toBeLessThan(150_000)
  })

  test('/v/{code} has less than 30 kB before the map, page, styles and scripts together, compressed or not', async () => {
    const { entries, page } = await loaded('/v/71009QMCXR8V')
    const shown = /\/v\/71009QMCXR8V$|\.css$|assets\/[^/]+\.js$/
    expect(entries.filter(({ name }) => shown.test(name)).length).toBeGreaterThan(2)
    expect(bytes(entries, shown)).toBeLessThan(30_000)
    const plain = await Promise.all(
      entries
        .filter(({ name }) => shown.test(name))
        .map(async ({ name }) =>
          (await page.request.get(name, { headers: { 'Accept-Encoding': 'identity' } })).body(),
        ),
    )
    expect(plain.reduce((sum, body) => sum + body.length, 0)).toBeLessThan(30_000)
  })
})
