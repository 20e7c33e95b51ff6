import { expect, test } from 'vitest'
import { unitOption } from '../../../src/web/widget/unitOption.ts'

test('a unit is found in a list of the page, however that writes its type and marks', () => {
  const provinces = ['-- Chọn --', 'Hà Nội', 'TP. Hồ Chí Minh', 'Tỉnh Đắk Lắk', 'Hồ Chí Minh City']
  expect(unitOption(provinces, 'Thành phố Hồ Chí Minh')).toBe(2)
  expect(unitOption(provinces, 'Thành phố Hà Nội')).toBe(1)
  expect(unitOption(provinces, 'Tỉnh Đắk Lắk')).toBe(3)
  expect(unitOption(provinces, 'Tỉnh Đắk Nông')).toBe(-1)
})

test('of one name with two types the one that says its type is taken', () => {
  expect(unitOption(['Xã Tân Phú', 'Phường Tân Phú'], 'Phường Tân Phú')).toBe(1)
  expect(unitOption(['Phường 11', 'Phường 1'], 'Phường 1')).toBe(1)
})
