import { basename, join } from 'node:path'
import { type BoundaryCommune, type BoundaryReport, writeIndex } from './build.ts'
import { compileBoundaries, DEFAULT_TOLERANCE_METRES } from './compile.ts'
import { readGeoJson } from './geojson.ts'

/** An imported index, in the folder of the built gazetteer; while it is there it is used instead of the shipped one. */
export const IMPORTED_INDEX = 'boundaries.imported.idx'

/**
 * Puts the boundaries of a GeoJSON file (plain or gzip, property `code`) in the place of the shipped ones: writes
 * `dataDir`/boundaries.imported.idx, which the next load uses. To go back to the shipped ones delete that file.
 * Throws `BoundaryFaults` for a file that cannot be used (nothing is written then), `RangeError` for a bad tolerance.
 */
export function importBoundaries(
  file: string,
  dataDir: string,
  communes: readonly BoundaryCommune[],
  { toleranceMetres = DEFAULT_TOLERANCE_METRES }: { toleranceMetres?: number } = {},
): BoundaryReport {
  const codes = communes.map(({ code }) => code)
  const compact = compileBoundaries(readGeoJson(file, codes), codes, toleranceMetres, file)
  const facts = { use: 'imported', origin: `imported from ${basename(file)}` } as const
  return writeIndex(compact, facts, join(dataDir, IMPORTED_INDEX), file, communes)
}
