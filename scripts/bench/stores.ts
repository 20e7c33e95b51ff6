// Rows a second that both stores take in, durable, chunk by chunk, beside plain COPY of the same households; and
// what questions cost on both. A PostgreSQL server is started in a temporary folder (postgresql-15-postgis-3).
// Usage: npx tsx scripts/bench/stores.ts [rows = 100000] [rows a chunk = 2000]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { scaleAt } from '../../src/geo/flatEarth.ts'
import type { AssignRow } from '../../src/registry/assign.ts'
import { openAssignRun } from '../../src/registry/assignRun.ts'
import type { StoreWriter } from '../../src/registry/store.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import { copyRows } from '../../src/store/postgres/copy.ts'
import * as postgres from '../../src/store/postgres/open.ts'
import { encodeHousehold, HOUSEHOLD_COLUMNS } from '../../src/store/shared/codec.ts'
import * as sqlite from '../../src/store/sqlite/open.ts'
import { startServer } from '../../test/store/postgresServer.ts'
import { drafts, randomFrom } from './drafts.ts'

const [ROWS = 100_000, CHUNK = 2_000] = process.argv.slice(2).map(Number)
const PROVINCES = ['01', '79', '48', '92', '31', '66', '91', '22']
const random = randomFrom(20_250_701)
const rows: AssignRow[] = []
for (const draft of drafts(ROWS, random)) {
  const provinceCode = PROVINCES[Math.floor(Number(draft.communeCode) / 3) % PROVINCES.length]!
  rows.push({ draft: { ...draft, provinceCode }, row: rows.length + 1 })
}

async function load(store: StoreWriter, part: readonly AssignRow[], fingerprint: string): Promise<number[]> {
  const job = await store.createJob({
    ...{ kind: 'assign', owner: 'tester', input: 'bench', output: 'bench', list: 'bench', options: {} },
    ...{ fingerprint, engineVersion: '1', dataVersion: '1', startedAt: Date.now() },
  })
  const run = await openAssignRun(store, job, { actor: 'bench' })
  const times: number[] = []
  for (let from = 0; from < part.length; from += CHUNK) {
    const chunk = part.slice(from, from + CHUNK)
    const begun = performance.now()
    const report = { firstRow: from + 1, rows: chunk.length, outBytes: 0, counts: {} }
    await run.commit(chunk, () => report)
    times.push(performance.now() - begun)
  }
  await store.finishJob(job.id, 'done', Date.now())
  return times.sort((a, b) => a - b)
}

async function loading(store: StoreWriter, fingerprint: string) {
  const started = performance.now()
  const times = await load(store, rows, fingerprint)
  const seconds = (performance.now() - started) / 1000
  return {
    rowsPerSecond: Math.round(ROWS / seconds),
    chunkMs: { median: round(times[times.length >> 1]!), max: round(times.at(-1)!) },
  }
}
const round = (value: number) => Math.round(value * 10) / 10

/** Microseconds of a question in the middle. */
async function asking(store: StoreWriter) {
  const count = await store.count()
  const some = await store.households(Array.from({ length: 500 }, () => 1 + Math.floor(random() * count)))
  const median = async (work: (i: number) => Promise<unknown>) => {
    const times: number[] = []
    for (let i = 0; i < some.length; i++) {
      const begun = performance.now()
      await work(i)
      times.push(performance.now() - begun)
    }
    return Math.round(times.sort((a, b) => a - b)[times.length >> 1]! * 1000)
  }
  const coded = some.filter(({ point }) => point)
  return {
    household: await median((i) => store.households([some[i]!.n])),
    history: await median((i) => store.history(some[i]!.n)),
    atCode: await median((i) => store.atCode(coded[i % coded.length]!.vpostcode!, 10)),
    sameCore: await median((i) => store.sameCore(some[i]!.key, 22, 10)),
    nearest5: await median((i) => {
      const { lat, lon } = coded[i % coded.length]!.point!
      return store.nearest({ lat, lon: lon + 0.0001, scale: scaleAt(lat), metres: 500, limit: 5 })
    }),
    hundredHouseholds: await median((i) =>
      store.households(Array.from({ length: 100 }, (_, j) => 1 + ((i * 977 + j) % count))),
    ),
  }
}

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-stores-'))
const server = await startServer({ durable: true })
try {
  const lite = sqlite.openWriter(join(folder, 'registry.db'))
  const url = await server.newRegistry()
  const store = await postgres.openWriter(url)
  const result: Record<string, unknown> = { rows: ROWS, chunk: CHUNK }
  result.sqlite = { ...(await loading(lite, 'first')), again: await loading(lite, 'again') }
  result.postgres = { ...(await loading(store, 'first')), again: await loading(store, 'again') }

  // The floor: the same households into one bare table, one durable COPY a chunk.
  const households = await store.households(Array.from({ length: await store.count() }, (_, i) => i + 1))
  const client = new pg.Client(url)
  await client.connect()
  await client.query('CREATE TABLE plain AS SELECT * FROM households WITH NO DATA')
  const begun = performance.now()
  for (let from = 0; from < households.length; from += CHUNK)
    await copyRows(
      client,
      'plain',
      HOUSEHOLD_COLUMNS,
      households.slice(from, from + CHUNK).map((one) => encodeHousehold(one, () => 1, lineOf(one))),
    )
  const seconds = (performance.now() - begun) / 1000
  result.plainCopy = { rowsPerSecond: Math.round(households.length / seconds) }
  await client.query('DROP TABLE plain')
  await client.query('ANALYZE')
  await client.end()
  result.questionsMicroseconds = { sqlite: await asking(lite), postgres: await asking(store) }
  await lite.close()
  await store.close()
  console.log(JSON.stringify(result, null, 2))
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
