import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { vpostcode } from '../../cli/command.ts'
import { type Service, startService } from '../service.ts'
import { type ForeignShop, openForeignShop } from './foreignShop.ts'
import { describePages } from './support.ts'

// The ids of a carrier, from its list on disk to the order of a shop.

let service: Service

describePages(
  'a crosswalk that the operator imports',
  (pages) => {
    let shop: ForeignShop
    beforeAll(async () => {
      shop = await openForeignShop(pages.origin)
    })
    afterAll(() => shop?.close())

    test("reaches the shop's form: the id of the commune, empty where the carrier has none", async () => {
      const db = ['--db', join(service.folder, 'e2e.db')]
      const list = join(service.folder, 'ghn.csv')
      writeFileSync(list, 'unit,id,name\n00070,20308,Hoàn Kiếm\n')
      expect(vpostcode(['import', 'crosswalk', 'ghn', list, '--era', 'current', ...db]).status).toBe(0)
      const made = ['keys', 'create', '--role', 'browser', '--name', 'web shop', '--origin', shop.origin]
      const key = vpostcode([...made, ...db]).stdout.trim()
      const asked = async () => {
        const answer = await fetch(`${pages.origin}/v1/validate`, {
          method: 'POST',
          headers: { 'X-Api-Key': key, 'Content-Type': 'application/json', Origin: shop.origin },
          body: JSON.stringify({ address: '14 Hàng Trống, phường Hoàn Kiếm, Hà Nội' }),
        })
        return answer.status === 200 && ((await answer.json()) as { crosswalks: object[] }).crosswalks.length
      }
      // Servers follow keys and lists within seconds; both processes have to.
      for (const _ of [1, 2, 3, 4]) await expect.poll(asked, { timeout: 30_000 }).toBe(1)

      shop.pages['/'] = `<!doctype html><html lang="vi"><meta charset="utf-8"><title>Shop</title>
        <script src="${shop.api.origin}/widget.js" async></script>
        <form method="post" action="/order"><vpostcode-address key="${key}">
        <label>Address <input name="address" autocomplete="street-address"></label></vpostcode-address>
        <button>Order</button></form></html>`
      const order = async (address: string) => {
        const page = await pages.openElsewhere(`${shop.origin}/`)
        await page.locator('vpostcode-address :defined, vpostcode-address').first().waitFor()
        await page.locator('input[name=address]').fill(address)
        await page.locator('input[name=address]').blur()
        await expect
          .poll(() => page.evaluate(`document.querySelector('vpostcode-address').value?.status`), {
            timeout: 20_000,
          })
          .toBe('checked')
        await page.getByRole('button', { name: 'Order' }).click()
        await page.getByRole('heading', { name: 'Thanks' }).waitFor()
        return Object.fromEntries(shop.orders.pop()!)
      }
      expect(await order('14 Hàng Trống, phường Hoàn Kiếm, Hà Nội')).toMatchObject({
        vpostcode_commune_code: '00070',
        vpostcode_carrier_ghn: '20308',
      })
      expect(await order('5 Lê Lợi, phường Bến Thành, TP. Hồ Chí Minh')).toMatchObject({
        vpostcode_commune_code: '26743',
        vpostcode_carrier_ghn: '',
      })
    }, 120_000)

    test('in a page without styles the list is as wide as a phone allows, and on a phone no wider than its screen', async () => {
      shop.pages['/plain'] = `<!doctype html><html lang="vi"><meta charset="utf-8"><title>Shop</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <script src="${shop.api.origin}/widget.js" async></script>
        <form><p style="display: flex; gap: 1rem"><span>Name of the field:</span>
        <vpostcode-address><input name="address" size="12" aria-label="Address" autocomplete="street-address"></vpostcode-address></p></form></html>`
      for (const [width, least] of [
        [360, 320],
        [1280, 320],
      ] as const) {
        const page = await pages.openElsewhere(`${shop.origin}/plain`, { viewport: { width, height: 740 } })
        await page.locator('input').pressSequentially('le loi ben thanh', { delay: 20 })
        await page.getByRole('option').first().waitFor({ timeout: 20_000 })
        const list = (await page.getByRole('listbox').boundingBox())!
        expect([width, list.width >= least - 2, list.x >= 0, list.x + list.width <= width]).toEqual([
          width,
          true,
          true,
          true,
        ])
      }
    }, 60_000)
  },
  {},
  async () => {
    service = await startService()
    return { origin: service.url.replace('localhost', '127.0.0.1'), stop: service.stop }
  },
)
