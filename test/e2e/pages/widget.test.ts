import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { CALLERS } from '../../api/support.ts'
import { type ForeignShop, openForeignShop } from './foreignShop.ts'
import { describePages, faultsOf } from './support.ts'

// The widget in the checkout of a shop on another origin.

const FIELDS = `
  <label>Address <input name="address" autocomplete="shipping street-address"></label>
  <label>Commune <input name="commune" autocomplete="shipping address-level2"></label>
  <label>Province <input name="province" autocomplete="shipping address-level1"></label>`
const SPLIT = '12 Nguyễn Trãi, phường Thanh Xuân Trung, Thanh Xuân, Hà Nội'
const CHAT =
  'Chị Lan\n0912 345 678\n14 Hàng Trống, phường Hàng Trống, quận Hoàn Kiếm, Hà Nội\ngiao giờ hành chính'

describePages('the widget on another origin', (pages) => {
  let shop: ForeignShop
  beforeAll(async () => {
    shop = await openForeignShop(pages.origin)
    // The browser key of the test API is one of this shop.
    ;(CALLERS['browser']!.key!.origins as string[]).push(shop.origin)
  })
  afterAll(() => shop?.close())
  beforeEach(() => {
    Object.assign(shop, { pages: {}, policy: '', orders: [] })
    Object.assign(shop.api, { delay: 0, fault: null, asked: [] })
  })

  /** A checkout with the widget; `inside` are its fields. */
  async function open({
    attributes = 'required key="browser"',
    inside = FIELDS,
    more = '',
    options = {},
  }: {
    attributes?: string
    inside?: string
    more?: string
    options?: object
  } = {}): Promise<Page> {
    shop.pages['/'] = `<!doctype html><html lang="vi"><meta charset="utf-8"><title>Shop</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <script src="${shop.api.origin}/widget.js" async></script>
      <main><h1>Checkout</h1><form method="post" action="/order">
      <vpostcode-address ${attributes}>${inside}</vpostcode-address>${more}
      <button name="pay" value="cod">Order</button><button type="reset">Reset</button></form></main>`
    const page = await pages.openElsewhere(`${shop.origin}/`, options)
    await page.evaluate(
      `told = []; addEventListener('vpostcode-change', ({ detail }) => told.push(detail.status))`,
    )
    return page
  }
  const line = (page: Page) => page.locator('input[name=address]')
  const valuesOf = (page: Page) =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll('vpostcode-address :is(input, select)')].map(({ value }) => value)`,
    )
  const order = (page: Page) => page.getByRole('button', { name: 'Order' }).click()
  const status = (page: Page) => page.evaluate(`document.querySelector('vpostcode-address').value?.status`)
  const checked = (page: Page, wanted = 'checked') => expect.poll(() => status(page)).toBe(wanted)
  async function ordered(page: Page) {
    await page.getByRole('heading', { name: 'Thanks' }).waitFor()
    expect(shop.orders).toHaveLength(1)
    return Object.fromEntries(shop.orders[0]!)
  }
  async function paste(page: Page, text: string) {
    await line(page).focus()
    // What a browser does where nobody prevents it.
    await page.evaluate(`{
      const text = ${JSON.stringify(text)}
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      if (document.activeElement.dispatchEvent(event)) document.execCommand('insertText', false, text)
    }`)
  }

  test('an address is typed, found, chosen and ordered with the keyboard alone', async () => {
    const page = await open()
    await page.keyboard.press('Tab')
    await page.keyboard.type('14 hang trong', { delay: 20 })
    await page.getByRole('option', { name: /^14 Hàng Trống/ }).waitFor()
    expect(await line(page).getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('ArrowDown')
    const active = page.locator(`#${await line(page).getAttribute('aria-activedescendant')}`)
    expect(await active.getAttribute('aria-selected')).toBe('true')
    await expect.poll(() => page.locator('[role=status]').textContent()).toMatch(/^\d gợi ý/)
    await page.keyboard.press('Escape')
    expect(await line(page).getAttribute('aria-expanded')).toBe('false')
    expect(shop.orders).toEqual([])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await checked(page)
    expect(await valuesOf(page)).toEqual(['14 Hàng Trống', 'Phường Hoàn Kiếm', 'Thành phố Hà Nội'])
    await expect.poll(() => page.locator('[role=status]').textContent()).toMatch(/^Giao đến: 14 Hàng Trống/)
    await page.keyboard.press('Enter')
    expect(await ordered(page)).toMatchObject({
      address: '14 Hàng Trống',
      commune: 'Phường Hoàn Kiếm',
      pay: 'cod',
      vpostcode: pages.api.codes[2],
      vpostcode_status: 'checked',
      vpostcode_household_id: pages.api.ids[2],
      vpostcode_commune_code: '00070',
      vpostcode_postcode: '11024',
      vpostcode_house_number: '14',
      vpostcode_latitude: '21.03135',
    })
    expect(new Set(shop.api.asked.map(({ url, key }) => `${url} ${key}`))).toEqual(
      new Set(['/v1/search browser', '/v1/validate browser']),
    )
  })

  test('a click on a suggestion chooses it, and an answer that was overtaken is dropped', async () => {
    const page = await open()
    shop.api.delay = 400
    await line(page).pressSequentially('le loi q1')
    await expect.poll(() => shop.api.asked.length).toBe(1)
    shop.api.delay = 0
    await line(page).fill('')
    await line(page).pressSequentially('14 hang trong')
    await page.getByRole('option', { name: /^14 Hàng Trống/ }).waitFor()
    await page.waitForTimeout(500)
    expect(await page.getByRole('option', { name: /Lê Lợi/ }).count()).toBe(0)
    await page.getByRole('option', { name: /^14 Hàng Trống/ }).click()
    await checked(page)
  })

  test('a pasted chat line is split: units into their fields, the rest to the page, nothing of it into the order or a URL', async () => {
    const page = await open({ attributes: 'required key="browser" name="to"' })
    await page.evaluate(`addEventListener('vpostcode-split', (event) => {
      pieces = event.detail.private
      event.preventDefault()
    })`)
    await paste(page, CHAT)
    await checked(page)
    expect(await valuesOf(page)).toEqual(['14 Hàng Trống', 'Phường Hoàn Kiếm', 'Thành phố Hà Nội'])
    expect(await page.evaluate('pieces')).toEqual([
      { kind: 'person', text: 'Chị Lan' },
      { kind: 'phone', text: '0912 345 678' },
      { kind: 'note', text: 'giao giờ hành chính' },
    ])
    await order(page)
    const sent = await ordered(page)
    expect(sent).toMatchObject({ to_commune_code: '00070', to_former_commune_name: 'Phường Hàng Trống' })
    expect(JSON.stringify(sent)).not.toMatch(/0912|Lan|giao giờ/)
    expect(shop.api.asked.map(({ url }) => url)).toEqual(['/v1/validate'])
  })

  test('a page that does not take the phone keeps it in the line; a rewritten line can be put back', async () => {
    const page = await open()
    await paste(page, '0912345678, 14 Hàng Trống, Hoàn Kiếm, phường Hoàn Kiếm, Hà Nội')
    await checked(page)
    expect((await valuesOf(page))[0]).toContain('0912345678')
    await line(page).fill('')
    await line(page).focus()
    const written = '14 hàng trống, phường Hàng Trống, quận Hoàn Kiếm, Hà Nội'
    await paste(page, written)
    await checked(page)
    expect((await valuesOf(page))[0]).toBe('14 Hàng Trống')
    await page.getByRole('button', { name: 'Trả lại như đã viết' }).click()
    expect(await valuesOf(page)).toEqual([written, '', ''])
    await order(page)
    expect(await ordered(page)).toMatchObject({ address: written, vpostcode_commune_code: '00070' })
  })

  test('another line pasted over an address is asked by itself, a piece pasted into it is not', async () => {
    const page = await open()
    await paste(page, '14 Hàng Trống, phường Hoàn Kiếm, Hà Nội')
    await checked(page)
    shop.api.delay = 300
    await line(page).selectText()
    await paste(page, '5 Lý Tự Trọng, Phường Bến Nghé, Quận 1, TPHCM')
    await page.keyboard.press('Tab')
    const saigon = ['5 Lý Tự Trọng', 'Phường Sài Gòn', 'Thành phố Hồ Chí Minh']
    await expect.poll(() => valuesOf(page)).toEqual(saigon)
    await line(page).press('Home')
    await paste(page, '1')
    await line(page).blur()
    await checked(page)
    expect(await valuesOf(page)).toEqual(['15 Lý Tự Trọng', ...saigon.slice(1)])
    // As typed: the commune is that of the address before, and the units of before July 2025 are still known.
    await order(page)
    expect(await ordered(page)).toMatchObject({
      vpostcode_status: 'checked',
      vpostcode_house_number: '15',
      vpostcode_former_commune_name: 'Phường Bến Nghé',
    })
  })

  test('a street of a former district is chosen: which commune of today is asked; taken out of the page and back it still works', async () => {
    const page = await open()
    await page.evaluate(`{
      const element = document.querySelector('vpostcode-address')
      const { parentNode } = element
      element.remove()
      parentNode.prepend(element)
    }`)
    await line(page).pressSequentially('12 hang tre thu duc')
    await page
      .getByRole('option', { name: /Thành phố Thủ Đức/ })
      .first()
      .click()
    await page.getByRole('radio').first().check()
    await checked(page)
    await order(page)
    expect(await ordered(page)).toMatchObject({
      address: expect.stringMatching(/^12 /),
      province: 'Thành phố Hồ Chí Minh',
      vpostcode_status: 'checked',
      vpostcode_province_code: '79',
    })
  })

  test('a split commune is asked for; required, the order waits for the answer', async () => {
    const page = await open()
    await line(page).fill(SPLIT)
    await order(page)
    await page.getByRole('group', { name: /xã, phường nào/ }).waitFor()
    expect(shop.orders).toEqual([])
    await expect.poll(() => page.getByText('Xin chọn xã, phường.').isVisible()).toBe(true)
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('radio', { name: /Khương Đình/ }).check()
    await checked(page)
    expect(await valuesOf(page)).toEqual(['12 Nguyễn Trãi', 'Phường Khương Đình', 'Thành phố Hà Nội'])
    // The answer can still be changed.
    await page.keyboard.press('ArrowUp')
    await expect
      .poll(() => valuesOf(page))
      .toEqual(['12 Nguyễn Trãi', 'Phường Thanh Xuân', 'Thành phố Hà Nội'])
    await checked(page)
    await order(page)
    expect(await ordered(page)).toMatchObject({
      vpostcode_commune_name: 'Phường Thanh Xuân',
      vpostcode_former_commune_name: 'Phường Thanh Xuân Trung',
    })
  })

  test('who does not know the commune orders without it', async () => {
    const page = await open()
    await line(page).fill(SPLIT)
    await line(page).blur()
    await page.getByRole('radio', { name: 'Nơi khác hoặc không rõ' }).check()
    await order(page)
    expect(await ordered(page)).toMatchObject({
      address: SPLIT,
      vpostcode_status: 'open',
      vpostcode_commune_code: '',
    })
  })

  test('a slow API holds no order up, and its late answer is taken quietly', async () => {
    const page = await open()
    shop.api.delay = 2_500
    await line(page).fill(SPLIT)
    await order(page)
    // Sent before the API could answer.
    expect(await ordered(page)).toMatchObject({ address: SPLIT, vpostcode_status: 'unchecked' })
    const again = await open()
    shop.api.delay = 1_000
    await line(again).fill(SPLIT)
    await line(again).blur()
    await again.getByRole('radio').first().waitFor()
    expect(await again.evaluate(`document.forms[0].checkValidity()`)).toBe(true)
    expect((await valuesOf(again))[0]).toBe(SPLIT)
  })

  for (const fault of [500, 429, 'gone'] as const)
    test(`an API that answers ${fault} leaves a plain form, and is back when it is back`, async () => {
      pages.expectComplaint(/Failed to load resource|net::ERR/)
      const page = await open()
      shop.api.fault = fault
      await line(page).pressSequentially('14 Hàng Trống, Hoàn Kiếm')
      await page.locator('input[name=province]').fill('Hà Nội')
      await line(page).blur()
      await expect.poll(() => shop.api.asked.length).toBeGreaterThan(0)
      await page.locator('input[name=commune]').fill('Phường Hoàn Kiếm')
      await page.locator('input[name=commune]').blur()
      await page.waitForTimeout(400)
      // Left alone (browsers ask a cut connection a second time), and nothing is shown of it.
      expect(shop.api.asked.length).toBeLessThanOrEqual(4)
      expect(await page.locator('[part=result]:visible, [part=question]').count()).toBe(0)
      shop.api.fault = null
      await expect.poll(() => status(page), { timeout: 6_000 }).toBe('checked')
      shop.api.fault = fault
      await line(page).fill('99 Hàng Trống')
      const before = Date.now()
      await order(page)
      expect(await ordered(page)).toMatchObject({ address: '99 Hàng Trống', vpostcode_status: 'unchecked' })
      expect(Date.now() - before).toBeLessThan(3_000)
    })

  test('what a browser fills in is read when it is done, and no list covers it', async () => {
    const page = await open()
    await page.evaluate(`for (const [name, value] of Object.entries({
      address: '14 Hàng Trống', commune: 'P. Hoàn Kiếm', province: 'Hà Nội',
    })) {
      const input = document.forms[0][name]
      input.value = value
      for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }))
    }`)
    await checked(page)
    expect(shop.api.asked.map(({ url }) => url)).toEqual(['/v1/validate'])
    // It stays as the browser had it; what the shop needs goes beside it.
    expect(await valuesOf(page)).toEqual(['14 Hàng Trống', 'P. Hoàn Kiếm', 'Hà Nội'])
    await order(page)
    expect(await ordered(page)).toMatchObject({ vpostcode_commune_code: '00070', commune: 'P. Hoàn Kiếm' })
  })

  test('letters that an input method composes are left to it, and still find', async () => {
    const page = await open()
    await line(page).focus()
    const ime = await page.context().newCDPSession(page)
    await page.keyboard.type('14 ')
    for (const text of ['h', 'hà', 'hàn', 'hàng'])
      await ime.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      })
    await page.getByRole('option').first().waitFor()
    await ime.send('Input.insertText', { text: 'hàng' })
    await page.keyboard.type(' trống')
    await page.getByRole('option', { name: /^14 Hàng Trống/ }).waitFor()
    expect((await valuesOf(page))[0]).toBe('14 hàng trống')
    await page.keyboard.press('ArrowDown')
    // The Enter that ends a composition chooses nothing; browsers differ in how they say that it does.
    const press = (how: string) =>
      page.evaluate(`document.querySelector('[role=combobox]').dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ${how} }))`)
    expect([await press('isComposing: true'), await press('keyCode: 229')]).toEqual([true, true])
    expect((await valuesOf(page))[1]).toBe('')
    expect(await press('keyCode: 13')).toBe(false)
    expect((await valuesOf(page))[1]).toBe('Phường Hoàn Kiếm')
  })

  test('hostile words of shoppers and of the API stay words', async () => {
    const page = await open()
    const evil = '<img src=x onerror=alert(1)>'
    await page.route('**/v1/**', async (route) => {
      const answer = await route.fetch()
      const text = await answer.text()
      await route.fulfill({
        response: answer,
        body: text.replaceAll('Phường', evil).replaceAll('Quận', evil),
      })
    })
    await line(page).pressSequentially('14 hang trong')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByText(evil).count()).toBeGreaterThan(0)
    await line(page).fill(`${evil} ${SPLIT}`)
    await line(page).blur()
    await page.getByRole('radio').first().waitFor()
    const images =
      'document.images.length + document.querySelector("vpostcode-address").shadowRoot.querySelectorAll("img").length'
    expect(await page.evaluate(images)).toBe(0)
  })

  test('a page with the strictest policy has it with its styles, and without a complaint', async () => {
    const { origin } = shop.api
    shop.policy = `default-src 'none'; script-src ${origin}; connect-src ${origin}; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'`
    const page = await open()
    await line(page).pressSequentially('14 hang trong')
    const option = page.getByRole('option').first()
    await option.waitFor()
    expect(await page.evaluate(`getComputedStyle(document.querySelector('vpostcode-option')).display`)).toBe(
      'block',
    )
  })

  test('without scripts the fields inside are the form', async () => {
    const page = await open({ options: { javaScriptEnabled: false } })
    await line(page).fill('14 Hàng Trống')
    await order(page)
    expect(await ordered(page)).toEqual({ address: '14 Hàng Trống', commune: '', province: '', pay: 'cod' })
  })

  test('a page that brings no fields gets them; reset empties, disabled leaves them out', async () => {
    const page = await open({ inside: '' })
    await paste(page, '14 Hàng Trống, phường Hoàn Kiếm, Hà Nội')
    await checked(page)
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Reset' }).click()
    await checked(page, 'unchecked')
    expect(await valuesOf(page)).toEqual(['', '', ''])
    expect(await page.evaluate(`document.forms[0].checkValidity()`)).toBe(false)
    await page.evaluate(`document.querySelector('vpostcode-address').disabled = true`)
    await order(page)
    expect(await ordered(page)).toEqual({ pay: 'cod' })
  })

  test('lists of a page and a form of three levels are filled with what they have', async () => {
    const page = await open({
      inside: `<label>Address <input name="address" autocomplete="street-address"></label>
        <label>Province <select name="province" autocomplete="address-level1"><option value="">-<option value="p79">TP. Hồ Chí Minh<option value="p01">Hà Nội</select></label>
        <label>District <input name="district" autocomplete="address-level2"></label>
        <label>Commune <input name="commune" autocomplete="address-level3"></label>
        <label>Postcode <input name="zip" autocomplete="postal-code"></label>`,
    })
    await paste(page, '14 Hàng Trống, phường Hàng Trống, quận Hoàn Kiếm, Hà Nội')
    await checked(page)
    await order(page)
    expect(await ordered(page)).toMatchObject({
      address: '14 Hàng Trống',
      province: 'p01',
      district: 'Quận Hoàn Kiếm',
      commune: 'Phường Hoàn Kiếm',
      zip: '11024',
    })
  })

  test('"back" finds the address known again; events told of each state', async () => {
    const page = await open()
    await paste(page, '14 Hàng Trống, phường Hoàn Kiếm, Hà Nội')
    await checked(page)
    expect(await page.evaluate('told')).toEqual(['checked'])
    await order(page)
    await ordered(page)
    await page.goBack()
    await checked(page)
    expect(await valuesOf(page)).toEqual(['14 Hàng Trống', 'Phường Hoàn Kiếm', 'Thành phố Hà Nội'])
  })

  test('a key of another shop is refused: the form is a plain one', async () => {
    pages.expectComplaint(/Failed to load resource/)
    const page = await open({ attributes: 'required key="nobody"' })
    await paste(page, '14 Hàng Trống, phường Hoàn Kiếm, Hà Nội')
    await order(page)
    expect(await ordered(page)).toMatchObject({ vpostcode_status: 'unchecked' })
  })

  test('English where the page is, no faults of axe with the list open', async () => {
    const page = await open({ attributes: 'lang="en" key="browser"' })
    await line(page).pressSequentially('14 hang trong')
    await page.getByRole('listbox', { name: 'Suggested addresses' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    for (const option of await page.getByRole('option').all())
      expect((await option.boundingBox())!.height).toBeGreaterThanOrEqual(44)
  })
})
