import { describe, expect, test } from 'vitest'
import { MappingError } from '../../src/bulk/columns.ts'
import { crosswalkColumns, readCrosswalk } from '../../src/bulk/crosswalkTable.ts'
import { load } from '../../src/gazetteer/load.ts'
import type { Era } from '../../src/gazetteer/types.ts'

const gazetteer = load()

/** Reads rows whose first one is the header. */
function read(table: string[][], { era = null, map = [] }: { era?: Era | null; map?: string[] } = {}) {
  const [header = [], ...cells] = table
  const rows = cells.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])))
  const { entries, rejects } = readCrosswalk(rows, crosswalkColumns(header, map), gazetteer, era)
  return {
    entries: entries.map(({ era, code, id, name }) => [era, code, id, name].join('|')),
    rejects: rejects.map(({ line, status, reason }) => `${line} ${status}: ${reason}`),
  }
}

describe('names', () => {
  test('lead to the commune of today, every one of a whole list', () => {
    const some = gazetteer.communes.filter((_, i) => i % 9 === 0)
    const rows = some.map(({ code, fullName, province }) => [`id ${code}`, fullName, province.name])
    const { entries, rejects } = read([['id', 'ward name', 'province'], ...rows], { era: 'current' })
    expect(rejects).toEqual([])
    expect(entries).toEqual(some.map(({ code, fullName }) => `current|${code}|id ${code}|${fullName}`))
  })

  test('with a district lead to the former commune, also to one that was split since', () => {
    const some = gazetteer.formerCommunes.filter(({ successors }, i) => i % 40 === 0 || successors.length > 2)
    expect(some.some(({ successors }) => successors.length > 1)).toBe(true)
    const rows = some.map(({ code, fullName, district, province }) => [
      code,
      fullName,
      district.fullName,
      province.name,
    ])
    const { entries, rejects } = read([['id', 'WardName', 'DistrictName', 'ProvinceName'], ...rows])
    expect(rejects).toEqual([])
    expect(entries).toEqual(some.map(({ code, fullName }) => `former|${code}|${code}|${fullName}`))
  })

  test('of two communes that differ by a mark the very name decides', () => {
    const twins = ['Xã Nga Thanh', 'Xã Nga Thành'].map((name) => [name, name, 'Huyện Nga Sơn', 'Thanh Hóa'])
    const { entries, rejects } = read([['id', 'commune', 'district', 'province'], ...twins])
    expect([entries.length, rejects]).toEqual([2, []])
    expect(new Set(entries.map((entry) => entry.split('|')[1])).size).toBe(2)
    const bare = read(
      [
        ['id', 'commune', 'province'],
        ['1', 'Phường 1', 'Hồ Chí Minh'],
      ],
      { era: 'former' },
    )
    expect(bare).toMatchObject({
      entries: [],
      rejects: [expect.stringMatching(/^2 ambiguous: several units fit: /)],
    })
  })

  test('of a commune that no list has lead nowhere, however many there are in its district', () => {
    const header = ['id', 'commune', 'district', 'province']
    const { entries, rejects } = read([header, ['1', 'Phường Không Có', 'Q. Hoàn Kiếm', 'Hà Nội']])
    expect([entries, rejects]).toEqual([[], ['2 unmatched: no former commune has this name there']])
  })

  test('of districts and provinces are read where no smaller unit stands', () => {
    const header = ['id', 'commune', 'district', 'province']
    const rows = [
      ['1', '', 'Quận 1', 'Hồ Chí Minh'],
      ['2', '', '', 'Tỉnh Hà Giang'],
    ]
    expect(read([header, ...rows]).entries).toEqual(['former|760|1|Quận 1', 'former|02|2|Tỉnh Hà Giang'])
    const today = read([
      ['id', 'province'],
      ['3', 'Tuyên Quang'],
    ])
    expect(today.entries).toEqual(['current|08|3|Tuyên Quang'])
  })

  test('of a commune gone before 2025 stand for the one that took it over, unless that is listed itself', () => {
    const header = ['id', 'commune', 'district', 'province']
    const gone = ['9', 'Phường 7', 'Quận 3', 'Hồ Chí Minh']
    const [entry] = read([header, gone]).entries
    const took = gazetteer.formerCommune(entry!.split('|')[1]!)!
    expect([took.fullName, entry!.split('|').slice(2)]).toEqual(['Phường Võ Thị Sáu', ['9', 'Phường 7']])
    const both = read([header, gone, ['10', took.fullName, 'Quận 3', 'Hồ Chí Minh']])
    expect(both.entries).toEqual([`former|${took.code}|10|Phường Võ Thị Sáu`])
    expect(both.rejects).toEqual([
      expect.stringMatching(/^2 unmatched: a unit gone before July 2025; line 3 /),
    ])
  })
})

