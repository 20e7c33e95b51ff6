import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canBeNear, distancesFrom, letterMask, MOST_LETTERS, pairMask } from '../../src/text/edits.ts'

/** The same by the book: one row of the table after the other. */
function byTheBook(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)])
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const changed = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, changed)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        rows[i]![j] = Math.min(rows[i]![j]!, rows[i - 2]![j - 2]! + 1)
    }
  return rows[a.length]![b.length]!
}

// Few letters, so that the words have much in common.
const word = fc.string({ unit: fc.constantFrom(...'abhn1'), maxLength: MOST_LETTERS })

test('the distance of two words is that of the table', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(distancesFrom(a)(b)).toBe(byTheBook(a, b))
    }),
    {
      numRuns: 3000,
    },
  )
})

test('words that are near by their letters are never passed over by their masks', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(canBeNear(letterMask(a), letterMask(b), pairMask(a), pairMask(b), byTheBook(a, b))).toBe(true)
    }),
  )
})
