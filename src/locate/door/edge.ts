import type { StreetLookups } from '../../gazetteer/streetLayer/types.ts'
import { scaleAt } from '../../geo/flatEarth.ts'
import type { Step } from './line.ts'

/** Metres of the end of a street that tell where it would run on. */
const HEADING = 150
/** Where the map has nothing ahead of an end: so many metres from it, within so many metres. */
const AHEAD = [600, 900] as const
const AROUND = 300
/** Streets that are looked at there: the street itself and its alleys do not count. */
const SOME = 12
/** A street is believed to run on for at most so many metres. */
const FARTHEST = 4000

/** A step where a street may run on beyond the edge of the map. */
export interface StepBeyond extends Step {
  /** Metres from the mapped end. */
  readonly beyond: number
}

/**
 * Where a street may run on behind its end, straight ahead, in steps of `size` metres from the end outwards; none where the
 * map goes on ahead of it, for then the street ends there. Maps are cut: the shipped one at the edge of inner Hà Nội, and at
 * that of Ho Chi Minh City and its surroundings.
 * @param steps of the street in the order of `along`. @param direction 1: behind the last one, -1: before the first.
 */
export function* stepsBeyond(
  steps: readonly Step[],
  direction: 1 | -1,
  size: number,
  isOwn: (whole: number, key: string) => boolean,
  streets: StreetLookups,
): Generator<StepBeyond> {
  const end = steps.at(direction > 0 ? -1 : 0)!
  const isBack = ({ along }: Step) => Math.abs(along - end.along) >= HEADING
  const back =
    (direction > 0 ? steps.findLast(isBack) : steps.find(isBack)) ?? steps.at(direction > 0 ? 0 : -1)!
  const scale = scaleAt(end.lat)
  const [x, y] = [(end.lon - back.lon) * scale.x, (end.lat - back.lat) * scale.y]
  const metres = Math.hypot(x, y)
  if (metres === 0) return
  const at = (ahead: number) => ({
    lat: end.lat + ((y / metres) * ahead) / scale.y / 1e6,
    lon: end.lon + ((x / metres) * ahead) / scale.x / 1e6,
  })
  for (const ahead of AHEAD) {
    const { lat, lon } = at(ahead)
    const near = streets.nearestStreets(lat, lon, AROUND, SOME)
    if (near.some(({ street }) => !isOwn(street.whole, street.key))) return
  }
  for (let beyond = size; beyond < FARTHEST; beyond += size)
    yield {
      ...at(beyond),
      along: end.along + direction * beyond,
      length: size,
      east: (direction * x) / metres,
      north: (direction * y) / metres,
      beyond,
    }
}
