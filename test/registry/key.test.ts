import { describe, expect, test } from 'vitest'
import { CORE_LENGTH, differByUnknown, identifies, keyOf } from '../../src/registry/key.ts'
import type { HouseholdParts } from '../../src/registry/types.ts'

const key = (parts: HouseholdParts, communeCode = '00199', formerCommuneCode: string | null = null) =>
  keyOf({ communeCode, formerCommuneCode, parts })

describe('what names a house', () => {
  test.each<[boolean, HouseholdParts]>([
    [true, { houseNumber: '12', street: 'Lê Lợi' }],
    [true, { houseNumber: 'BL.A-10', hamlet: 'khu Đồng Tâm' }],
    [true, { houseNumber: '5', group: 'tổ 3' }],
    [true, { unit: 'B12.05', building: 'Sky' }],
    [false, { hamlet: 'thôn Đông Tảo' }],
    [false, { street: 'Lê Lợi' }],
    [false, { group: 'tổ 5', hamlet: 'thôn Đông Tảo' }],
    [false, { building: 'Sky', floor: '12' }],
    [false, { houseNumber: '12' }],
    [false, {}],
  ])('%s: %j', (expected, parts) => expect(identifies(parts)).toBe(expected))
})

describe('the same address', () => {
  test.each<[string, HouseholdParts, HouseholdParts]>([
    [
      'case, accents, đ',
      { houseNumber: '12', street: 'Đường Đê' },
      { houseNumber: '12', street: 'đuong de' },
    ],
    [
      'NFC and NFD',
      { houseNumber: '1', street: 'Lê Lợi'.normalize('NFC') },
      { houseNumber: '1', street: 'Lê Lợi'.normalize('NFD') },
    ],
    [
      'tone on either vowel',
      { houseNumber: '1', street: 'Hòa Bình' },
      { houseNumber: '1', street: 'Hoà Bình' },
    ],
    ['leading zeros', { houseNumber: '07A', street: 'số 09' }, { houseNumber: '7a', street: 'số 9' }],
    ['the word số', { houseNumber: 'Số 25', street: 'Láng' }, { houseNumber: '25', street: 'Láng' }],
    ['the word đường', { houseNumber: '25', street: 'đường Láng' }, { houseNumber: '25', street: 'Láng' }],
    ['73 B', { houseNumber: '73 B', street: 'Láng' }, { houseNumber: '73B', street: 'Láng' }],
    ['lots', { houseNumber: 'BL.A-10', street: 'N2' }, { houseNumber: 'BL A10', street: 'N2' }],
    ['flats', { unit: 'B12.05', building: 'Sky' }, { unit: 'căn hộ B12-05', building: 'Tòa nhà Sky' }],
    [
      'alleys beside the number or in it',
      { houseNumber: '3', alleys: [{ kind: 'hem', number: '130/20/14' }], street: 'Lê Văn Sỹ' },
      {
        houseNumber: '130/20/14/3',
        alleys: [
          { kind: null, number: '130' },
          { kind: null, number: '20' },
          { kind: null, number: '14' },
        ],
        street: 'Lê Văn Sỹ',
      },
    ],
    [
      'a southern chain not taken apart',
      { houseNumber: '130/20', street: 'Lê Văn Sỹ' },
      { houseNumber: '130/20', alleys: [{ kind: null, number: '130' }], street: 'Lê Văn Sỹ' },
    ],
    [
      'kiệt and hẻm',
      {
        houseNumber: 'K448/H20/2',
        alleys: [
          { kind: 'kiet', number: '448' },
          { kind: 'hem', number: '20' },
        ],
        street: 'Trưng Nữ Vương',
      },
      { houseNumber: '448/20/2', street: 'Trưng Nữ Vương' },
    ],
    [
      'a group beside a street',
      { houseNumber: '1', street: 'X', group: 'tổ 5' },
      { houseNumber: '1', street: 'X' },
    ],
  ])('%s', (_, a, b) => expect(key(a)).toBe(key(b)))
})

