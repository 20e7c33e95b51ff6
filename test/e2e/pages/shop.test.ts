import { expect, test } from 'vitest'
import { describePages, faultsOf, shoot } from './support.ts'

describePages('/shop', (pages) => {
  test('a chat line becomes an order; what the shop receives is shown', async () => {
    const page = await pages.open('/shop')
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: /^Chị Lan/ }).click()
    await page.getByText('12 Hàng Trống, Phường Hoàn Kiếm, Thành phố Hà Nội 11024').waitFor()
    for (const [label, value] of [
      ['Họ và tên', 'Chị Lan'],
      ['Điện thoại', '0912 345 678'],
      ['Phường, xã', 'Phường Hoàn Kiếm'],
      ['Ghi chú giao hàng', 'Giao giờ hành chính'],
    ] as const)
      expect([label, await page.getByLabel(label).inputValue()]).toEqual([label, value])
    await shoot(page, 'shop')
    await page.getByRole('button', { name: 'Đặt hàng' }).click()
    await page.getByRole('heading', { name: 'Cửa hàng nhận được' }).waitFor()
    const row = page
      .getByRole('row')
      .filter({ has: page.getByText('vpostcode_commune_code', { exact: true }) })
    expect(await row.getByRole('cell').textContent()).toBe('00070')
    expect(await faultsOf(page)).toEqual([])
    await shoot(page, 'shop-order')
    await page.getByRole('button', { name: 'Đặt đơn khác' }).click()
    expect(await page.getByLabel('Họ và tên').inputValue()).toBe('')
  })

  test('suggestions stand where they are seen, on a phone too; the dark scheme is as readable', async () => {
    const page = await pages.open('/shop', {
      colorScheme: 'dark',
      viewport: { width: 360, height: 640 },
      hasTouch: true,
    })
    await page.getByRole('combobox').pressSequentially('14 hang tr')
    await page.getByRole('option').first().waitFor()
    const list = (await page.getByRole('listbox').boundingBox())!
    expect(list.y).toBeGreaterThanOrEqual(0)
    expect(await faultsOf(page)).toEqual([])
    await shoot(page, 'shop-list')
    // As when the keyboard of a phone covers the lower half: the list stands in what is left.
    await page.setViewportSize({ width: 360, height: 320 })
    await page.evaluate(`document.querySelector('[role=combobox]').scrollIntoView({ block: 'end' })`)
    await expect
      .poll(async () => (await page.getByRole('listbox').boundingBox())!.y)
      .toBeGreaterThanOrEqual(0)
    const left = (await page.getByRole('listbox').boundingBox())!
    expect(left.y + left.height).toBeLessThanOrEqual(320)
    await page.setViewportSize({ width: 360, height: 640 })
    await page.getByRole('option', { name: /^14 Hàng Trống/ }).tap()
    await page.getByText('Giao đến', { exact: true }).nth(1).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test('a split commune is asked for, in English too', async () => {
    const page = await pages.open('/shop', { language: 'en' })
    await page.getByRole('button', { name: /^12 Nguyễn Trãi/ }).click()
    await page.getByRole('group', { name: /Which of these communes/ }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shoot(page, 'shop-question')
  })

  test('its texts in the page are those of its table', async () => {
    const page = await pages.open('/shop')
    const said = await page.evaluate<string[]>(
      `[...document.querySelectorAll('[data-text]')].map((e) => e.textContent)`,
    )
    const plain = await (await pages.browser.newContext({ javaScriptEnabled: false })).newPage()
    await plain.goto(`${pages.origin}/shop`)
    expect(await plain.locator('[data-text]').allTextContents()).toEqual(said)
  })
})
