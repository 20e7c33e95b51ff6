import { simplifyTopology } from '../../geo/simplify.ts'
import { buildTopology } from '../../geo/topology.ts'
import { checkBoundaries, overlapText } from './check.ts'
import type { CompactBoundaries } from './compact.ts'
import { type BoundaryFault, BoundaryFaults } from './faults.ts'
import type { CommuneRings } from './geojson.ts'

/** Chosen by measuring: see the section on boundaries in seeds/README.md. */
export const DEFAULT_TOLERANCE_METRES = 2

/**
 * Rings of communes to the compact form: shared arcs, thinned and rounded within the tolerance (metres). Throws
 * `BoundaryFaults` for communes that overlap beyond the known ones, `RangeError` for a tolerance outside 0 to 100 m.
 */
export function compileBoundaries(
  rings: CommuneRings,
  codes: readonly string[],
  toleranceMetres: number,
  source: string,
): CompactBoundaries {
  if (!(toleranceMetres >= 0 && toleranceMetres <= 100)) {
    throw new RangeError(`the tolerance must be 0 to 100 metres, not ${toleranceMetres}`)
  }
  // Rounding to 1e-5 degrees costs up to 0.8 m of the tolerance and saves a byte a vertex.
  const step = toleranceMetres >= 1.5 ? 10 : 1
  const topology = simplifyTopology(buildTopology(rings), toleranceMetres, step)
  const { newOverlaps, coverage } = checkBoundaries(topology, codes)
  const faults: BoundaryFault[] = newOverlaps.map((overlap) => ({
    code: 'overlap',
    detail: overlapText(overlap),
  }))
  codes.forEach((code, at) => {
    const [byRings, covered] = [rings.km2[at]!, coverage.km2[at]!]
    if (Math.abs(byRings - covered) > Math.max(0.1, 0.02 * covered)) {
      const detail = `${code}: its rings enclose ${byRings.toFixed(2)} km2 but cover ${covered.toFixed(2)} km2`
      faults.push({ code: 'self-crossing', detail })
    }
  })
  if (faults.length > 0) throw new BoundaryFaults(source, faults)
  return { codes, toleranceMetres, step, topology }
}
