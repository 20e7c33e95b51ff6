import type { UnitType } from './types.ts'

/** The type word as it stands before a unit's name. */
export const TYPE_WORDS: Readonly<Record<UnitType, string>> = {
  tinh: 'Tỉnh',
  'thanh-pho': 'Thành phố',
  quan: 'Quận',
  huyen: 'Huyện',
  'thi-xa': 'Thị xã',
  phuong: 'Phường',
  xa: 'Xã',
  'thi-tran': 'Thị trấn',
  'dac-khu': 'Đặc khu',
}

const BITS = Object.fromEntries(Object.keys(TYPE_WORDS).map((type, bit) => [type, 1 << bit]))

/** Types of units as bits. */
export const typeBits = (types: readonly UnitType[]): number =>
  types.reduce((bits, type) => bits | BITS[type]!, 0)

export const isUnitType = (type: string): type is UnitType => Object.hasOwn(TYPE_WORDS, type)
