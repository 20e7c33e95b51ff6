import { expect, test } from 'vitest'
import { understand } from './world.ts'

const codes = (text: string) => understand(text).issues.map(({ code }) => code)

test('a number that no part explains is told, and never grade A', () => {
  const read = understand('23 Nguyễn Hữu Thọ, Phường Tân Hưng, Thành phố Hồ Chí Minh')
  expect(read.grade).toBe('A')
  const unread = understand('23 Nguyễn Hữu Thọ, Ruby 2, Phường Tân Hưng, Thành phố Hồ Chí Minh')
  expect(unread.grade).toBe('B')
  expect(unread.confidence).toBeLessThanOrEqual(0.98)
  expect(unread.issues).toEqual([
    { code: 'text-unread', part: 'text', given: 'Ruby 2', used: null, severity: 'warning' },
  ])
})

test('words without a number, and what is not understood at all, are not', () => {
  expect(codes('23 Nguyễn Hữu Thọ, gần cây, Phường Tân Hưng, Thành phố Hồ Chí Minh')).toEqual([])
  expect(codes('iPhone 15 Pro Max')).toEqual(['not-understood'])
})

test('what programs write for a missing value is told, and never grade A', () => {
  for (const word of ['null', 'undefined', 'NaN']) {
    const unread = understand(`${word} Lê Lợi, Phường Bến Thành, Thành phố Hồ Chí Minh`)
    expect(unread).toMatchObject({ grade: 'B', components: { street: 'Lê Lợi' } })
    expect(unread.issues).toEqual([
      { code: 'text-unread', part: 'text', given: word, used: null, severity: 'warning' },
    ])
  }
})
