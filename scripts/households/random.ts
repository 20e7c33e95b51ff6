/** Draws for one row: always the same for the same seed and row, whatever was drawn before for others. */
export interface Draws {
  /** In [0, 1). */
  next(): number
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
}

/** mulberry32, started from a mixture of seed and row. */
export function drawsFor(seed: number, row: number): Draws {
  let state = mix(Math.imul(seed, 0x9e3779b1) ^ mix(row + 0x6d2b79f5))
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    return (mix(state) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (list) => list[below(list.length)]!,
  }
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

/** A seeded order of 0..length-1 without a table: position of an item, and item at a position. */
export function shuffledOrder(
  length: number,
  seed: number,
): { itemAt(position: number): number; positionOf(item: number): number } {
  // One stride round the list, near the golden section and without a common factor, visits every item once.
  let stride = Math.max(1, Math.floor(length * 0.618))
  while (commonFactor(stride, length) !== 1) stride++
  const shift = drawsFor(seed, length).below(length)
  const back = inverse(stride, length)
  return {
    itemAt: (position) => (position * stride + shift) % length,
    positionOf: (item) => (((item - shift + length) % length) * back) % length,
  }
}

function commonFactor(a: number, b: number): number {
  return b === 0 ? a : commonFactor(b, a % b)
}

/** x with (value * x) % modulus = 1 (extended Euclid). */
function inverse(value: number, modulus: number): number {
  let [r, next, x, nextX] = [value, modulus, 1, 0]
  while (next !== 0) {
    const quotient = Math.floor(r / next)
    ;[r, next, x, nextX] = [next, r - quotient * next, nextX, x - quotient * nextX]
  }
  return ((x % modulus) + modulus) % modulus
}
