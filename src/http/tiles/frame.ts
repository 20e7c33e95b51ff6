import { EXTENT } from './encode.ts'

/** Units around a tile that are drawn too, so that nothing is cut where tiles meet. */
const MARGIN = 128
const [LOW, HIGH] = [-MARGIN, EXTENT + MARGIN]

/** One tile of the web Mercator grid. */
export interface Frame {
  /** Degrees WGS 84 around the tile with its margin: [west, south, east, north]. */
  box: [number, number, number, number]
  /** The position in units of the tile, rounded to `step`: equal places stay equal, so that neighbours keep their common border. */
  place(lat: number, lon: number, step: number): [number, number]
}

export function frameOf(z: number, x: number, y: number): Frame {
  const size = 2 ** z
  const lonOf = (units: number) => ((x + units / EXTENT) / size) * 360 - 180
  const latOf = (units: number) =>
    (Math.atan(Math.sinh(Math.PI * (1 - (2 * (y + units / EXTENT)) / size))) * 180) / Math.PI
  return {
    box: [lonOf(LOW), latOf(HIGH), lonOf(HIGH), latOf(LOW)],
    place(lat, lon, step) {
      const across = ((lon + 180) / 360) * size - x
      const down = ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * size - y
      return [Math.round((across * EXTENT) / step) * step, Math.round((down * EXTENT) / step) * step]
    },
  }
}

/** The part of a ring within the tile and its margin, turned as the format asks (holes the other way); null when nothing is. */
export function clipRing(ring: readonly number[], isHole: boolean): number[] | null {
  let rest: number[] = [...ring]
  for (const axis of [0, 1] as const)
    for (const [limit, sign] of [
      [LOW, 1],
      [HIGH, -1],
    ] as const)
      rest = clipSide(rest, axis, limit, sign)
  const area = areaOf(rest)
  if (area === 0) return null
  if (area > 0 === isHole) {
    const back: number[] = []
    for (let i = rest.length - 2; i >= 0; i -= 2) back.push(rest[i]!, rest[i + 1]!)
    return back
  }
  return rest
}

/** Sutherland and Hodgman: what of a ring lies on the inner side of one edge of the frame. */
function clipSide(ring: readonly number[], axis: 0 | 1, limit: number, sign: 1 | -1): number[] {
  const inside: number[] = []
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [before, here] = [(ring[j + axis]! - limit) * sign, (ring[i + axis]! - limit) * sign]
    if (before >= 0 !== here >= 0) {
      const share = before / (before - here)
      const other = Math.round(ring[j + 1 - axis]! + share * (ring[i + 1 - axis]! - ring[j + 1 - axis]!))
      if (axis === 0) inside.push(limit, other)
      else inside.push(other, limit)
    }
    if (here >= 0) inside.push(ring[i]!, ring[i + 1]!)
  }
  return inside
}

/** Twice the area; above 0 clockwise as one sees it. */
function areaOf(ring: readonly number[]): number {
  let sum = 0
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
    sum += ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!
  return sum
}

/** The parts of a line within the tile and its margin (Liang and Barsky, stretch by stretch). */
export function clipLine(line: readonly number[]): number[][] {
  const parts: number[][] = []
  let part: number[] = []
  for (let i = 0; i + 3 < line.length; i += 2) {
    const stretch = clipStretch(line[i]!, line[i + 1]!, line[i + 2]!, line[i + 3]!)
    if (!stretch) continue
    const [ax, ay, bx, by] = stretch
    if (part.at(-2) !== ax || part.at(-1) !== ay) {
      part = [ax, ay]
      parts.push(part)
    }
    part.push(bx, by)
  }
  return parts
}

function clipStretch(
  ax: number,
  ay: number,
  bx: number,
  by: number,
): [number, number, number, number] | null {
  const [dx, dy] = [bx - ax, by - ay]
  let [from, to] = [0, 1]
  for (const [step, room] of [
    [-dx, ax - LOW],
    [dx, HIGH - ax],
    [-dy, ay - LOW],
    [dy, HIGH - ay],
  ] as const) {
    if (step === 0 && room < 0) return null
    if (step < 0) from = Math.max(from, room / step)
    if (step > 0) to = Math.min(to, room / step)
  }
  if (!(from < to)) return null
  const at = (start: number, length: number, share: number) => Math.round(start + share * length)
  return [at(ax, dx, from), at(ay, dy, from), at(ax, dx, to), at(ay, dy, to)]
}

/** Whether a position lies on the tile or its margin. */
export const isWithin = (x: number, y: number): boolean => x >= LOW && x <= HIGH && y >= LOW && y <= HIGH
