import Flatbush from 'flatbush'
import { scaleAt } from '../../geo/flatEarth.ts'
import type { Link } from './join.ts'
import { shortestPaths } from './shortestPaths.ts'

/** What lies this near to the main line (metres) is measured along it: the other carriageway. */
const BESIDE_METRES = 100
/** An end far off as the crow flies is preferred to one as far on foot: the other carriageway leads back to the start. */
const AWAY_WEIGHT = 0.3

/**
 * How far along a street each point of its lines lies (metres): measured on its main line, the long way from end to end that
 * begins in the south-west; other lines take the place that they lie beside, and where they lie beside nothing the place where
 * they branch off.
 */
export function chainage(lines: readonly Int32Array[], links: readonly Link[]): Float32Array[] {
  const { nodes, x, y } = nodesOf(lines)
  const scale = scaleAt(y[0]! / 1e6)
  const metres = (a: number, b: number) => Math.hypot((x[a]! - x[b]!) * scale.x, (y[a]! - y[b]!) * scale.y)
  const edges: (readonly [number, number, number])[] = []
  for (const line of nodes)
    for (let i = 1; i < line.length; i++) edges.push([line[i - 1]!, line[i]!, metres(line[i - 1]!, line[i]!)])
  for (const [line, at, other, place] of links) {
    const [a, b] = [nodes[line]![at]!, nodes[other]![place]!]
    edges.push([a, b, metres(a, b)])
  }
  const ways = shortestPaths(x.length, edges)
  const start = last(ways([0]).metres, () => 0)
  const { metres: far, before } = ways([start])
  const end = last(far, (node) => AWAY_WEIGHT * metres(start, node))
  const path: number[] = []
  for (let node = end; node !== -1; node = before[node]!) path.push(node)
  if (x[path[0]!]! + y[path[0]!]! > x[path.at(-1)!]! + y[path.at(-1)!]!) path.reverse()

  const along = new Float32Array(x.length).fill(Number.NaN)
  let total = 0
  path.forEach((node, i) => {
    if (i > 0) total += metres(path[i - 1]!, node)
    along[node] = total
  })
  if (path.length < x.length) beside(path, x, y, along, scale)
  if (along.some(Number.isNaN)) {
    const known = [...along.keys()].filter((node) => !Number.isNaN(along[node]!))
    const { source } = ways(known)
    along.forEach((value, node) => {
      if (Number.isNaN(value)) along[node] = along[source[node]!]!
    })
  }
  return nodes.map((line) => Float32Array.from(line, (node) => along[node]!))
}

/** Each point of all lines as a node; points at the same place are one. */
function nodesOf(lines: readonly Int32Array[]): { nodes: Int32Array[]; x: number[]; y: number[] } {
  const byPlace = new Map<number, number>()
  const [x, y]: [number[], number[]] = [[], []]
  const nodes = lines.map((xy) =>
    Int32Array.from({ length: xy.length / 2 }, (_, i) => {
      // latitudes are below 2^25 millionths
      const place = xy[2 * i]! * 2 ** 25 + xy[2 * i + 1]!
      const known = byPlace.get(place)
      if (known !== undefined) return known
      byPlace.set(place, x.length)
      y.push(xy[2 * i + 1]!)
      return x.push(xy[2 * i]!) - 1
    }),
  )
  return { nodes, x, y }
}

/** The nodes off the path that lie beside it take the place of their foot on it. */
function beside(
  path: readonly number[],
  x: readonly number[],
  y: readonly number[],
  along: Float32Array,
  scale: { x: number; y: number },
): void {
  if (path.length < 2) return
  const boxes = new Flatbush(path.length - 1, 16, Int32Array)
  for (let i = 1; i < path.length; i++) {
    const [a, b] = [path[i - 1]!, path[i]!]
    boxes.add(Math.min(x[a]!, x[b]!), Math.min(y[a]!, y[b]!), Math.max(x[a]!, x[b]!), Math.max(y[a]!, y[b]!))
  }
  boxes.finish()
  const [dx, dy] = [BESIDE_METRES / scale.x, BESIDE_METRES / scale.y]
  for (let node = 0; node < x.length; node++) {
    if (!Number.isNaN(along[node]!)) continue
    let best = BESIDE_METRES ** 2
    let found = Number.NaN
    for (const i of boxes.search(x[node]! - dx, y[node]! - dy, x[node]! + dx, y[node]! + dy)) {
      const [a, b] = [path[i]!, path[i + 1]!]
      const [ax, ay] = [(x[a]! - x[node]!) * scale.x, (y[a]! - y[node]!) * scale.y]
      const [ux, uy] = [(x[b]! - x[a]!) * scale.x, (y[b]! - y[a]!) * scale.y]
      const length = ux * ux + uy * uy
      const part = length === 0 ? 0 : Math.min(1, Math.max(0, -(ax * ux + ay * uy) / length))
      const squared = (ax + part * ux) ** 2 + (ay + part * uy) ** 2
      if (squared >= best) continue
      best = squared
      found = along[a]! + part * (along[b]! - along[a]!)
    }
    along[node] = found
  }
}

/** The node with the largest finite value. */
function last(metres: Float64Array, more: (node: number) => number): number {
  let best = 0
  let most = -1
  metres.forEach((value, node) => {
    const sum = value + more(node)
    if (Number.isFinite(value) && sum > most) {
      most = sum
      best = node
    }
  })
  return best
}
