import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { startService } from '../../scripts/bench/service.ts'
import { serveJobs } from '../../src/cli/jobServer.ts'
import { openJobs, openReader } from '../../src/cli/store.ts'
import type { JobView } from '../../src/http/jobs/view.ts'
import { COMMAND, folder, vpostcode } from './command.ts'
import { manyHouseholds, sizeOf, traceOf } from './many.ts'

const at = (name: string) => join(folder, name)

interface Server {
  child: ChildProcess
  call(path: string, options?: RequestInit): Promise<Response>
  stop(signal?: NodeJS.Signals): Promise<void>
}
const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

async function serve(db: string, key: string): Promise<Server> {
  const { url, child } = await startService(COMMAND, db, {
    cwd: folder,
    env: { PATH: process.env['PATH'], VPOSTCODE_LOG: 'silent', VPOSTCODE_PROCESSES: '1' },
  })
  running.add(child)
  const closed = once(child, 'close').then(() => running.delete(child))
  return {
    child,
    call: (path, options = {}) => fetch(url + path, { ...options, headers: { 'X-Api-Key': key } }),
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      await closed
    },
  }
}

const newKey = (db: string, name: string, scope = 'all') =>
  vpostcode(['keys', 'create', '--db', db, '--role', 'staff', '--name', name, '--scope', scope]).stdout.trim()

async function send({ call }: Server, text: string, fields: Record<string, string>): Promise<number> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  body.append('file', new Blob([text]), 'many.csv')
  const answer = await call('/v1/jobs', { method: 'POST', body })
  expect(answer.status).toBe(202)
  return ((await answer.json()) as JobView).id
}

async function ended({ call }: Server, id: number): Promise<JobView> {
  for (;;) {
    const job = (await (await call(`/v1/jobs/${id}`)).json()) as JobView
    if (['done', 'failed', 'cancelled'].includes(job.state)) return job
    await setTimeout(200)
  }
}

/** A row of the list of jobs as the database has it. */
function rowOf(db: string, id: number): { pid: number; output: string; rows_done: number; state: string } {
  const file = new Database(at(db), { readonly: true })
  const row = file.prepare('SELECT pid, output, rows_done, state FROM jobs WHERE id = ?').get(id)
  file.close()
  return row as ReturnType<typeof rowOf>
}

async function untilRows(db: string, id: number, more: number): Promise<number> {
  const { rows_done: before } = rowOf(db, id)
  for (;;) {
    const { pid, rows_done, state } = rowOf(db, id)
    if (state === 'running' && rows_done >= before + more) return pid
    await setTimeout(10)
  }
}

test('an uploaded load survives kill -9 of its process, SIGTERM and kill -9 of the server: registry and result equal those of the command', {
  timeout: 400_000,
}, async () => {
  const key = newKey('upload.db', userInfo().username)
  const text = manyHouseholds(16_000)
  let server = await serve('upload.db', key)
  const id = await send(server, text, { kind: 'assign' })
  process.kill(await untilRows('upload.db', id, 2_000), 'SIGKILL')
  // The server itself has not noticed, and starts it again.
  await untilRows('upload.db', id, 2_000)
  await server.stop()
  expect(rowOf('upload.db', id).state).toBe('queued')
  server = await serve('upload.db', key)
  await untilRows('upload.db', id, 2_000)
  await server.stop('SIGKILL')
  server = await serve('upload.db', key)
  expect(await ended(server, id)).toMatchObject({ state: 'done', rows: 16_000, percent: 100 })
  const { output } = rowOf('upload.db', id)
  const result = await (await server.call(`/v1/jobs/${id}/result`)).text()
  expect(result.split('\n').length).toBe(16_002)
  await server.stop()

  writeFileSync(at('many.csv'), text)
  expect(vpostcode(['assign', 'many.csv', '--db', 'command.db']).status).toBe(1)
  copyFileSync(output, at('uploaded.csv'))
  expect(await traceOf('upload.db', 'uploaded.csv')).toEqual(
    await traceOf('command.db', 'many.csv.result.csv'),
  )
})