describe('another address', () => {
  test.each<[string, HouseholdParts, HouseholdParts]>([
    ['number', { houseNumber: '12', street: 'X' }, { houseNumber: '13', street: 'X' }],
    ['1212 and 12-12', { houseNumber: '1212', street: 'X' }, { houseNumber: '12-12', street: 'X' }],
    ['letter', { houseNumber: '12A', street: 'X' }, { houseNumber: '12B', street: 'X' }],
    ['street', { houseNumber: '12', street: 'X' }, { houseNumber: '12', street: 'Y' }],
    [
      'alley',
      { houseNumber: '3', street: 'X', alleys: [{ kind: 'ngo', number: '5' }] },
      { houseNumber: '3', street: 'X', alleys: [{ kind: 'ngo', number: '6' }] },
    ],
    ['alley or none', { houseNumber: '3', street: 'X' }, { houseNumber: '5/3', street: 'X' }],
    ['flat', { houseNumber: '1', street: 'X', unit: '501' }, { houseNumber: '1', street: 'X', unit: '502' }],
    ['block', { unit: '501', building: 'Sky', block: 'A' }, { unit: '501', building: 'Sky', block: 'B' }],
    ['floor', { unit: '1', building: 'Sky', floor: '1' }, { unit: '1', building: 'Sky', floor: '2' }],
    ['hamlet', { houseNumber: '1', hamlet: 'thôn A' }, { houseNumber: '1', hamlet: 'thôn B' }],
    ['group without a street', { houseNumber: '1', group: 'tổ 5' }, { houseNumber: '1', group: 'tổ 6' }],
    ['a group without a house', { group: 'tổ 5', hamlet: 'thôn A' }, { group: 'tổ 6', hamlet: 'thôn A' }],
    [
      'a part moved',
      { houseNumber: '1', street: 'A', building: 'B' },
      { houseNumber: '1', street: 'B', building: 'A' },
    ],
  ])('%s', (_, a, b) => expect(key(a)).not.toBe(key(b)))

  test('commune', () =>
    expect(key({ houseNumber: '1', street: 'X' }, '00199')).not.toBe(
      key({ houseNumber: '1', street: 'X' }, '00200'),
    ))
})

describe('an unknown former commune or hamlet', () => {
  const house = { houseNumber: '1', street: 'X' }
  const inHamlet = (hamlet: string) => ({ ...house, hamlet })
  test.each<[boolean, string, string]>([
    [true, key(house), key(house, '00199', '00001')],
    [true, key(house), key(inHamlet('thôn A'))],
    [true, key(inHamlet('thôn A')), key(house, '00199', '00001')],
    [false, key(house, '00199', '00002'), key(house, '00199', '00001')],
    [false, key(inHamlet('thôn A')), key(inHamlet('thôn B'))],
    [false, key(inHamlet('thôn A'), '00199', '00002'), key(inHamlet('thôn A'), '00199', '00001')],
    [false, key(house), key(house)],
    [false, key(house), key({ ...house, houseNumber: '2' }, '00199', '00001')],
  ])('%s: %s %s', (expected, a, b) => {
    expect(differByUnknown(a, b)).toBe(expected)
    expect(differByUnknown(b, a)).toBe(expected)
  })
})

test('keys of version 1 never change', () => {
  const parts: HouseholdParts = {
    houseNumber: '25',
    alleys: [
      { kind: 'ngo', number: '78' },
      { kind: 'ngach', number: '34/56' },
    ],
    street: 'Láng',
    hamlet: 'xóm Chùa',
  }
  expect(key(parts, '00199', '00200')).toMatchInlineSnapshot(`"00019918fb9bf56bec8bfc000200eec224776d"`)
  expect(key(parts).slice(0, CORE_LENGTH)).toBe(key(parts, '00199', '00200').slice(0, CORE_LENGTH))
})
