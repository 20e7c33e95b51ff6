import type { House, LatLon, Street, StreetLookups } from '../../gazetteer/streetLayer/types.ts'
import type { CurrentCommune, Gazetteer } from '../../gazetteer/types.ts'
import { metresBetween } from '../../geo/flatEarth.ts'
import type { Components } from '../../match/types.ts'
import { tokenize } from '../../text/tokens.ts'
import { communeReach } from '../extent.ts'
import type { KnownDoor, KnownHamlet } from '../knownHouseholds.ts'
import type { Evidence, Precision } from '../precision.ts'
import { accuracyOf, type Class } from './accuracy.ts'
import { depthOf, outermost, placeInAlley } from './alley.ts'
import { doorAnchor, sideOf } from './anchors.ts'
import { type Estimate, estimate, type Ground } from './estimate.ts'
import { beside } from './line.ts'
import { between, inSameAlley, sameDoor } from './neighbours.ts'
import { numberingOf } from './numbering.ts'
import type { KnownStreet, StreetMemo } from './street.ts'
import { leading, singles, turnsOf, type Way, wayOf } from './way.ts'

/** An address in a commune, as far as the text says it. */
export interface AskedDoor {
  readonly parts: Pick<Components, 'houseNumber' | 'alleys' | 'street' | 'hamlet' | 'group'>
  readonly commune: CurrentCommune
  /** Where the former commune of the text lay, when that is known. */
  readonly ground: (Ground & { readonly name?: string }) | null
}

/** What is known of the world. */
export interface DoorWorld {
  readonly gazetteer: Gazetteer
  readonly streets: StreetLookups
  readonly memo: StreetMemo
}

/** What the registry knows of the street and the hamlet of the address; `NOTHING_KNOWN` where no registry is asked. */
export interface KnownNear {
  readonly doors: readonly KnownDoor[]
  readonly hamlet: KnownHamlet | null
}
export const NOTHING_KNOWN: KnownNear = { doors: [], hamlet: null }

/** Where an address is. */
export interface FoundDoor extends LatLon {
  readonly precision: Precision
  /** By what it was found, which is finer than the precision. */
  readonly by: Class
  /** Metres within which the true place lies nine times in ten. */
  readonly accuracy: number
  /** What told the place, the most telling first. */
  readonly evidence: readonly Evidence[]
  /** Where a courier leaves the street: the known mouth of the alley. Null for a door at the street, or when it is not known. */
  readonly access: LatLon | null
  /** The numbers on the way from the street: ["994A", "12", "7"]. */
  readonly turns: readonly string[]
}

/** Where an address is, by the most precise thing that is known. Never fails: at worst it is the middle of the commune. */
export function findDoor(asked: AskedDoor, world: DoorWorld, known: KnownNear = NOTHING_KNOWN): FoundDoor {
  const way = wayOf(asked.parts)
  const turns = way ? turnsOf(way) : []
  const exact = { ...known, doors: known.doors.filter(({ point }) => point.accuracy <= COARSE) }
  const found =
    byNeighbours(turns, exact) ?? byStreet(asked, way, world, exact) ?? byArea(asked, world, known)
  // A home that was registered with a loose point tells more than nothing, and less than the map of its street.
  const loose = exact.doors.length < known.doors.length ? sameDoor(turns, known.doors) : null
  const place = loose && 2 * loose.point.accuracy < found.accuracy ? atDoor(loose) : found
  return { ...place, turns }
}

type Place = Omit<FoundDoor, 'turns'>

/** Metres: a registered point that is less exact is none to find other doors by. */
export const COARSE = 150

const place = (
  { lat, lon }: LatLon,
  kind: Class,
  metres: number,
  evidence: readonly Evidence[],
  access: LatLon | null = null,
  numbered = false,
): Place => ({
  lat,
  lon,
  precision: PRECISION[kind],
  by: kind,
  accuracy: accuracyOf(kind, metres, numbered),
  evidence,
  access,
})

