import { describe, expect, test } from 'vitest'
import { atOnce } from '../../src/gazetteer/slices.ts'
import { boundsOf, inKeyOrder, NameList, nameKey, typedName } from '../../src/text/nameList.ts'

const folded = [
  'ha noi',
  'ha nam',
  'le loi',
  'hang trong',
  '3 2',
  '32',
  'bac ai',
  'ba cai',
  'nguyen van linh',
]
const sorted = atOnce(inKeyOrder(folded.map((name) => ({ folded: name })))).map(({ folded }) => folded)
const names = atOnce(NameList.of(sorted))
const found = (visit: (visit: (row: number) => void) => void): string[] => {
  const rows = new Set<string>()
  visit((row) => rows.add(sorted[row]!))
  return [...rows].sort()
}

describe('keys', () => {
  test.each([
    ['ha noi', 'hanoi'],
    ['3 2', '3 2'],
    ['duong 3 2', 'duong3 2'],
    ['le', 'le'],
  ])('of "%s" is "%s"', (name, key) => expect(nameKey(name)).toBe(key))

  test('have a bit where a word begins', () => {
    expect(boundsOf('ha noi')).toBe(0b101)
    expect(boundsOf('3 2')).toBe(0b101)
  })
})

describe('names', () => {
  test('by their beginning', () => {
    const [from, before] = names.range('ha')
    expect(sorted.slice(from, before)).toEqual(['ha nam', 'hang trong', 'ha noi'])
  })

  test('of one key are several when their words part elsewhere', () => {
    const [from, before] = names.rows('bacai')
    expect(sorted.slice(from, before)).toEqual(['ba cai', 'bac ai'])
    const typed = typedName('bac ai', false)
    const fits = [from, from + 1].map((row) => names.fitOf(row, typed, boundsOf('bac ai')))
    expect(fits).toEqual(['joined', 'exact'])
  })

  test('with their words in another order', () => {
    expect(found((visit) => names.withWords(typedName('loi le', true), { left: 1000 }, visit))).toEqual([
      'le loi',
    ])
    expect(found((visit) => names.withWords(typedName('linh ng', true), { left: 1000 }, visit))).toEqual([
      'nguyen van linh',
    ])
    expect(found((visit) => names.withWords(typedName('linh ng', false), { left: 1000 }, visit))).toEqual([])
  })

  test.each(['hang trogn', 'hag trong', 'hang tron', 'hanng trong', 'hsng trong'])(
    'with a letter wrong: "%s"',
    (text) => {
      expect(found((visit) => names.withTypo(typedName(text, false), { left: 1000 }, visit))).toEqual([
        'hang trong',
      ])
    },
  )

  test('with two letters wrong are other names', () => {
    expect(found((visit) => names.withTypo(typedName('hagn trogn', true), { left: 1000 }, visit))).toEqual([])
  })
})

test('a query looks at no more names than it may', () => {
  const many = atOnce(
    NameList.of(
      atOnce(inKeyOrder(Array.from({ length: 500 }, (_, i) => ({ folded: `an binh ${i}` })))).map(
        ({ folded }) => folded,
      ),
    ),
  )
  const work = { left: 100 }
  let visits = 0
  many.withWords(typedName('binh an', true), work, () => visits++)
  many.withTypo(typedName('an bihn', true), work, () => visits++)
  expect(visits).toBe(100)
  expect(work.left).toBeLessThanOrEqual(0)
})

test('a list longer than one run is in the order of its keys', () => {
  const many = Array.from({ length: 3_500 }, (_, i) => ({ folded: `${(i * 7919) % 3_500} an` }))
  const keys = atOnce(inKeyOrder(many)).map(({ folded }) => nameKey(folded))
  expect(keys).toHaveLength(3_500)
  expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)))
})
