import { expect, test } from 'vitest'
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
