import { expect, test } from 'vitest'
import { keyOf } from '../../src/registry/key.ts'
import { plainStreet } from '../../src/registry/plainStreet.ts'

const key = (street: string) =>
  keyOf({
    communeCode: '27826',
    formerCommuneCode: null,
    parts: { houseNumber: '12', street: plainStreet(street) },
  })

test.each([
  [
    'Lê Lợi',
    'Đường Lê Lợi',
    'Đ. Lê Lợi',
    'Đ.Lê Lợi',
    'đ lê lợi',
    'Đg. Lê Lợi',
    'D. LE LOI',
    'phố Lê Lợi',
    'P. Lê Lợi',
    'Ph. Lê Lợi',
  ],
  [
    'Dương Văn Dương',
    'Đường Dương Văn Dương',
    'duong duong van duong',
    'Đ. Dương Văn Dương',
    'duong van duong',
  ],
  ['Phó Đức Chính', 'Phố Phó Đức Chính', 'Đường Phó Đức Chính', 'pho duc chinh', 'duong pho duc chinh'],
  ['Phố Huế', 'phố Huế', 'đường Phố Huế', 'pho hue', 'p. hue'],
  ['Quốc lộ 1A', 'QL1A', 'QL 1A', 'ql. 1a', 'đường QL1A', 'duong quoc lo 1a'],
  ['Tỉnh lộ 741', 'ĐT741', 'ĐT. 741', 'dt 741', 'TL 741', 'đường tỉnh 741', 'Đường ĐT 741'],
  ['Hương lộ 2', 'HL2', 'huong lo 2'],
  ['Đại lộ Đông Tây', 'ĐL Đông Tây', 'dl. dong tay'],
  [
    '3/2',
    'Đường 3/2',
    'Đ. 3/2',
    'd. 3/2',
    '03-02',
    '3.2',
    '3 tháng 2',
    'Đường 3 Tháng 2',
    'Ba Tháng Hai',
    'ba thang hai',
  ],
  ['30/4', '30-4', '30 tháng 4', 'Ba Mươi Tháng Tư', 'duong ba muoi thang bon'],
  ['19/8', 'Mười Chín Tháng Tám'],
  ['Đại lộ 30/4', 'Đại lộ 30-4', 'Đại lộ Ba Mươi Tháng Tư'],
])('%s has one key however it is written', (street, ...others) => {
  for (const other of others) expect([other, key(other)]).toEqual([other, key(street)])
})

test('no day, no date', () => {
  for (const street of [
    '32/4',
    '3/13',
    '0/4',
    '12/3/4',
    'Tháng Tám',
    'Đường 3',
    'Đường số 3/2',
    'Đường 30 Tháng 4 cũ',
  ])
    expect(plainStreet(street)).toBe(street)
})

test('a short name of a road is kept', () => {
  for (const street of ['D2', 'Đ2', 'Đ 2', 'D 2', 'N2', 'P1', 'DT', 'Đường D2', 'Đường', 'Dương', 'Phố Phó'])
    expect(plainStreet(street)).toBe(street)
})
