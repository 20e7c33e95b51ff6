import { fold } from '../../text/tokens.ts'

/** The form in which numbers of alleys and houses are compared: ["18 Bis", "03"] = "18bis/3". */
export const chainKey = (numbers: readonly string[]): string =>
  numbers.map((number) => fold(number).replaceAll(' ', '')).join('/')

/** By the number of each step inwards, then its letters: 9, 12, 12A, 12/3, 40. */
export function compareChains(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  for (let at = 0; at < left.length && at < right.length; at++) {
    const [x, y] = [left[at]!, right[at]!]
    if (x === y) continue
    const difference = (Number.parseInt(x, 10) || 0) - (Number.parseInt(y, 10) || 0)
    return difference || (x < y ? -1 : 1)
  }
  return left.length - right.length
}
