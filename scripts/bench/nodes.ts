// A registry on a primary and a streaming replica, three nodes that answer, three workers: one file loaded while a worker and a
// node are killed and the primary is restarted; what is lost or doubled then. Before that the rate with 1, 2 and 3 workers,
// beside SQLite's and plain COPY's of the same rows in the same run, what a household takes of disk and log, and what a node that
// answers costs with its database (docs/scale.md reckons with it). Clusters and processes are of this machine.
// Usage: node scripts/build.mjs && npx tsx scripts/bench/nodes.ts [rows = 20000] [most workers of the rates = 3; 0 = no rates]
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { queueFile } from '../../src/bulk/openFile.ts'
import { cutFile } from '../../src/bulk/parts.ts'
import { load } from '../../src/gazetteer/load.ts'
import { openWriter } from '../../src/store/postgres/open.ts'
import { HOUSEHOLD_COLUMNS } from '../../src/store/shared/codec.ts'
import { freePort, startPair } from './cluster.ts'
import { processesOf, processorSeconds } from './processes.ts'
import { measureRates } from './rates.ts'
import { drawRows, requestsFor } from './requests.ts'
import { createKey, startService } from './service.ts'

const [ROWS = 20_000, WORKERS = 3] = process.argv.slice(2).map(Number)
const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-nodes-'))
const file = join(folder, 'households.csv')
const pair = await startPair()
const children = new Set<ChildProcess>()

function start(args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { ...process.env, VPOSTCODE_LOG: 'warn', VPOSTCODE_PROCESSES: '1', ...env },
    stdio: ['ignore', 'ignore', process.env['BENCH_SAYS'] ? 'inherit' : 'ignore'],
  })
  children.add(child)
  return child
}
function vpostcode(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0 && status !== 1) throw new Error(`${args[0]}: ${stderr}`)
  return stdout
}
async function asking<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(pair.primary.url(database))
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
const ended = (child: ChildProcess) =>
  new Promise<void>((resolve) =>
    (child.exitCode ?? child.signalCode) === null ? child.once('close', () => resolve()) : resolve(),
  )
async function until(what: string, check: () => Promise<boolean>, seconds = 900): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await setTimeout(100)) {
    if (await check().catch(() => false)) return
  }
  throw new Error(`${what}: not within ${seconds} s`)
}
const newDatabase = (name: string) => asking('postgres', (client) => client.query(`CREATE DATABASE ${name}`))
const perSecond = (seconds: number) => Math.round(ROWS / seconds)

/**
 * Rows a second with so many workers, from when the parts stand in the database; of a row the bytes that it writes to the log, and
 * the microseconds of processor time of the workers and of the database.
 */
async function rateWith(workers: number) {
  const name = `rate${workers}`
  await newDatabase(name)
  const db = pair.primary.url(name)
  const store = await openWriter(db)
  try {
    const own = Array.from({ length: workers }, () => start(['work', '--db', db], {}))
    // They have loaded what they need, and look for work.
    await until('workers', () =>
      asking(name, async (client) => {
        const { rows } = await client.query(
          "SELECT count(*)::integer AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'vpostcode-work'",
        )
        return rows[0].n >= workers
      }),
    )
    const options = {
      ...{
        input: file,
        output: join(folder, `${name}.csv`),
        map: [],
        list: 'bench',
        threads: 0,
        gazetteer: load(),
      },
      ...{
        engineVersion: '1',
        actor: 'bench',
        jobs: store,
        onStart() {},
        onProgress() {},
        stop: () => false,
      },
    }
    const job = await queueFile('assign', options)
    await cutFile(job.id, 'assign', options, store)
    const postmaster = await postmasterOf(name)
    const spent = () => [own.map(({ pid }) => pid!), processesOf(postmaster)].map(processorSeconds)
    const [logged, before] = [await written(name), spent()]
    const begun = performance.now()
    await until('job', async () => (await store.job(job.id))!.state === 'done', 7_200)
    const seconds = (performance.now() - begun) / 1000
    const logBytes = Math.round(((await written(name)) - logged) / ROWS)
    const [ofWorkers, ofDatabase] = spent().map((after, i) => Math.round(((after - before[i]!) * 1e6) / ROWS))
    for (const child of own) child.kill('SIGTERM')
    await Promise.all(own.map(ended))
    return {
      rowsPerSecond: perSecond(seconds),
      logBytes,
      microseconds: { workers: ofWorkers, database: ofDatabase },
    }
  } finally {
    await store.close()
  }
}

/** The process of which those of the primary are children. */
const postmasterOf = (name: string) =>
  asking(name, async (client) => {
    const data = pairFolder(await client.query('SHOW data_directory'))
    return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
  })

