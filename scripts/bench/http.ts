// Requests a second of the real server (dist, all its processes) beside its own no-op, GET /v1/ping, which passes the same
// middleware and processes: a new database with made-up households, and their addresses and points in a seeded order. The
// load maker shares the cores. The kinds run in alternation, median of the rounds; the times are those at 70 % of the best
// rate, evenly paced.
// Usage: npx tsx scripts/bench/http.ts [households = 100000] [seconds a run = 4] [rounds = 5] [connections = 32]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PacedTimes, paced } from './paced.ts'
import { memoryOf, processesOf, processorSeconds } from './processes.ts'
import { drawRows, KINDS, load, requestsFor } from './requests.ts'
import { createKey, startService } from './service.ts'

const [HOUSEHOLDS, SECONDS, ROUNDS, CONNECTIONS] = [100_000, 4, 5, 32].map((usual, i) =>
  Number(process.argv[i + 2] ?? usual),
) as [number, number, number, number]
/** Requests of each connection and kind, over and over; no two connections have the same. */
const EACH = 500
/** Requests of each kind before the first is measured. */
const WARM = 4_000
const FLOOR = { ratio: 0.5, readyMilliseconds: 3_000, megabytes: 600 }
const AIM = { perSecond: 3_000, p99: 30 }

const loadBefore = loadavg()[0]!
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)
const db = ['--db', at('bench.db')]

run('scripts/build.mjs')
run(
  '--import',
  'tsx',
  'scripts/households/make.ts',
  '--rows',
  `${HOUSEHOLDS}`,
  '--order',
  'shuffled',
  '--out',
  at('h.csv'),
)
run('dist/cli/main.js', 'assign', at('h.csv'), '-o', at('h.result.csv'), ...db)
const key = createKey('dist/cli/main.js', at('bench.db'), 'server')

const requests = requestsFor(drawRows(at('h.csv'), CONNECTIONS * EACH))

const started = performance.now()
// Every request counts in a quota, none passes it.
const env = { ...process.env, VPOSTCODE_PUBLIC_PER_MINUTE: '999999' }
const { url, child: server } = await startService('dist/cli/main.js', at('bench.db'), { env })
const readyMilliseconds = Math.round(performance.now() - started)

const to = { url, key, connections: CONNECTIONS }
const pids = processesOf(server.pid!)
const rates: Record<string, number[]> = Object.fromEntries(KINDS.map((kind) => [kind, []]))
// Until the compiler has done its work; by number, for a busy machine gets through few of them in a second.
for (const kind of KINDS) await load({ ...to, requests: requests[kind], amount: WARM })
for (let round = 0; round < ROUNDS; round++)
  for (const kind of KINDS) {
    const { requests: sent } = await load({ ...to, requests: requests[kind], duration: SECONDS })
    rates[kind]!.push(sent.average)
  }
const cpu: Record<string, number> = {}
const times: Record<string, PacedTimes> = {}
for (const kind of KINDS) {
  const before = processorSeconds(pids)
  const perSecond = Math.round(Math.max(...rates[kind]!) * 0.7)
  const pace = { perSecond, connections: 2 * CONNECTIONS, goesOn: (seconds: number) => seconds < SECONDS }
  times[kind] = await paced(url, requests[kind], { 'x-api-key': key }, pace)
  cpu[kind] = Math.round(((processorSeconds(pids) - before) * 1e6) / times[kind].sent)
}
const processes = pids.map(memoryOf)
server.kill('SIGTERM')

const floor = median(rates['ping']!)
const figures = Object.fromEntries(
  Object.entries(rates).map(([kind, list]) => [
    kind,
    {
      perSecond: Math.round(median(list)),
      ratio: Math.round((median(list) / floor) * 1000) / 1000,
      processorMicroseconds: cpu[kind]!,
      processorRatio: Math.round((cpu['ping']! / cpu[kind]!) * 1000) / 1000,
      p99Milliseconds: times[kind]!.p99,
      p50Milliseconds: times[kind]!.p50,
    },
  ]),
)
const megabytes = Math.max(...processes.map(({ peak }) => peak))
console.log(
  JSON.stringify(
    {
      bench: 'http',
      households: HOUSEHOLDS,
      cores: availableParallelism(),
      connections: CONNECTIONS,
      loadBefore: Math.round(loadBefore * 100) / 100,
      readyMilliseconds,
      megabytes: processes,
      figures,
      floors: FLOOR,
      aims: AIM,
      met:
        Object.values(figures).every(({ ratio }) => ratio >= FLOOR.ratio) &&
        readyMilliseconds <= FLOOR.readyMilliseconds &&
        megabytes <= FLOOR.megabytes,
    },
    null,
    2,
  ),
)

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')}: ${stderr}`)
  return stdout
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
