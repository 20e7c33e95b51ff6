// Reading an OpenStreetMap PBF file of the size of a national extract and compiling it to a street layer: seconds and memory,
// beside a floor (unpacking its blocks and nothing else). The file is made up, with the proportions of a real one; give another
// as the second argument.
//   npx tsx scripts/bench/osmPbf.ts [millions of nodes = 40] [FILE.osm.pbf]
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from '../../src/gazetteer/load.ts'
import { BlobFile } from '../../src/gazetteer/osm/blobs.ts'
import { openMap } from '../../src/gazetteer/osm/read.ts'
import { LayerCompiler } from '../../src/gazetteer/streetLayer/compile.ts'
import { compilerWorld } from '../../src/gazetteer/streetLayer/world.ts'
import { writeCountry } from '../osm/country.ts'
import { PbfFile } from '../osm/writePbf.ts'

const SEED = 20260706
const nodes = Number(process.argv[2] ?? 40) * 1e6
const folder = mkdtempSync(join(tmpdir(), 'osm-pbf-'))
const path = process.argv[3] ?? join(folder, 'country.osm.pbf')

/** Runs work and tells its seconds and the most memory that the process had so far. */
async function measured<T>(work: () => Promise<T>): Promise<{ seconds: number; rssMb: number; result: T }> {
  const from = performance.now()
  const result = await work()
  const seconds = Math.round((performance.now() - from) / 100) / 10
  return { seconds, rssMb: Math.round(process.resourceUsage().maxRSS / 1e3), result }
}

let written: unknown = null
if (!process.argv[3]) {
  const { communes, streetNames } = load()
  const file = new PbfFile(path, { timestamp: 1_782_000_000 })
  const centres = communes.map(({ inside }) => inside)
  written = writeCountry(file, { nodes, seed: SEED, centres, streetNames: [...streetNames].slice(0, 20_000) })
  file.close()
}

const floor = await measured(async () => {
  const file = await BlobFile.open(path)
  let bytes = 0
  for await (const blob of file.blocks()) bytes += blob.bytes.length
  file.close()
  return bytes
})
const compiler = new LayerCompiler(compilerWorld(load()), {
  name: 'bench',
  source: 'made up',
  date: '2026',
  licence: 'none',
  notice: '',
})
const map = await openMap(path)
const read = await measured(() => map.read(compiler))
const made = await measured(async () => compiler.finish().report)
console.log(
  JSON.stringify(
    {
      fileMb: Math.round(statSync(path).size / 1e6),
      written,
      unpackOnly: { seconds: floor.seconds, rssMb: floor.rssMb, unpackedMb: Math.round(floor.result / 1e6) },
      read: { seconds: read.seconds, rssMb: read.rssMb, ...read.result },
      compile: { seconds: made.seconds, rssMb: made.rssMb, ...made.result },
    },
    null,
    2,
  ),
)
rmSync(folder, { recursive: true })
