/** Why a text is no code of a place, in Vietnamese and English, for people who typed it. */
export const MISTYPED = {
  'wrong-length': [
    'Mã Vpostcode có 12 ký tự: 5 chữ số rồi 7 chữ cái hoặc chữ số.',
    'A Vpostcode has 12 characters: 5 digits, then 7 letters or digits.',
  ],
  'household-id': ['Đây là mã hộ, không phải Vpostcode.', 'This is a household number, not a Vpostcode.'],
  'head-not-digits': ['Năm ký tự đầu phải là chữ số.', 'The first five characters must be digits.'],
  'outside-alphabet': [
    'Bảy ký tự cuối chỉ gồm 23456789CFGHJMPQRVWX: không có 0, 1, O, I, L…',
    'The last seven are of 23456789CFGHJMPQRVWX only: no 0, 1, O, I, L…',
  ],
  'unknown-postcode': [
    'Năm chữ số đầu không phải mã bưu chính nào.',
    'The first five digits are no postcode.',
  ],
  'far-from-commune': [
    'Bảy ký tự cuối chỉ một nơi cách xa xã, phường của mã bưu chính.',
    'The last seven point to a place far from the commune of the postcode.',
  ],
} as const satisfies Record<string, readonly [vi: string, en: string]>
