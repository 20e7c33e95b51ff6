import { expect, test } from 'vitest'
import { convert, decode, encode, InputTooLong, understand } from '../src/index.ts'

test('what is no text is refused by name, not by where it fails', () => {
  for (const value of [undefined, null, 12, {}]) {
    expect(() => understand(value as never)).toThrow(/^not a text: /)
    expect(() => convert(value as never)).toThrow(TypeError)
  }
  // 01234 as a number is 1234.
  expect(() => convert(26740 as never)).toThrow('not a text: 26740')
  expect(() => understand('Hà Nội', { era: 'old' as never })).toThrow(RangeError)
  expect(() => understand('a'.repeat(501))).toThrow(InputTooLong)
})

test('encode: null at sea and abroad, an error for what is no place on earth', async () => {
  expect(encode(19.5, 107.5)).toBeNull()
  expect(encode(51.5, -0.1)).toBeNull()
  const wrong: unknown[][] = [[Number.NaN, 106], ['10.77', '106.69'], [], [106.6983, 10.7721], [10, Infinity]]
  for (const [lat, lon] of wrong) expect(() => encode(lat as never, lon as never)).toThrow(RangeError)
  await expect((async () => decode(undefined as never))()).rejects.toThrow('not a text')
})
