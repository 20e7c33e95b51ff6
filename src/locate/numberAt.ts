import type { Side } from '../gazetteer/streetLayer/types.ts'
import { type Anchor, sideOf } from './door/anchors.ts'
import type { Numbering } from './door/numbering.ts'

/** The number that a house at a place of a street should have. */
export interface NumberEstimate {
  /** An odd or even number where the side tells which, else the number between. */
  readonly number: number
  readonly parity: 'odd' | 'even' | null
  /**
   * The known numbers before and behind the place, lower first; one where the street goes on beyond the last. Of the other side where
   * none on its own is near enough.
   */
  readonly between: readonly string[]
  /** Metres along the street between them, or to the one. */
  readonly gap: number
}

/** Metres between two known numbers between which a number is guessed, and beyond the last one. */
const MOST_GAP = 600
const BEYOND = 60

/** What number a place should have, by the known ones before and behind it on its side, else across. Null when they are far. */
export function numberAt(
  along: number,
  side: Side,
  anchors: readonly Anchor[],
  numbering: Numbering | null,
): NumberEstimate | null {
  if (!numbering) return null
  const odd = side === 'on' ? null : isOdd(along, side, anchors)
  const own = odd === null ? [0, 1] : [odd ? 1 : 0]
  const across = odd === null ? [] : [odd ? 0 : 1]
  for (const parities of [own, across]) {
    const guesses = parities.flatMap((parity) => guess(along, numbering, parity) ?? [])
    const [best] = guesses.sort((a, b) => a.gap - b.gap)
    if (!best) continue
    const { exact, between, gap } = best
    return {
      number: odd === null ? Math.max(1, Math.round(exact)) : nearestOf(exact, odd ? 1 : 0),
      parity: odd === null ? null : odd ? 'odd' : 'even',
      between,
      gap,
    }
  }
  return null
}

/** Whether the odd numbers stand on this side; null when the anchors around do not tell. */
function isOdd(along: number, side: 'left' | 'right', anchors: readonly Anchor[]): boolean | null {
  const ofOdd = sideOf(anchors, 1, along)
  return ofOdd === 0 ? null : ofOdd > 0 === (side === 'left')
}

function guess(along: number, { sides, direction, rate, measured }: Numbering, parity: number) {
  let before: Anchor | null = null
  let behind: Anchor | null = null
  for (const anchor of sides[parity]!) {
    const off = direction * (anchor.along - along)
    if (off <= 0) before = anchor
    else behind ??= anchor
  }
  if (before && behind) {
    const gap = Math.abs(behind.along - before.along)
    if (gap > MOST_GAP) return null
    const part = gap === 0 ? 0 : Math.abs(along - before.along) / gap
    const exact = before.number + part * (behind.number - before.number)
    return { exact, between: [before.text, behind.text], gap }
  }
  const end = before ?? behind
  if (!end || !measured) return null
  const beyond = direction * (along - end.along)
  if (Math.abs(beyond) > BEYOND) return null
  return { exact: end.number + beyond / rate, between: [end.text], gap: Math.abs(beyond) }
}

/** The nearest number of a parity, at least 1. */
export const nearestOf = (exact: number, parity: number) =>
  Math.max(parity || 2, 2 * Math.round((exact - parity) / 2) + parity)
