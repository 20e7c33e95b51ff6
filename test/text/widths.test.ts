import { expect, test } from 'vitest'
import { plainWidths } from '../../src/text/widths.ts'

test.each([
  ['１２／３ Ｌê Ｌợi，　Ｑ１', '12/3 Lê Lợi, Q1'],
  ['٠١٢٣٤٥٦٧٨٩', '0123456789'],
  ['०१२३४५६७८९ ๐๑๒๓๔๕๖๗๘๙ ០១២៣៤៥៦៧៨៩', '0123456789 0123456789 0123456789'],
])('%s is %s', (given, plain) => {
  expect(plainWidths(given)).toBe(plain)
})

test('every digit of one code unit has its value, and the length stays', () => {
  // Unicode has the decimal digits of each script in a row, from 0 to 9.
  let value = 0
  for (let code = 0; code < 0xffff; code++) {
    const sign = String.fromCharCode(code)
    if (!/\p{Nd}/u.test(sign)) continue
    expect(plainWidths(sign), sign).toBe(String(value))
    value = (value + 1) % 10
  }
})

test('Vietnamese in both forms of Unicode, and digits of two code units, stay as they are', () => {
  for (const text of ['Đường Nguyễn Huệ, Thừa Thiên Huế – 12½', 'Nguyễn Huệ'.normalize('NFD'), '𝟏𝟐 Lê Lợi'])
    expect(plainWidths(text)).toBe(text)
})
