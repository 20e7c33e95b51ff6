import type { House, Street, StreetLookups } from '../../gazetteer/streetLayer/types.ts'
import type { KnownDoor } from '../knownHouseholds.ts'
import { type Line, project } from './line.ts'
import { leading } from './way.ts'

/** Something whose number and place on a street are known. */
export interface Anchor {
  /** Begins its number: odd and even ones stand on two sides. */
  readonly number: number
  /** As written. */
  readonly text: string
  /** Metres along the street. */
  readonly along: number
  /** Metres to the left of the street, below 0 to the right; null when it does not tell a side. */
  readonly left: number | null
  /** How much it says: 1 = a house at the street. */
  readonly weight: number
  readonly from: 'house' | 'alley' | 'household'
}

/** Metres from the street: those farther off are in an alley, or of another street. */
const AT_STREET = 60
const NEAR_STREET = 120
/** A side is told between these metres from the middle line. */
const SIDE = [3, 150] as const

/** What the map has on a street or in an alley, all its pieces. */
export function mappedAnchors(street: Street, streets: StreetLookups): Anchor[] {
  const anchors: Anchor[] = []
  const depth = street.alley?.numbers.length ?? 0
  for (const house of streets.housesOf(street)) {
    const anchor = ofHouse(house, depth)
    if (anchor) anchors.push(anchor)
  }
  const seen = new Set<string>()
  for (const alley of streets.alleysOf(street)) {
    const anchor = ofAlley(alley, depth)
    if (!anchor || seen.has(anchor.text)) continue
    seen.add(anchor.text)
    anchors.push(anchor)
  }
  return anchors
}

/** Of a street the number at the street, of an alley (`depth` 1 and more) that in the alley. */
function ofHouse({ chain, number, tie, on }: House, depth: number): Anchor | null {
  const first = leading(chain[depth] ?? '')
  if (!on || Number.isNaN(first)) return null
  const weight = weightOf(on.metres, chain.length > depth + 1)
  return {
    number: first,
    text: number,
    along: on.along,
    left: sided(on.side === 'right' ? -on.metres : on.metres),
    weight: tie === 'near' ? weight / 2 : weight,
    from: 'house',
  }
}

function ofAlley({ alley }: Street, depth: number): Anchor | null {
  // That of an alley in an alley is where they meet.
  if (!alley?.mouth || alley.numbers.length !== depth + 1) return null
  const text = alley.numbers[depth]!
  const number = leading(text)
  if (Number.isNaN(number)) return null
  const { along, side } = alley.mouth
  const left = side === 'on' ? null : side === 'left' ? SIDE_OF_ALLEY : -SIDE_OF_ALLEY
  return { number, text, along, left, weight: 1, from: 'alley' }
}
const SIDE_OF_ALLEY = 30

/** A registered household on a line; null when it stands far from it, or its number tells nothing. */
export function doorAnchor({ door, point, access }: KnownDoor, line: Line): Anchor | null {
  const first = door[0]
  if (first === undefined) return null
  const number = leading(first)
  const at = access ?? point
  const { along, left } = project(line, at.lat, at.lon)
  const metres = Math.abs(left)
  if (Number.isNaN(number) || metres > FAR) return null
  const isChain = door.length > 1 && !access
  return {
    number,
    text: door.join('/'),
    along,
    left: sided(left),
    weight: isChain ? weightOf(metres, true) : metres < AT_STREET ? KNOWN : 0.3,
    from: 'household',
  }
}
/** A point that an office gave says more than one of a map. */
const KNOWN = 1.5
/** Metres from the street at which a household is no household of this street. */
const FAR = 400

const sided = (left: number) => (Math.abs(left) < SIDE[0] || Math.abs(left) > SIDE[1] ? null : left)

function weightOf(metres: number, isChain: boolean): number {
  if (metres < AT_STREET) return isChain ? 0.5 : 1
  if (metres < NEAR_STREET) return isChain ? 0.25 : 0.4
  return 0.1
}

/** Metres along the street within which the side of the odd and the even numbers is the same. */
const SAME_SIDE = 1500
/** Weight of anchors that tell the side. */
const SURE_SIDE = 0.7

/**
 * Where a number stands at a place of the street: 1 = on the left, -1 = on the right, 0 = the anchors around do not tell, or
 * there is no number (NaN).
 */
export function sideOf(anchors: readonly Anchor[], number: number, along: number): -1 | 0 | 1 {
  if (Number.isNaN(number)) return 0
  let left = 0
  for (const anchor of anchors) {
    if (anchor.left === null || Math.abs(anchor.along - along) > SAME_SIDE) continue
    left += Math.sign(anchor.left) * anchor.weight * (anchor.number % 2 === number % 2 ? 1 : -1)
  }
  return Math.abs(left) < SURE_SIDE ? 0 : left > 0 ? 1 : -1
}
