// Rows a second that the registry's writer takes in, durable, and bytes a household on disk.
// Usage: npx tsx scripts/bench/registry.ts [rows = 200000] [rows a chunk = 2000] [--shuffle]
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { AssignRow } from '../../src/registry/assign.ts'
import { openAssignRun } from '../../src/registry/assignRun.ts'
import type { Counts } from '../../src/registry/jobStore.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { drafts, randomFrom } from './drafts.ts'

const numbers = process.argv.slice(2).filter((argument) => /^\d+$/.test(argument))
const ROWS = Number(numbers[0] ?? 200_000)
const CHUNK = Number(numbers[1] ?? 2_000)
const SHUFFLE = process.argv.includes('--shuffle')
const random = randomFrom(20_250_701)
const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!

const rows: AssignRow[] = []
for (const draft of drafts(ROWS, random)) rows.push({ draft, row: rows.length + 1 })
if (SHUFFLE)
  for (let i = rows.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[rows[i], rows[j]] = [rows[j]!, rows[i]!]
  }

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-bench-'))
const path = join(folder, 'registry.db')
const store = openWriter(path)

async function load(fingerprint: string) {
  const job = await store.createJob({
    kind: 'assign',
    owner: 'tester',
    fingerprint,
    input: 'bench',
    output: 'bench',
    list: 'bench',
    options: {},
    engineVersion: '1',
    dataVersion: '1',
    startedAt: Date.now(),
  })
  const run = await openAssignRun(store, job, { actor: 'bench' })
  const counts: Counts = {}
  const times: number[] = []
  const started = performance.now()
  const cpu = process.cpuUsage()
  for (let from = 0; from < rows.length; from += CHUNK) {
    const chunk = rows.slice(from, from + CHUNK)
    const begun = performance.now()
    const outcomes = await run.commit(chunk, () => ({
      firstRow: from + 1,
      rows: chunk.length,
      outBytes: 0,
      counts: {},
    }))
    times.push(performance.now() - begun)
    for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1
  }
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  await store.finishJob(job.id, 'done', Date.now())
  times.sort((a, b) => a - b)
  return {
    rowsPerSecond: Math.round(rows.length / seconds),
    rowsPerCpuSecond: Math.round((rows.length / (user + system)) * 1e6),
    chunkMs: {
      median: round(times[times.length >> 1]!),
      p99: round(times[Math.floor(times.length * 0.99)]!),
      max: round(times.at(-1)!),
    },
    counts,
  }
}
const round = (value: number) => Math.round(value * 10) / 10

/** The floor: the same machine, file settings and chunks, but one bare insert of the text a row. */
function floor(): number {
  const db = new Database(join(folder, 'floor.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)')
  const insert = db.prepare('INSERT INTO t (text) VALUES (?)')
  const chunk = db.transaction((from: number) => {
    for (let i = from; i < Math.min(rows.length, from + CHUNK); i++) insert.run(rows[i]!.draft.text)
  })
  const started = performance.now()
  for (let from = 0; from < rows.length; from += CHUNK) chunk(from)
  const seconds = (performance.now() - started) / 1000
  db.close()
  return Math.round(rows.length / seconds)
}

async function lookUps() {
  const registry = openRegistry(store)
  const households = await store.count()
  const time = async (work: (n: number) => Promise<unknown>) => {
    const times: number[] = []
    for (let i = 0; i < 3000; i++) {
      const n = 1 + Math.floor(random() * households)
      const begun = performance.now()
      await work(n)
      times.push(performance.now() - begun)
    }
    times.sort((a, b) => a - b)
    return { p50: Math.round(times[1500]! * 1000), p99: Math.round(times[2970]! * 1000) }
  }
  const some = await store.households(
    Array.from({ length: 3000 }, () => 1 + Math.floor(random() * households)),
  )
  const coded = some.filter(({ point }) => point)
  const named = some.filter(({ parts }) => parts.houseNumber)
  return {
    byId: await time((n) => registry.household(registry.ids.idOf(n))),
    byCode: await time(() => registry.atCode(pick(coded).vpostcode!, 10)),
    byAddress: await time(() => registry.atAddress(pick(named), 10)),
    nearest5: await time(() => {
      const { point } = pick(coded)
      return registry.nearest(point!.lat + 0.0001, point!.lon + 0.0001, 1000, 5)
    }),
  }
}

const first = await load('first')
const second = await load('second')
const households = await store.count()
const lookUpMicroseconds = await lookUps()
await store.close()
const db = new Database(path)
db.pragma('wal_checkpoint(TRUNCATE)')
const bytes = statSync(path).size
const tables = Object.fromEntries(
  (
    db.prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name HAVING bytes > 100000').all() as {
      name: string
      bytes: number
    }[]
  ).map(({ name, bytes }) => [name, Math.round(bytes / households)]),
)
db.close()
const events = (tables['events'] ?? 0) + (tables['events_n'] ?? 0)
console.log(
  JSON.stringify(
    {
      rows: ROWS,
      chunk: CHUNK,
      order: SHUFFLE ? 'shuffled' : 'commune',
      households,
      first,
      second,
      floorRowsPerSecond: floor(),
      lookUpMicroseconds,
      bytesPerHousehold: Math.round(bytes / households),
      bytesPerHouseholdWithoutEvents: Math.round(bytes / households - events),
      bytesByTable: tables,
      rssMb: Math.round(process.memoryUsage().rss / 2 ** 20),
    },
    null,
    2,
  ),
)
rmSync(folder, { recursive: true, force: true })
