/** No letter or digit of Vietnamese stands there: most texts need but this look. */
const OTHER = /[\u0660-\u1dff\u3000-\uffef]/
/** Letters, digits and signs of East Asian width, and the decimal digits of other scripts; one code unit each. */
const WIDE = /[\u3000\uff01-\uff5e]|(?![0-9])\p{Nd}/gu
const DIGIT = /\p{Nd}/u

/**
 * The text with full-width letters and the digits of other scripts as their plain ones ("Ｌê １２", "٣٤" = "Lê 12", "34"): as long
 * as it was, so that every place in it stays where it is.
 */
export function plainWidths(text: string): string {
  return OTHER.test(text) ? text.replace(WIDE, plain) : text
}

function plain(sign: string): string {
  if (sign.length > 1) return sign
  const code = sign.charCodeAt(0)
  if (code === 0x3000) return ' '
  if (code > 0xff00) return String.fromCharCode(code - 0xfee0)
  // Ten digits stand in a row, from a code that ends with 0 or 6 in hexadecimal.
  const row = code & ~15
  return String(code - (DIGIT.test(String.fromCharCode(row)) ? row : row + 6))
}
