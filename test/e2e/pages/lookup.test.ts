import { expect, test } from 'vitest'
import { describePages, faultsOf, shoot } from './support.ts'

describePages('/', (pages) => {
  test('is shown, in Vietnamese first and in English by the switch', async () => {
    const page = await pages.open('/')
    await page.getByRole('heading', { name: 'Tra cứu địa chỉ và mã Vpostcode' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await shoot(page, 'lookup')
  })
})
