import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { readPostcodes } from '../../src/registry/postcodes.ts'

const gazetteer = load()
const split = gazetteer.formerCommunes.find(({ successors }) => successors.length === 3)!

test('a postcode of June 2025 stands for all communes that its commune became', () => {
  const { entries, faults } = readPostcodes(
    [{ postcode: '90001', commune_code: split.code, from: '2018-01-01', until: '2025-07-01' }],
    gazetteer,
    'old.csv',
  )
  expect(faults).toEqual([])
  expect(entries.map(({ communeCode }) => communeCode)).toEqual(
    split.successors.map(({ current }) => current.code),
  )
  expect(entries[0]).toMatchObject({ from: '2018-01-01', until: '2025-07-01', source: 'old.csv' })
})

test('the era tells which units a code is of', () => {
  const row = { postcode: '90001', commune_code: '26740', source: 'list of 2018' }
  const codes = (more: object) =>
    readPostcodes([{ ...row, ...more }], gazetteer, '').entries.map((entry) => [
      entry.communeCode,
      entry.source,
    ])
  expect(codes({})).toEqual([['26740', 'list of 2018']])
  expect(codes({ era: 'former' })).toEqual(
    gazetteer.formerCommune('26740')!.successors.map(({ current }) => [current.code, 'list of 2018']),
  )
})

test('rows that cannot be used are named by line', () => {
  const rows: Record<string, string>[] = [
    { postcode: '9000', commune_code: '26743' },
    { postcode: '90001', commune_code: '99999' },
    { postcode: '90001', commune_code: '26743', era: 'old' },
    { postcode: '90001', commune_code: '26743', until: '1/7/2025' },
    { postcode: '90001', commune_code: ' 26743 ' },
  ]
  const { entries, faults } = readPostcodes(rows, gazetteer, 'x')
  expect(entries).toHaveLength(1)
  expect(faults.map(({ line }) => line)).toEqual([2, 3, 4, 5])
})
