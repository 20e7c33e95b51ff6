// Requests a second of the real server (dist, all its processes) beside its own no-op, GET /v1/ping, which passes the same
// middleware and processes: a new database with made-up households, and their addresses and points in a seeded order. The
// load maker shares the cores. The kinds run in alternation, median of the rounds; the times are those at 70 % of the best
// rate, evenly paced.
// Usage: npx tsx scripts/bench/http.ts [households = 100000] [seconds a run = 4] [rounds = 5] [connections = 32]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon, { type Client, type Request, type Result } from 'autocannon'
import { cellsOf } from '../../src/bulk/cells.ts'
import { routes } from '../../src/http/routes/index.ts'
import { drawsFor } from '../households/random.ts'
import { type PacedRequest, type PacedTimes, paced } from './paced.ts'
import { startService } from './service.ts'

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
const perMinute = ['--per-minute', '10000000']
const key = run(
  'dist/cli/main.js',
  'keys',
  'create',
  '--role',
  'server',
  '--name',
  'bench',
  ...perMinute,
  ...db,
).trim()

/** Rows of the file by their header. */
const [header, ...lines] = readFileSync(at('h.csv'), 'utf8').trimEnd().split('\n')
const names = cellsOf(header!, ',')
const draws = drawsFor(2025, 1)
const degrees = (text: string) => Number(text.replace(',', '.'))
const places = lines.flatMap((line) => {
  const cells = cellsOf(line, ',')
  const cell = (name: string) => cells[names.indexOf(name)] ?? ''
  const text = ['Địa chỉ', 'Phường/Xã', 'Quận/Huyện', 'Tỉnh/TP'].map(cell).filter((part) => part !== '')
  const [lat, lon] = [degrees(cell('Vĩ độ')), degrees(cell('Kinh độ'))]
  // Some rows are broken on purpose.
  return lat > 8 && lat < 24 && lon > 102 && lon < 118 ? [{ address: text.join(', '), lat, lon }] : []
})
const rows = Array.from({ length: CONNECTIONS * EACH }, () => draws.pick(places))
/** A walker's step away, so that few points are those of a household. */
const near = (degrees: number) => (degrees + (draws.next() - 0.5) * 0.002).toFixed(6)
const query = (values: Record<string, string>) => new URLSearchParams(values).toString()
const JSON_BODY = { 'content-type': 'application/json' }
const search = (q: string, more = {}) => ({ path: `/v1/search?${query({ q, ...more })}` })
const kinds: Record<string, (row: (typeof rows)[number]) => PacedRequest> = {
  ping: () => ({ path: '/v1/ping' }),
  reverse: ({ lat, lon }) => ({ path: `/v1/reverse?${query({ lat: near(lat), lon: near(lon) })}` }),
  validate: ({ address }) => ({
    path: '/v1/validate',
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify({ address }),
  }),
  ...(routes.some(({ path }) => path === '/v1/search')
    ? {
        search: ({ address }) => search(address),
        // As far as somebody has typed.
        autocomplete: ({ address }) => search(address.slice(0, 4 + draws.below(20)), { autocomplete: '1' }),
      }
    : {}),
}
const requests = Object.fromEntries(Object.entries(kinds).map(([kind, of]) => [kind, rows.map(of)]))

const started = performance.now()
// Every request counts in a quota, none passes it.
const env = { ...process.env, VPOSTCODE_PUBLIC_PER_MINUTE: '999999' }
const { url, child: server } = await startService('dist/cli/main.js', at('bench.db'), { env })
const readyMilliseconds = Math.round(performance.now() - started)

const rates: Record<string, number[]> = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]))
// Until the compiler has done its work; by number, for a busy machine gets through few of them in a second.
for (const kind of Object.keys(kinds)) await load(kind, 0, WARM)
for (let round = 0; round < ROUNDS; round++)
  for (const kind of Object.keys(kinds)) rates[kind]!.push((await load(kind, SECONDS)).requests.average)
const cpu: Record<string, number> = {}
const times: Record<string, PacedTimes> = {}
for (const kind of Object.keys(kinds)) {
  const before = processorTime()
  const perSecond = Math.round(Math.max(...rates[kind]!) * 0.7)
  const pace = { perSecond, connections: 2 * CONNECTIONS, goesOn: (seconds: number) => seconds < SECONDS }
  times[kind] = await paced(url, requests[kind]!, { 'x-api-key': key }, pace)
  cpu[kind] = Math.round(((processorTime() - before) * 1e6) / times[kind].sent)
}
const processes = [server.pid!, ...childrenOf(server.pid!)].map(memoryOf)
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

/** One run of a kind, as fast as it goes. Throws when an answer was not a 200. */
async function load(kind: string, duration: number, amount?: number): Promise<Result> {
  let next = 0
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    ...(amount ? { amount } : { duration }),
    headers: { 'x-api-key': key },
    setupClient(client: Client) {
      const from = (next++ % CONNECTIONS) * EACH
      // Copies: it writes into what it is given.
      client.setRequests(structuredClone(requests[kind]!.slice(from, from + EACH)) as Request[])
    },
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${kind}: ${result.non2xx} answers were refusals, ${result.errors} failed`)
  return result
}

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')}: ${stderr}`)
  return stdout
}

function childrenOf(parent: number): number[] {
  return readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ').map(Number)
}

/** Seconds that all processes of the server have worked so far. */
function processorTime(): number {
  const ticks = [server.pid!, ...childrenOf(server.pid!)].map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return Number(fields[11]) + Number(fields[12])
  })
  // Linux counts in hundredths of a second.
  return ticks.reduce((sum, one) => sum + one) / 100
}

function memoryOf(pid: number): { process: string; now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)![1]) / 1024)
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  const script = command.find((word) => word.endsWith('.js'))!
  return { process: script.replace(/.*\//, ''), now: megabytes('VmRSS'), peak: megabytes('VmHWM') }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
