import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { gazetteer } from '../../api/support.ts'
import { type Office, openOffice } from './office.ts'
import { describePages, faultsOf, shoot } from './support.ts'

let office: Office

/** A former commune of Ha Noi that was split; its texts leave the commune of today open. */
const SPLIT = gazetteer.formerCommune('00103')!
const doubtful = (number: number) =>
  `Số ${number} đường Không Tên, ${SPLIT.fullName}, ${SPLIT.district.fullName}, Hà Nội`
const HOSTILE = '<img src=x onerror=alert(1)> 7 Hàng Trống, phường Hoàn Kiếm, Hà Nội'

describePages(
  '/console',
  (pages) => {
    const open = async (who: keyof Office['keys'] | null, path = '', options = {}) => {
      const page = await pages.open(`/console${path}`, options)
      if (who === null) return page
      await page.getByLabel('Khoá').fill(office.keys[who])
      await page.getByRole('button', { name: 'Đăng nhập' }).click()
      await page.getByRole('button', { name: 'Đăng xuất' }).waitFor()
      return page
    }
    const register = async (address: string, more: object = {}) => {
      const answer = await office.ask('lan', 'POST', '/v1/households', { address, ...more })
      const body = (await answer.json()) as { household: { id: string } }
      expect([address, answer.status]).toEqual([address, 201])
      return body.household.id
    }
    /** Numbers shown in the boxes of counts. */
    const counted = async (page: Page, words: string) =>
      Number(
        (await page
          .locator('.counts li', { hasText: words })
          .locator('strong')
          .first()
          .textContent())!.replace(/\D/g, ''),
      )

    test('a key signs in, is nowhere in the address, and a wrong one is refused', async () => {
      pages.expectComplaint(/401/)
      const page = await open(null)
      expect(await faultsOf(page)).toEqual([])
      await shoot(page, 'console-sign-in')
      await page.getByLabel('Khoá').fill('vp_staff_wrong')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').waitFor()
      await page.getByLabel('Khoá').fill(office.keys.lan)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Nạp danh sách' }).waitFor()
      expect(page.url()).not.toContain('vp_')
      await page.reload()
      await page.getByRole('heading', { name: 'Nạp danh sách' }).waitFor()
      expect(await page.evaluate('localStorage.length')).toBe(1)
      await page.getByRole('button', { name: 'Đăng xuất' }).click()
      await page.getByLabel('Khoá').waitFor()
      expect(await page.evaluate('sessionStorage.length')).toBe(0)
    })

    test('10,000 rows: columns seen and corrected, tried, loaded with progress, fetched, undone', {
      timeout: 120_000,
    }, async () => {
      const rows = Array.from({ length: 10_000 }, (_, i) =>
        i % 100 === 99 ? `${i},zzz qqq ${i}` : `${i},"Số ${i + 1} phố Thử Nghiệm, phường Hoàn Kiếm, Hà Nội"`,
      )
      const buffer = Buffer.from(`STT,Cột của tôi\n${rows.join('\n')}\n`)
      const page = await open('lan')
      await page
        .getByLabel('Chọn tệp danh sách')
        .setInputFiles({ name: 'hoan-kiem.csv', mimeType: 'text/csv', buffer })
      await page.getByRole('heading', { name: 'Các cột tìm thấy' }).waitFor()
      const column = page.getByLabel('Cột Cột của tôi chứa')
      await column.selectOption('none')
      await page.getByRole('alert').waitFor()
      await column.selectOption('address')
      await expect.poll(() => page.getByRole('alert').count()).toBe(0)
      expect(await faultsOf(page)).toEqual([])
      await page.getByRole('button', { name: 'Chạy thử 1.000 dòng đầu' }).click()
      await page.getByRole('button', { name: 'Nạp vào sổ' }).waitFor({ timeout: 60_000 })
      expect([await counted(page, 'cần khảo sát'), await counted(page, 'bị loại')]).toEqual([990, 10])
      await page.getByRole('button', { name: /bị loại/ }).click()
      expect(await page.locator('td .tag').allTextContents()).toEqual(Array(10).fill('bị loại'))
      expect(await faultsOf(page)).toEqual([])
      await shoot(page, 'console-dry-run')
      // On a phone a row is a card: nothing is to be scrolled for at the side.
      await page.setViewportSize({ width: 360, height: 740 })
      const tried = page.getByRole('region', { name: 'Các dòng đã chạy thử' })
      expect(await tried.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0)
      expect(await faultsOf(page)).toEqual([])
      await page.setViewportSize({ width: 1280, height: 800 })
      const before = (await (await office.ask('lan', 'GET', '/v1/coverage?by=total')).json()) as Total
      await page.getByRole('button', { name: 'Nạp vào sổ' }).click()
      await page.getByRole('button', { name: 'Tải kết quả' }).waitFor({ timeout: 90_000 })
      expect([await counted(page, 'cần khảo sát'), await counted(page, 'bị loại')]).toEqual([9_900, 100])
      expect(await faultsOf(page)).toEqual([])
      await shoot(page, 'console-load')
      for (const [button, lines] of [
        ['Tải kết quả', 10_001],
        ['Tải các dòng bị loại', 101],
      ] as const) {
        const [saved] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: button }).click(),
        ])
        const text = readFileSync(await saved.path(), 'utf8')
        expect(text.trim().split('\n')).toHaveLength(lines)
      }
      await page.getByRole('button', { name: 'Hoàn tác lần nạp' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Hoàn tác lần nạp' }).click()
      await page.getByRole('heading', { name: /Hoàn tác tác vụ/ }).waitFor()
      await page.getByRole('button', { name: 'Tải kết quả' }).waitFor({ timeout: 90_000 })
      expect([await counted(page, 'đã hoàn tác'), await counted(page, 'để nguyên')]).toEqual([9_900, 0])
      await expect
        .poll(
          async () =>
            ((await (await office.ask('lan', 'GET', '/v1/coverage?by=total')).json()) as Total).lines[0]
              ?.households,
          { timeout: 10_000 },
        )
        .toBe(before.lines[0]?.households)
      await page.goBack()
      await page.getByText('đã được hoàn tác lúc').waitFor()
      expect(await page.getByRole('button', { name: 'Hoàn tác lần nạp' }).count()).toBe(0)
      expect(await page.getByRole('link', { name: /cần khảo sát/ }).count()).toBe(0)
      await shoot(page, 'console-undone')
    })

    test('a workbook of several sheets is read from the sheet that is chosen', async () => {
      const page = await open('lan')
      await page.getByLabel('Chọn tệp danh sách').setInputFiles({
        name: 'hai-trang.xlsx',
        mimeType: 'application/octet-stream',
        buffer: await twoSheets(),
      })
      await page.getByLabel('Trang tính').waitFor()
      await page.getByLabel('Trang tính').selectOption('Hai')
      await page.getByRole('cell', { name: '2 Hàng Trống, phường Hoàn Kiếm, Hà Nội' }).waitFor()
    })

    test('the review queue by keyboard alone: next, a commune, undo, help; hostile texts are only text', {
      timeout: 90_000,
    }, async () => {
      await Promise.all([1, 2, 3].map((n) => register(doubtful(n))))
      await register(`${HOSTILE.replace('7', '8')}, ${doubtful(4)}`).catch(() => null)
      const page = await open('lan', '#/review')
      await page.locator('.case mark.street').first().waitFor()
      expect(await faultsOf(page)).toEqual([])
      await shoot(page, 'console-review')
      const waiting = async () => page.locator('.queue li').count()
      const all = await waiting()
      const first = await page.locator('.queue a[aria-current]').textContent()
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Phím tắt' }).waitFor()
      expect(await faultsOf(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.keyboard.press('j')
      await expect.poll(() => page.locator('.queue a[aria-current]').textContent()).not.toBe(first)
      const second = await page.locator('.queue a[aria-current]').textContent()
      await page.locator('.candidates button').first().waitFor()
      await page.keyboard.press('1')
      await expect.poll(waiting).toBe(all - 1)
      await page.locator('.case').waitFor()
      await page.keyboard.press('u')
      await expect.poll(waiting).toBe(all)
      await expect.poll(() => page.locator('.queue a[aria-current]').textContent()).toBe(second)
    })

    test('several cases together: the commune that all can mean is offered, more than a hundred can be asked for', {
      timeout: 90_000,
    }, async () => {
      const ids = await Promise.all([31, 32, 33].map((n) => register(doubtful(n))))
      const page = await open('lan', '#/review')
      const tick = async (number: number) =>
        page.getByRole('checkbox', { name: new RegExp(`Số ${number} đường Không Tên`) }).check()
      for (const number of [31, 32]) await tick(number)
      const commune = SPLIT.successors[1]!.current
      const all = page.getByRole('button', { name: `Tất cả ở ${commune.fullName}` })
      await all.waitFor()
      expect(await page.getByRole('button', { name: 'Nhập mỗi hộ' }).count()).toBe(0)
      expect(await faultsOf(page)).toEqual([])
      await shoot(page, 'console-together')
      await all.click()
      await page.getByRole('dialog').getByRole('button', { name: 'Tất cả ở' }).click()
      await page.getByText('Đã quyết định 2 hộ').waitFor()
      const placed = async (id: string) =>
        ((await (await office.ask('lan', 'GET', `/v1/households/${id}`)).json()) as { communeCode: string })
          .communeCode
      expect([await placed(ids[0]!), await placed(ids[1]!)]).toEqual([commune.code, commune.code])
      expect(await placed(ids[2]!)).not.toBe('')

      // A list of more than a hundred: the rest comes when it is asked for.
      await page.route('**/v1/review?*', async (route) => {
        const limit = Number(new URL(route.request().url()).searchParams.get('limit'))
        const answer = await route.fetch()
        const body = (await answer.json()) as { more: boolean }
        await route.fulfill({ response: answer, json: { ...body, more: limit < 300 } })
      })
      await page.reload()
      await page.getByRole('button', { name: 'Xem thêm' }).click()
      const [asked] = await Promise.all([
        page.waitForRequest(/v1\/review\?.*limit=300/),
        page.getByRole('button', { name: 'Xem thêm' }).click(),
      ])
      expect(asked.url()).toContain('limit=300')
      await expect.poll(() => page.getByRole('button', { name: 'Xem thêm' }).count()).toBe(0)
    })

    test('of two clerks one is told that the other was faster, and sees the household as it is now', async () => {
      const id = await register(doubtful(11))
      pages.expectComplaint(/412/)
      const [lan, mai] = [await open('lan', `#/review/${id}`), await open('mai', `#/review/${id}`)]
      for (const page of [lan, mai]) await page.locator('.candidates button').first().waitFor()
      await lan.locator('.candidates button').first().click()
      await expect.poll(() => lan.url()).not.toContain(id)
      await mai.locator('.candidates button').nth(1).click()
      await mai.getByText('Người khác vừa thay đổi hộ này').waitFor()
    })

    test('verification is for a second person: who entered it is refused, another one verifies', async () => {
      const commune = gazetteer.communes.find(({ name }) => name === 'Bến Thành')!
      const { lat, lon } = commune.inside
      await register('91 Lê Lợi, Phường Bến Thành, TP. Hồ Chí Minh', { point: { lat, lon, accuracy: 8 } })
      pages.expectComplaint(/409/)
      const lan = await open('lan', '#/verify')
      await lan.getByLabel('Mã xã, phường').fill(commune.code)
      await lan.getByRole('heading', { name: /91 Lê Lợi/ }).waitFor()
      expect(await faultsOf(lan)).toEqual([])
      await shoot(lan, 'console-verify')
      await lan.keyboard.press('Tab')
      await lan.getByRole('button', { name: 'Xác minh' }).click()
      await lan.getByText('chưa có bằng chứng').waitFor()
      const mai = await open('mai', '#/verify')
      await mai.getByLabel('Mã xã, phường').fill(commune.code)
      await mai.getByRole('heading', { name: /91 Lê Lợi/ }).waitFor()
      await mai.getByRole('heading', { name: /91 Lê Lợi/ }).click()
      await mai.getByRole('button', { name: 'Bỏ qua' }).focus()
      await mai.keyboard.press('v')
      await mai.getByText('Đã xác minh: 91 Lê Lợi').waitFor()
    })

    test('a household: found, moved by keyboard, merged, undone, with its history; hostile addresses are text', {
      timeout: 90_000,
    }, async () => {
      const id = await register('51 Hàng Trống, phường Hoàn Kiếm, Hà Nội', {
        point: { lat: 21.0316, lon: 105.8491, accuracy: 5 },
      })
      const other = await register('51A Hàng Trống, phường Hoàn Kiếm, Hà Nội')
      const page = await open('lan', '#/household')
      await page.getByLabel(/Mã hộ, Vpostcode/).fill('51 Hàng Trống, phường Hoàn Kiếm, Hà Nội')
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: /^51 Hàng Trống/ }).click()
      await page.getByRole('heading', { name: /^51 Hàng Trống/ }).waitFor()
      const code = await page.locator('dd.mono').nth(1).textContent()
      for (let i = 0; i < 8; i++) await page.getByRole('button', { name: 'Lên phía bắc 3 m' }).press('Enter')
      await page.getByRole('button', { name: 'Ghi vị trí này' }).press('Enter')
      await page.getByText('Đã ghi vị trí mới').waitFor()
      await expect.poll(() => page.locator('dd.mono').nth(1).textContent()).not.toBe(code)
      await page.getByLabel('Mã các hộ nhập vào hộ này').fill(other)
      await page.getByRole('button', { name: 'Nhập hộ' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Nhập hộ' }).click()
      await page.getByText('Đã nhập hộ').waitFor()
      await page.locator('.history').getByText('nhập hộ').waitFor()
      expect(await faultsOf(page)).toEqual([])
      await shoot(page, 'console-household')
      await page.getByRole('button', { name: 'Hoàn tác thay đổi cuối' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Hoàn tác thay đổi cuối' }).click()
      await page.locator('.history').getByText('hoàn tác').first().waitFor()
      const merged = (await (await office.ask('lan', 'GET', `/v1/households/${other}`)).json()) as {
        status: string
      }
      expect(merged.status).toBe('provisional')

      const hostile = await register(HOSTILE)
      await page.goto(`${office.origin}/console#/household/${hostile}`)
      await page.getByRole('heading', { level: 1 }).getByText('<img').waitFor()
      expect(await page.locator('main img').count()).toBe(0)
      expect(await page.locator(`a[href="#/household/${id}"]`).count()).toBe(0)
    })

    test('a household: its access point, a second address, split, erased', { timeout: 90_000 }, async () => {
      const id = await register('61 Hàng Trống, phường Hoàn Kiếm, Hà Nội', {
        point: { lat: 21.0317, lon: 105.8491, accuracy: 5 },
      })
      const second = await register('61 ngõ Thử, phường Hoàn Kiếm, Hà Nội')
      const now = async (of: string) =>
        (await (await office.ask('lan', 'GET', `/v1/households/${of}`)).json()) as {
          status: string
          of: string | null
          access: object | null
          text: string
          successors: string[]
        }
      const page = await open('lan', `#/household/${id}`)
      await page.getByRole('button', { name: 'Lên phía bắc 3 m' }).press('Enter')
      await page.getByRole('button', { name: 'Ghi làm lối vào' }).press('Enter')
      await page.getByText('Đã ghi lối vào').waitFor()
      expect((await now(id)).access).toEqual({ lat: 21.031725, lon: 105.8491 })
      await page.getByRole('button', { name: 'Bỏ lối vào' }).click()
      await page.getByText('Đã bỏ lối vào').waitFor()
      expect((await now(id)).access).toBeNull()

      await page.getByText('Tách hộ', { exact: true }).first().click()
      await page.getByText('Địa chỉ phụ của hộ khác').click()
      await page
        .getByLabel(/Địa chỉ của từng hộ mới/)
        .fill('61A Hàng Trống, phường Hoàn Kiếm, Hà Nội\n61B Hàng Trống, phường Hoàn Kiếm, Hà Nội\n')
      expect(await faultsOf(page)).toEqual([])
      await shoot(page, 'console-changes')
      await page.getByRole('button', { name: 'Tách hộ' }).click()
      expect(await faultsOf(page)).toEqual([])
      await page.getByRole('dialog').getByRole('button', { name: 'Tách hộ' }).click()
      await page.getByText('Đã tách hộ').waitFor()
      const { status, successors } = await now(id)
      expect([status, successors.length]).toEqual(['historical', 2])

      const main = successors[0]!
      await page.goto(`${office.origin}/console#/household/${second}`)
      await page.getByRole('heading', { name: /^61 ngõ Thử/ }).waitFor()
      await page.getByText('Địa chỉ phụ của hộ khác').click()
      await page.getByLabel('Mã hộ chính').fill(main)
      await page.getByRole('button', { name: 'Ghi hộ chính' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Ghi hộ chính' }).click()
      await page.getByText('Đã ghi hộ chính').waitFor()
      expect(await now(second)).toMatchObject({ status: 'alternative', of: main })

      await page.getByRole('button', { name: 'Xoá dữ liệu' }).click()
      await page.getByText('không hoàn tác được').waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Xoá dữ liệu' }).click()
      await page.getByText('Đã xoá địa chỉ').waitFor()
      await page.getByRole('heading', { name: '(đã xoá)' }).waitFor()
      expect((await now(second)).text).toBe('')
    })

    test('how far a province is: the table leads to its map, colours follow the measure', {
      timeout: 90_000,
    }, async () => {
      const page = await open('lan', '#/coverage')
      await page.getByRole('link', { name: 'Thành phố Hà Nội' }).waitFor()
      expect(await faultsOf(page)).toEqual([])
      await shoot(page, 'console-coverage')
      await page.getByRole('link', { name: 'Thành phố Hà Nội' }).click()
      await page.locator('.choropleth path').first().waitFor()
      expect(await page.locator('.choropleth path').count()).toBe(126)
      await page.getByLabel('Đã xác minh').check()
      await page.locator('.choropleth path').nth(3).hover({ force: true })
      expect(await faultsOf(page)).toEqual([])
      await shoot(page, 'console-province')
      const [list] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /Tải danh sách khảo sát .*Hoàn Kiếm/ }).click(),
      ])
      expect(readFileSync(await list.path(), 'utf8')).toContain('Mã hộ,Số của cơ quan,Địa chỉ')
    })

    test('an administrator makes a key that is shown once, rotates and revokes it, and sees jobs, no household', {
      timeout: 90_000,
    }, async () => {
      const page = await open('chief')
      await page.getByRole('heading', { name: 'Khoá', exact: true }).waitFor()
      await page.getByLabel('Tên', { exact: true }).fill('Hoa')
      await page.getByLabel(/Phạm vi/).fill('01')
      await page.getByRole('button', { name: 'Tạo khoá' }).click()
      const secret = await page.locator('.secret').textContent()
      expect(secret).toMatch(/^vp_staff_/)
      expect(await faultsOf(page)).toEqual([])
      await shoot(page, 'console-keys')
      await page.reload()
      await page.getByRole('row', { name: /Hoa/ }).waitFor()
      expect(await page.content()).not.toContain(secret)
      await page.getByRole('row', { name: /Hoa/ }).getByRole('button', { name: 'Đổi khoá' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Đổi khoá' }).click()
      await page.locator('.secret').waitFor()
      await page.getByRole('row', { name: /Hoa/ }).first().getByRole('button', { name: 'Thu hồi' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Thu hồi' }).click()
      await page.getByRole('row', { name: /Hoa.*đã thu hồi/ }).waitFor()
      await page.getByRole('link', { name: 'Tác vụ' }).click()
      await page.getByRole('heading', { name: 'Tác vụ' }).waitFor()
      expect(await faultsOf(page)).toEqual([])
      await shoot(page, 'console-jobs')
      expect(await page.getByRole('link', { name: 'Chờ quyết định' }).count()).toBe(0)
    })

    test('in English and in the dark it holds as well', async () => {
      const page = await pages.open('/console', { language: 'en', colorScheme: 'dark' })
      await page.getByLabel('Key').fill(office.keys.saigon)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('heading', { name: 'Load a list' }).waitFor()
      expect(await faultsOf(page)).toEqual([])
      await page.getByRole('link', { name: 'Review' }).click()
      await page.getByText('Nothing waits for a decision').waitFor()
      expect(await faultsOf(page)).toEqual([])
      await page.getByRole('link', { name: 'Coverage' }).click()
      await page.getByRole('table').waitFor()
      expect(await faultsOf(page)).toEqual([])
      await shoot(page, 'console-dark')
      pages.expectComplaint(/404/)
      await page.evaluate("location.hash = '#/files/999999'")
      await expect
        .poll(() => page.getByRole('alert').textContent())
        .toContain('You have no job with this number')
    })
  },
  {},
  async () => {
    office = await openOffice()
    return office
  },
)

interface Total {
  lines: { households: number }[]
}

/** A workbook with the sheets "Một" and "Hai". */
async function twoSheets(): Promise<Buffer> {
  const { utils, write } = await import('@e965/xlsx')
  const book = utils.book_new()
  for (const [name, number] of [
    ['Một', 1],
    ['Hai', 2],
  ] as const)
    utils.book_append_sheet(
      book,
      utils.aoa_to_sheet([['Địa chỉ'], [`${number} Hàng Trống, phường Hoàn Kiếm, Hà Nội`]]),
      name,
    )
  return write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer
}
