import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { writeArtefact } from './artefact.ts'
import { buildBoundaries, SHIPPED_INDEX } from './boundaries/build.ts'
import { boundariesFrom } from './boundaries/load.ts'
import { dataDirectory } from './directory.ts'
import { readShared } from './sharedFile.ts'
import { buildShippedLayer } from './streetLayer/shipped.ts'
import { writeStreets } from './streetsFile.ts'
import { streetKeys } from './streetsKey.ts'
import { readStreetTables, validateStreets } from './streetsTables.ts'
import { readTables } from './tables.ts'
import { validate } from './validate.ts'

/**
 * Checks the tables of facts in `seedsDir` and writes the form that `load` reads to `outDir`.
 * @returns the version of the data, a hash of the seeds.
 * @throws Error that names every fault found in the tables, or in the boundaries when the tables are sound.
 */
export function buildGazetteer(seedsDir: string, outDir: string): string {
  const tables = readTables(seedsDir)
  const streets = readStreetTables(seedsDir)
  const faults = [...validate(tables), ...validateStreets(streets, tables)]
  if (faults.length > 0) throw new Error(`the seeds have ${faults.length} faults:\n${faults.join('\n')}`)
  const version = versionOf(seedsDir)
  mkdirSync(outDir, { recursive: true })
  const communes = tables.communes.map((row) => ({
    code: row['code']!,
    declaredKm2: Number(row['declared_area_km2']),
  }))
  buildBoundaries(seedsDir, outDir, communes)
  const boundaries = boundariesFrom(readShared(join(outDir, SHIPPED_INDEX)), communes)
  // Of the lists alone: by the names of the map itself every way would be known. An import is compiled with both (world.ts).
  const known = new Set(streets.streets.flatMap(({ names }) => names!.split(';').map(keyOf)))
  buildShippedLayer(seedsDir, outDir, {
    communeAt: boundaries.communeAt,
    communeCodes: communes.map(({ code }) => code),
    isStreet: (key) => known.has(key),
  })
  writeStreets(outDir, version, streets)
  writeArtefact(outDir, version, tables)
  return version
}

const keyOf = (name: string) => streetKeys(name)[0]!

/** The first 12 hex digits of the SHA-256 of all data files of the folder, in the order of their names. */
function versionOf(seedsDir: string): string {
  const hash = createHash('sha256')
  for (const name of (readdirSync(seedsDir, { recursive: true }) as string[])
    .filter((name) => /\.(csv|bin)$/.test(name))
    .sort())
    hash.update(`${name}\n`).update(readFileSync(join(seedsDir, name)))
  return hash.digest('hex').slice(0, 12)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const seeds = fileURLToPath(new URL('../../seeds', import.meta.url))
    console.log(`gazetteer version ${buildGazetteer(seeds, dataDirectory())}`)
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
