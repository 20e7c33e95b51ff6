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

export const isUnitType = (type: string): type is UnitType => Object.hasOwn(TYPE_WORDS, type)