const PRECISION: Record<Class, Precision> = {
  neighbour: 'building',
  house: 'building',
  houses: 'interpolated',
  between: 'interpolated',
  number: 'interpolated',
  mouth: 'interpolated',
  alley: 'alley',
  'known-alley': 'alley',
  street: 'street',
  hamlet: 'hamlet',
  ground: 'commune',
  commune: 'commune',
}

/** By registered households alone: at the same door, or on both sides of it. */
function byNeighbours(turns: readonly string[], { doors }: KnownNear): Place | null {
  if (turns.length === 0 || doors.length === 0) return null
  const same = sameDoor(turns, doors)
  if (same) return atDoor(same)
  const row = between(turns, doors)
  if (!row) return null
  // The mouth of their alley is that of the door too; at the street each has its own gate.
  const mouth = turns.length > 1 ? row.by[0]!.access : null
  return place(row, 'between', row.gap, row.by.map(household), mouth)
}

const atDoor = (door: KnownDoor): Place =>
  place(door.point, 'neighbour', door.point.accuracy, [household(door)], door.access)

const household = ({ door }: KnownDoor): Evidence => ({
  kind: 'household',
  text: door.join('/').toUpperCase(),
  layer: null,
})

/** By the map of the street, with the registered households as further known numbers. */
function byStreet(asked: AskedDoor, way: Way | null, world: DoorWorld, { doors }: KnownNear): Place | null {
  const { parts, commune, ground } = asked
  // "149 Xóm Đất" is read as a hamlet, and is a street.
  const name = parts.street ?? parts.hamlet
  if (!name) return null
  const mapped = world.memo.of(name, commune)
  if (mapped.length === 0) return byAlleyHousehold(way, doors)
  const streets = doors.length === 0 || !way ? mapped : mapped.map((street) => withDoors(street, doors))
  const likely = estimate(streets, way?.first ?? Number.NaN, ground)!
  const street = streets.find(({ line }) => line === likely.line)!
  if (!way || way.isDeep) return onStreet(likely, asked.commune, world)
  const there = beside(likely.line, likely.step, 0)
  return (
    byHouse(way, streets, there, asked.commune, world) ??
    byAlley(way, streets, there, world.streets) ??
    byAlleyHousehold(way, doors) ??
    byNumber(way, street, likely, asked.commune, world)
  )
}

function withDoors(street: KnownStreet, doors: readonly KnownDoor[]): KnownStreet {
  const anchors = [...street.anchors]
  for (const door of doors) {
    const anchor = doorAnchor(door, street.line)
    if (anchor) anchors.push(anchor)
  }
  return {
    line: street.line,
    anchors,
    numbering: numberingOf(anchors),
    around: null,
    get houses() {
      return street.houses
    },
    get alleys() {
      return street.alleys
    },
  }
}

/** The street alone. Where it is mapped beside the commune only, the place can be anywhere in that. */
function onStreet(
  { line, step, radius }: Estimate,
  commune: CurrentCommune,
  { gazetteer }: DoorWorld,
  spot: LatLon = beside(line, step, 0),
  evidence: readonly Evidence[] = [ofStreet(line.street)],
): Place {
  const there = line.isElsewhere ? metresBetween(spot, commune.inside) + communeReach(commune, gazetteer) : 0
  const metres = Math.max(radius, there)
  return place(spot, 'street', metres, evidence, null, isNumbered(line.street))
}

/** "Đường số 5", "D1", "Tân Thới Nhất 13": a commune has several of that kind. */
const isNumbered = ({ key }: Street): boolean => /\d/.test(key)

/** Metres from the likely place of its number, beyond which a mapped house is another one of this number. */
const SAME_HOUSE = 1500
/** Metres between two objects of one house, and from the commune of the address to its house: borders are drawn loosely. */
const ONE_HOUSE = 100
/** Houses that are told as evidence. */
const TOLD = 5

