// How long checkouts wait while a load runs, beside at rest, in alternation: the real service (dist, all its processes), a new
// database, made-up households; requests come in a steady stream and are measured from when they were due. The floor is
// the ratio of the medians of p99: at most 3.
// Usage: npx tsx scripts/bench/jobTraffic.ts [rows = 300000] [seconds a round = 8] [rounds = 5] [requests a second = 100]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { cellsOf } from '../../src/bulk/cells.ts'
import { createKey, startService } from './service.ts'
import { measureTraffic } from './traffic.ts'

const [ROWS, SECONDS, ROUNDS, PER_SECOND] = [300_000, 8, 5, 100].map((usual, i) =>
  Number(process.argv[i + 2] ?? usual),
) as [number, number, number, number]
const MOST = 3

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'h.csv')
const loadBefore = loadavg()[0]!
run('scripts/build.mjs')
run('--import', 'tsx', 'scripts/households/make.ts', '--rows', `${ROWS}`, '--order', 'commune', '--out', path)
const text = readFileSync(path, 'utf8')
const [header, ...lines] = text.slice(0, 4_000_000).split('\n').slice(0, -1)
const column = cellsOf(header!, ',').indexOf('Địa chỉ')
const addresses = lines.slice(0, 5_000).map((line) =>
  cellsOf(line, ',')
    .slice(column, column + 4)
    .join(', '),
)

const main = 'dist/cli/main.js'
const figures: Record<string, object> = {}
for (const route of ['/v1/validate', '/v1/search'] as const)
  for (const kind of ['assign', 'geocode'] as const) {
    const db = join(folder, `${kind}${route.length}.db`)
    const key = createKey(main, db, 'staff')
    const { url, child } = await startService(main, db, {
      env: { ...process.env, VPOSTCODE_LOG: 'error' },
    })
    const common = { url, key, kind, route, file: new Blob([text]), addresses }
    figures[`${route} during ${kind}`] = await measureTraffic({
      ...common,
      rounds: ROUNDS,
      seconds: SECONDS,
      perSecond: PER_SECOND,
    })
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('close', resolve))
  }
console.log(
  JSON.stringify(
    {
      bench: 'jobTraffic',
      rows: ROWS,
      perSecond: PER_SECOND,
      cores: availableParallelism(),
      loadBefore: Math.round(loadBefore * 100) / 100,
      figures,
      floors: { p99Ratio: MOST },
      met: Object.values(figures as Record<string, { ratio: { p99: number } }>).every(
        ({ ratio }) => ratio.p99 <= MOST,
      ),
    },
    null,
    2,
  ),
)

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1e8 })
  if (status !== 0) throw new Error(stderr)
  return stdout
}
