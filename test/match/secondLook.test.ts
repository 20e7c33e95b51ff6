import { describe, expect, test } from 'vitest'
import { understand } from './world.ts'

describe('a line without commas that is not understood as it stands', () => {
  test.each([
    ['130/20/14/3 le van sy phu nhuan', '130/20/14/3', 'le van sy', 'Phú Nhuận'],
    ['12 ngo gach hoan kiem', '12', 'ngo gach', 'Hoàn Kiếm'],
    ['QL13 Thủ Đức', undefined, 'QL13', 'Hiệp Bình'],
  ])(
    'is parted before its units where its street is known to lie in them: %s',
    (text, house, street, named) => {
      const answer = understand(text)
      expect(answer.grade).toBe('C')
      expect(answer.input).toBe(text)
      expect([answer.components.houseNumber, answer.components.street]).toEqual([house, street])
      const communes = [answer.current, ...answer.candidates.map(({ current }) => current)]
      expect(communes.map((one) => one?.commune?.name)).toContain(named)
    },
  )

  test('and its spans stay where they are', () => {
    const text = '130/20 le van sy phu nhuan 0901234567'
    const { private: hidden } = understand(text)
    expect(hidden.map(({ start, end }) => text.slice(start, end))).toEqual(['0901234567'])
  })

  test.each([
    '12 Nguyễn Văn Xyz Phú Nhuận',
    'nhà hàng ngon phu nhuan',
    'cho em xin cái áo màu đỏ hue',
    '12 hang trong phu nhuan',
  ])('is left alone where no such street lies there: %s', (text) => {
    expect(understand(text).grade).toBe('D')
  })
})
