// `npm start`: installs and builds what is missing, loads the sample into a new database, serves.
// Plain Node: nothing may be installed yet when it begins.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const parent = process.ppid
await import('./install.mjs')
await import('./build.mjs')

const root = fileURLToPath(new URL('..', import.meta.url))
const { readSettings } = await import('../dist/cli/settings.js')
const { assignWithMessages } = await import('../dist/cli/fileJob.js')
const { serveUntilStopped } = await import('../dist/cli/serve.js')
const { openReader } = await import('../dist/cli/store.js')
const { openRegistry } = await import('../dist/registry/registry.js')

const LIST = 'sample'
const settings = readSettings()
let store = await openReader(settings.db)
const [latest] = await store.listJobs(1)
// A load of the sample that was stopped goes on.
if (!latest || (latest.list === LIST && ['interrupted', 'paused'].includes(latest.state))) {
  await store.close()
  console.log(`New database ${settings.db}: loading the sample, 1,000 made-up households (seeds/README.md).`)
  const { ending } = await assignWithMessages({
    input: join(root, 'seeds', 'sample-households.csv'),
    output: join(dirname(settings.db), 'sample.result.csv'),
    db: settings.db,
    list: LIST,
    map: [],
    threads: 0,
  })
  if (ending !== 'done') process.exit(3)
  store = await openReader(settings.db)
}
const first = (await store.households(Array.from({ length: 100 }, (_, i) => i + 1))).find(
  ({ vpostcode }) => vpostcode,
)
const { ids } = openRegistry(store)
await store.close()

const tellUrls = (port) => {
  const at = `http://localhost:${port}`
  const { lat, lon } = first?.point ?? { lat: 21.0285, lon: 105.8542 }
  console.log(`Vpostcode answers on ${at} from the database ${settings.db}. Three URLs to try:`)
  if (first) console.log(`  ${at}/v1/vpostcodes/${first.vpostcode}`)
  if (first) console.log(`  ${at}/v1/households/${ids.idOf(first.n)}`)
  console.log(`  ${at}/v1/reverse?lat=${lat}&lon=${lon}`)
  if (!first) console.log(`  ${at}/v1/vpostcodes?lat=${lat}&lon=${lon}\n  ${at}/v1/units?level=province`)
}
try {
  await serveUntilStopped(settings, tellUrls, parent)
} catch (error) {
  if (error.name !== 'Failure') throw error
  console.error(`error: ${error.message}`)
  process.exit(3)
}
