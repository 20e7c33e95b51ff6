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

/** Which pairs of neighbours occur in a word, each as one of 32 bits. */
export function pairMask(letters: string): number {
  let mask = 0
  for (let i = 1; i < letters.length; i++)
    mask |= 1 << ((Math.imul(letters.charCodeAt(i - 1), 7) + letters.charCodeAt(i)) & 31)
  return mask
}

/**
 * A cheap look before the distance: two words `limit` edits apart differ in at most twice as many kinds of letters, and in six
 * times as many pairs (a swap takes three pairs away and brings three).
 */
export const canBeNear = (
  letters: number,
  otherLetters: number,
  pairs: number,
  otherPairs: number,
  limit: number,
) => bitCount(letters ^ otherLetters) <= 2 * limit && bitCount(pairs ^ otherPairs) <= 6 * limit

function bitCount(bits: number): number {
  let v = bits - ((bits >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** For each letter or digit the places at which it stands in the word that is compared, as bits. */
const places = new Int32Array(128)

/**
 * How far other words are from one word of at most MOST_LETTERS letters: insertions, deletions, changes and swaps of
 * neighbours. All places of the word are compared at once, as bits (Hyyrö, "A bit-vector algorithm for computing Levenshtein
 * and Damerau edit distances", 2003). Valid until the next call.
 */
export function distancesFrom(word: string): (other: string) => number {
  places.fill(0)
  for (let i = 0; i < word.length; i++) places[word.charCodeAt(i) & 127]! |= 1 << i
  return word.length === 0 ? (other) => other.length : (other) => distance(word.length, other)
}

function distance(length: number, other: string): number {
  const last = 1 << (length - 1)
  let edits = length
  let more = -1
  let less = 0
  let diagonal = 0
  let before = 0
  for (let j = 0; j < other.length; j++) {
    const here = places[other.charCodeAt(j) & 127]!
    const swapped = ((~diagonal & here) << 1) & before
    diagonal = ((((here & more) + more) | 0) ^ more) | here | less | swapped
    let right = less | ~(diagonal | more)
    let left = diagonal & more
    if ((right & last) !== 0) edits++
    else if ((left & last) !== 0) edits--
    right = (right << 1) | 1
    left <<= 1
    more = left | ~(diagonal | right)
    less = right & diagonal
    before = here
  }
  return edits
}
