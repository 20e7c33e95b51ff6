import { metresBetween } from '../../geo/flatEarth.ts'
import { wordsOf } from '../key.ts'
import type { StoredHousehold } from '../store.ts'
import { isCleared } from './cleared.ts'
import type { Doubt } from './store.ts'

/** Neighbours by number, half of them on each side, and how many of them must be known. */
const NEIGHBOURS = 8
const FEWEST = 5
/** A house this far (metres) from its neighbours by number is always in order: streets bend, alleys are long. */
const IN_ORDER = 500
/** How many times farther than usual on this street. */
const TIMES = 6

interface Numbered {
  household: StoredHousehold
  number: number
}
type LatLon = { lat: number; lon: number }

/**
 * Houses that stand far from where their number says: much farther from the middle of the houses next to them in number
 * than is usual on that street. `households` are all of a commune.
 */
export function findOutliers(households: readonly StoredHousehold[]): Doubt[] {
  const streets = new Map<string, Numbered[]>()
  for (const household of households) {
    if (!household.point || !['provisional', 'verified'].includes(household.status)) continue
    const { street, door } = wordsOf(household.parts)
    const number = Number.parseInt(door, 10)
    if (!street || !(number > 0)) continue
    const name = `${street}|${household.formerCommuneCode ?? ''}`
    const houses = streets.get(name)
    if (houses) houses.push({ household, number })
    else streets.set(name, [{ household, number }])
  }
  return [...streets.values()].flatMap(outliersOf)
}

function outliersOf(houses: Numbered[]): Doubt[] {
  if (houses.length <= FEWEST) return []
  houses.sort((a, b) => a.number - b.number || a.household.n - b.household.n)
  const distances = houses.map(({ household }, i) => {
    const first = Math.max(0, Math.min(i - NEIGHBOURS / 2, houses.length - 1 - NEIGHBOURS))
    const around = houses.slice(first, first + NEIGHBOURS + 1).filter((_, k) => first + k !== i)
    return metresBetween(household.point!, middle(around.map((house) => house.household.point!)))
  })
  const limit = Math.max(IN_ORDER, TIMES * median(distances))
  return houses.flatMap(({ household }, i) =>
    distances[i]! > limit && !isCleared(household, 'numbering')
      ? [
          {
            kind: 'numbering' as const,
            n: household.n,
            other: null,
            score: Math.round(1000 * Math.min(0.99, 1 - limit / distances[i]! / 2)) / 1000,
            reason: 'far-from-neighbours',
            metres: Math.round(distances[i]!),
          },
        ]
      : [],
  )
}

/** The middle by each coordinate: one or two far houses do not move it. */
const middle = (points: readonly LatLon[]): LatLon => ({
  lat: median(points.map(({ lat }) => lat)),
  lon: median(points.map(({ lon }) => lon)),
})

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
