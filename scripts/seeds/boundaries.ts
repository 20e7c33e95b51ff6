// Writes seeds/boundaries.bin from the full-detail polygons of the reference data and prints what it found.
// Run: npx tsx scripts/seeds/boundaries.ts [--tolerance METRES]
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { SEED_FILE } from '../../src/gazetteer/boundaries/build.ts'
import { checkBoundaries } from '../../src/gazetteer/boundaries/check.ts'
import { encodeCompact } from '../../src/gazetteer/boundaries/compact.ts'
import { compileBoundaries, DEFAULT_TOLERANCE_METRES } from '../../src/gazetteer/boundaries/compile.ts'
import { readGeoJson } from '../../src/gazetteer/boundaries/geojson.ts'
import { parseCsv } from '../../src/gazetteer/csv.ts'

const { values } = parseArgs({ options: { tolerance: { type: 'string' } } })
const seeds = fileURLToPath(new URL('../../seeds/', import.meta.url))
const source = `${process.env.VPOSTCODE_SHARED ?? '../shared'}/data/boundaries/wards_full_6dp.geojson.gz`

const communes = parseCsv(readFileSync(`${seeds}communes.csv`, 'utf8')).rows
const codes = communes.map(({ code }) => code!)
const tolerance = values.tolerance === undefined ? DEFAULT_TOLERANCE_METRES : Number(values.tolerance)
const compact = compileBoundaries(readGeoJson(source, codes), codes, tolerance, source)
const bytes = encodeCompact(compact)
writeFileSync(`${seeds}${SEED_FILE}`, bytes)

const declared = communes.map(({ declared_area_km2: km2 }) => (km2 ? Number(km2) : null))
const { knownOverlaps, overlapKm2, areaDifferences } = checkBoundaries(compact.topology, codes, declared)
const vertices = compact.topology.xy.length / 2
const areasThatDiffer = areaDifferences.length
console.log(
  JSON.stringify(
    { tolerance, bytes: bytes.length, vertices, knownOverlaps, overlapKm2, areasThatDiffer },
    null,
    2,
  ),
)
