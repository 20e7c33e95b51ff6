import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildPolygonIndex } from '../../geo/buildPolygonIndex.ts'
import { sealedVersion } from '../sealed.ts'
import { type BoundaryCheck, checkBoundaries, overlapText } from './check.ts'
import { type CompactBoundaries, decodeCompact } from './compact.ts'
import { type BoundaryFault, BoundaryFaults } from './faults.ts'
import { encodeIndex, type IndexFacts } from './indexFile.ts'

/** The seed, in the folder of seeds. */
export const SEED_FILE = 'boundaries.bin'
/** The index made from the seed, in the folder of the built gazetteer. */
export const SHIPPED_INDEX = 'boundaries.idx'

/** What the boundaries need to know of a commune; the order of the communes is the order of the answers. */
export interface BoundaryCommune {
  readonly code: string
  readonly declaredKm2?: number | null
}

export interface BoundaryReport extends BoundaryCheck {
  /** 12 hexadecimal digits, changed by every change of the boundaries or of the form of the index. */
  readonly version: string
  readonly file: string
  readonly bytes: number
  readonly communes: number
  readonly vertices: number
}

/**
 * Makes `outDir`/boundaries.idx from `seedsDir`/boundaries.bin. Throws `DataUnreadable` for a damaged seed and
 * `BoundaryFaults` (with codes and square kilometres) when a commune has no polygon, a polygon no commune, or two
 * communes overlap that are not known to.
 */
export function buildBoundaries(
  seedsDir: string,
  outDir: string,
  communes: readonly BoundaryCommune[],
): BoundaryReport {
  const seed = join(seedsDir, SEED_FILE)
  const compact = decodeCompact(readFileSync(seed), seed)
  const origin = 'shipped with the program, see seeds/README.md'
  return writeIndex(compact, { use: 'shipped', origin }, join(outDir, SHIPPED_INDEX), seed, communes)
}

/** Checks compact boundaries against the communes and writes their index. */
export function writeIndex(
  compact: CompactBoundaries,
  facts: Pick<IndexFacts, 'use' | 'origin'>,
  file: string,
  source: string,
  communes: readonly BoundaryCommune[],
): BoundaryReport {
  const codes = communes.map(({ code }) => code)
  const topology = ownedBy(codes, compact, source)
  const { coverage, ...check } = checkBoundaries(
    topology,
    codes,
    communes.map(({ declaredKm2 }) => declaredKm2),
  )
  const faults = check.newOverlaps.map(
    (overlap): BoundaryFault => ({ code: 'overlap', detail: overlapText(overlap) }),
  )
  if (faults.length > 0) throw new BoundaryFaults(source, faults)
  const { toleranceMetres } = compact
  const bytes = encodeIndex(buildPolygonIndex(topology, codes.length), { ...facts, codes, toleranceMetres })
  // A reader sees the old file or the new one, never a part.
  writeFileSync(`${file}.tmp`, bytes)
  renameSync(`${file}.tmp`, file)
  return {
    ...check,
    version: sealedVersion(bytes),
    file,
    bytes: bytes.length,
    communes: codes.length,
    vertices: topology.xy.length / 2,
  }
}

/** The topology with owners as positions in `codes`. Both must name the same communes. */
function ownedBy(codes: readonly string[], compact: CompactBoundaries, source: string) {
  const faults: BoundaryFault[] = []
  const positions = new Map(codes.map((code, at) => [code, at]))
  const owners = compact.codes.map((code) => {
    const at = positions.get(code)
    if (at === undefined) faults.push({ code: 'unknown-code', detail: `${code} is no current commune` })
    return at ?? -1
  })
  const bounded = new Set([...compact.topology.ringOwner].map((owner) => compact.codes[owner]))
  for (const code of codes) {
    if (!bounded.has(code)) faults.push({ code: 'missing-commune', detail: `${code} has no polygon` })
  }
  if (faults.length > 0) throw new BoundaryFaults(source, faults)
  return { ...compact.topology, ringOwner: compact.topology.ringOwner.map((owner) => owners[owner]!) }
}
