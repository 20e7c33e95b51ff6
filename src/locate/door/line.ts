import { once } from '../../gazetteer/once.ts'
import type { LatLon, Street, StreetLookups } from '../../gazetteer/streetLayer/types.ts'
import type { CurrentCommune, Gazetteer } from '../../gazetteer/types.ts'
import { scaleAt } from '../../geo/flatEarth.ts'
import { stepsBeyond } from './edge.ts'

/**
 * One street, as far as it runs in a commune or near it, cut into short steps in the order of `along`; there is at least
 * one. Columns, since every answer looks at all of them.
 */
export interface Line {
  readonly street: Street
  readonly count: number
  /** Middles of the steps, degrees WGS 84. */
  readonly lat: Float64Array
  readonly lon: Float64Array
  /** The same as metres east and north of the middle of the commune. */
  readonly x: Float64Array
  readonly y: Float64Array
  /** Place of the middle on the street, metres. */
  readonly along: Float64Array
  /** Metres behind an end at which the map ends: there nobody knows where the street runs. 0 on the map. */
  readonly beyond: Float64Array
  /** Metres; a step outside the commune counts the less the farther out it is, one that is not on the map by half. */
  readonly weight: Float64Array
  /** Where the street runs, with growing `along`: unit vector. */
  readonly east: Float64Array
  readonly north: Float64Array
  /** The stretch within the commune (its nearest step where it has none), metres along. */
  readonly from: number
  readonly to: number
  /** It is mapped in other communes only: it may run on here, or another street of this name is meant. */
  readonly isElsewhere: boolean
  /** Length of the whole street, as far as it is mapped, metres. */
  readonly length: number
  /** Whether it may run on before its first or behind its last `along`, where the map ends. */
  readonly isOpen: readonly [start: boolean, end: boolean]
}

/** Metres from a commune within which a street of its addresses can run: borders are drawn, and numbers given, loosely. */
const REACH = 800
const STEP = 20
/** Of a street in the commune; a longer one gets longer steps. */
const MOST_STEPS = 400
/** Metres outside that count as inside: the noise of borders. */
const BORDER = 30
/** How likely a street runs on where the map ends. */
const UNMAPPED = 0.5
/** Metres over which a street outside the commune gets unlikely, and how unlikely it gets at most. */
const FADES = 40
const OUTSIDE = 0.005
/** Lines of one name that are looked at ("Đường số 1"). */
const MOST_LINES = 12

/** The streets of a name that can be meant in a commune; empty where none is mapped there. */
export function linesOf(
  name: string,
  commune: CurrentCommune,
  streets: StreetLookups,
  gazetteer: Gazetteer,
): Line[] {
  const seen = new Set<string>()
  const lines: Line[] = []
  const add = (street: Street) => {
    const id = `${street.layer.head.name} ${street.whole}`
    if (seen.has(id) || lines.length >= MOST_LINES) return
    seen.add(id)
    const line = lineOf(street, commune, streets, gazetteer.boundaries)
    if (line) lines.push(line)
  }
  for (const street of streets.streetsNamed(name, commune)) add(street)
  if (lines.length > 0) return lines
  // People name the commune next door, and the border may run along the street.
  for (const neighbour of neighboursOf(gazetteer)(commune)) {
    if (lines.length >= MOST_LINES) break
    for (const street of streets.streetsNamed(name, neighbour)) add(street)
  }
  return lines
}

/** Metres around the middle of a commune in which its neighbours are looked at. */
const NEXT_DOOR = 4000

/** Nearest first. Remembered: most addresses name a street that is not mapped, and to ask the boundaries cost half of the answer. */
const neighboursOf = once(({ boundaries, communes }: Gazetteer) =>
  once((commune: CurrentCommune) =>
    boundaries
      .communesWithin(commune.inside.lat, commune.inside.lon, NEXT_DOOR)
      .filter(({ index }) => index !== commune.index)
      .map(({ index }) => communes[index]!),
  ),
)