/** Bytes of the primary's log so far. */
const written = (name: string) =>
  asking(name, async (client) =>
    Number((await client.query("SELECT pg_current_wal_lsn() - '0/0' AS bytes")).rows[0].bytes),
  )

/** A node over a loaded database: requests a second, and microseconds of processor time of the node and of the database. */
async function serving(name: string) {
  const db = pair.primary.url(name)
  const postmaster = await postmasterOf(name)
  const loaded = await asking(name, async (client) => {
    const ask = async (text: string) => (await client.query({ text, rowMode: 'array' })).rows
    const [[bytes, households] = []] = await ask(
      'SELECT pg_database_size(current_database()), (SELECT count(*) FROM directory)',
    )
    const ns = (await ask('SELECT n FROM directory ORDER BY random() LIMIT 8000')).map(([n]) => Number(n))
    return { ns, bytes: Math.round(bytes / households) }
  })
  const store = await openWriter(db)
  const codes = (await store.households(loaded.ns)).flatMap(({ vpostcode }) =>
    vpostcode ? { path: `/v1/vpostcodes/${vpostcode}` } : [],
  )
  await store.close()
  const { ping, search, reverse, autocomplete } = requestsFor(drawRows(file, 8_000))
  const key = createKey(MAIN, db, 'server')
  const { url, child } = await startService(MAIN, db, { env: process.env })
  const groups = [child.pid!, postmaster].map((pid) => () => processesOf(pid))
  const { perSecond, processorMicroseconds } = await measureRates(
    { url, key, connections: 16 },
    { ping, forward: search, reverse, resolve: codes, autocomplete },
    groups,
    { rounds: 3, seconds: 4 },
  )
  const connections = await asking(name, async (client) =>
    Number(
      (await client.query('SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()'))
        .rows[0].n,
    ),
  )
  child.kill('SIGTERM')
  await ended(child)
  const [node, database] = processorMicroseconds
  return { bytesOfHousehold: loaded.bytes, perSecond, microseconds: { node, database }, connections }
}

/** The households of a database once more into a table without indexes. */
const copyRate = (name: string) =>
  asking(name, async (client) => {
    const columns = HOUSEHOLD_COLUMNS.join(', ')
    const path = join(pairFolder(await client.query('SHOW data_directory')), 'copied')
    await client.query(`COPY (SELECT ${columns} FROM households) TO '${path}'`)
    await client.query(`CREATE TABLE copied AS SELECT ${columns} FROM households WHERE false`)
    const begun = performance.now()
    const { rowCount } = await client.query(`COPY copied (${columns}) FROM '${path}'`)
    return Math.round((rowCount ?? 0) / ((performance.now() - begun) / 1000))
  })
const pairFolder = ({ rows }: pg.QueryResult) => rows[0].data_directory as string

/** What is lost, doubled or out of order in a database. */
const faults = (name: string) =>
  asking(name, async (client) => {
    const one = async (text: string) => Number((await client.query({ text, rowMode: 'array' })).rows[0]![0])
    return {
      households: await one('SELECT count(*) FROM households'),
      inserts: await one('SELECT count(*) FROM events WHERE kind = 0'),
      insertedTwice: await one(
        'SELECT count(*) FROM (SELECT n FROM events WHERE kind = 0 GROUP BY n HAVING count(*) > 1) a',
      ),
      provincesWithGaps: await one(
        'SELECT count(*) FROM (SELECT province FROM events GROUP BY province HAVING max(number) <> count(*) OR min(number) <> 1) a',
      ),
      sameKeyTwice: await one(
        `SELECT count(*) FROM (SELECT key FROM households WHERE review IS NULL AND parts ->> 'h' IS NOT NULL
         GROUP BY key HAVING count(*) > 1) a`,
      ),
      partsUndone: await one('SELECT count(*) FROM job_parts WHERE NOT done'),
    }
  })

