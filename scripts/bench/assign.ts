// Rows a second and memory of `assign` on a generated file as users run it (dist/), what a clerk waits for while a job
// runs, and look-ups in what it made. The outcome of every row is held against what the generator expects.
// Usage: npx tsx scripts/bench/assign.ts [rows = 200000] [--order commune|shuffled] [--mix points|text] [--provinces 01] [--threads N] [--twice]
//   --twice loads the file a second time: nothing may be assigned or updated.
// The floors are those of the issue, on 2 cores, for files in commune order; memory is that of all threads together.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { bareInserts } from './bareInserts.ts'
import { whileAJobRuns } from './clerk.ts'
import { lookUps } from './lookUps.ts'
import { sides } from './recorded.ts'

import { type Watched, watched } from './watched.ts'

const FLOORS = {
  rowsPerSecond: { points: 30_000, text: 15_000 },
  megabytes: 700,
  clerkP99Milliseconds: 250,
  lookUpP99Microseconds: 200,
}
/** Rows of the job that a clerk writes beside. */
const CLERK_ROWS = 50_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    order: { type: 'string', default: 'commune' },
    mix: { type: 'string', default: 'points' },
    provinces: { type: 'string', default: '' },
    threads: { type: 'string' },
    twice: { type: 'boolean', default: false },
  },
})
if (values.mix !== 'points' && values.mix !== 'text') throw new Error('--mix is points or text')
const rows = Number(positionals[0] ?? 200_000)
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

run(['scripts/build.mjs'])
const input = join(folder, 'households.csv')
const db = join(folder, 'households.db')
make(input, rows, '2025')

const loadBefore = loadavg()[0]!
const first = await load()
const unexpected = check()
const second = values.twice ? await load() : null
const counted = households()
make(join(folder, 'beside.csv'), CLERK_ROWS, '7')
const clerk = await whileAJobRuns(join(folder, 'beside.csv'), db)
const lookUpMicroseconds = await lookUps(db)
const alone = await sides(join(folder, 'beside.csv'), folder)
const floor = FLOORS.rowsPerSecond[values.mix]
console.log(
  JSON.stringify(
    {
      bench: 'assign',
      rows,
      order: values.order,
      mix: values.mix,
      provinces: values.provinces || 'all',
      threads: values.threads ?? 'default',
      cores: availableParallelism(),
      loadBefore: Math.round(loadBefore * 100) / 100,
      bytesInput: statSync(input).size,
      bytesDatabase: statSync(db).size,
      first,
      unexpected,
      second,
      households: counted,
      clerk,
      lookUpMicroseconds,
      alone,
      bareInsertsRowsPerSecond: bareInserts(
        join(folder, 'floor.db'),
        readFileSync(join(folder, 'beside.csv'), 'utf8').trimEnd().split('\n'),
      ),
      floors: { ...FLOORS, rowsPerSecond: floor },
      met: {
        rowsPerSecond: first.rowsPerSecond >= floor,
        megabytes: Math.max(first.megabytes, second?.megabytes ?? 0) <= FLOORS.megabytes,
        outcomes: unexpected === 0,
        secondLoad:
          second && !second.counts['assigned'] && !second.counts['updated'] && !second.counts['visit'],
        clerk: clerk.p99 <= FLOORS.clerkP99Milliseconds,
        lookUps: Object.values(lookUpMicroseconds).every(({ p99 }) => p99 <= FLOORS.lookUpP99Microseconds),
      },
    },
    null,
    2,
  ),
)

interface Load extends Omit<Watched, 'said'> {
  counts: Record<string, number>
}

/** One run of the command, watched from outside. */
async function load(): Promise<Load> {
  const args = ['assign', input, '--db', db]
  if (values.threads) args.push('--threads', values.threads)
  const { said, ...cost } = await watched(args, rows)
  const counts = [...said.matchAll(/^ {2}(\w+) +(\d+)$/gm)].map(([, name, n]) => [name!, Number(n)])
  return { ...cost, counts: Object.fromEntries(counts) }
}

/** Rows of the first load that came out otherwise than the generator expects. */
function check(): number {
  const expected = input.replace(/\.csv$/, '.expected.csv')
  const args = ['--import', 'tsx', 'scripts/households/check.ts', `${input}.result.csv`, expected]
  return JSON.parse(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout).different
}

function households(): number {
  const database = new Database(db, { readonly: true })
  const count = database.prepare('SELECT count(*) FROM households').pluck().get() as number
  database.close()
  return count
}

function make(out: string, count: number, seed: string): void {
  const args = ['--rows', String(count), '--order', values.order, '--mix', values.mix, '--seed', seed]
  if (values.provinces) args.push('--provinces', values.provinces)
  run(['--import', 'tsx', 'scripts/households/make.ts', ...args, '--out', out])
}

function run(args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}
