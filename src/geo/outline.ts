import { enclosedKm2 } from './flatEarth.ts'
import type { PolygonArrays } from './polygonIndex.ts'

/** A ring as x, y in millionths of a degree, the first position not repeated at the end. */
export type OutlineRing = Int32Array
/** An exterior ring (anticlockwise), then its holes (clockwise). */
export type OutlinePolygon = [OutlineRing, ...OutlineRing[]]

/** Steps of work between two pauses: about a millisecond. */
const PAUSE = 4_000
/** Where the source draws a border twice, neighbours leave a gap between them; it is no hole of the two together. */
const GAP_KM2 = 0.2

/**
 * The border of polygons of an index taken together, rebuilt from their edges vertex by vertex, largest polygon first: what two of
 * them share is no border. It yields every millisecond or so, for whoever has other things to do.
 * @param contains whether one of the polygons contains a point (millionths of a degree).
 */
export function* outline(
  arrays: PolygonArrays,
  polygons: readonly number[],
  contains: (polygon: number, x: number, y: number) => boolean,
): Generator<undefined, OutlinePolygon[]> {
  const rings = yield* traceRings(arrays.xy, yield* borderOf(arrays, polygons))
  rings.sort((a, b) => Math.abs(b.km2) - Math.abs(a.km2))
  const found: { polygon: OutlinePolygon; traced: Traced }[] = []
  /** Whether a point just inside a ring is covered, of all rings so far. */
  const covered: boolean[] = []
  for (const [i, ring] of rings.entries()) {
    const [x, y] = justInside(ring)
    let around = i - 1
    while (around >= 0 && !encloses(rings[around]!, x, y)) around--
    const isCovered = polygons.some((polygon) => contains(polygon, x, y))
    const isGap = polygons.length > 1 && !isCovered && Math.abs(ring.km2) < GAP_KM2
    covered.push(isCovered || isGap)
    // Both sides are covered: polygons that overlap, or a gap between them.
    if (covered[i] === (around >= 0 && covered[around])) continue
    if (covered[i]) found.push({ polygon: [turned(ring, true)], traced: ring })
    else found.findLast(({ traced }) => encloses(traced, x, y))!.polygon.push(turned(ring, false))
    yield
  }
  return found.map(({ polygon }) => polygon)
}

/** Edges, by their first vertex, that lie on the border of an odd number of the polygons. */
function* borderOf(
  { polygons, bandStart, bandEdges }: PolygonArrays,
  wanted: readonly number[],
): Generator<undefined, Set<number>> {
  const odd = new Set<number>()
  for (const polygon of wanted) {
    const [bottom, top] = [polygons[4 * polygon]!, polygons[4 * polygon + 1]!]
    if (top < bottom) continue
    const first = polygons[4 * polygon + 3]!
    const last = first + Math.floor((top - bottom) / polygons[4 * polygon + 2]!) + 1
    // An edge stands in every band that it touches.
    const own = new Set(bandEdges.subarray(bandStart[first]!, bandStart[last]!))
    let steps = 0
    for (const edge of own) {
      if (!odd.delete(edge)) odd.add(edge)
      if (++steps % PAUSE === 0) yield
    }
    yield
  }
  return odd
}

interface Traced {
  xy: OutlineRing
  /** Above 0 when it runs anticlockwise. */
  km2: number
  /** [left, bottom, right, top] */
  box: [number, number, number, number]
}

/** Cuts edges into closed rings that touch no vertex twice. */
function* traceRings(xy: Int32Array, edges: ReadonlySet<number>): Generator<undefined, Traced[]> {
  const { vertices, near } = yield* neighbours(xy, edges)
  const rings: Traced[] = []
  /** Where a vertex stands in the path, -1 = it does not. */
  const place = new Int32Array(vertices.length).fill(-1)
  let steps = 0
  for (let start = 0; start < vertices.length; start++) {
    const path: number[] = []
    for (let here = start; path.length > 0 || near[start]!.length > 0; ) {
      if (place[here]! >= 0) {
        const loop = path.splice(place[here]!)
        for (const vertex of loop) place[vertex] = -1
        rings.push(
          traced(
            loop.map((vertex) => vertices[vertex]!),
            xy,
          ),
        )
        continue
      }
      place[here] = path.length
      path.push(here)
      const next = takeNext(near[here]!, here, path.at(-2), vertices, xy)
      near[next]!.splice(near[next]!.indexOf(here), 1)
      here = next
      if (++steps % PAUSE === 0) yield
    }
  }
  return rings
}

