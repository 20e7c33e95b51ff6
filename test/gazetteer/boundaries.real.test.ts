import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { locateCommune } from '../../src/locate/commune.ts'

const gazetteer = load()
const { boundaries, communes } = gazetteer

test('the inside point of every commune answers its own commune', () => {
  const wrong = communes.filter(({ index, inside }) => boundaries.communeAt(inside.lat, inside.lon) !== index)
  expect(communes).toHaveLength(3321)
  expect(wrong.map(({ code }) => code)).toEqual([])
})

test('the islands of the two special zones are there', () => {
  // Bông Bay and Chim Én of Hoàng Sa (the source draws others of its islands some kilometres off); Trường Sa Lớn.
  expect(locateCommune(gazetteer, 16.04, 112.53).commune?.name).toBe('Hoàng Sa')
  expect(locateCommune(gazetteer, 16.34, 112.03).commune?.name).toBe('Hoàng Sa')
  expect(locateCommune(gazetteer, 8.6445, 111.9195).commune?.name).toBe('Trường Sa')
})

test.each([
  ['the Gulf of Tonkin', 19.5, 107.5],
  ['the sea off Nha Trang', 12.2, 110.5],
  ['the Gulf of Thailand', 9.3, 103.2],
  ['Vientiane, Laos', 17.9667, 102.6],
  ['Pakse, Laos', 15.12, 105.8],
  ['Nanning, China', 22.817, 108.366],
  ['Hekou, China', 22.5294, 103.9539],
  ['Phnom Penh, Cambodia', 11.5564, 104.9282],
  ['Bavet, Cambodia', 11.073, 106.12],
  ['Null Island', 0, 0],
  ['the other side of the world', -16, -74],
])('%s lies outside coverage', (_, lat, lon) => {
  expect(locateCommune(gazetteer, lat, lon)).toEqual({
    commune: null,
    neighbours: [],
    issue: 'outside-coverage',
  })
})

test('known places', () => {
  const name = (lat: number, lon: number) => locateCommune(gazetteer, lat, lon).commune?.fullName
  expect(name(21.0367, 105.8346)).toBe('Phường Ba Đình') // Mausoleum, Ha Noi
  expect(name(10.7721, 106.6983)).toBe('Phường Bến Thành') // Ben Thanh market
  expect(name(16.0678, 108.2208)).toBe('Phường Hải Châu') // Da Nang, city hall
})

test('the special zones of the sea answer near their own islands only', () => {
  const zone = communes.find(({ name }) => name === 'Trường Sa')!
  expect(boundaries.communeAt(zone.centroid.lat + 0.7, zone.centroid.lon)).toBe(-1)
  expect(boundaries.distanceTo(zone.index, zone.inside.lat, zone.inside.lon, 50)).toBe(0)
})
