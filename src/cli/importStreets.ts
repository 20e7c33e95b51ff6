import { statSync } from 'node:fs'
import type { Command } from 'commander'
import { requireInput } from '../bulk/files.ts'
import { dataDirectory } from '../gazetteer/directory.ts'
import { load } from '../gazetteer/load.ts'
import { type MapFile, openMap } from '../gazetteer/osm/read.ts'
import { MapUnreadable } from '../gazetteer/osm/unreadable.ts'
import { type CompiledLayer, LayerCompiler } from '../gazetteer/streetLayer/compile.ts'
import { installedLayers, installLayer, soundVersion } from '../gazetteer/streetLayer/installed.ts'
import { OSM_LICENCE, OSM_NOTICE, SHIPPED_HEAD } from '../gazetteer/streetLayer/shippedHead.ts'
import type { LayerHead } from '../gazetteer/streetLayer/types.ts'
import { compilerWorld } from '../gazetteer/streetLayer/world.ts'
import { isDay } from '../text/day.ts'
import { Failure, UsageError } from './exit.ts'
import { asFailure, given } from './files.ts'
import { alone } from './layerLock.ts'
import { Progress } from './progress.ts'

const OSM = 'OpenStreetMap'

interface Options {
  layer: string
  source?: string
  date?: string
  licence?: string
  notice?: string
  dryRun?: true
}

/** `import streets`: a street layer from a map. */
export function importStreets(program: Command): void {
  const group = program.commands.find((command) => command.name() === 'import') ?? program.command('import')
  group
    .command('streets')
    .description('streets, alleys, house numbers and hamlets of a map, as a layer beside the shipped one')
    .argument(
      'FILE',
      'extract of OpenStreetMap (.osm.pbf), or GeoJSON (plain or .gz, a collection or one feature a line) with the tags of OpenStreetMap as properties',
    )
    .option('--layer <NAME>', 'its name; the layer of that name is replaced', 'imported')
    .option('--source <TEXT>', 'where the data come from (of a PBF: OpenStreetMap)')
    .option('--date <DATE>', 'of the data: 2026-10-01, 2026-10 or 2026 (of a PBF: what its head says)')
    .option('--licence <TEXT>', 'of the data (of OpenStreetMap: ODbL 1.0)')
    .option(
      '--notice <TEXT>',
      'what is shown with the data (of OpenStreetMap: its contributors; else the source)',
    )
    .option('--dry-run', 'reads and compiles, changes nothing')
    .action((file: string, options: Options) => asFailure(() => run(file, options)))
}

async function run(file: string, options: Options): Promise<void> {
  requireInput(file)
  const dataDir = dataDirectory()
  try {
    const map = await openMap(file)
    const head = headOf(map, options)
    await alone(dataDir, async () => {
      const compiler = compilerOf(head)
      const { incomplete, passed } = await read(map, compiler, statSync(file).size)
      if (compiler.counts.ways + compiler.counts.houses === 0)
        throw new Failure(
          `${file} has no named street and no house number in the country: nothing was changed`,
        )
      const compiled = compile(compiler)
      const before = installedLayers(dataDir).find(({ name }) => name === head.name)?.live ?? null
      // The same once more mends a file that is damaged.
      const changed = compiled.version !== soundVersion(dataDir, head.name)
      const replacesShipped = head.name === SHIPPED_HEAD.name
      if (replacesShipped)
        console.error(
          `the layer ${head.name} is the shipped one: what is imported under its name takes its place; \`npx vpostcode layers remove ${head.name}\` brings it back`,
        )
      if (changed && !options.dryRun) installLayer(dataDir, compiled.bytes)
      const { name, ...facts } = head
      const { collected, ...made } = compiled.report
      console.log(
        JSON.stringify(
          {
            layer: name,
            version: compiled.version,
            before,
            changed,
            replacesShipped,
            dryRun: options.dryRun ?? false,
            ...facts,
            ...made,
            read: { ...collected, ...(passed === undefined ? {} : { passed }), incomplete },
          },
          null,
          2,
        ),
      )
    })
  } catch (error) {
    if (error instanceof MapUnreadable) throw new Failure(error.message)
    throw error
  }
}

function compilerOf(head: LayerHead): LayerCompiler {
  try {
    return new LayerCompiler(compilerWorld(load(undefined, undefined, 'shipped')), head)
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message)
    throw error
  }
}

function compile(compiler: LayerCompiler): CompiledLayer {
  const progress = new Progress('streets and alleys', 'of the joining')
  try {
    return compiler.finish((share, rows) => progress.step({ rows, bytes: share, bytesTotal: 1 }))
  } finally {
    progress.end()
  }
}

/** Answers how many ways had nodes that are not in the file, and how many features of a GeoJSON mean nothing to us. */
async function read(map: MapFile, compiler: LayerCompiler, size: number) {
  const progress = new Progress('objects')
  try {
    return await map.read(compiler, (share) => {
      const { ways, houses, hamlets } = compiler.counts
      progress.step({ rows: ways + houses + hamlets, bytes: share * size, bytesTotal: size })
    })
  } finally {
    progress.end()
  }
}

/** What the options say, else what an extract of OpenStreetMap says of itself. Throws `UsageError` for what is missing. */
function headOf({ format, date: ofFile }: MapFile, options: Options): LayerHead {
  const source = given(options.source, '--source') ?? (format === 'pbf' ? OSM : undefined)
  const isOsm = format === 'pbf' || source?.includes(OSM)
  const licence = given(options.licence, '--licence') ?? (isOsm ? OSM_LICENCE : undefined)
  const date = given(options.date, '--date') ?? ofFile
  if (!source || !licence || !date) {
    const missing = Object.entries({ source, date, licence }).filter(([, value]) => !value)
    throw new UsageError(
      `the file does not say everything of its data: give ${missing.map(([name]) => `--${name}`).join(', ')}`,
    )
  }
  if (!isDay(`${date}-01-01`.slice(0, 10)) || !/^[\d-]{4,10}$/.test(date))
    throw new UsageError(`--date is like 2026-10-01, 2026-10 or 2026, not "${date}"`)
  const notice = given(options.notice, '--notice') ?? (isOsm ? OSM_NOTICE : source)
  return { name: options.layer, source, date, licence, notice }
}
