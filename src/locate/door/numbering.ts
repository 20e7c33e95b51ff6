import type { Anchor } from './anchors.ts'

/** How the numbers of a street run along it, as its anchors tell; outliers are left out. */
export interface Numbering {
  /** Odd and even side: the anchors whose numbers and places run the same way, by number. */
  readonly sides: readonly [even: readonly Anchor[], odd: readonly Anchor[]]
  /** 1: numbers grow with `along`, -1: they fall. */
  readonly direction: 1 | -1
  /** Whether the anchors tell the direction. */
  readonly sure: boolean
  /** Metres between two following numbers of a side, by the half: odd and even together. */
  readonly rate: number
  /** Whether `rate` was measured on this street. */
  readonly measured: boolean
}

/** Where a number should be, by the anchors of one side. */
export interface Vote {
  /** Metres along, and how far off that may be (standard deviation). */
  readonly along: number
  readonly deviation: number
  /** The known numbers before and behind it, or the nearest one. */
  readonly by: readonly Anchor[]
  /** The anchors stand on the other side. */
  readonly across: boolean
}

/** Metres by which two anchors may stand in the wrong order: houses are wide, points are loose. */
const DISORDER = 15
/** Metres to the next number where nothing is known, and the bounds of what is believed. */
const USUAL_RATE = 3
const RATES = [1.2, 8] as const
/** Metres: how well one anchor tells its place. */
const LOOSE = 20
/** Odd and even numbers drift apart. */
const ACROSS = 120

/** The heaviest orderly part of the anchors of each side, both sides running the same way. Null without anchors. */
export function numberingOf(anchors: readonly Anchor[]): Numbering | null {
  if (anchors.length === 0) return null
  const sides = [0, 1].map((parity) =>
    anchors
      .filter(({ number }) => number % 2 === parity)
      .sort((a, b) => a.number - b.number || a.along - b.along),
  )
  const up = sides.map((side) => orderly(side, 1))
  const down = sides.map((side) => orderly(side, -1))
  const weight = (chains: Chain[]) => chains.reduce((sum, chain) => sum + chain.weight, 0)
  const lead = weight(up) - weight(down)
  const direction = lead >= 0 ? 1 : -1
  const [even, odd] = (lead >= 0 ? up : down).map(({ kept }) => kept) as [Anchor[], Anchor[]]
  const rates = ratesOf([...even, ...odd])
  const rate = rates[rates.length >> 1]
  return {
    sides: [even, odd],
    direction,
    sure: Math.abs(lead) > 0.5,
    rate: rate === undefined ? USUAL_RATE : Math.min(RATES[1], Math.max(RATES[0], rate)),
    measured: rate !== undefined,
  }
}

interface Chain {
  readonly weight: number
  readonly kept: Anchor[]
}
/** Anchors of a side that are looked at: the work grows with their square. */
const MOST_ANCHORS = 400

function orderly(all: readonly Anchor[], direction: 1 | -1): Chain {
  const each = Math.ceil(all.length / MOST_ANCHORS)
  const side = all.filter((_, i) => i % each === 0)
  // Those of one number may stand in any order.
  if (direction < 0) side.sort((a, b) => a.number - b.number || b.along - a.along)
  const best = side.map(({ weight }) => weight)
  const before = side.map(() => -1)
  let end = -1
  for (let i = 0; i < side.length; i++) {
    const { along, weight } = side[i]!
    for (let j = 0; j < i; j++)
      if (direction * (along - side[j]!.along) >= -DISORDER && best[j]! + weight > best[i]!) {
        best[i] = best[j]! + weight
        before[i] = j
      }
    if (end < 0 || best[i]! > best[end]!) end = i
  }
  const kept: Anchor[] = []
  for (let i = end; i >= 0; i = before[i]!) kept.push(side[i]!)
  return { weight: end < 0 ? 0 : best[end]!, kept: kept.reverse() }
}

/** Metres a number between all anchors that are not next to each other, ascending. */
function ratesOf(anchors: readonly Anchor[]): number[] {
  const rates: number[] = []
  const each = Math.ceil(anchors.length / 60)
  const some = anchors.filter((_, i) => i % each === 0)
  for (let i = 0; i < some.length; i++)
    for (let j = 0; j < i; j++) {
      const numbers = Math.abs(some[i]!.number - some[j]!.number)
      if (numbers >= 10) rates.push(Math.abs(some[i]!.along - some[j]!.along) / numbers)
    }
  return rates.sort((a, b) => a - b)
}

/** Where a number should be; a vote of each side that has anchors. */
export function votesFor(number: number, { sides, direction, sure, rate, measured }: Numbering): Vote[] {
  const votes: Vote[] = []
  for (const [parity, side] of sides.entries()) {
    if (side.length === 0) continue
    const across = parity !== number % 2
    const far = across ? ACROSS : 0
    const { below, above } = bracket(side, number)
    if (below && above) {
      const part =
        above.number === below.number ? 0.5 : (number - below.number) / (above.number - below.number)
      const gap = above.along - below.along
      const loose = (1 - part) * looseness(below) + part * looseness(above)
      votes.push({
        along: below.along + part * gap,
        deviation: Math.hypot(loose, far, Math.sqrt(0.3 * part * (1 - part)) * gap),
        by: below === above ? [below] : [below, above],
        across,
      })
      continue
    }
    const end = (below ?? above)!
    const metres = rate * (number - end.number)
    const tells = sure || Math.abs(metres) < 30
    const doubt = tells ? (measured ? 0.7 : 1) : 1.2
    votes.push({
      along: tells ? end.along + direction * metres : end.along,
      deviation: Math.hypot(looseness(end), far, doubt * metres),
      by: [end],
      across,
    })
  }
  return votes
}

/** The anchors next to a number; both the same when it has one itself. */
export function bracket<T extends { readonly number: number }>(
  side: readonly T[],
  number: number,
): { below: T | null; above: T | null } {
  let low = 0
  let high = side.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (side[middle]!.number <= number) low = middle + 1
    else high = middle
  }
  const below = side[low - 1] ?? null
  return { below, above: below?.number === number ? below : (side[low] ?? null) }
}

const looseness = ({ weight }: Anchor) => LOOSE / Math.min(1, weight)
