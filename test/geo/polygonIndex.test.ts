import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildPolygonIndex } from '../../src/geo/buildPolygonIndex.ts'
import { scaleAt } from '../../src/geo/flatEarth.ts'
import { PolygonIndex } from '../../src/geo/polygonIndex.ts'
import { buildTopology } from '../../src/geo/topology.ts'
import { patchwork, type Ring, rayCast, ringSet, seeded, square } from './shapes.ts'

const [X, Y] = [106_000_000, 16_000_000]
const indexOf = (polygons: Ring[][]) =>
  new PolygonIndex(buildPolygonIndex(buildTopology(ringSet(polygons)), polygons.length))

test('square, hole, enclave, island and the sea between', () => {
  const hole = square(X + 3000, Y + 3000, 4000)
  const island = square(X + 40_000, Y + 40_000, 500)
  const index = indexOf([[square(X, Y, 10_000), hole], [hole], [square(X + 10_000, Y, 10_000), island]])
  const at = (x: number, y: number) => index.at((Y + y) / 1e6, (X + x) / 1e6)
  expect([at(1000, 1000), at(5000, 5000), at(15_000, 5000), at(40_250, 40_250)]).toEqual([0, 1, 2, 2])
  expect([at(-1, 5000), at(30_000, 5000), at(40_250, 41_000), at(900_000, 0)]).toEqual([-1, -1, -1, -1])
})

test('what is no point lies nowhere', () => {
  const index = indexOf([[square(X, Y, 10_000)]])
  for (const [lat, lon] of [
    [Number.NaN, 106],
    [16, Number.NaN],
    [Infinity, 106],
    [-90, -180],
    [1e300, 1e300],
  ]) {
    expect(index.at(lat!, lon!)).toBe(-1)
    expect(index.within(lat!, lon!, 50)).toEqual([])
    expect(index.distance(0, lat!, lon!, 50)).toBe(Infinity)
  }
  expect(() => index.within(16, 106, -1)).toThrow(RangeError)
  expect(() => index.within(16, 106, Number.NaN)).toThrow(RangeError)
})

test('where polygons overlap the lowest position answers, and both are within', () => {
  const index = indexOf([[square(X + 20_000, Y, 30_000)], [square(X, Y, 30_000)]])
  const [lat, lon] = [(Y + 15_000) / 1e6, (X + 25_000) / 1e6]
  expect(index.at(lat, lon)).toBe(0)
  expect(index.within(lat, lon, 10)).toEqual([
    { index: 0, metres: 0 },
    { index: 1, metres: 0 },
  ])
})

test('it agrees with a plain ray cast on random patchworks with holes', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 500, max: 40_000 }),
      (seed, steps, size) => {
        const random = seeded(seed)
        const polygons = patchwork(3, steps, size, random)
        const middle = [X + size * 1.5, Y + size * 1.5].map(Math.round) as [number, number]
        // A hole in the middle polygon that nobody fills.
        polygons[4]!.push(square(middle[0], middle[1], Math.round(size / 12)))
        const index = indexOf(polygons)
        for (let k = 0; k < 300; k++) {
          const lon = (X + (random() * 4 - 0.5) * size) / 1e6
          const lat = (Y + (random() * 4 - 0.5) * size) / 1e6
          const expected = polygons.findIndex((rings) => rayCast(rings, lon * 1e6, lat * 1e6))
          expect(index.at(lat, lon)).toBe(expected)
          polygons.forEach((rings, polygon) => {
            const inside = rayCast(rings, lon * 1e6, lat * 1e6)
            expect(index.distance(polygon, lat, lon, Infinity) === 0).toBe(inside)
          })
        }
      },
    ),
    { numRuns: 40 },
  )
})

test('distances are those of the ground, nearest first, and end at the limit', () => {
  for (const latitude of [9, 16, 23]) {
    const y = latitude * 1e6
    const index = indexOf([
      [square(X, y, 10_000)],
      [square(X + 13_000, y, 10_000)],
      [square(X, y + 90_000, 1000)],
    ])
    const [lat, lon] = [latitude + 0.005, 106.011]
    const east = Math.cos((latitude * Math.PI) / 180) * 111_320
    const near = index.within(lat, lon, 400)
    expect(near.map((found) => found.index)).toEqual([0, 1])
    expect(near[0]!.metres / (0.001 * east)).toBeCloseTo(1, 2)
    expect(near[1]!.metres / (0.002 * east)).toBeCloseTo(1, 2)
    expect(index.within(lat, lon, 50)).toEqual([])
    expect(index.distance(0, lat, lon, near[0]!.metres - 0.1)).toBe(Infinity)
    expect(index.distance(0, lat, lon, near[0]!.metres + 0.1)).toBe(near[0]!.metres)
    expect(index.distance(0, lat, lon, Infinity)).toBe(near[0]!.metres)
    expect(index.within(lat, lon, 100_000).map((found) => found.index)).toEqual([0, 1, 2])
  }
})

test('neighbours see each other: a point beside a common border has both within reach', () => {
  const random = seeded(11)
  const polygons = patchwork(4, 20, 20_000, random)
  const index = indexOf(polygons)
  const metre = 1 / scaleAt(16).y
  polygons.forEach(([ring], polygon) => {
    for (const [x, y] of ring!) {
      const sharing = polygons.flatMap(([other], at) =>
        other!.some(([ox, oy]) => ox === x && oy === y) ? [at] : [],
      )
      const found = index.within(y / 1e6, (x + metre) / 1e6, 2).map((near) => near.index)
      expect(found).toEqual(expect.arrayContaining(sharing))
      expect(sharing).toContain(polygon)
    }
  })
})

test('a point on a common border falls into no gap, and is at no distance from both sides', () => {
  const polygons = patchwork(3, 10, 9000, seeded(5))
  const index = indexOf(polygons)
  const ring = polygons[4]![0]!
  ring.forEach(([x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!
    for (const part of [0, 0.25, 0.5]) {
      const lat = (y + part * (nextY - y)) / 1e6
      const lon = (x + part * (nextX - x)) / 1e6
      expect(index.at(lat, lon)).toBeGreaterThanOrEqual(0)
      expect(index.within(lat, lon, 0.001).length).toBeGreaterThanOrEqual(2)
    }
  })
})
