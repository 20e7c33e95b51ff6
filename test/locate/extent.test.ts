import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { communeReach, provinceExtent } from '../../src/locate/extent.ts'

const gazetteer = load()
const provinceNamed = (name: string) =>
  provinceExtent(gazetteer.provinces.find((province) => province.name === name)!, gazetteer)
const reachOf = (name: string) =>
  communeReach(gazetteer.communes.find(({ fullName }) => fullName === name)!, gazetteer)

test('an archipelago does not make the error of a province', () => {
  // Hoàng Sa lies some 400 km off Đà Nẵng, Trường Sa up to 1,000 km off Khánh Hòa, Côn Đảo 230 km off Ho Chi Minh City.
  expect(provinceNamed('Đà Nẵng').accuracy).toBeLessThan(120_000)
  expect(provinceNamed('Khánh Hòa').accuracy).toBeLessThan(150_000)
  expect(provinceNamed('Hồ Chí Minh').accuracy).toBeLessThan(110_000)
})

test('the last islands do not make the error of a commune', () => {
  expect(reachOf('Đặc khu Côn Đảo')).toBeLessThan(12_000)
  expect(reachOf('Đặc khu Phú Quốc')).toBeGreaterThan(15_000)
  expect(reachOf('Đặc khu Phú Quốc')).toBeLessThan(30_000)
})

test('where land is everywhere in the sea the error says so', () => {
  expect(reachOf('Đặc khu Trường Sa')).toBeGreaterThan(300_000)
})