test('every kind of job is done, within the communes of the key, and taken back', {
  timeout: 200_000,
}, async () => {
  const key = newKey('kinds.db', 'office of Ha Noi', '01')
  const server = await serve('kinds.db', key)
  const text = manyHouseholds(1_000)
  const counts: Record<string, JobView['counts']> = {}
  for (const kind of ['geocode', 'assign', 'reverse', 'convert']) {
    const id = await send(server, text, { kind, format: kind === 'convert' ? 'ndjson' : 'csv' })
    const job = await ended(server, id)
    expect([kind, job.state, job.rows, job.error]).toEqual([kind, 'done', 1_000, null])
    counts[kind] = job.counts
    const result = await server.call(job.links.result!)
    expect((await result.text()).trimEnd().split('\n').length).toBe(kind === 'convert' ? 1_000 : 1_001)
  }
  // The rows of other provinces are rejected; a try answers what the load then does.
  expect(counts['assign']!['rejected']).toBeGreaterThan(300)
  expect(counts['geocode']).toEqual(counts['assign'])
  const provinces = new Database(at('kinds.db'), { readonly: true })
  expect(provinces.prepare('SELECT DISTINCT province FROM households').pluck().all()).toEqual([1])
  provinces.close()
  const first = (await (await server.call('/v1/jobs/2/undo', { method: 'POST' })).json()) as JobView
  const undone = await ended(server, first.id)
  expect(undone).toMatchObject({ kind: 'undo', state: 'done', undoes: 2 })
  expect(undone.counts.updated).toBeGreaterThan(200)
  await server.stop()
})

test('a try of the first rows, a file that only its own job can refuse, and a cancelled job', {
  timeout: 200_000,
}, async () => {
  const key = newKey('tries.db', 'clerk')
  const server = await serve('tries.db', key)
  const text = manyHouseholds(16_000)
  const small = await ended(server, await send(server, text, { kind: 'geocode', rows: '1500' }))
  expect(small).toMatchObject({ state: 'done', rows: 1_500, firstRows: 1_500 })
  const id = await send(server, text, { kind: 'geocode' })
  for (let job = { rows: 0 }; job.rows === 0; await setTimeout(100))
    job = (await (await server.call(`/v1/jobs/${id}`)).json()) as JobView
  expect((await server.call(`/v1/jobs/${id}/cancel`, { method: 'POST' })).status).toBe(202)
  expect(await ended(server, id)).toMatchObject({ state: 'cancelled' })
  const { output } = rowOf('tries.db', id)
  // What it kept beside its result goes just after its state.
  await expect.poll(() => readdirSync(join(output, '..')).toSorted()).toEqual(['input', 'look.json'])
  await server.stop()
})

test('what a killed server left of an upload is removed by the next one, what belongs to a job is not', {
  timeout: 120_000,
}, async () => {
  const key = newKey('left.db', 'clerk')
  let server = await serve('left.db', key)
  const id = await send(server, manyHouseholds(10), { kind: 'convert' })
  await ended(server, id)
  await server.stop()
  const uploads = at('left.db-uploads')
  const [kept] = readdirSync(uploads)
  // Of a process that is gone, of one that lives but long ago, and of one that lives.
  const uuid = '3816156e-efdc-4917-aafe-ccd335694785'
  const gone = spawn(process.execPath, ['-e', '0'])
  await once(gone, 'close')
  const names = [`${gone.pid}-${uuid}`, `1-${uuid}`, `${process.pid}-${uuid}`]
  for (const name of names) {
    mkdirSync(join(uploads, name))
    writeFileSync(join(uploads, name, 'input'), 'half a fi')
  }
  const longAgo = Date.now() / 1000 - 2 * 86_400
  utimesSync(join(uploads, names[1]!), longAgo, longAgo)
  // A folder that is none of ours.
  mkdirSync(join(uploads, 'notes'))
  server = await serve('left.db', key)
  for (let i = 0; existsSync(join(uploads, names[0]!)) && i < 100; i++) await setTimeout(100)
  expect(readdirSync(uploads).toSorted()).toEqual([kept, names[2], 'notes'].toSorted())
  await server.stop()

  // After their time upload and result go together; the job stays in the list.
  const db = new Database(at('left.db'))
  db.prepare('UPDATE jobs SET finished_at = ?').run(Date.now() - 15 * 86_400_000)
  db.close()
  expect(vpostcode(['jobs', 'clean', '--db', 'left.db']).stdout).toContain(kept)
  expect(existsSync(join(uploads, kept!))).toBe(false)
  expect(vpostcode(['jobs', '--db', 'left.db']).stdout).toMatch(/^job 1: convert .*, done, 10 rows/)
  expect(sizeOf('left.db')).toBeGreaterThan(0)
})

