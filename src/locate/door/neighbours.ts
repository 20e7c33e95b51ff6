import { metresBetween } from '../../geo/flatEarth.ts'
import type { KnownDoor } from '../knownHouseholds.ts'
import { bracket } from './numbering.ts'
import { leading } from './way.ts'

/** Registered households that tell where a door is. */
export interface ByNeighbours {
  readonly lat: number
  readonly lon: number
  /** Metres between the neighbours; 0 for a home at the same door. */
  readonly gap: number
  readonly by: readonly KnownDoor[]
}

/** Metres between two neighbours between which a door is sought on the straight line. */
const MOST_GAP = 150

/** Another home at the same door. */
export function sameDoor(turns: readonly string[], known: readonly KnownDoor[]): KnownDoor | null {
  const wanted = turns.join('/').toLowerCase()
  return best(known.filter(({ door }) => door.join('/') === wanted))
}

/** Surveyed points before given ones before others, then the most accurate. */
function best(doors: readonly KnownDoor[]): KnownDoor | null {
  const rank = ({ point }: KnownDoor) => RANK.indexOf(point.source) * 1000 + point.accuracy
  return doors.reduce<KnownDoor | null>(
    (best, door) => (!best || rank(door) < rank(best) ? door : best),
    null,
  )
}
const RANK: readonly KnownDoor['point']['source'][] = ['surveyed', 'given', 'mapped', 'derived']

/**
 * Between the registered households with the next lower and the next higher number, in the same alley or at the street: those
 * of the door's own side, else those across. Null when they are not there or far apart.
 */
export function between(turns: readonly string[], known: readonly KnownDoor[]): ByNeighbours | null {
  const alleys = turns.slice(0, -1)
  const number = leading(turns.at(-1) ?? '')
  if (Number.isNaN(number)) return null
  const row = known
    .filter(
      ({ door }) =>
        door.length === turns.length && alleys.every((alley, i) => alley.toLowerCase() === door[i]),
    )
    .map((door) => ({ door, number: leading(door.door.at(-1)!) }))
    .filter((one) => !Number.isNaN(one.number))
    .sort((a, b) => a.number - b.number)
  for (const parity of [number % 2, 1 - (number % 2)]) {
    const { below, above } = bracket(
      row.filter((one) => one.number % 2 === parity),
      number,
    )
    if (!below || !above) continue
    const gap = metresBetween(below.door.point, above.door.point)
    if (gap > MOST_GAP) continue
    const part = below === above ? 0 : (number - below.number) / (above.number - below.number)
    const [from, to] = [below.door.point, above.door.point]
    return {
      lat: from.lat + (to.lat - from.lat) * part,
      lon: from.lon + (to.lon - from.lon) * part,
      gap,
      by: below === above ? [below.door] : [below.door, above.door],
    }
  }
  return null
}

/** The nearest registered household in the same alley (at least the outermost one); null for a door at the street. */
export function inSameAlley(turns: readonly string[], known: readonly KnownDoor[]): KnownDoor | null {
  if (turns.length < 2) return null
  const number = leading(turns.at(-1)!)
  let found: { door: KnownDoor; shared: number; off: number } | null = null
  for (const door of known) {
    if (door.door.length < 2) continue
    let shared = 0
    while (shared < turns.length - 1 && turns[shared]!.toLowerCase() === door.door[shared]) shared++
    if (shared === 0) continue
    const off = Math.abs(leading(door.door.at(-1)!) - number)
    if (!found || shared > found.shared || (shared === found.shared && off < found.off))
      found = { door, shared, off }
  }
  return found?.door ?? null
}
