import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packNumbers, Touched, unpackNumbers } from '../../src/registry/touched.ts'

test('numbers come back from their packed form, each once and in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 18_000_000_000 })), (ns) => {
      expect([...unpackNumbers(packNumbers(ns))]).toEqual([...new Set(ns)].sort((a, b) => a - b))
    }),
  )
})

test('neighbours take one byte each', () => {
  const ns = Array.from({ length: 2000 }, (_, i) => 20_000_000 + i)
  expect(packNumbers(ns).length).toBeLessThanOrEqual(2004)
})

test('what was added is there and nothing else', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 200_000 })), (ns) => {
      const touched = new Touched()
      for (const n of ns) touched.add(n)
      const there = new Set(ns)
      for (const n of ns)
        for (const near of [n - 1, n, n + 1, n + 32])
          if (near >= 0) expect(touched.has(near)).toBe(there.has(near))
    }),
  )
})