test('a job that ended each process that took it is given up, others are queued again', {
  timeout: 120_000,
}, async () => {
  await (await openReader(at('given-up.db'))).close()
  const jobs = await openJobs(at('given-up.db'))
  const interrupted = async (fingerprint: string) => {
    const options = { served: true }
    const { id } = await jobs.createJob({
      kind: 'convert',
      owner: 'clerk',
      fingerprint,
      input: at('none.csv'),
      output: at(`${fingerprint}.csv`),
      list: '',
      options,
      engineVersion: '',
      dataVersion: '',
      startedAt: 1,
    })
    await jobs.restJob(id, 'interrupted')
    return id
  }
  const [killer, other] = [await interrupted('killer'), await interrupted('other')]
  const stop = new AbortController()
  const serving = serveJobs({
    db: at('given-up.db'),
    log: pino({ level: 'silent' }),
    givenUp: [killer],
    signal: stop.signal,
    onReady() {},
    onWork() {},
  })
  const stateOf = async (id: number) => (await jobs.job(id))!.state
  for (let i = 0; (await stateOf(other)) !== 'failed' && i < 300; i++) await setTimeout(100)
  stop.abort()
  await serving
  const [one, two] = [await jobs.job(killer), await jobs.job(other)]
  await jobs.close()
  expect([one!.state, one!.error]).toEqual([
    'failed',
    expect.stringMatching(/each process that worked on it ended/),
  ])
  // It was taken up, and its file is not there.
  expect([two!.state, two!.error]).toEqual(['failed', expect.stringMatching(/There is no file/)])
})

test('what was asked of a job holds when its process is killed before it has read that', {
  timeout: 120_000,
}, async () => {
  const db = at('asked.db')
  await (await openReader(db)).close()
  const jobs = await openJobs(db)
  const asked = async (wish: 'pause' | 'cancel' | null) => {
    const output = at(`asked-${wish}.csv`)
    const { id } = await jobs.createJob({
      kind: 'convert',
      owner: 'clerk',
      fingerprint: `asked ${wish}`,
      input: at('none.csv'),
      output,
      list: '',
      options: { served: true },
      engineVersion: '',
      dataVersion: '',
      startedAt: 1,
    })
    writeFileSync(`${output}.part`, 'begun')
    if (wish) expect(await jobs.requestJob(id, wish)).toBe(true)
    return id
  }
  const [cancelled, paused, other] = [await asked('cancel'), await asked('pause'), await asked(null)]
  const killed = new Database(db)
  killed.exec('UPDATE jobs SET heartbeat = 1')
  killed.close()
  const stop = new AbortController()
  const log = pino({ level: 'silent' })
  const serving = serveJobs({ db, log, givenUp: [], signal: stop.signal, onReady() {}, onWork() {} })
  const stateOf = async (id: number) => (await jobs.job(id))!.state
  await expect.poll(() => stateOf(other), { timeout: 30_000 }).toBe('failed')
  stop.abort()
  await serving
  expect([await stateOf(cancelled), await stateOf(paused)]).toEqual(['cancelled', 'paused'])
  expect([existsSync(at('asked-cancel.csv.part')), existsSync(at('asked-pause.csv.part'))]).toEqual([
    false,
    true,
  ])
  await jobs.close()
})
