import type { RingSet } from '../../src/geo/topology.ts'

export type Ring = [number, number][]

/** A ring set from polygons given as lists of open rings in millionths of a degree. */
export function ringSet(polygons: Ring[][]): RingSet {
  const rings = polygons.flatMap((own, owner) => own.map((ring) => ({ ring, owner })))
  const ringStart = [0]
  for (const { ring } of rings) ringStart.push(ringStart.at(-1)! + ring.length)
  return {
    xy: Int32Array.from(rings.flatMap(({ ring }) => ring.flat())),
    ringStart: Uint32Array.from(ringStart),
    ringOwner: Uint32Array.from(rings.map(({ owner }) => owner)),
  }
}

/** An upright square with its lower left corner at (x, y). */
export function square(x: number, y: number, size: number): Ring {
  return [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
  ]
}

/**
 * A patchwork of `side` x `side` polygons without gaps: a grid whose crossings and edges are shaken by `random`, with
 * `steps` vertices an edge. Neighbours name the same vertices.
 */
export function patchwork(
  side: number,
  steps: number,
  size: number,
  random: () => number,
  origin = { x: 106_000_000, y: 16_000_000 },
): Ring[][] {
  const shaken = new Map<string, [number, number]>()
  const vertex = (column: number, row: number): [number, number] => {
    const key = `${column},${row}`
    let at = shaken.get(key)
    if (!at) {
      const shake = () => (random() - 0.5) * (size / steps) * 0.9
      at = [
        Math.round(origin.x + (column * size) / steps + shake()),
        Math.round(origin.y + (row * size) / steps + shake()),
      ]
      shaken.set(key, at)
    }
    return at
  }
  const polygons: Ring[][] = []
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const ring: Ring = []
      const [c, r] = [column * steps, row * steps]
      for (let k = 0; k < steps; k++) ring.push(vertex(c + k, r))
      for (let k = 0; k < steps; k++) ring.push(vertex(c + steps, r + k))
      for (let k = 0; k < steps; k++) ring.push(vertex(c + steps - k, r + steps))
      for (let k = 0; k < steps; k++) ring.push(vertex(c, r + steps - k))
      polygons.push([ring])
    }
  }
  return polygons
}

/** Even-odd ray cast over all rings of a polygon, the plainest way. */
export function rayCast(rings: Ring[], x: number, y: number): boolean {
  let inside = false
  for (const ring of rings) {
    ring.forEach(([x0, y0], i) => {
      const [x1, y1] = ring[(i + 1) % ring.length]!
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside
    })
  }
  return inside
}

/** A seeded source of numbers from 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 0) / 4294967296
  }
}