function lineOf(
  street: Street,
  commune: CurrentCommune,
  streets: StreetLookups,
  boundaries: Gazetteer['boundaries'],
): Line | null {
  const pieces = streets.pieces(street)
  let metres = 0
  for (const piece of pieces) metres += piece.metres
  const size = Math.max(STEP, metres / MOST_STEPS)
  const isFar = beyond(commune)
  const steps: (Step & { outside: number; beyond: number })[] = []
  let [from, to, start, end] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const piece of pieces) {
    start = Math.min(start, piece.from)
    end = Math.max(end, piece.to)
    const inside = piece.commune === commune
    for (const step of stepsOf(piece, size)) {
      if (!inside && isFar(step)) continue
      const outside = inside ? 0 : boundaries.distanceTo(commune.index, step.lat, step.lon, REACH)
      if (outside > REACH) continue
      steps.push({ ...step, outside, beyond: 0 })
      if (outside > BORDER) continue
      from = Math.min(from, step.along)
      to = Math.max(to, step.along)
    }
  }
  if (steps.length === 0) return null
  steps.sort((a, b) => a.along - b.along)
  const isElsewhere = from > to
  if (isElsewhere) {
    const nearest = steps.reduce((best, step) => (step.outside < best.outside ? step : best))
    from = nearest.along
    to = nearest.along
  }
  const mapped = steps.slice()
  const isOwn = (whole: number, key: string) => whole === street.whole || key === street.key
  const runsOn = (direction: 1 | -1): boolean => {
    const last = mapped.at(direction > 0 ? -1 : 0)!
    // It leaves the commune before it ends.
    if (Math.abs(last.along - (direction > 0 ? end : start)) > size) return false
    const added: typeof steps = []
    for (const step of stepsBeyond(mapped, direction, size, isOwn, streets)) {
      const outside = boundaries.distanceTo(commune.index, step.lat, step.lon, REACH)
      if (outside <= REACH) added.push({ ...step, outside })
    }
    if (direction > 0) steps.push(...added)
    else steps.unshift(...added.reverse())
    return added.length > 0
  }
  const isOpen = [runsOn(-1), runsOn(1)] as const
  if (isOpen[0]) from = steps[0]!.along
  if (isOpen[1]) to = steps.at(-1)!.along
  const { lat, lon } = commune.inside
  const scale = scaleAt(lat)
  const column = (value: (step: (typeof steps)[number]) => number) => Float64Array.from(steps, value)
  return {
    street,
    count: steps.length,
    lat: column((step) => step.lat),
    lon: column((step) => step.lon),
    x: column((step) => (step.lon - lon) * scale.x * 1e6),
    y: column((step) => (step.lat - lat) * scale.y * 1e6),
    along: column((step) => step.along),
    beyond: column((step) => step.beyond),
    weight: column(
      ({ length, outside, beyond }) =>
        length *
        (outside > 0 ? Math.max(OUTSIDE, Math.exp(-outside / FADES)) : 1) *
        (beyond > 0 ? UNMAPPED : 1),
    ),
    east: column((step) => step.east),
    north: column((step) => step.north),
    from,
    to,
    isElsewhere,
    length: end - start,
    isOpen,
  }
}

/** Whether a point lies too far from the box around a commune to lie within REACH of it: a look before the border is measured. */
function beyond({ bbox: [west, south, east, north] }: CurrentCommune): (point: LatLon) => boolean {
  const scale = scaleAt((south + north) / 2)
  // The scale changes within a commune, by less than a hundredth.
  const [dx, dy] = [(1.01 * REACH) / scale.x / 1e6, (1.01 * REACH) / scale.y / 1e6]
  return ({ lat, lon }) => lat < south - dy || lat > north + dy || lon < west - dx || lon > east + dx
}

export interface Step {
  readonly lat: number
  readonly lon: number
  readonly along: number
  readonly length: number
  readonly east: number
  readonly north: number
}

function* stepsOf(piece: Street, size: number): Generator<Step> {
  for (const { points, along } of piece.lines)
    for (let i = 1; i < along.length; i++) {
      const [lat, lon] = [points[2 * i - 2]!, points[2 * i - 1]!]
      const [dLat, dLon] = [points[2 * i]! - lat, points[2 * i + 1]! - lon]
      const scale = scaleAt(lat)
      const [x, y] = [dLon * scale.x * 1e6, dLat * scale.y * 1e6]
      const metres = Math.hypot(x, y)
      if (metres === 0) continue
      const run = along[i]! - along[i - 1]!
      const way = (run < 0 ? -1 : 1) / metres
      const count = Math.ceil(metres / size)
      for (let step = 0; step < count; step++) {
        const part = (step + 0.5) / count
        yield {
          lat: lat + dLat * part,
          lon: lon + dLon * part,
          along: along[i - 1]! + run * part,
          length: metres / count,
          east: x * way,
          north: y * way,
        }
      }
    }
}

/** Where a point (degrees WGS 84) stands at a line: metres along, and to the left of it (below 0: to the right). */
export function project(line: Line, lat: number, lon: number): { along: number; left: number } {
  const scale = scaleAt(lat)
  let best = Infinity
  let at = 0
  for (let step = 0; step < line.count; step++) {
    const x = (lon - line.lon[step]!) * scale.x
    const y = (lat - line.lat[step]!) * scale.y
    if (x * x + y * y >= best) continue
    best = x * x + y * y
    at = step
  }
  const x = (lon - line.lon[at]!) * scale.x * 1e6
  const y = (lat - line.lat[at]!) * scale.y * 1e6
  const [east, north] = [line.east[at]!, line.north[at]!]
  const ahead = Math.max(-STEP, Math.min(STEP, x * east + y * north))
  const left = east * y - north * x
  const metres = Math.hypot(x - ahead * east, y - ahead * north)
  return { along: line.along[at]! + ahead, left: left < 0 ? -metres : metres }
}

/** The point so many metres to the left of a step (below 0: to the right). */
export function beside(line: Line, step: number, left: number): { lat: number; lon: number } {
  const lat = line.lat[step]!
  const scale = scaleAt(lat)
  return {
    lat: lat + (line.east[step]! * left) / scale.y / 1e6,
    lon: line.lon[step]! - (line.north[step]! * left) / scale.x / 1e6,
  }
}
