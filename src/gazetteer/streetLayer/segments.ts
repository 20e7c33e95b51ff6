import type Flatbush from 'flatbush'
import { scaleAt } from '../../geo/flatEarth.ts'

/** Segments in the order of their lines: what of a layer says where its streets run. */
export interface SegmentArrays {
  readonly xy: Int32Array
  readonly along: Float32Array
  readonly runPoint: Uint32Array
  readonly runLength: Uint8Array
  readonly runStreet: Uint32Array
}
/** The nearest place of a street to a point: millionths of a degree, metres. */
export interface Foot {
  readonly street: number
  readonly x: number
  readonly y: number
  readonly metres: number
  readonly along: number
  /** -1 = the point lies left of growing `along`, 1 right, 0 on the line. */
  readonly side: -1 | 0 | 1
}

/** Nearer to a line than this no side can be told (metres). */
const ON_LINE = 2
/** Segments a box of the index: fewer make the index larger, more the search slower. */
export const RUN_LENGTH = 8

/** The nearest place of each street within `metres` of a point, in no order; `accept` leaves streets out. */
export function feetWithin(
  arrays: SegmentArrays,
  boxes: Flatbush,
  x: number,
  y: number,
  metres: number,
  accept?: (street: number) => boolean,
): Foot[] {
  const scale = scaleAt(y / 1e6)
  const [dx, dy] = [metres / scale.x, metres / scale.y]
  const runs = boxes.search(x - dx, y - dy, x + dx, y + dy)
  const nearest = new Map<number, { squared: number; point: number; part: number }>()
  const limit = metres * metres
  const { xy, runPoint, runLength, runStreet } = arrays
  for (const run of runs) {
    const street = runStreet[run]!
    if (accept && !accept(street)) continue
    let best = nearest.get(street)
    const first = runPoint[run]!
    for (let point = first, end = first + runLength[run]!; point < end; point++) {
      const ax = (xy[2 * point]! - x) * scale.x
      const ay = (xy[2 * point + 1]! - y) * scale.y
      const ux = (xy[2 * point + 2]! - x) * scale.x - ax
      const uy = (xy[2 * point + 3]! - y) * scale.y - ay
      const length = ux * ux + uy * uy
      const part = length === 0 ? 0 : Math.min(1, Math.max(0, -(ax * ux + ay * uy) / length))
      const squared = (ax + part * ux) ** 2 + (ay + part * uy) ** 2
      if (squared > limit || (best && squared >= best.squared)) continue
      best = { squared, point, part }
      nearest.set(street, best)
    }
  }
  const feet: Foot[] = []
  for (const [street, { squared, point, part }] of nearest)
    feet.push(footOf(arrays, street, x, y, Math.sqrt(squared), point, part))
  return feet
}

function footOf(
  { xy, along }: SegmentArrays,
  street: number,
  x: number,
  y: number,
  metres: number,
  point: number,
  part: number,
): Foot {
  const [ax, ay, bx, by] = [xy[2 * point]!, xy[2 * point + 1]!, xy[2 * point + 2]!, xy[2 * point + 3]!]
  const [from, to] = [along[point]!, along[point + 1]!]
  const scale = scaleAt(y / 1e6)
  const cross = (bx - ax) * scale.x * (y - ay) * scale.y - (by - ay) * scale.y * (x - ax) * scale.x
  const left = to >= from ? cross > 0 : cross < 0
  return {
    street,
    x: ax + part * (bx - ax),
    y: ay + part * (by - ay),
    metres,
    along: from + part * (to - from),
    side: metres < ON_LINE || cross === 0 ? 0 : left ? -1 : 1,
  }
}
