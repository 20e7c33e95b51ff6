/** Words longer than this are not compared letter by letter. */
export const MOST_LETTERS = 24

/** How many letters of a name of this length may be wrong before it is another name. */
export const allowedEdits = (length: number): number =>
  length < 4 ? 0 : length < 7 ? 1 : length < 12 ? 2 : 3

/** Which letters and digits occur in a word. */
export function letterMask(letters: string): number {
  let mask = 0
  for (let i = 0; i < letters.length; i++) {
    const code = letters.charCodeAt(i)
    mask |= 1 << (code >= 97 ? code - 97 : 26 + (code & 3))
  }
  return mask
}

/** Two words `limit` edits apart differ in at most twice as many kinds of letters: a cheap look before the distance. */
export function canBeNear(mask: number, other: number, limit: number): boolean {
  const differing = mask ^ other
  let v = differing - ((differing >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24 <= 2 * limit
}

const WIDTH = MOST_LETTERS + 4
const rows = [new Int8Array(WIDTH), new Int8Array(WIDTH), new Int8Array(WIDTH)] as const

/** Insertions, deletions, changes and swaps of neighbours between two words; more than `limit` is `limit` + 1. */
export function editDistance(a: string, b: string, limit: number): number {
  if (b.length >= WIDTH) return limit + 1
  let before: Int8Array = rows[0]
  let last: Int8Array = rows[1]
  let row: Int8Array = rows[2]
  for (let j = 0; j <= b.length; j++) last[j] = j
  for (let i = 1; i <= a.length; i++) {
    row[0] = i
    let least = i
    const letter = a.charCodeAt(i - 1)
    for (let j = 1; j <= b.length; j++) {
      const other = b.charCodeAt(j - 1)
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (letter === other ? 0 : 1))
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other)
        cost = Math.min(cost, before[j - 2]! + 1)
      row[j] = cost
      if (cost < least) least = cost
    }
    if (least > limit) return limit + 1
    const spare = before
    before = last
    last = row
    row = spare
  }
  return last[b.length]!
}