/** The mapped house of this number; where the commune has several, the likeliest, with an error that reaches them all. */
function byHouse(
  way: Way,
  streets: readonly KnownStreet[],
  likely: LatLon,
  commune: CurrentCommune,
  { gazetteer }: DoorWorld,
): Place | null {
  if (way.house === null) return null
  const off = (house: House) => metresBetween(likely, house)
  const keys = singles(way.house).map((house) => [...way.alleys, house].join('/'))
  const { boundaries } = gazetteer
  const houses = streets
    .flatMap(({ houses }) => keys.flatMap((key) => houses.get(key) ?? []))
    // Numbers begin again beyond a border.
    .filter(({ lat, lon }) => boundaries.distanceTo(commune.index, lat, lon, ONE_HOUSE) <= ONE_HOUSE)
    .sort((a, b) => off(a) - off(b))
  const [house] = houses
  if (!house || off(house) > SAME_HOUSE) return null
  const apart = Math.max(...houses.map((other) => metresBetween(house, other)))
  // Which of them is meant nobody knows: none is a known place.
  const kind = apart > ONE_HOUSE ? 'houses' : 'house'
  const evidence = houses.slice(0, TOLD).map(ofHouse)
  return place(house, kind, apart, evidence, mouthTo(house, way, streets))
}

/** In the mapped alley, as deep as the address goes into mapped ones. */
function byAlley(
  way: Way,
  streets: readonly KnownStreet[],
  likely: LatLon,
  lookups: StreetLookups,
): Place | null {
  for (let depth = way.alleys.length; depth > 0; depth--) {
    const chain = way.alleys.slice(0, depth).join('/')
    const found = nearestOf(
      streets.flatMap(({ alleys }) => alleys.get(chain) ?? []),
      likely,
    )
    const rest = [...way.alleys.slice(depth), ...(way.house === null ? [] : [way.house])].map(leading)
    const spot = placeInAlley(found, rest, lookups)
    if (!spot) continue
    const [alley] = found
    const kind = spot.bracketed ? 'number' : 'alley'
    const mouth = outermost(alley!).alley!.mouth
    return place(spot, kind, spot.bracketed ? 0 : spot.depth, [ofAlley(alley!)], mouth)
  }
  return null
}

/** Alleys of one number that lie where the number should be: the ways of one alley, with that of the nearest mouth first. */
function nearestOf(alleys: readonly Street[], likely: LatLon): Street[] {
  const off = (alley: Street) => metresBetween(likely, middleOf(alley))
  const sorted = [...alleys].sort(
    (a, b) => Number(!a.alley!.mouth) - Number(!b.alley!.mouth) || off(a) - off(b),
  )
  const [first] = sorted
  if (!first || off(first) > SAME_HOUSE) return []
  return sorted.filter((alley) => metresBetween(middleOf(first), middleOf(alley)) < ONE_ALLEY)
}
/** Metres between the ways of one alley. */
const ONE_ALLEY = 400

function middleOf({ lines }: Street): LatLon {
  const { points } = lines[0]!
  const at = (points.length >> 2) * 2
  return { lat: points[at]!, lon: points[at + 1]! }
}

/** The mouth of the alley of a house: of several alleys of that number the one nearest to it. */
function mouthTo(house: House, { alleys }: Way, streets: readonly KnownStreet[]): LatLon | null {
  const [first] = alleys
  if (first === undefined) return null
  const mouths = streets
    .flatMap((street) => street.alleys.get(first) ?? [])
    .flatMap(({ alley }) => alley!.mouth ?? [])
  return mouths.reduce<LatLon | null>(
    (best, one) => (best && metresBetween(house, best) <= metresBetween(house, one) ? best : one),
    null,
  )
}

/** Beside a registered household of the same alley. */
function byAlleyHousehold(way: Way | null, doors: readonly KnownDoor[]): Place | null {
  const near = way && inSameAlley(turnsOf(way), doors)
  return near && place(near.point, 'known-alley', 0, [household(near)], near.access)
}

/** Metres from the middle of a street to its doors, and the farthest that a door in an unmapped alley is placed from it. */
const TO_THE_DOOR = 12
const DEEPEST = 60
/** An alley does not run straight away from its street. */
const STRAIGHT = 0.6
/** Metres: where a number can be anywhere within more than this, only the street is known. */
const LOST = 500

