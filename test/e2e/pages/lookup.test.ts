import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describePages, faultsOf, shoot } from './support.ts'

const ADDRESS = '14 Hàng Trống, phường Hoàn Kiếm, Hà Nội'
const search = (page: Page) => page.getByRole('combobox')
const ask = async (page: Page, text: string) => {
  await search(page).fill(text)
  await search(page).press('Enter')
  await page.locator('.answer').waitFor()
}
const fact = (page: Page, name: string) =>
  page.locator('.facts div', { has: page.getByText(name, { exact: true }) }).locator('dd')

describePages('look up', (pages) => {
  test('the first page: in Vietnamese first, in English by the switch, which is remembered', async () => {
    const page = await pages.open('/')
    await page.getByRole('heading', { name: 'Tra cứu địa chỉ và mã Vpostcode' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shoot(page, 'lookup')
    const own = await pages.browser.newContext()
    const other = await own.newPage()
    await other.goto(pages.origin)
    await other.getByRole('button', { name: 'English' }).click()
    await other.getByRole('heading', { name: 'Look up an address or a Vpostcode' }).waitFor()
    expect(await other.locator('html').getAttribute('lang')).toBe('en')
    await other.reload()
    await other.getByRole('heading', { name: 'Look up an address or a Vpostcode' }).waitFor()
  })

  test('an address: offered while it is typed, answered as a card with its code, both structures and its link', async () => {
    const page = await pages.open('/', { permissions: ['clipboard-read', 'clipboard-write'] })
    await search(page).pressSequentially('14 hang trong, hoan ki')
    const offers = page.getByRole('option')
    await expect.poll(() => offers.first().textContent()).toContain('14 Hàng Trống')
    expect(await faultsOf(page)).toEqual([])
    await shoot(page, 'lookup-offers')
    await offers.first().click()
    await page.locator('.answer').waitFor()
    const code = pages.api.codes[2]!
    await expect.poll(async () => (await page.locator('.code').textContent())?.replace(/\s/g, '')).toBe(code)
    expect(await page.locator('.answer .grade').textContent()).toBe('Địa chỉ rõ ràng')
    expect(await fact(page, 'Địa giới hiện nay').textContent()).toBe('Phường Hoàn Kiếm, Thành phố Hà Nội')
    expect(await page.locator('.facts').textContent()).toContain('Quận Hoàn Kiếm')
    expect(await fact(page, 'Plus code').textContent()).toMatch(/^7P\w{6}\+\w{3}$/)
    expect(await fact(page, 'Mã hộ').textContent()).toBe(pages.api.ids[2])
    await page.getByRole('button', { name: 'Chép mã' }).click()
    await page.getByText('Đã chép').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(code)
    await page.getByRole('button', { name: 'Mã QR' }).click()
    await expect.poll(() => page.evaluate("document.querySelector('.qr').naturalWidth")).toBeGreaterThan(0)
    expect(await faultsOf(page)).toEqual([])
    await shoot(page, 'lookup-address')
    await page.getByRole('link', { name: 'Trang của mã này' }).click()
    await page.waitForURL(`**/v/${code}`)
    await page.goBack()
    await page.locator('.answer').waitFor()
  })

  test.each([
    ['12 Hàng Trống, P. Hàng Trống, Q. Hoàn Kiếm, HN', 'Mã bưu chính', '11024'],
    ['71009-qmcx-r8v', 'Plus code', '7P28QMCX+R8V'],
    ['71009', 'Địa giới hiện nay', 'Phường Bến Thành, Thành phố Hồ Chí Minh'],
    ['7P28QMCX+R8V', 'Mã bưu chính', '71009'],
    ['10.7721, 106.6983', 'Plus code', '7P28QMCX+R8V'],
    ['106,6983; 10,7721', 'Plus code', '7P28QMCX+R8V'],
  ])('%s is answered: %s %s', async (question, name, value) => {
    const page = await pages.open(`/#q=${encodeURIComponent(question)}`)
    await page.locator('.answer').waitFor()
    expect(await fact(page, name).textContent()).toBe(value)
  })

  test('a household number leads to its code, a mistyped one is explained', async () => {
    const id = pages.api.ids[0]!
    const page = await pages.open('/')
    await ask(page, `${id.slice(0, 4)} ${id.slice(4, 8)} ${id.slice(8)}`)
    expect((await page.locator('.code').textContent())?.replace(/\s/g, '')).toBe(pages.api.codes[0])
    pages.expectComplaint(/400 \(Bad Request\)/)
    await search(page).fill(id.slice(0, 11) + ((Number(id[11]) + 1) % 10))
    await search(page).press('Enter')
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('có chữ số gõ sai')
  })

  test('a mistyped code says why and offers those one letter away, the registered one first', async () => {
    const meant = pages.api.codes[2]!
    const page = await pages.open('/')
    await ask(page, `${meant.slice(0, 11)}O`)
    await page.getByText('Bảy ký tự cuối chỉ gồm').waitFor()
    const first = page.locator('.choices button').first()
    expect(await first.textContent()).toContain('đã đăng ký')
    await shoot(page, 'lookup-mistyped')
    await first.click()
    await expect.poll(async () => (await page.locator('.code').textContent())?.replace(/\s/g, '')).toBe(meant)
  })

  test('an address that can be in several communes offers them, and the choice is answered', async () => {
    const page = await pages.open('/')
    await ask(page, '12 Nguyễn Văn Cừ, Quận 1, TPHCM')
    const choices = page.locator('.choices button')
    expect(await choices.count()).toBeGreaterThan(1)
    expect(await faultsOf(page)).toEqual([])
    await shoot(page, 'lookup-choices')
    const label = (await choices.first().textContent())!
    await choices.first().click()
    await expect.poll(() => fact(page, 'Địa giới hiện nay').textContent()).toBe(label.replace(/ \(.*?\)/, ''))
  })

  test('what is not understood, lies abroad or is hostile is explained as text', async () => {
    const page = await pages.open('/')
    const hostile = '"><img src=x onerror="window.broken=1"><script>window.broken=1</script>'
    await ask(page, hostile)
    expect(await page.locator('.answer').textContent()).toContain(hostile)
    expect(await page.evaluate('window.broken')).toBeUndefined()
    await page.getByText('Thử viết số nhà').waitFor()
    await shoot(page, 'lookup-nothing')
    pages.expectComplaint(/404 \(Not Found\)/)
    await ask(page, '51.5074, -0.1278')
    await page.getByText('Điểm này nằm ngoài Việt Nam.').waitFor()
  })

  test('without a network it says so, and goes on when there is one again', async () => {
    const page = await pages.open('/')
    pages.expectComplaint(/ERR_INTERNET_DISCONNECTED/)
    await page.context().setOffline(true)
    await search(page).fill('71009')
    await search(page).press('Enter')
    await page.getByText('Không có kết nối mạng').waitFor()
    await page.context().setOffline(false)
    await ask(page, '71009')
    expect(await fact(page, 'Mã bưu chính').textContent()).toBe('71009')
  })

  test('by keys alone: an offer is chosen, the answer read, its buttons reached, the box cleared', async () => {
    const page = await pages.open('/')
    const focused = () =>
      page.evaluate("document.activeElement.textContent || document.activeElement.getAttribute('role')")
    const tabTo = async (name: string) => {
      for (let i = 0; i < 20 && (await focused()) !== name; i++) await page.keyboard.press('Tab')
      expect(await focused()).toBe(name)
    }
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Đến nội dung chính')
    await tabTo('combobox')
    await page.keyboard.type('14 hang trong, hoan ki')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('ArrowDown')
    const chosen = page.locator('[role=option][aria-selected=true]')
    expect(await search(page).getAttribute('aria-activedescendant')).toBe(await chosen.getAttribute('id'))
    await page.keyboard.press('Enter')
    await page.locator('.answer .code').waitFor()
    // Who reads by ear is taken to the answer.
    await expect.poll(focused).toBe('14 Hàng Trống')
    await tabTo('Mã QR')
    await page.keyboard.press('Enter')
    await page.locator('.qr').waitFor()
    // The way past the head leads to the answer, which stays.
    await page.locator('.skip').focus()
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    expect(new URL(page.url()).hash).toMatch(/^#q=/)
    expect(await page.locator('.answer .code').isVisible()).toBe(true)
    await search(page).focus()
    await page.keyboard.type('x')
    await page
      .getByRole('option')
      .first()
      .waitFor()
      .catch(() => {})
    await page.keyboard.press('Escape')
    expect(await search(page).getAttribute('aria-expanded')).toBe('false')
    await page.keyboard.press('Escape')
    expect(await search(page).inputValue()).toBe('')
  })

  test('the map: loaded when it is asked for, and a click on it is answered', async () => {
    const page = await pages.open('/', { viewport: { width: 360, height: 740 } })
    const loaded = () =>
      page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => name).join()",
      ) as Promise<string>
    await ask(page, ADDRESS)
    expect(await loaded()).not.toMatch(/map-|tiles/)
    const tile = page.waitForRequest(/\/tiles\/[0-9a-f]+\/\d+/)
    await page.getByRole('button', { name: 'Mở bản đồ' }).click()
    const canvas = page.locator('.maplibregl-canvas')
    await canvas.waitFor()
    await tile
    await page.getByText('OpenStreetMap contributors').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.waitForTimeout(1_500)
    await shoot(page, 'lookup-map')
    const before = await search(page).inputValue()
    await canvas.click({ position: { x: 60, y: 60 } })
    await expect.poll(() => search(page).inputValue()).toMatch(/^2[01]\.\d+, 105\.\d+$/)
    expect(before).toBe(ADDRESS)
    await expect.poll(() => fact(page, 'Plus code').textContent()).toMatch(/^7P/)
    // The address of the page is that of the point: reloaded or passed on it shows the same, and the way back leads to the question.
    const clicked = await search(page).inputValue()
    await page.reload()
    await page.locator('.answer').waitFor()
    expect(await search(page).inputValue()).toBe(clicked)
    await page.goBack()
    await expect.poll(() => search(page).inputValue()).toBe(ADDRESS)
  })

  test('my position is answered, a refusal explained', async () => {
    const page = await pages.open('/', {
      permissions: ['geolocation'],
      geolocation: { latitude: 21.03135, longitude: 105.84942 },
    })
    await page.getByRole('button', { name: 'Vị trí của tôi' }).click()
    await expect
      .poll(async () => (await page.locator('.code').textContent())?.replace(/\s/g, ''))
      .toBe(pages.api.codes[2])
    const closed = await pages.open('/', { permissions: [] })
    await closed.getByRole('button', { name: 'Vị trí của tôi' }).click()
    await closed.getByText('Không lấy được vị trí').waitFor()
  })
})