describe('codes', () => {
  const header = ['unit', 'era', 'id', 'name']
  test('are of the era of the column, else of the option', () => {
    const rows = [
      ['26740', 'former', 'a', 'Bến Nghé'],
      ['26740', 'current', 'b', 'Sài Gòn'],
      ['760', '', 'c', 'Quận 1'],
      ['79', '', 'd', 'HCM'],
    ]
    expect(read([header, ...rows], { era: 'former' })).toEqual({
      entries: [
        'former|26740|a|Bến Nghé',
        'current|26740|b|Sài Gòn',
        'former|760|c|Quận 1',
        'former|79|d|HCM',
      ],
      rejects: [],
    })
  })

  test('without an era, unknown, or in no form of a code are told with their lines', () => {
    expect(read([header, ['26740', '', 'a', 'x']]).rejects).toEqual([
      '2 ambiguous: a code can name another unit in each era: give --era, or a column era',
    ])
    const rows = [
      ['99999', 'current', 'a', 'x'],
      ['760', 'current', 'b', 'x'],
      ['7a', 'current', 'c', 'x'],
      ['26740', 'modern', 'd', 'x'],
    ]
    expect(read([header, ...rows]).rejects).toEqual([
      '2 unmatched: no current unit has the code 99999',
      '3 unmatched: no current unit has the code 760',
      '4 unmatched: unit "7a" is no code of a unit',
      '5 unmatched: era "modern" is not current or former',
    ])
  })

  test('that lost their leading zeros are read when that is safe', () => {
    const [a, b] = gazetteer.communes.filter(({ code }) => code.startsWith('0') && !code.startsWith('00'))
    const rows = [
      [a!.code.slice(1), 'current', '1', 'x'],
      [b!.code.slice(1), 'current', '2', 'x'],
      ['4', 'current', '3', 'x'],
      ['160', 'former', '4', 'x'],
    ]
    const { entries, rejects } = read([header, ...rows])
    expect(entries).toEqual([`current|${a!.code}|1|x`, `current|${b!.code}|2|x`])
    expect(rejects.map((one) => one.slice(0, 11))).toEqual(['4 unmatched', '5 ambiguous'])
  })
})

test('a unit with two ids has none; the same id twice is one', () => {
  const header = ['unit', 'id', 'name']
  const rows = [
    ['26740', 'a', 'Sài Gòn'],
    ['26740', 'b', 'Sài Gòn'],
    ['26743', 'c', 'Bến Thành'],
    ['26743', 'c', 'Bến Thành'],
  ]
  expect(read([header, ...rows], { era: 'current' })).toEqual({
    entries: ['current|26743|c|Bến Thành'],
    rejects: [2, 3].map((line) => `${line} ambiguous: lines 2, 3 name the same unit with other ids`),
  })
})

test('a row without an id, a name or a unit comes back', () => {
  const header = ['id', 'name', 'commune', 'province']
  const rows = [
    ['', 'x', 'Phường Sài Gòn', 'Hồ Chí Minh'],
    ['1', 'x', '', ''],
    ['2', 'x', 'Phường Không Có Đâu', 'Hồ Chí Minh'],
    ['i'.repeat(101), 'x', 'Phường Sài Gòn', 'Hồ Chí Minh'],
    ['3', 'x\u0007', 'Phường Sài Gòn', 'Hồ Chí Minh'],
    ['4', 'x', 'a'.repeat(600), 'Hồ Chí Minh'],
  ]
  const { entries, rejects } = read([header, ...rows], { era: 'current' })
  expect(entries).toEqual([])
  expect(rejects).toEqual([
    '2 unmatched: the id is empty',
    '3 unmatched: it names no unit',
    '4 unmatched: no commune of today has this name there',
    '5 unmatched: the id is longer than 100',
    '6 unmatched: the id or name holds control characters',
    '7 unmatched: the names are too long',
  ])
})

test('columns are named by --map; without an id or a unit the table is refused', () => {
  const map = ['Mã=id', 'Tên (mới)=commune', 'Mã ĐVHC=unit']
  expect(crosswalkColumns(['Mã', 'Tên (mới)', 'Mã ĐVHC', 'Tỉnh'], map)).toEqual({
    id: 'Mã',
    commune: 'Tên (mới)',
    unit: 'Mã ĐVHC',
    province: 'Tỉnh',
  })
  for (const [header, entries] of [
    [['id', 'name'], []],
    [['commune'], []],
    [['a', 'commune'], ['a=code']],
    [['a', 'commune'], ['b=id']],
    [['a', 'commune'], ['id']],
  ] as const)
    expect(() => crosswalkColumns(header, entries)).toThrow(MappingError)
})
