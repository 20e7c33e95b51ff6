import { type Coverage, measureCoverage } from '../../geo/coverage.ts'
import type { Topology } from '../../geo/topology.ts'

/** These three share about 3.5 km2 in the source: nobody has said yet whose it is. */
const KNOWN_OVERLAPPING: readonly string[] = ['02647', '02683', '02746']
/** What two neighbours may share where the source draws their border twice: the most seen is 0.114 km2 (04057, 05212). */
const OVERLAP_TOLERANCE_KM2 = 0.2
/** The part of the declared area by which a polygon may differ without being listed. */
const AREA_TOLERANCE = 0.1

export interface NamedOverlap {
  readonly codes: readonly [string, string]
  readonly km2: number
}
interface AreaDifference {
  readonly code: string
  readonly km2: number
  readonly declaredKm2: number
}
export interface BoundaryCheck {
  /** Overlaps of the communes known to overlap. */
  readonly knownOverlaps: readonly NamedOverlap[]
  /** Overlaps beyond the tolerance that nobody has listed: a fault. */
  readonly newOverlaps: readonly NamedOverlap[]
  /** Square kilometres of all overlaps together, the tolerated ones too. */
  readonly overlapKm2: number
  /** Communes that differ by more than a tenth from their declared area (coasts, islands): a report, not a fault. */
  readonly areaDifferences: readonly AreaDifference[]
}

/** Overlaps and areas of the boundaries; `declaredKm2` by position where known. */
export function checkBoundaries(
  topology: Topology,
  codes: readonly string[],
  declaredKm2: readonly (number | null | undefined)[] = [],
): BoundaryCheck & { coverage: Coverage } {
  const coverage = measureCoverage(topology, codes.length)
  const large = coverage.overlaps
    .filter(({ km2 }) => km2 > OVERLAP_TOLERANCE_KM2)
    .map(({ a, b, km2 }): NamedOverlap => ({ codes: [codes[a]!, codes[b]!], km2 }))
  const isKnown = (overlap: NamedOverlap) => overlap.codes.every((code) => KNOWN_OVERLAPPING.includes(code))
  const areaDifferences: AreaDifference[] = []
  codes.forEach((code, at) => {
    const declared = declaredKm2[at]
    const km2 = coverage.km2[at]!
    if (declared && Math.abs(km2 - declared) > AREA_TOLERANCE * declared) {
      areaDifferences.push({ code, km2, declaredKm2: declared })
    }
  })
  return {
    coverage,
    knownOverlaps: large.filter(isKnown),
    newOverlaps: large.filter((overlap) => !isKnown(overlap)),
    overlapKm2: coverage.overlaps.reduce((sum, { km2 }) => sum + km2, 0),
    areaDifferences,
  }
}

/** One line of text for an overlap. */
export function overlapText({ codes, km2 }: NamedOverlap): string {
  return `${codes[0]} and ${codes[1]} share ${km2.toFixed(3)} km2`
}
