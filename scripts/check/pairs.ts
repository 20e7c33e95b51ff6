/**
 * The whole path on real addresses: the labelled pairs through `assign` (former texts, then current texts, each on a new
 * database), then every code through the running server. Prints one JSON object; exit 1 when something does not hold.
 *
 *     npm run check-pairs
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { cellsOf } from '../../src/bulk/cells.ts'
import { load } from '../../src/gazetteer/load.ts'
import { scaleAt } from '../../src/geo/flatEarth.ts'

const CASES = join(process.env['VPOSTCODE_SHARED'] ?? '../shared', 'data/cases/old-new-pairs.csv')
const PORT = 8971
const COMMAND = 'dist/cli/main.js'
/** Half the diagonal of a cell is 2.2 m. */
const WITHIN_METRES = 3
const gazetteer = load()

type Row = Record<string, string>
function readCsv(file: string): Row[] {
  const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  const names = cellsOf(header!, ',')
  return lines.map((line) => {
    const cells = cellsOf(line, ',')
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
  })
}

async function check(column: string, given: readonly Row[]) {
  const folder = mkdtempSync(join(tmpdir(), 'vpostcode-pairs-'))
  const db = join(folder, 'pairs.db')
  const out = join(folder, 'out.csv')
  const assigned = spawnSync(
    process.execPath,
    [COMMAND, 'assign', CASES, '-o', out, '--db', db, '--map', `${column}=address`],
    { encoding: 'utf8' },
  )
  if (assigned.status !== 0 && assigned.status !== 1) throw new Error(assigned.stderr)
  const rows = readCsv(out)
  const inOrder = rows.length === given.length && rows.every((row, i) => row['id'] === given[i]!['id'])
  const statuses: Record<string, number> = {}
  for (const { status } of rows) statuses[status!] = (statuses[status!] ?? 0) + 1
  const counted = Object.values(statuses).reduce((sum, count) => sum + count, 0)
  const communeRight = rows.filter((row) => row['commune_code'] === row['new_ward_code']).length
  const pointRight = rows.filter(
    (row) =>
      gazetteer.communes[gazetteer.boundaries.communeAt(Number(row['lat']), Number(row['lon']))]?.code ===
      row['new_ward_code'],
  ).length

  const server = spawn(process.execPath, [COMMAND, 'serve', '--db', db], {
    // Thousands of codes are asked from one address.
    env: { ...process.env, PORT: String(PORT), VPOSTCODE_PUBLIC_PER_MINUTE: '0' },
    stdio: 'ignore',
  })
  let resolved = 0
  let worst = 0
  const wrong: string[] = []
  const pointOf = new Map<string, Point>()
  try {
    await ready()
    for (const row of rows) {
      const code = row['vpostcode']!
      if (!code) continue
      const point = { lat: Number(row['lat']), lon: Number(row['lon']) }
      // A duplicate row stands at the point of its household: that of the first row.
      const id = row['household_id']!
      if (!pointOf.has(id)) pointOf.set(id, point)
      const response = await fetch(`http://127.0.0.1:${PORT}/v1/vpostcodes/${code}`)
      const answer = (await response.json()) as { status: string; lat: number; lon: number }
      const metres = metresBetween(pointOf.get(id)!, answer)
      worst = Math.max(worst, metres)
      if (response.status !== 200 || answer.status !== 'current' || metres > WITHIN_METRES)
        wrong.push(`${row['id']}: ${code} ${answer.status} ${metres.toFixed(1)} m`)
      resolved++
    }
  } finally {
    server.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  const percent = (count: number) => Math.round((100_000 * count) / rows.length) / 1000
  return {
    rows: rows.length,
    inOrder,
    statuses,
    countsAddUp: counted === given.length,
    communePercent: percent(communeRight),
    communeOfPointPercent: percent(pointRight),
    codesResolved: resolved,
    worstMetres: Math.round(worst * 100) / 100,
    wrong,
  }
}

interface Point {
  lat: number
  lon: number
}
function metresBetween(a: Point, b: Point): number {
  const { x, y } = scaleAt(a.lat)
  return 1e6 * Math.hypot((b.lon - a.lon) * x, (b.lat - a.lat) * y)
}

async function ready(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`http://127.0.0.1:${PORT}/healthz`).catch(() => null)
    if (answer?.ok) return
    await wait(100)
  }
  throw new Error('the server does not answer')
}

const given = readCsv(CASES)
const report: Record<string, Awaited<ReturnType<typeof check>>> = {}
for (const column of ['old_address', 'new_address']) report[column] = await check(column, given)
console.log(JSON.stringify(report, null, 2))
const holds = Object.values(report).every(
  ({ inOrder, countsAddUp, codesResolved, wrong }) =>
    inOrder && countsAddUp && codesResolved > 0 && wrong.length === 0,
)
process.exitCode = holds ? 0 : 1
