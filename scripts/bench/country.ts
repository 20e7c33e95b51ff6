// The registry of the whole country on one machine: made-up households in all communes, loaded with `assign` in the order of
// communes, served, backed up while a load writes, and one province given new postcodes. One entry for each size, so that
// one sees how each cost grows; the rates of the service stand beside those of the first size in the same run.
//   npx tsx scripts/bench/country.ts [sizes = 100000,1000000] [--order shuffled] [--folder DIR] [--province 33]
// With 28000000 it takes hours and 60 GB in the folder, which is emptied when it ends.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { load as loadGazetteer } from '../../src/gazetteer/load.ts'
import { openReader } from '../../src/store/sqlite/open.ts'
import { bareInserts } from './bareInserts.ts'
import type { PacedRequest } from './paced.ts'
import { memoryOf, processesOf } from './processes.ts'
import { measureRates } from './rates.ts'
import { drawRows, type Row, requestsFor } from './requests.ts'
import { createKey, startService } from './service.ts'
import { watched } from './watched.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    order: { type: 'string', default: 'commune' },
    folder: { type: 'string', default: tmpdir() },
    province: { type: 'string', default: '33' },
  },
})
const SIZES = (positionals[0] ?? '100000,1000000').split(',').map(Number)
/** Of the whole country; less for fewer households. Seconds, gigabytes of 10^9 bytes. */
const HOUSEHOLDS = 28_000_000
const FLOORS = {
  loadMinutes: 25,
  householdsGigabytes: 12,
  registryGigabytes: 22,
  readySeconds: 3,
  residentMegabytes: 1_500,
  rateOfFirstSize: 0.8,
  provinceSeconds: 120,
}
const CONNECTIONS = 16
const REQUESTS = 8_000
const SECONDS = 4
const ROUNDS = 3
const main = resolve('dist/cli/main.js')

