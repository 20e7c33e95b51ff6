import { describe, expect, test } from 'vitest'
import { buildPolygonIndex } from '../../src/geo/buildPolygonIndex.ts'
import { enclosedKm2 } from '../../src/geo/flatEarth.ts'
import type { OutlinePolygon } from '../../src/geo/outline.ts'
import { PolygonIndex } from '../../src/geo/polygonIndex.ts'
import { buildTopology } from '../../src/geo/topology.ts'
import { patchwork, type Ring, ringSet, square } from './shapes.ts'

const [X, Y] = [106_000_000, 16_000_000]
const at = (x: number, y: number, size: number) => square(X + x, Y + y, size)

/** The outline of some of the polygons, from the index that is built of all. */
function outlineOf(polygons: Ring[][], wanted = polygons.map((_, i) => i)): OutlinePolygon[] {
  const index = new PolygonIndex(buildPolygonIndex(buildTopology(ringSet(polygons)), polygons.length))
  const work = index.outline(wanted)
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

/** Positions of a ring from its lowest one on, anticlockwise. */
function canonical(ring: ArrayLike<number>): string {
  const all = Array.from({ length: ring.length / 2 }, (_, i) => `${ring[2 * i]! - X},${ring[2 * i + 1]! - Y}`)
  if (enclosedKm2(ring) < 0) all.reverse()
  const first = all.indexOf([...all].sort()[0]!)
  return [...all.slice(first), ...all.slice(0, first)].join(' ')
}
const canonicalOf = (polygons: OutlinePolygon[]) => polygons.map((rings) => rings.map(canonical))
const ringsOf = (polygons: Ring[][]) => polygons.map((rings) => rings.map((ring) => canonical(ring.flat())))

/** Twice the area on the plane of coordinates, exact. */
function area(ring: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
    sum += (ring[j]! - X) * (ring[i + 1]! - Y) - (ring[i]! - X) * (ring[j + 1]! - Y)
  return sum
}

/** Numbers from 0 to 1 in a fixed order. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 0) / 4_294_967_296
  }
}

describe('one polygon', () => {
  test('comes back vertex by vertex, each of a patchwork', () => {
    const polygons = patchwork(5, 7, 20_000, generator(3))
    polygons.forEach((rings, i) => {
      expect(canonicalOf(outlineOf(polygons, [i]))).toEqual(ringsOf([rings]))
    })
  })

  test('with a hole: exterior rings run anticlockwise, holes clockwise; the island in it is a polygon', () => {
    const lake = [at(0, 0, 30_000), at(10_000, 10_000, 10_000), at(14_000, 14_000, 2_000)]
    const [land, island, ...more] = outlineOf([lake])
    expect(more).toEqual([])
    expect(land!.map((ring) => Math.sign(enclosedKm2(ring)))).toEqual([1, -1])
    expect(island!.map((ring) => Math.sign(enclosedKm2(ring)))).toEqual([1])
    expect(canonicalOf([land!, island!])).toEqual(ringsOf([lake.slice(0, 2), lake.slice(2)]))
  })

  test('rings that touch in a vertex stay two rings', () => {
    const bow = [at(0, 0, 9_000), at(9_000, 9_000, 9_000)]
    expect(
      canonicalOf(outlineOf([bow]))
        .flat()
        .sort(),
    ).toEqual(ringsOf([bow]).flat().sort())
    const eye = [at(0, 0, 9_000), [at(0, 0, 1)[0]!, at(2_000, 3_000, 1)[0]!, at(3_000, 2_000, 1)[0]!]]
    expect(canonicalOf(outlineOf([eye]))[0]).toHaveLength(2)
  })
})

describe('several polygons', () => {
  test('are their union: what two share is no border', () => {
    const polygons = patchwork(4, 3, 20_000, generator(8))
    const [all, ...others] = outlineOf(polygons)
    expect([others, all!.length]).toEqual([[], 1])
    const areas = polygons.map((_, i) => area(outlineOf(polygons, [i])[0]![0]))
    expect(area(all![0])).toBe(areas.reduce((sum, one) => sum + one))
  })

  test('around another one have it as a hole; without it they have none', () => {
    const ring = [at(0, 0, 30_000), at(10_000, 10_000, 10_000)]
    const polygons = [ring, [at(10_000, 10_000, 10_000)]]
    expect(outlineOf(polygons, [0])[0]).toHaveLength(2)
    expect(canonicalOf(outlineOf(polygons))).toEqual(ringsOf([[at(0, 0, 30_000)]]))
  })

  test('that overlap count the ground once; a gap of a border drawn twice is closed', () => {
    const inner = [[at(0, 0, 30_000)], [at(5_000, 5_000, 3_000)]]
    expect(canonicalOf(outlineOf(inner))).toEqual(ringsOf([[at(0, 0, 30_000)]]))
    const gap = at(10_000, 10_000, 2_000)
    const split: Ring[][] = [[at(0, 0, 30_000), gap], [at(90_000, 0, 5_000)]]
    expect(outlineOf(split)[0]).toHaveLength(1)
    expect(outlineOf(split, [0])[0]).toHaveLength(2)
  })

  test('apart are polygons, the largest first', () => {
    const polygons = [[at(0, 0, 1_000)], [at(5_000, 0, 9_000)]]
    expect(canonicalOf(outlineOf(polygons))).toEqual(ringsOf([polygons[1]!, polygons[0]!]))
  })

  test('none have no outline', () => {
    expect(outlineOf([[at(0, 0, 1_000)]], [])).toEqual([])
  })
})
