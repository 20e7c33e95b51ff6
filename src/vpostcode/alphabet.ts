/** The twenty digits of a plus code: no vowels, nothing that is easily mistaken for another. */
export const ALPHABET = '23456789CFGHJMPQRVWX'

/** Character code (below 128) to digit value 0 to 19, lower case too; -1 for everything else. */
const VALUES = new Int8Array(128).fill(-1)
for (let value = 0; value < ALPHABET.length; value++) {
  VALUES[ALPHABET.charCodeAt(value)] = value
  VALUES[ALPHABET.toLowerCase().charCodeAt(value)] = value
}

/** The value 0 to 19 of the digit at a place of a text, -1 when it is no digit of the alphabet. */
export function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code < 128 ? VALUES[code]! : -1
}

/** Two digits (latitude, longitude) as text, by latitude value * 20 + longitude value. */
export const PAIRS: readonly string[] = Array.from(
  { length: 400 },
  (_, index) => ALPHABET[Math.floor(index / 20)]! + ALPHABET[index % 20]!,
)