const folder = mkdtempSync(join(values.folder, 'vpostcode-country-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
run('scripts/build.mjs')
const sizes = []
for (const size of SIZES) sizes.push(await measure(size))
const [first] = sizes
const last = sizes.at(-1)!
/** How much of the rate of the first size is left, by rate and by processor time (which other work disturbs less). */
const left = Object.keys(last.service.perSecond).map((kind) => ({
  kind,
  rate: round(last.service.perSecond[kind]! / first!.service.perSecond[kind]!),
  processor: round(first!.service.processorMicroseconds[kind]! / last.service.processorMicroseconds[kind]!),
}))
const whole = HOUSEHOLDS / last.households
console.log(
  JSON.stringify(
    {
      bench: 'country',
      order: values.order,
      cores: availableParallelism(),
      sizes,
      ofFirstSize: Object.fromEntries(left.map(({ kind, ...ratios }) => [kind, ratios])),
      loadOfBareInserts: round(last.load.rowsPerSecond / last.load.bareInsertsPerSecond),
      // What the last size comes to for the whole country, all costs growing with the rows.
      scaled: {
        loadMinutes: round((last.load.seconds * whole) / 60),
        householdsGigabytes: round(last.gigabytes.households * whole),
        registryGigabytes: round(last.gigabytes.all * whole),
      },
      floors: FLOORS,
      met: {
        loadMinutes: (last.load.seconds * whole) / 60 <= FLOORS.loadMinutes,
        householdsGigabytes: last.gigabytes.households * whole <= FLOORS.householdsGigabytes,
        registryGigabytes: last.gigabytes.all * whole <= FLOORS.registryGigabytes,
        readySeconds: last.service.readySeconds <= FLOORS.readySeconds,
        residentMegabytes: last.service.residentMegabytes <= FLOORS.residentMegabytes,
        rateOfFirstSize: left.every(({ kind, rate }) => kind === 'ping' || rate >= FLOORS.rateOfFirstSize),
        provinceSeconds: last.province.seconds <= FLOORS.provinceSeconds,
      },
    },
    null,
    2,
  ),
)
if (sizes.some(({ load }) => load.unexpected > 0)) {
  console.error('rows came out otherwise than the generator expects')
  process.exitCode = 1
}

async function measure(size: number) {
  const loadBefore = Math.round(loadavg()[0]! * 100) / 100
  const db = join(folder, 'country.db')
  const input = join(folder, 'country.csv')
  make(input, size, '2025')
  const { said, ...spent } = await watched(['assign', input, '--db', db], size)
  const counts = Object.fromEntries(
    [...said.matchAll(/^ {2}(\w+) +(\d+)$/gm)].map(([, name, n]) => [name!, Number(n)]),
  )
  const unexpected = check(input)
  rmSync(`${input}.result.csv`)
  const gigabytes = bytesOf(db)
  const rows = drawRows(input, REQUESTS)
  const texts = rows.map(({ address }) => address)
  const service = await serve(db, rows)
  const backup = await backUp(db)
  const province = await recode(db)
  const entry = {
    households: size,
    loadBefore,
    load: { ...spent, counts, unexpected, bareInsertsPerSecond: bareInserts(join(folder, 'bare.db'), texts) },
    gigabytes,
    service,
    backup,
    province,
  }
  console.error(JSON.stringify(entry))
  for (const name of [db, `${db}-wal`, `${db}-shm`, input]) rmSync(name, { force: true })
  return entry
}

/** Rows that came out otherwise than the generator expects. */
function check(input: string): number {
  const expected = input.replace(/\.csv$/, '.expected.csv')
  return JSON.parse(run('--import', 'tsx', 'scripts/households/check.ts', `${input}.result.csv`, expected))
    .different
}

/** What households with their indexes take, the list of events, and all of the file; gigabytes of 10^9 bytes. */
function bytesOf(path: string): { households: number; events: number; all: number } {
  const db = new Database(path)
  db.pragma('wal_checkpoint(TRUNCATE)')
  const pages = db
    .prepare(
      `SELECT m.tbl_name LIKE 'events%' AS events, sum(s.pgsize) AS bytes
       FROM dbstat s JOIN sqlite_schema m ON m.name = s.name WHERE s.aggregate = 1 GROUP BY 1`,
    )
    .raw()
    .all() as [number, number][]
  db.close()
  const of = (events: number) => round((pages.find(([is]) => is === events)?.[1] ?? 0) / 1e9)
  return { households: of(0), events: of(1), all: round(statSync(path).size / 1e9) }
}

/** The service over the registry: start, memory, and requests a second of each kind, in alternation. */
async function serve(db: string, rows: readonly Row[]) {
  const key = createKey(main, db, 'server')
  const { ping, reverse, search } = requestsFor(rows)
  const kinds: Record<string, PacedRequest[]> = { ping, forward: search, reverse, resolve: await codes(db) }
  const started = performance.now()
  const { url, child } = await startService(main, db, { env: process.env })
  const readySeconds = Math.round(performance.now() - started) / 1000
  const pids = processesOf(child.pid!)
  const {
    perSecond,
    processorMicroseconds: [processorMicroseconds],
  } = await measureRates({ url, key, connections: CONNECTIONS }, kinds, [() => pids], {
    rounds: ROUNDS,
    seconds: SECONDS,
  })
  const processes = pids.map(memoryOf)
  const ended = new Promise((done) => child.once('close', done))
  child.kill('SIGTERM')
  await ended
  return {
    readySeconds,
    residentMegabytes: processes.reduce((sum, { share }) => sum + share, 0),
    processes,
    perSecond,
    processorMicroseconds: processorMicroseconds!,
  }
}

/** Random households' codes, to be resolved. */
async function codes(db: string): Promise<PacedRequest[]> {
  const store = openReader(db)
  const count = await store.count()
  const step = Math.max(1, Math.floor(count / REQUESTS))
  const ns = Array.from({ length: REQUESTS }, (_, i) => 1 + ((i * 7_919 * step) % count))
  const households = await store.households(ns)
  await store.close()
  return households.flatMap(({ vpostcode }) => (vpostcode ? { path: `/v1/vpostcodes/${vpostcode}` } : []))
}

/** A backup while a load of other households writes: seconds, and how the load's rows a second compare with it alone. */
async function backUp(db: string) {
  const [input, other] = [join(folder, 'beside.csv'), join(folder, 'beside2.csv')]
  make(input, 50_000, '7')
  make(other, 50_000, '8')
  const alone = await watched(['assign', input, '--db', db], 50_000)
  const target = join(folder, 'backup.db')
  const [{ seconds }, beside] = await Promise.all([
    watched(['backup', target, '--db', db], 1),
    watched(['assign', other, '--db', db], 50_000),
  ])
  const megabytes = Math.round(statSync(target).size / 1e6)
  rmSync(target)
  return {
    seconds,
    megabytes,
    rowsPerSecond: { alone: alone.rowsPerSecond, beside: beside.rowsPerSecond },
  }
}

/** All communes of one province get another postcode. */
async function recode(db: string) {
  const gazetteer = loadGazetteer()
  const communes = gazetteer.communes.filter(({ province }) => province.code === values.province)
  const taken = new Set(gazetteer.communes.map(({ postcode }) => postcode))
  const free = Array.from({ length: 90_000 }, (_, i) => String(10_000 + i)).filter((code) => !taken.has(code))
  const decree = join(folder, 'decree.csv')
  const lines = communes.map(({ code }, i) => `postcode,,${code},${free[i]},2025-07-01`)
  writeFileSync(decree, `kind,from_code,to_code,postcode,effective\n${lines.join('\n')}\n`)
  const store = new Database(db, { readonly: true })
  const households = store
    .prepare('SELECT count(*) FROM households WHERE province = ?')
    .pluck()
    .get(Number(values.province)) as number
  store.close()
  const { seconds, cpuMicrosecondsPerRow } = await watched(
    ['reassign', '--decree', decree, '-o', join(folder, 'decree.result.csv'), '--db', db],
    households,
  )
  return { households, seconds, rowsPerSecond: Math.round(households / seconds), cpuMicrosecondsPerRow }
}

function make(out: string, rows: number, seed: string): void {
  const wanted = ['--rows', `${rows}`, '--order', values.order, '--seed', seed, '--out', out]
  run('--import', 'tsx', 'scripts/households/make.ts', ...wanted)
}

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')}: ${stderr}`)
  return stdout
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
