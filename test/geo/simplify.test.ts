import fc from 'fast-check'
import { expect, test } from 'vitest'
import { measureCoverage } from '../../src/geo/coverage.ts'
import { scaleAt, squaredDistance } from '../../src/geo/flatEarth.ts'
import { roundingMetres, simplifyTopology } from '../../src/geo/simplify.ts'
import { buildTopology, type Topology } from '../../src/geo/topology.ts'
import { patchwork, ringSet, seeded, square } from './shapes.ts'

/** The longest way in metres from a vertex of one line to the other line. */
function farthest(from: Topology, to: Topology, arc: number): number {
  let most = 0
  for (let i = from.arcStart[arc]!; i < from.arcStart[arc + 1]!; i++) {
    const [x, y] = [from.xy[2 * i]!, from.xy[2 * i + 1]!]
    let least = Infinity
    for (let k = to.arcStart[arc]!; k + 1 < to.arcStart[arc + 1]!; k++) {
      const [ax, ay, bx, by] = to.xy.subarray(2 * k, 2 * k + 4)
      least = Math.min(least, squaredDistance(x, y, ax!, ay!, bx!, by!, scaleAt(y / 1e6)))
    }
    most = Math.max(most, least)
  }
  return Math.sqrt(most)
}

test('no border moves more than the tolerance, thinning and rounding together', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.constantFrom([2, 10], [5, 10], [30, 10], [3, 1]),
      (seed, [tolerance, step]) => {
        const before = buildTopology(ringSet(patchwork(3, 12, 4000, seeded(seed))))
        const after = simplifyTopology(before, tolerance!, step!)
        for (let arc = 0; arc + 1 < before.arcStart.length; arc++) {
          expect(farthest(before, after, arc)).toBeLessThanOrEqual(tolerance! * 1.0001)
          expect(farthest(after, before, arc)).toBeLessThanOrEqual(tolerance! * 1.0001)
        }
      },
    ),
    { numRuns: 25 },
  )
})

test('it thins, and neighbours stay without gaps and overlaps', () => {
  const before = buildTopology(ringSet(patchwork(4, 40, 20_000, seeded(7))))
  const after = simplifyTopology(before, 20, 10)
  expect(after.xy.length).toBeLessThan(before.xy.length / 2)
  const [full, thin] = [measureCoverage(before, 16, 50), measureCoverage(after, 16, 50)]
  const sum = (areas: Float64Array) => areas.reduce((a, b) => a + b)
  expect(sum(thin.km2) / sum(full.km2)).toBeCloseTo(1, 2)
  expect(thin.overlaps.reduce((total, { km2 }) => total + km2, 0)).toBeLessThan(0.001 * sum(full.km2))
})

test('an island smaller than the tolerance keeps a triangle', () => {
  const island = buildTopology(ringSet([[square(106_000_000, 16_000_000, 40)]]))
  expect(simplifyTopology(island, 100, 10).xy.length / 2).toBe(4)
})

test('a tolerance below the rounding is refused', () => {
  const topology = buildTopology(ringSet([[square(0, 0, 100)]]))
  expect(() => simplifyTopology(topology, 0.5, 10)).toThrow(/below the rounding/)
  expect(() => simplifyTopology(topology, Number.NaN, 10)).toThrow(RangeError)
  expect(roundingMetres(10)).toBeCloseTo(0.786, 2)
})
