import { describe, expect, test } from 'vitest'
import { load } from '../../../src/gazetteer/load.ts'
import { locateAddress } from '../../../src/locate/door/locateAddress.ts'
import { understandText } from '../../../src/match/understand.ts'

const gazetteer = load()

/** Where the shipped map puts an address of the real country. */
function find(text: string) {
  const { components, current, former } = understandText(text, gazetteer)
  const commune = gazetteer.commune(current!.commune!.code)!
  return locateAddress(components, commune, former, gazetteer)
}

test('two mapped houses of one number, 1.7 km apart: the error reaches both', () => {
  const found = find('1 Võ Văn Ngân, phường Linh Chiểu, Thủ Đức, TP.HCM')
  expect(found).toMatchObject({ precision: 'interpolated', by: 'houses' })
  expect(found.accuracy).toBeGreaterThan(1700)
})

test('a house of the number beyond the border of the commune is another one', () => {
  // Hoàng Văn Thụ runs through Phú Nhuận and Tân Bình; the mapped 202 stands in Phú Nhuận.
  expect(find('202 Hoàng Văn Thụ, phường 9, Phú Nhuận, TP.HCM').precision).toBe('building')
  expect(find('202 Hoàng Văn Thụ, phường 4, Tân Bình, TP.HCM').precision).toBe('interpolated')
})

describe('where the map ends, the error holds for what lies beyond it', () => {
  // The shipped map has the first 700 m of Láng, which is 4 km long: 1194 stands some 2.5 km behind its edge.
  test('a street that is mapped next door only can be anywhere in the commune', () => {
    const found = find('1194 đường Láng, phường Láng Thượng, quận Đống Đa, Hà Nội')
    expect(found.precision).toBe('street')
    expect(found.accuracy).toBeGreaterThan(2200)
  })
  test('a number behind the last mapped step is not interpolated', () => {
    const found = find('400 Nguyễn Trãi, phường Thanh Xuân, Hà Nội')
    expect(found.precision).toBe('street')
    expect(found.accuracy).toBeGreaterThan(1000)
  })
  test('a street without a number may run on', () => {
    expect(find('Nguyễn Trãi, phường Thanh Xuân, Hà Nội').accuracy).toBeGreaterThan(800)
  })
  test('numbers of the next commune tell how much of a street is missing', () => {
    // Alley 298 is the last one of what the map calls Đê La Thành.
    expect(find('800 Đê La Thành, phường Ô Chợ Dừa, Hà Nội').accuracy).toBeGreaterThan(1400)
  })
})
