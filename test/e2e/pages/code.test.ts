import { expect, test } from 'vitest'
import { describePages, faultsOf, shoot } from './support.ts'

describePages('/v/{code} and plates', (pages) => {
  test('a shared link: one tap to directions of the usual map apps, a map, a QR code', async () => {
    const code = pages.api.codes[0]!
    const page = await pages.open(`/v/${code}`)
    expect((await page.getByRole('heading', { level: 1 }).textContent())?.replace(/\s/g, '')).toBe(code)
    const links = await page
      .locator('.ways a')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href')))
    expect(links).toHaveLength(3)
    for (const link of links) expect(link).toMatch(/^https:\/\/[\w./]+\?.*21\.0312\d*,105\.849\d+/)
    expect(await page.locator('.notice').textContent()).toContain('2 hộ có chung mã này')
    expect(await faultsOf(page)).toEqual([])
    await shoot(page, 'code')
    await page.getByText('Mã QR').click()
    await expect
      .poll(() => page.evaluate("document.querySelector('details img').naturalWidth"))
      .toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Mở bản đồ' }).click()
    await page.locator('.maplibregl-marker').waitFor()
    await page.waitForTimeout(1_000)
    expect(await faultsOf(page)).toEqual([])
    await shoot(page, 'code-map')
  })

  test('in English by its switch, which the other pages remember too', async () => {
    const page = await (await pages.browser.newContext()).newPage()
    await page.goto(`${pages.origin}/v/71009QMCXR8V`)
    await page.getByRole('link', { name: 'English' }).click()
    await page.getByText('No household is registered here.').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    expect(await page.evaluate("localStorage.getItem('language')")).toBe('en')
  })

  test('opened once it opens without a network, and so does its way on', async () => {
    const page = await pages.open('/v/71009QMCXR8V')
    const kept = async () =>
      (await page.evaluate(
        "caches.open('codes').then((one) => one.keys()).then((all) => all.length)",
      )) as number
    await expect.poll(kept, { timeout: 15_000 }).toBeGreaterThanOrEqual(4)
    await page.context().setOffline(true)
    await page.reload()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('71009 QMCX R8V')
    // With its styles and its scripts.
    await page.getByRole('button', { name: 'Chép mã' }).waitFor()
    const display = await page.evaluate("getComputedStyle(document.querySelector('.ways a')).display")
    expect(display).toBe('flex')
    await page.context().setOffline(false)
  })

  test('mistyped codes are explained and lead on; what stands in the address is shown as text', async () => {
    const meant = pages.api.codes[2]!
    const page = await pages.open(`/v/${meant.slice(0, 11)}O`)
    await page.getByText('Bảy ký tự cuối chỉ gồm').waitFor()
    await shoot(page, 'code-mistyped')
    expect(await faultsOf(page)).toEqual([])
    await page.locator('.codes a').first().click()
    await page.waitForURL(`**/v/${meant}`)
    const hostile = '"><img src=x onerror=window.broken=1>'
    await page.goto(`${pages.origin}/v/${encodeURIComponent(hostile)}`)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(hostile)
    expect(await page.evaluate('window.broken')).toBeUndefined()
    expect(await page.locator('img').count()).toBe(0)
  })

  test('by keys alone: the first stop is a way there, and every button is reached', async () => {
    const page = await pages.open('/v/71009QMCXR8V')
    const names: string[] = []
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab')
      names.push((await page.evaluate('document.activeElement.textContent')) as string)
    }
    expect(names.slice(0, 4)).toEqual(['Vpostcode', 'Google Maps', 'Apple Maps', 'OpenStreetMap'])
    expect(names).toEqual(
      expect.arrayContaining(['Chép mã', 'Mở bản đồ', 'In biển số nhà', 'Mã QR', 'English']),
    )
  })

  test('a plate and a sheet of plates are printed, with what cannot be printed told', async () => {
    const code = pages.api.codes[2]!
    const single = await pages.open(`/plates#${code}`)
    await single.locator('.plate').waitFor()
    expect((await single.locator('.plate .code').textContent())?.replace(/\s/g, '')).toBe(code)
    expect(await faultsOf(single)).toEqual([])
    await shoot(single, 'plate')
    const lines = [
      ...Array.from({ length: 9 }, (_, i) => `71009QMCXR8V  ${i + 1} Lê Lợi <b>`),
      '71009QMCXR8O 7',
    ]
    const page = await pages.open('/plates')
    await page.getByLabel('Mã và dòng chữ trên biển').fill(lines.join('\n'))
    await page.getByLabel('Tờ A4, 8 biển').check()
    await page.getByRole('button', { name: 'Xem trước' }).click()
    await page.getByText('9 biển sẵn sàng in').waitFor()
    await page.getByText('Không in được 1 dòng').waitFor()
    expect(await page.locator('.plate .label').first().textContent()).toBe('1 Lê Lợi <b>')
    expect(await faultsOf(page)).toEqual([])
    await shoot(page, 'plates')
    const pdf = await page.pdf({ format: 'A4', path: 'test-results/plates.pdf' })
    // Eight on the first sheet, one on the second.
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(2)
  })
})
