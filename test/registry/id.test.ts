import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idCodec, MAX_HOUSEHOLDS } from '../../src/registry/id.ts'

const codec = idCodec(Buffer.alloc(32, 7))

test('an id leads back to its household and no id is given twice', () => {
  const seen = new Set<string>()
  for (let n = 1; n <= 100_000; n++) {
    const id = codec.idOf(n)
    expect(codec.nOf(id)).toBe(n)
    seen.add(id)
  }
  expect(seen.size).toBe(100_000)
})

test('the whole range is used: any id of the right shape leads to a household in range', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: MAX_HOUSEHOLDS }), (n) => {
      const id = codec.idOf(n)
      expect(id).toMatch(/^[1-9]\d{4}[01]\d{6}$/)
      expect(codec.nOf(id)).toBe(n)
    }),
    { numRuns: 5_000 },
  )
})

test('the ends of the range', () => {
  expect(codec.nOf(codec.idOf(MAX_HOUSEHOLDS))).toBe(MAX_HOUSEHOLDS)
  expect(() => codec.idOf(0)).toThrow(RangeError)
  expect(() => codec.idOf(MAX_HOUSEHOLDS + 1)).toThrow(RangeError)
  expect(() => codec.idOf(1.5)).toThrow(RangeError)
})

test('the last digit is a Luhn digit: one wrong digit or two swapped neighbours are noticed', () => {
  for (let n = 1; n <= 300; n++) {
    const id = codec.idOf(n)
    for (let i = 0; i < 12; i++) {
      const wrong = id.slice(0, i) + ((Number(id[i]) + 3) % 10) + id.slice(i + 1)
      expect(codec.nOf(wrong)).toBeNull()
    }
  }
  // The classic example of ISO/IEC 7812: 7992739871 takes the check digit 3.
  const luhn = (digits: string) =>
    [...digits].reverse().reduce((sum, digit, i) => {
      const doubled = i % 2 === 1 ? Number(digit) * 2 : Number(digit)
      return sum + (doubled > 9 ? doubled - 9 : doubled)
    }, 0) % 10
  expect(luhn('79927398713')).toBe(0)
  for (let n = 1; n <= 300; n++) expect(luhn(codec.idOf(n))).toBe(0)
})

test('no id can be taken for a Vpostcode', () => {
  // The sixth character of a Vpostcode is of the map code's alphabet, which has neither 0 nor 1.
  for (let n = 1; n <= 10_000; n++) expect(codec.idOf(n)).not.toMatch(/^\d{5}[23456789CFGHJMPQRVWX]/)
})

test('ids cannot be walked: neighbours are far apart and every digit is spread', () => {
  const values = Array.from({ length: 20_000 }, (_, i) => Number(codec.idOf(i + 1).slice(0, 11)))
  const near = values.filter((value, i) => i > 0 && Math.abs(value - values[i - 1]!) < 1e6)
  // By chance 2e6 of 9e10 neighbours are that near: 0.5 of 20,000 pairs.
  expect(near.length).toBeLessThan(10)
  for (let position = 0; position < 11; position++) {
    const counts = new Map<string, number>()
    for (let n = 1; n <= 20_000; n++) {
      const digit = codec.idOf(n)[position]!
      counts.set(digit, (counts.get(digit) ?? 0) + 1)
    }
    const expected = 20_000 / counts.size
    for (const count of counts.values())
      expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected))
  }
})

test('another secret gives other ids; the same secret always the same', () => {
  const other = idCodec(Buffer.alloc(32, 8))
  const same = Array.from({ length: 1000 }, (_, i) => i + 1).filter((n) => other.idOf(n) === codec.idOf(n))
  expect(same).toEqual([])
  // Frozen: ids printed on door plates must not move.
  expect([1, 2, 28_000_000].map((n) => codec.idOf(n))).toMatchInlineSnapshot(`
    [
      "300381607781",
      "546161518966",
      "476640919595",
    ]
  `)
})

test.each([
  '',
  '12345678901',
  '1234567890123',
  '023451234567',
  '123452345674',
  'abcdefghijkl',
  '71009QMCXR8V',
])('not an id: %s', (text) => expect(codec.nOf(text)).toBeNull())
