import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { understandText } from '../../src/match/understand.ts'

const gazetteer = load()

test.each([
  ['Phường Nguyễn Du, Quận Hai Bà Trưng (nay Phường Cửa Nam), Thành phố Hà Nội', '00082'],
  ['Phường Nguyễn Du, Quận Hai Bà Trưng, nay là phường Cửa Nam, Hà Nội', '00082'],
  ['Xã Mỏ Công, Huyện Tân Biên (nay Xã Tân Phú), Tỉnh Tây Ninh', '25549'],
])('a line that says which part of a split commune it is now is not in doubt: %s', (text, code) => {
  const { current, former, grade, candidates } = understandText(text, gazetteer)
  expect(current?.commune?.code).toBe(code)
  expect(former?.commune?.fullName).toBe(text.split(',')[0])
  expect([grade, candidates]).toEqual(['B', []])
})

test('a name that is none of the parts leaves the doubt', () => {
  const text = 'Phường Nguyễn Du, Quận Hai Bà Trưng (nay Phường Láng), Thành phố Hà Nội'
  const { grade, candidates } = understandText(text, gazetteer)
  expect(grade).toBe('C')
  expect(candidates.map(({ current }) => current.commune?.name)).toContain('Cửa Nam')
})
