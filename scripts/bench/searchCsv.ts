// Rows a second of POST /v1/search/csv and /v1/reverse/csv on the real server (dist, all its processes), over a database in
// which half of the file's households are registered, and what a checkout waits for meanwhile: GET /v1/search at a steady
// pace, at rest and while one file after the other is answered. The client shares the cores. Every row must come back in its place.
// Usage: npx tsx scripts/bench/searchCsv.ts [rows = 50000] [searches a second = 50]
import { fork, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { cellsOf } from '../../src/bulk/cells.ts'
import type { Checkouts } from './checkouts.ts'
import type { PacedTimes } from './paced.ts'
import { createKey, startService } from './service.ts'

const [ROWS, PACE] = [50_000, 50].map((usual, i) => Number(process.argv[i + 2] ?? usual)) as [number, number]
const FLOOR = { rowsPerSecond: 8_000, p99Ratio: 3 }
const ROUNDS = 3
/** Milliseconds of searches at rest. */
const REST = 5_000

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)
const db = ['--db', at('bench.db')]
run('scripts/build.mjs')
const make = ['--import', 'tsx', 'scripts/households/make.ts', '--rows', `${ROWS}`, '--order', 'shuffled']
run(...make, '--out', at('h.csv'))
const file = readFileSync(at('h.csv'), 'utf8')
const lines = file.trimEnd().split('\n')
writeFileSync(at('half.csv'), `${lines.slice(0, ROWS >> 1).join('\n')}\n`)
run('dist/cli/main.js', 'assign', at('half.csv'), '-o', at('half.result.csv'), ...db)
const key = createKey('dist/cli/main.js', at('bench.db'), 'server')

const loadBefore = loadavg()[0]!
const { url, child: server } = await startService('dist/cli/main.js', at('bench.db'), {
  env: { ...process.env, HOST: '127.0.0.1', VPOSTCODE_LOG: 'warn' },
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
const { port } = new URL(url)
const texts = lines.slice(1, 2_001).map((line) => cellsOf(line, ',').slice(1, 5).join(', '))

await searches(4_000)
const rest = await searches(REST)
// The first file starts the worker threads.
await answered('search')
const ticks = cpuTicks()
await answered('search')
/** Of all processes and threads of the server; a busy machine changes it less than the time. */
const cpuMicrosecondsPerRow = Math.round(((cpuTicks() - ticks) * 1e4) / ROWS)
const found: Record<'search' | 'reverse', number[]> = { search: [], reverse: [] }
const statuses: Record<string, number> = {}
const during = checkouts()
for (let round = 0; round < ROUNDS; round++)
  for (const kind of ['search', 'reverse'] as const) found[kind].push(await answered(kind, statuses))
const busy = await during.stop()
server.kill('SIGTERM')

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!
const figures = {
  search: Math.round(median(found.search)),
  reverse: Math.round(median(found.reverse)),
}
console.log(
  JSON.stringify(
    {
      bench: 'searchCsv',
      rows: ROWS,
      bytes: file.length,
      cores: availableParallelism(),
      loadBefore: Math.round(loadBefore * 100) / 100,
      rowsPerSecond: figures,
      cpuMicrosecondsPerRow,
      statuses,
      checkoutMilliseconds: {
        atRest: rest,
        meanwhile: busy,
        p99Ratio: Math.round((busy.p99 / rest.p99) * 10) / 10,
      },
      floors: FLOOR,
      met: figures.search >= FLOOR.rowsPerSecond && busy.p99 <= FLOOR.p99Ratio * rest.p99,
    },
    null,
    2,
  ),
)

/** Sends the file and answers rows a second; counts the statuses. */
async function answered(kind: 'search' | 'reverse', counts: Record<string, number> = {}): Promise<number> {
  const form = new FormData()
  form.append('data', new Blob([file], { type: 'text/csv' }), 'h.csv')
  form.append('result_columns', 'result_status')
  const started = performance.now()
  const response = await fetch(`http://127.0.0.1:${port}/v1/${kind}/csv/`, {
    method: 'POST',
    headers: { 'X-Api-Key': key },
    body: form,
  })
  const text = await response.text()
  const seconds = (performance.now() - started) / 1_000
  if (response.status !== 200) throw new Error(text)
  const back = text.trimEnd().split('\n')
  if (back.length !== lines.length) throw new Error(`${back.length} lines came back of ${lines.length}`)
  for (const [i, line] of back.entries()) {
    if (i === 0) continue
    if (cellsOf(line, ',')[0] !== cellsOf(lines[i]!, ',')[0]) throw new Error(`line ${i} is another row`)
    const name = `${kind} ${line.slice(line.lastIndexOf(',') + 1)}`
    counts[name] = (counts[name] ?? 0) + 1
  }
  return ROWS / seconds
}

/** Searches at a steady pace, by a process of their own; `stop` answers their times. */
function checkouts(): { stop(): Promise<PacedTimes> } {
  const child = fork('scripts/bench/checkouts.ts', { execArgv: ['--import', 'tsx'] })
  child.send({ url, key, texts, perSecond: PACE } satisfies Checkouts)
  return {
    stop() {
      child.send('stop')
      return new Promise((resolve, reject) => {
        child.once('message', (times) => resolve(times as PacedTimes))
        child.once('exit', () => reject(new Error('the checkouts ended')))
      })
    },
  }
}

/** The times of so many milliseconds of searches. */
async function searches(milliseconds: number): Promise<PacedTimes> {
  const { stop } = checkouts()
  await setTimeout(milliseconds)
  return stop()
}

/** Hundredths of a second that the server and its processes have worked (Linux). */
function cpuTicks(): number {
  let sum = 0
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || !existsSync(`/proc/${pid}/stat`)) continue
    const [, rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
    const fields = rest!.split(' ')
    if (Number(pid) === server.pid || Number(fields[1]) === server.pid)
      sum += Number(fields[11]) + Number(fields[12])
  }
  return sum
}

function run(...args: string[]): string {
  const { status, stdout } = spawnSync(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')} failed`)
  return stdout
}
