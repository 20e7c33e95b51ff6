import { metresBetween } from '../../geo/flatEarth.ts'
import { identifies, wordsOf } from '../key.ts'
import type { StoredHousehold } from '../store.ts'
import type { StreetNames } from './streetNames.ts'

/** A household with the words of its address as they are compared. */
export interface Seen extends ReturnType<typeof wordsOf> {
  household: StoredHousehold
  /** It names a house, lot or flat. */
  named: boolean
  /** Its point is shared by so many that it tells nothing. */
  crowded: boolean
}

export const see = (household: StoredHousehold): Seen => ({
  household,
  ...wordsOf(household.parts),
  named: identifies(household.parts),
  crowded: false,
})

export interface Likeness {
  /** How likely the two are one home, 0 to 1. */
  score: number
  reason: 'same-address' | 'spelled-twice' | 'both-eras' | 'same-place'
  metres: number | null
}

/** From this on a pair is put to a person. */
export const LIKELY = 0.5

/** Metres: two good points of one home. */
const HERE = 10
const NEAR = 50
const FAR = 150

/**
 * How likely two households are one home. Doors, flats, floors and blocks that differ are two homes. The weights are set so that
 * pairs of LIKELY and more are right more often than not on the generator's and the labelled pairs (scripts/bench/duplicates.ts).
 */
export function likeness(a: Seen, b: Seen, streets: StreetNames): Likeness | null {
  if (a.door !== b.door && a.door && b.door && !sameInnerDoor(a, b)) return null
  if (differ(a.unit, b.unit) || differ(a.block, b.block) || differ(a.floor, b.floor)) return null
  if (a.unit !== b.unit && a.named && b.named) return null
  const place = distance(a, b)
  if (!a.named || !b.named) return namelessLikeness(a, b, place)

  const road = roadLikeness(a, b, streets)
  const here = place !== null && place <= HERE
  // A way to the door that lost an alley can be told from another house by its place alone.
  if (a.door !== b.door && !(here && road !== null && road >= 0.8)) return null
  let score = road === null ? 0.35 : road >= 0.8 ? 0.8 * road : 0.3 * road
  score += placeWeight(place, road === null ? MISSING : road >= 0.8 ? ALIKE : OTHER)
  if (a.door !== b.door) score -= 0.35
  if (differ(a.hamlet, b.hamlet) && a.street && b.street) score -= here ? 0.05 : 0.3
  const [ours, theirs] = [a.household, b.household]
  const eras = erasOf(ours, theirs)
  if (eras === 'other-former') score -= here ? 0.05 : 0.3
  if (ours.communeCode !== theirs.communeCode)
    score -= eras === 'undecided' || here ? 0.1 : byNameOnly(ours) || byNameOnly(theirs) ? 0.2 : 0.4
  if (numbersDiffer(ours, theirs)) score -= 0.15
  return {
    score: bounded(score),
    metres: place,
    reason:
      road !== 1
        ? here && (road === null || road < 0.8)
          ? 'same-place'
          : 'spelled-twice'
        : eras === 'same'
          ? 'same-address'
          : 'both-eras',
  }
}

const bounded = (score: number) => Math.round(1000 * Math.max(0, Math.min(0.99, score))) / 1000
const differ = (a: string, b: string) => a !== '' && b !== '' && a !== b

/** "30, ngõ 361" and "30, ngách 361/35, ngõ 361": one way is a part of the other. */
function sameInnerDoor(a: Seen, b: Seen): boolean {
  const [short, long] = a.door.length < b.door.length ? [a.door, b.door] : [b.door, a.door]
  const inner = short.slice(short.lastIndexOf('/') + 1)
  const way = short.slice(0, short.length - inner.length)
  return inner !== '' && way !== '' && long.endsWith(`/${inner}`) && long.startsWith(way)
}

/** Street, or building where no street is said; null when one of them says neither. */
function roadLikeness(a: Seen, b: Seen, streets: StreetNames): number | null {
  if (a.building && b.building && a.building !== b.building) return streets.alike(a.building, b.building)
  if (a.street && b.street) return streets.alike(a.street, b.street)
  if (a.building && b.building) return 1
  if (!a.street && !b.street && !a.building && !b.building)
    // The hamlet or group numbers the houses: two that differ are two roads.
    return differ(a.hamlet, b.hamlet) || differ(a.group, b.group)
      ? streets.alike(a.hamlet || a.group, b.hamlet || b.group)
      : 1
  // A slip in the word for hamlet makes a street of it.
  const [street, hamlet] = a.street ? [a.street, b.hamlet] : [b.street, a.hamlet]
  const alike = street && hamlet ? streets.alike(street, hamlet) : 0
  return alike >= 0.8 ? alike : null
}

type Weights = [here: number, near: number, between: number, far: number, unknown: number]
const ALIKE: Weights = [0.18, 0.1, -0.1, -0.45, -0.05]
const MISSING: Weights = [0.35, 0.05, -0.3, -0.35, -0.15]
const OTHER: Weights = [0.35, -0.2, -0.3, -0.3, -0.3]

function placeWeight(place: number | null, [here, near, between, far, unknown]: Weights): number {
  if (place === null) return unknown
  return place <= HERE ? here : place <= NEAR ? near : place <= FAR ? between : far
}

function distance(a: Seen, b: Seen): number | null {
  if (a.crowded || b.crowded || !a.household.point || !b.household.point) return null
  return Math.round(10 * metresBetween(a.household.point, b.household.point)) / 10
}

/** A row that stops at the hamlet or street and another one that names a house of it or stops there too, at one spot. */
function namelessLikeness(a: Seen, b: Seen, place: number | null): Likeness | null {
  if (place === null || place > 5) return null
  if (differ(a.hamlet, b.hamlet) || differ(a.group, b.group) || differ(a.street, b.street)) return null
  if (erasOf(a.household, b.household) === 'other-former') return null
  const told = (a.hamlet !== '' && a.hamlet === b.hamlet) || (a.street !== '' && a.street === b.street)
  return { score: told ? 0.65 : 0.55, reason: 'same-place', metres: place }
}

/** What the former communes of two households say of each other. */
function erasOf(
  a: StoredHousehold,
  b: StoredHousehold,
): 'same' | 'one-unknown' | 'undecided' | 'other-former' {
  const [ours, theirs] = [a.formerCommuneCode, b.formerCommuneCode]
  if (a.communeCode !== b.communeCode && (isUndecided(a) || isUndecided(b))) return 'undecided'
  if (ours === theirs) return 'same'
  return ours === null || theirs === null ? 'one-unknown' : 'other-former'
}

/** Its commune is one of several that a former one went to, chosen from the text. */
const byNameOnly = ({ formerCommuneCode, point, status }: StoredHousehold) =>
  formerCommuneCode !== null && point === null && status !== 'verified'

/** The commune itself is in doubt. */
const isUndecided = ({ review }: StoredHousehold) =>
  review.includes('split-commune') || review.includes('several-communes')

/** Each has a number of one scheme, and they differ. */
function numbersDiffer(a: StoredHousehold, b: StoredHousehold): boolean {
  return a.externalIds.some(({ scheme, value }) =>
    b.externalIds.some((other) => other.scheme === scheme && other.value !== value),
  )
}