/** The load with everything that goes wrong in it. */
async function troubled() {
  await newDatabase('nodes')
  const db = pair.primary.url('nodes')
  const key = createKey(MAIN, db, 'staff')
  await until('replica', async () => {
    const client = new pg.Client(pair.replica.url('nodes'))
    await client.connect()
    try {
      return (await client.query('SELECT 1 FROM keys')).rowCount === 1
    } finally {
      await client.end()
    }
  })
  const ports = [await freePort(), await freePort(), await freePort()]
  const nodes = ports.map((port, i) =>
    start(['serve'], {
      PORT: String(port),
      VPOSTCODE_STORE: db,
      VPOSTCODE_STORE_READ: pair.replica.url('nodes'),
      VPOSTCODE_UPLOADS: join(folder, `uploads${i}`),
    }),
  )
  const workers = [1, 2, 3].map(() => start(['work', '--db', db], {}))
  const ask = (node: number, path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${ports[node]}${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${key}`, Connection: 'close' },
      signal: AbortSignal.timeout(15_000),
    })
  for (const node of [0, 1, 2]) await until(`node ${node}`, async () => (await ask(node, '/readyz')).ok)
  const form = new FormData()
  form.set('kind', 'assign')
  form.set('file', new Blob([readFileSync(file)]), 'households.csv')
  const begun = performance.now()
  const posted = await ask(0, '/v1/jobs', { method: 'POST', body: form })
  if (posted.status !== 202) throw new Error(`upload: ${posted.status} ${await posted.text()}`)
  const { id } = (await posted.json()) as { id: number }
  const job = async () =>
    (await (await ask(1, `/v1/jobs/${id}`)).json()) as {
      rows: number
      state: string
      counts: Record<string, number>
      error: string | null
    }
  const reach = (share: number) =>
    until(`${share} of the rows`, async () => (await job()).rows >= ROWS * share, 7_200)
  await reach(0.2)
  workers[0]!.kill('SIGKILL')
  await reach(0.4)
  nodes[2]!.kill('SIGKILL')
  await reach(0.6)
  // A code that is known by now, asked for while the primary is away.
  const [code] = (
    await asking('nodes', (client) =>
      client.query('SELECT min(n) AS n FROM households WHERE code IS NOT NULL'),
    )
  ).rows
  const known = await asking('nodes', async () => {
    const store = await openWriter(db)
    try {
      return (await store.households([Number(code.n)]))[0]!.vpostcode
    } finally {
      await store.close()
    }
  })
  const away = { reads: 0, readsAnswered: 0, notReady: 0, ready: 0 }
  let restarting = true
  const restart = pair.primary.restart(3).finally(() => {
    restarting = false
  })
  while (restarting) {
    const [read, ready] = await Promise.all([ask(1, `/v1/vpostcodes/${known}`), ask(1, '/readyz')])
    const found = read.ok && ((await read.json()) as { status?: string }).status === 'current'
    away.reads++
    if (found) away.readsAnswered++
    if (ready.status === 503 && ready.headers.has('retry-after')) away.notReady++
    else away.ready++
    await setTimeout(200)
  }
  await restart
  await until('job', async () => ['done', 'failed', 'cancelled'].includes((await job()).state), 7_200)
  const seconds = (performance.now() - begun) / 1000
  const last = await job()
  const result = await (await ask(1, `/v1/jobs/${id}/result`)).text()
  await until('ready again', async () => (await ask(1, '/readyz')).ok, 30)
  const resultRows = result.trimEnd().split('\n').length - 1
  return {
    ...last,
    links: undefined,
    seconds: Math.round(seconds * 10) / 10,
    rowsPerSecond: perSecond(seconds),
    resultRows,
    away,
    ...(await faults('nodes')),
  }
}

try {
  const made = spawnSync(
    process.execPath,
    [
      '--import',
      'tsx',
      new URL('../households/make.ts', import.meta.url).pathname,
      '--rows',
      String(ROWS),
      '--out',
      file,
    ],
    { cwd: new URL('../..', import.meta.url).pathname, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(made.stderr)
  let rates: unknown = null
  let served: unknown = null
  const begun = performance.now()
  vpostcode('assign', file, '--db', join(folder, 'one.db'), '--threads', '0')
  const sqlite = perSecond((performance.now() - begun) / 1000)
  const expected = Number(/: (\d+) households/.exec(vpostcode('status', '--db', join(folder, 'one.db')))![1])
  if (WORKERS > 0) {
    const workers: Record<number, object> = {}
    for (let n = 1; n <= WORKERS; n++) workers[n] = await rateWith(n)
    rates = { sqlite, workers, copy: await copyRate('rate1') }
    served = await serving('rate1')
  }
  const load = await troubled()
  const {
    state,
    rows,
    resultRows,
    households,
    inserts,
    insertedTwice,
    provincesWithGaps,
    partsUndone,
    sameKeyTwice,
    away,
  } = load
  const right =
    state === 'done' &&
    rows === ROWS &&
    resultRows === ROWS &&
    households === expected &&
    inserts === households &&
    insertedTwice + provincesWithGaps + partsUndone + sameKeyTwice === 0 &&
    away.readsAnswered === away.reads
  console.log(
    JSON.stringify(
      {
        rows: ROWS,
        cores: cpus().length,
        rowsPerSecond: rates,
        served,
        troubled: { ...load, expectedHouseholds: expected },
        nothingLostOrDoubled: right,
      },
      null,
      2,
    ),
  )
  if (!right) process.exitCode = 1
} finally {
  for (const child of children) child.kill('SIGKILL')
  await Promise.all([...children].map(ended))
  await pair.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exit()