/** Numbers mislead more where they do not stand on both sides of the one asked for. */
const NOT_BETWEEN = 1.4

/** Where the number should be on the street; a door in an unmapped alley stands behind its likely mouth. */
function byNumber(
  way: Way,
  street: KnownStreet,
  likely: Estimate,
  commune: CurrentCommune,
  world: DoorWorld,
): Place {
  const { line, step, radius, votes } = likely
  const inner = [...way.alleys.slice(1), way.house ?? ''].map(leading)
  const isAlley = way.alleys.length > 0
  const side = sideOf(street.anchors, way.first, line.along[step]!)
  const off = isAlley ? Math.min(DEEPEST, depthOf(inner) * STRAIGHT) : TO_THE_DOOR
  const spot = beside(line, step, side * off)
  const layer = line.street.layer.head.name
  const numbers = new Map(
    votes
      .filter(({ across }) => !across || votes.length === 1)
      .flatMap(({ by }) => by)
      .map(({ from, text }): [string, Evidence] => [
        `${from} ${text}`,
        { kind: from, text, layer: from === 'household' ? null : layer },
      ]),
  )
  const evidence = [...numbers.values(), ofStreet(line.street)]
  const isBetween = votes.some(({ by, across }) => by.length > 1 && !across)
  const loose = { ...likely, radius: votes.length === 0 || isBetween ? radius : NOT_BETWEEN * radius }
  // Between known numbers it is there, whichever commune the text says.
  const isAstray = line.isElsewhere && !votes.some(({ by }) => by.length > 1)
  if (votes.length === 0 || radius > LOST || line.beyond[step]! > 0 || isAstray)
    return onStreet(loose, commune, world, spot, evidence)
  const numbered = isNumbered(line.street)
  // Its likely mouth is as uncertain as the door: no access point is known.
  return place(spot, isAlley ? 'mouth' : 'number', loose.radius, evidence, null, numbered)
}

/** Without a known street: the hamlet, the ground of the former commune, the commune. */
function byArea(
  { parts, commune, ground }: AskedDoor,
  { streets, gazetteer }: DoorWorld,
  { hamlet }: KnownNear,
): Place {
  const name = parts.hamlet ?? parts.group
  if (hamlet)
    return place(hamlet, 'hamlet', hamlet.radius, [{ kind: 'hamlet', text: name ?? '', layer: null }])
  if (name) {
    const wanted = plain(name)
    const mapped = streets.hamletsOf(commune).find((one) => plain(one.name) === wanted)
    if (mapped)
      return place(mapped, 'hamlet', MAPPED_HAMLET, [
        { kind: 'hamlet', text: mapped.name, layer: mapped.layer.head.name },
      ])
  }
  const reach = communeReach(commune, gazetteer)
  if (ground) {
    const found = place(ground, 'ground', 0, [
      { kind: 'former-commune', text: ground.name ?? '', layer: null },
    ])
    // A small commune bounds it, from wherever in it the ground is.
    const most = accuracyOf('commune', reach) + metresBetween(ground, commune.inside)
    return { ...found, accuracy: Math.min(found.accuracy, Math.round(most)) }
  }
  return place(commune.inside, 'commune', reach, [{ kind: 'commune', text: commune.fullName, layer: null }])
}
/** Metres around the point of a hamlet on the map. */
const MAPPED_HAMLET = 700

const plain = (name: string) =>
  tokenize(name)
    .map(({ fold }) => fold)
    .join(' ')

const ofHouse = ({ number, layer }: House): Evidence => ({
  kind: 'house',
  text: number,
  layer: layer.head.name,
})
const ofAlley = ({ name, layer }: Street): Evidence => ({ kind: 'alley', text: name, layer: layer.head.name })
const ofStreet = ({ name, layer }: Street): Evidence => ({
  kind: 'street',
  text: name,
  layer: layer.head.name,
})
