import { scaleAt, squaredDistance } from './flatEarth.ts'
import { Growing, type Topology } from './topology.ts'

/**
 * Thins every arc by Douglas-Peucker and rounds its vertices to multiples of `step`, so that no point of a border
 * moves more than `toleranceMetres` in all (thinning and rounding together). Ends of arcs are kept (rounded): neighbours
 * stay without gaps. A closed arc keeps at least a triangle. Throws when the rounding alone exceeds the tolerance.
 */
export function simplifyTopology(topology: Topology, toleranceMetres: number, step: number): Topology {
  const { xy, arcStart } = topology
  const rounding = roundingMetres(step)
  if (!(toleranceMetres >= rounding)) {
    throw new RangeError(`tolerance ${toleranceMetres} m is below the rounding of ${rounding.toFixed(2)} m`)
  }
  const kept = new Growing(1 << 16)
  const starts = new Uint32Array(arcStart.length)
  for (let arc = 0; arc + 1 < arcStart.length; arc++) {
    const first = arcStart[arc]!
    const last = arcStart[arc + 1]! - 1
    let before: [number, number] | null = null
    for (const i of thinned(xy, first, last, toleranceMetres - rounding)) {
      const [x, y] = [Math.round(xy[2 * i]! / step) * step, Math.round(xy[2 * i + 1]! / step) * step]
      if (before?.[0] === x && before[1] === y && i !== last) continue
      kept.push(x, y)
      before = [x, y]
    }
    starts[arc + 1] = kept.length / 2
  }
  return { ...topology, xy: kept.done(), arcStart: starts }
}

/** The most that rounding to multiples of `step` millionths of a degree moves a vertex, in metres. */
export function roundingMetres(step: number): number {
  const { x, y } = scaleAt(0)
  return step === 1 ? 0 : (step / 2) * Math.hypot(x, y)
}

function thinned(xy: Int32Array, first: number, last: number, tolerance: number): number[] {
  if (last - first < 2) return [first, last]
  // Longitude is longest nearest the equator: measured there, a distance is never taken too short.
  let lowest = Infinity
  for (let i = first; i <= last; i++) lowest = Math.min(lowest, Math.abs(xy[2 * i + 1]!))
  const scale = { x: scaleAt(lowest / 1e6).x, y: scaleAt(90).y }

  const farthest = (a: number, b: number): { at: number; squared: number } => {
    let at = -1
    let squared = -1
    const [ax, ay, bx, by] = [xy[2 * a]!, xy[2 * a + 1]!, xy[2 * b]!, xy[2 * b + 1]!]
    for (let i = a + 1; i < b; i++) {
      const d = squaredDistance(xy[2 * i]!, xy[2 * i + 1]!, ax, ay, bx, by, scale)
      if (d > squared) {
        squared = d
        at = i
      }
    }
    return { at, squared }
  }

  const keep = new Set([first, last])
  const stack: [number, number][] = []
  if (xy[2 * first] === xy[2 * last] && xy[2 * first + 1] === xy[2 * last + 1]) {
    const turn = farthest(first, last).at
    const before = farthest(first, turn)
    const after = farthest(turn, last)
    keep.add(turn)
    keep.add(before.squared > after.squared ? before.at : after.at)
    const corners = [...keep].sort((a, b) => a - b)
    for (let i = 0; i + 1 < corners.length; i++) stack.push([corners[i]!, corners[i + 1]!])
  } else {
    stack.push([first, last])
  }
  while (stack.length > 0) {
    const [a, b] = stack.pop()!
    const { at, squared } = farthest(a, b)
    if (squared <= tolerance * tolerance) continue
    keep.add(at)
    stack.push([a, at], [at, b])
  }
  return [...keep].sort((a, b) => a - b)
}
