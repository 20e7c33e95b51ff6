// Rows a second and memory of `assign` on a generated file, first and second load, as users run it (dist/).
// Usage: npx tsx scripts/bench/assign.ts [rows = 1000000] [--order commune|shuffled] [--threads N]
// The floors are those of the issue: 10,000 rows/s with points on 2 cores, 500 MB resident in all threads together.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const FLOOR_ROWS = 10_000
const FLOOR_MEGABYTES = 500

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { order: { type: 'string', default: 'commune' }, threads: { type: 'string' } },
})
const rows = Number(positionals[0] ?? 1_000_000)
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

run(['scripts/build.mjs'])
const input = join(folder, 'households.csv')
const db = join(folder, 'households.db')
run([
  '--import',
  'tsx',
  'scripts/households/make.ts',
  '--rows',
  String(rows),
  '--order',
  values.order,
  '--out',
  input,
])

const first = await load()
const second = await load()
const wrong = newInSecondLoad()
console.log(
  JSON.stringify(
    {
      bench: 'assign',
      rows,
      order: values.order,
      threads: values.threads ?? 'default',
      cores: availableParallelism(),
      loadBefore: Math.round(loadavg()[2]! * 100) / 100,
      bytesInput: statSync(input).size,
      bytesDatabase: statSync(db).size,
      first,
      second,
      newRowsInSecondLoad: wrong,
      floors: { rowsPerSecond: FLOOR_ROWS, megabytes: FLOOR_MEGABYTES },
      met:
        first.rowsPerSecond >= FLOOR_ROWS && Math.max(first.megabytes, second.megabytes) <= FLOOR_MEGABYTES,
    },
    null,
    2,
  ),
)

interface Load {
  seconds: number
  rowsPerSecond: number
  /** Highest resident memory of the process, all threads, in MB of 1,000,000 bytes; and halfway through. */
  megabytes: number
  megabytesHalfway: number
  counts: Record<string, number>
}

/** One run of the command, watched from outside. */
async function load(): Promise<Load> {
  const args = [
    'dist/cli/main.js',
    'assign',
    input,
    '--db',
    db,
    ...(values.threads ? ['--threads', values.threads] : []),
  ]
  const started = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const memory: { peak: number; now: number }[] = []
  const watch = setInterval(() => {
    const file = `/proc/${child.pid}/status`
    const status = existsSync(file) ? readFileSync(file, 'utf8') : ''
    const of = (name: string) =>
      (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024) / 1e6
    if (status.includes('VmHWM')) memory.push({ peak: of('VmHWM'), now: of('VmRSS') })
  }, 250)
  const code = await new Promise((resolve) => child.once('close', resolve))
  clearInterval(watch)
  if (code !== 0 && code !== 1) throw new Error(said)
  const seconds = (performance.now() - started) / 1000
  return {
    seconds: Math.round(seconds * 10) / 10,
    rowsPerSecond: Math.round(rows / seconds),
    megabytes: Math.round(memory.at(-1)?.peak ?? 0),
    megabytesHalfway: Math.round(memory[Math.floor(memory.length / 2)]?.now ?? 0),
    counts: Object.fromEntries(
      [...said.matchAll(/^ {2}(\w+) +(\d+)$/gm)].map(([, name, n]) => [name!, Number(n)]),
    ),
  }
}

/** Every row of the second load is known or rejected. */
function newInSecondLoad(): number {
  const statuses = readFileSync(`${input}.result.csv`, 'utf8').split('\n').slice(1, -1)
  return statuses.filter((line) => !/,(unchanged|duplicate|rejected|updated),/.test(line)).length
}

function run(args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}