/** The vertices of edges, each place once, and for each the vertices that it has an edge to. */
function* neighbours(xy: Int32Array, edges: ReadonlySet<number>) {
  const ids = new Map<number, number>()
  const vertices: number[] = []
  const idOf = (i: number) => {
    const key = xy[2 * i]! * 2 ** 26 + xy[2 * i + 1]!
    const known = ids.get(key)
    if (known !== undefined) return known
    ids.set(key, vertices.length)
    return vertices.push(i) - 1
  }
  const near: number[][] = []
  let steps = 0
  for (const i of edges) {
    const [a, b] = [idOf(i), idOf(i + 1)]
    near[a] ??= []
    near[b] ??= []
    // Two arcs drawn on each other are no border either.
    const known = near[a].indexOf(b)
    if (known >= 0) {
      near[a].splice(known, 1)
      near[b].splice(near[b].indexOf(a), 1)
    } else {
      near[a].push(b)
      near[b].push(a)
    }
    if (++steps % PAUSE === 0) yield
  }
  return { vertices, near }
}

/** Takes the vertex to go on to; where rings touch the sharpest turn to the left of `from`, so that none crosses another. */
function takeNext(
  list: number[],
  here: number,
  from: number | undefined,
  vertices: readonly number[],
  xy: Int32Array,
): number {
  if (list.length === 1 || from === undefined) return list.pop()!
  const angle = (vertex: number) => {
    const [i, j] = [2 * vertices[vertex]!, 2 * vertices[here]!]
    return Math.atan2(xy[i + 1]! - xy[j + 1]!, xy[i]! - xy[j]!)
  }
  const turns = list.map((vertex) => (angle(vertex) - angle(from) + 4 * Math.PI) % (2 * Math.PI))
  return list.splice(turns.indexOf(Math.min(...turns)), 1)[0]!
}

function traced(vertices: readonly number[], all: Int32Array): Traced {
  const xy = new Int32Array(vertices.length * 2)
  const box: Traced['box'] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [k, vertex] of vertices.entries()) {
    const [x, y] = [all[2 * vertex]!, all[2 * vertex + 1]!]
    xy[2 * k] = x
    xy[2 * k + 1] = y
    if (x < box[0]) box[0] = x
    if (y < box[1]) box[1] = y
    if (x > box[2]) box[2] = x
    if (y > box[3]) box[3] = y
  }
  return { xy, km2: enclosedKm2(xy), box }
}

/** A point a millimetre inside the ring, at the middle of its first edge. */
function justInside({ xy, km2 }: Traced): [number, number] {
  const [x, y, dx, dy] = [xy[0]!, xy[1]!, xy[2]! - xy[0]!, xy[3]! - xy[1]!]
  const step = (Math.sign(km2) * 0.01) / Math.hypot(dx, dy)
  return [x + dx / 2 - dy * step, y + dy / 2 + dx * step]
}

function encloses({ xy, box }: Traced, x: number, y: number): boolean {
  if (x < box[0] || y < box[1] || x > box[2] || y > box[3]) return false
  let inside = false
  for (let i = 0, j = xy.length - 2; i < xy.length; j = i, i += 2) {
    const [y0, y1] = [xy[j + 1]!, xy[i + 1]!]
    if (y0 > y !== y1 > y && x < xy[j]! + ((xy[i]! - xy[j]!) * (y - y0)) / (y1 - y0)) inside = !inside
  }
  return inside
}

/** The ring the way round that is asked for. */
function turned({ xy, km2 }: Traced, anticlockwise: boolean): OutlineRing {
  if (km2 > 0 === anticlockwise) return xy
  const back = new Int32Array(xy.length)
  for (let i = 0; i < xy.length; i += 2) back.set([xy[xy.length - 2 - i]!, xy[xy.length - 1 - i]!], i)
  return back
}

/**
 * A ring on a grid of `step` millionths of a degree, without positions that fall together with the one before. It is rounded by
 * place alone: both sides of a border keep the same positions of it.
 */
export function onGrid(ring: OutlineRing, step: number): OutlineRing {
  const kept: number[] = []
  for (let i = 0; i < ring.length; i += 2) {
    const [x, y] = [Math.round(ring[i]! / step) * step, Math.round(ring[i + 1]! / step) * step]
    if (kept.at(-2) !== x || kept.at(-1) !== y) kept.push(x, y)
  }
  return Int32Array.from(kept)
}
