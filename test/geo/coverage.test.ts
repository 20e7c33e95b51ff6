import { expect, test } from 'vitest'
import { measureCoverage } from '../../src/geo/coverage.ts'
import { buildTopology } from '../../src/geo/topology.ts'
import { ringSet, square } from './shapes.ts'

// At latitude 16 a degree of latitude is 110.66 km long, one of longitude 107.04 km (IUGG tables for WGS 84).
const KM2_PER_SQUARE_DEGREE = 110.66 * 107.04
const [X, Y] = [106_000_000, 15_995_000]

test('areas, and what two squares share', () => {
  const topology = buildTopology(ringSet([[square(X, Y, 10_000)], [square(X + 5000, Y, 10_000)]]))
  const { km2, overlaps } = measureCoverage(topology, 2, 50)
  const whole = KM2_PER_SQUARE_DEGREE * 0.01 ** 2
  expect(km2[0]! / whole).toBeCloseTo(1, 3)
  expect(km2[1]! / whole).toBeCloseTo(1, 3)
  expect(overlaps).toHaveLength(1)
  expect(overlaps[0]).toMatchObject({ a: 0, b: 1 })
  expect(overlaps[0]!.km2 / (whole / 2)).toBeCloseTo(1, 3)
})

test('neighbours and an enclave in its hole share nothing', () => {
  const hole = square(X + 3000, Y + 3000, 4000)
  const topology = buildTopology(
    ringSet([[square(X, Y, 10_000), hole], [hole], [square(X + 10_000, Y, 10_000)]]),
  )
  const { km2, overlaps } = measureCoverage(topology, 3, 50)
  expect(overlaps).toEqual([])
  expect(km2[0]! / (KM2_PER_SQUARE_DEGREE * (0.01 ** 2 - 0.004 ** 2))).toBeCloseTo(1, 3)
  expect(km2[1]! / (KM2_PER_SQUARE_DEGREE * 0.004 ** 2)).toBeCloseTo(1, 2)
})
