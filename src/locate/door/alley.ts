import type { LatLon, Street, StreetLookups } from '../../gazetteer/streetLayer/types.ts'
import { metresBetween, scaleAt } from '../../geo/flatEarth.ts'
import { mappedAnchors } from './anchors.ts'
import { bracket } from './numbering.ts'

/** A place in an alley. */
export interface InAlley extends LatLon {
  /** It stands between two mapped numbers of the alley. */
  readonly bracketed: boolean
  /** Metres from the mouth to the farthest point of the alley. */
  readonly depth: number
}

/** Metres from the mouth of an alley to its first door, and from one number to the next (both sides count). */
const FIRST_DOOR = 20
const A_NUMBER = 3.3
/** An alley within the alley is as deep as a house of half its number is far. */
const TURN = 0.5

/** Metres that a door lies behind a mouth when nothing else is known: `inner` = the numbers behind it, NaN are left out. */
export function depthOf(inner: readonly number[]): number {
  let metres = FIRST_DOOR
  inner.forEach((number, i) => {
    if (!Number.isNaN(number)) metres += A_NUMBER * number * (i === 0 ? 1 : TURN)
  })
  return metres
}

/** Where a door is in mapped alleys of one number; `inner` empty: the middle of the alley. */
export function placeInAlley(
  alleys: readonly Street[],
  inner: readonly number[],
  streets: StreetLookups,
): InAlley | null {
  const [first] = alleys
  if (!first) return null
  const mouth = first.alley!.mouth ?? startOf(first)
  const points = alleys.flatMap(pointsOf)
  const scale = scaleAt(mouth.lat)
  const metres = points.map((point) => metresBetween(mouth, point, scale))
  const depth = Math.max(...metres)
  const number = inner[0] ?? Number.NaN
  if (!Number.isNaN(number) && inner.length === 1) {
    const between = betweenNumbers(first, number, streets)
    if (between) return { ...between, bracketed: true, depth }
  }
  const wanted = inner.length === 0 ? depth / 2 : depthOf(inner)
  let best = 0
  metres.forEach((one, i) => {
    if (Math.abs(one - wanted) < Math.abs(metres[best]! - wanted)) best = i
  })
  return { ...points[best]!, bracketed: false, depth }
}

/** Between two mapped numbers of the alley on the door's side. */
function betweenNumbers(alley: Street, number: number, streets: StreetLookups): LatLon | null {
  const side = mappedAnchors(alley, streets)
    .filter((anchor) => anchor.number % 2 === number % 2)
    .sort((a, b) => a.number - b.number)
  const { below, above } = bracket(side, number)
  if (!below || !above) return null
  const part = above === below ? 0 : (number - below.number) / (above.number - below.number)
  const along = below.along + part * (above.along - below.along)
  const points = pointsOf(alley)
  return points.length === 0
    ? null
    : points.reduce((best, point) =>
        Math.abs(point.along - along) < Math.abs(best.along - along) ? point : best,
      )
}

const STEP = 10

/** Points about ten metres apart. */
function pointsOf({ lines }: Street): (LatLon & { along: number })[] {
  const found: (LatLon & { along: number })[] = []
  for (const { points, along } of lines)
    for (let i = 0; i < along.length; i++) {
      const here = { lat: points[2 * i]!, lon: points[2 * i + 1]!, along: along[i]! }
      const before = i > 0 ? found.at(-1)! : here
      const count = Math.ceil(metresBetween(before, here) / STEP)
      for (let step = 1; step < count; step++) {
        const part = step / count
        const { lat, lon, along: from } = before
        found.push({
          lat: lat + (here.lat - lat) * part,
          lon: lon + (here.lon - lon) * part,
          along: from + (here.along - from) * part,
        })
      }
      found.push(here)
    }
  return found
}

const startOf = ({ lines }: Street): LatLon => ({ lat: lines[0]!.points[0]!, lon: lines[0]!.points[1]! })

/** The alley at the street through which one comes into an alley, as far as that is mapped; itself where it leaves the street. */
export const outermost = (alley: Street): Street =>
  alley.alley?.parent?.alley ? outermost(alley.alley.parent) : alley
