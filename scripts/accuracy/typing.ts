import { fold } from '../../src/text/tokens.ts'
import type { Draws } from '../households/random.ts'

/** How people type a place: the last also before they are done. */
export const STYLES = ['written', 'plain', 'typo', 'swapped', 'begun'] as const
export type Style = (typeof STYLES)[number]

/**
 * The parts of an address, the narrowest first, as somebody types them: as written; in small letters without marks; that
 * with one letter wrong, where there are five; its parts the other way round and without commas; only the first letters of the
 * last part.
 */
export function typedAs(style: Style, parts: readonly string[], draws: Draws): string {
  if (style === 'written') return parts.join(', ')
  const plain = parts.map(withoutMarks)
  if (style === 'plain') return plain.join(draws.chance(0.5) ? ', ' : ' ')
  if (style === 'typo') return withTypo(plain.join(', '), draws)
  if (style === 'swapped') return plain.length > 1 ? plain.toReversed().join(', ') : swapWords(plain[0]!)
  const last = plain.at(-1)!
  const letters = Math.max(Math.min(3, last.length), Math.ceil(last.length * (0.4 + 0.4 * draws.next())))
  return [...plain.slice(0, -1), last.slice(0, letters)].join(', ')
}

const withoutMarks = (text: string) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase()

function swapWords(text: string): string {
  const words = text.split(' ')
  return [...words.slice(1), words[0]].join(' ')
}

const LETTERS = 'abcdeghiklmnopqrstuvxy'

/** One letter left out, doubled by another, taken for another or swapped with its neighbour. */
export function withTypo(text: string, draws: Draws): string {
  const places = [...text.matchAll(/[a-z]/g)].map(({ index }) => index)
  if (places.length < 5) return text
  for (let tries = 0; tries < 20; tries++) {
    const at = draws.pick(places)
    const other = draws.pick([...LETTERS])
    const kind = draws.below(4)
    const [before, letter, behind] = [text.slice(0, at), text[at]!, text.slice(at + 1)]
    const isLetter = /^[a-z]/.test(behind)
    const wrong =
      kind === 0
        ? before + behind
        : kind === 1
          ? before + letter + other + behind
          : kind === 2
            ? before + other + behind
            : isLetter
              ? before + behind[0] + letter + behind.slice(1)
              : text
    // "ly" for "li" is no fault.
    if (fold(wrong) !== fold(text)) return wrong
  }
  return text
}
