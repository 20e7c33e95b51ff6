import { streetKeys } from '../gazetteer/streetsKey.ts'
import { metresBetween, scaleAt } from '../geo/flatEarth.ts'
import { wayOf } from './door/way.ts'
import type { KnownHouseholds, NearHousehold } from './knownHouseholds.ts'
import { type NumberEstimate, nearestOf } from './numberAt.ts'

/** The registered homes at one street around a point, nearest first. */
export interface HomesOfStreet {
  readonly communeCode: string
  /** As the nearest one writes it, and as streets are compared. */
  readonly street: string
  readonly key: string
  readonly homes: readonly HomeAtStreet[]
}
interface HomeAtStreet {
  readonly number: number
  readonly text: string
  readonly lat: number
  readonly lon: number
  readonly metres: number
}

/** The number that a house at a point should have, where that is, and how far the row of the homes is from the point. */
export interface BetweenHomes {
  readonly estimate: NumberEstimate
  readonly lat: number
  readonly lon: number
  readonly metres: number
}

/** Metres in which homes are looked for, and how many are. */
export const HOMES_REACH = 250
const MOST_HOMES = 16
/** Metres: a point that is less exact tells no number. */
const EXACT = 30
/** Metres between two homes between which a number is told, and from their row to the point. */
const MOST_GAP = 150
const BESIDE = 40

/** The streets at which homes around a point (degrees WGS 84) stand, the nearest first. Those in alleys are left out. */
export async function homesAround(
  { nearest }: Pick<KnownHouseholds, 'nearest'>,
  lat: number,
  lon: number,
): Promise<HomesOfStreet[]> {
  const streets = new Map<string, HomesOfStreet & { homes: HomeAtStreet[] }>()
  for (const { household, metres } of await nearest(lat, lon, HOMES_REACH, MOST_HOMES)) {
    const home = homeAtStreet(household, metres)
    const { communeCode, parts } = household
    if (!home || !parts.street) continue
    const key = streetKeys(parts.street)[0]!
    const known = streets.get(`${communeCode} ${key}`)
    if (known) known.homes.push(home)
    else streets.set(`${communeCode} ${key}`, { communeCode, street: parts.street, key, homes: [home] })
  }
  return [...streets.values()]
}

function homeAtStreet({ parts, point }: NearHousehold['household'], metres: number): HomeAtStreet | null {
  const way = wayOf(parts)
  if (!way?.house || way.alleys.length > 0 || !point || point.accuracy > EXACT) return null
  if (!(way.first > 0)) return null
  return { number: way.first, text: way.house, lat: point.lat, lon: point.lon, metres }
}

/** Between the two following homes of the odd or the even side that a point lies between, of the row nearer to it. */
export function betweenHomes({ homes }: HomesOfStreet, lat: number, lon: number): BetweenHomes | null {
  const scale = scaleAt(lat)
  let best: BetweenHomes | null = null
  for (const parity of [0, 1]) {
    const side = homes.filter(({ number }) => number % 2 === parity).sort((a, b) => a.number - b.number)
    for (const [i, to] of side.entries()) {
      const from = side[i - 1]
      if (!from || from.number === to.number) continue
      const gap = metresBetween(from, to, scale)
      if (gap === 0 || gap > MOST_GAP) continue
      const [east, north] = [(to.lon - from.lon) * scale.x, (to.lat - from.lat) * scale.y]
      const [x, y] = [(lon - from.lon) * scale.x, (lat - from.lat) * scale.y]
      const part = (x * east + y * north) / (east * east + north * north)
      if (part < 0 || part > 1) continue
      const at = { lat: from.lat + (to.lat - from.lat) * part, lon: from.lon + (to.lon - from.lon) * part }
      const metres = metresBetween(at, { lat, lon }, scale)
      if (metres > BESIDE || (best && best.metres <= metres)) continue
      const number = nearestOf(from.number + part * (to.number - from.number), parity)
      const between = [from.text, to.text]
      best = { estimate: { number, parity: parity ? 'odd' : 'even', between, gap }, ...at, metres }
    }
  }
  return best
}
