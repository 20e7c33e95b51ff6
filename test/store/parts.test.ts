import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { cancelJob, pauseJob } from '../../src/bulk/control.ts'
import type { AboutFile, PartDone, PartStore } from '../../src/bulk/parts.ts'
import { openPartWork } from '../../src/bulk/partWork.ts'
import { cutUndo } from '../../src/bulk/undoJob.ts'
import { fetchResult } from '../../src/cli/partResult.ts'
import { workOnParts } from '../../src/cli/partWorker.ts'
import { dropLeftUploads } from '../../src/cli/uploads.ts'
import type { StoreWriter } from '../../src/registry/store.ts'
import { openWriter } from '../../src/store/postgres/open.ts'
import { gazetteer } from '../api/support.ts'
import { batch, household } from './contract.ts'
import { describePostgres, type PostgresServer, startServer } from './postgresServer.ts'

/** What becomes of a file in parts when it is held, ended or left. */

describePostgres('postgres, files in parts', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server?.stop())

  const about = { delimiter: ',', firstLine: 'Địa chỉ\n', bytes: 900 } as AboutFile
  const wanted = (startedAt = Date.now()) => ({
    ...{ kind: 'assign', owner: 'tester', fingerprint: 'phuong-ben-thanh.csv', input: 'a', output: 'b' },
    ...{ list: 'list', options: {}, engineVersion: '1', dataVersion: '1', startedAt },
  })
  async function* threeParts() {
    for (let part = 0; part < 3; part++)
      yield { part, firstRow: part * 10, rows: 10, input: Buffer.from(`part ${part}`) }
  }
  const heard = () => ({ parts: new Set<number>(), hear() {} })
  /** Does a part that enters one household; `between` happens before it is committed. */
  const doPart = (store: StoreWriter & PartStore, job: number, part: number, between = async () => {}) =>
    store.commitPart(job, part, heard(), async (tx): Promise<PartDone> => {
      const n = await tx.reserve(1)
      await tx.write(batch([{ kind: 'insert', household: household(n) }], { job }))
      await between()
      const result = Buffer.from(`result ${part}`)
      return { counts: { assigned: 10 }, touched: Buffer.alloc(0), result, rejected: null }
    })
  async function withJob(work: (store: StoreWriter & PartStore, job: number, url: string) => Promise<void>) {
    const url = await server.newRegistry()
    const store = await openWriter(url)
    try {
      const { id } = await store.queueJob(wanted())
      await store.putParts(id, about, threeParts)
      expect(await store.tendJobs()).toEqual([0, 1, 2].map((part) => ({ job: id, part })))
      await work(store, id, url)
    } finally {
      await store.close()
    }
  }

  test('a part under way at a pause is not kept, and is done after the job goes on: counts add up', () =>
    withJob(async (store, id, url) => {
      const other = await openWriter(url)
      expect(await doPart(store, id, 0)).toBe(true)
      const job = (await store.job(id))!
      expect(await doPart(store, id, 1, async () => void (await pauseJob(other, job)))).toBe(false)
      expect(await store.tendJobs()).toEqual([])
      expect(await store.job(id)).toMatchObject({ state: 'paused', rowsDone: 10, requested: null })
      expect(await doPart(other, id, 2)).toBe(false)
      expect(await store.count()).toBe(1)
      await other.restJob(id, 'queued')
      expect(await other.tendJobs()).toEqual([1, 2].map((part) => ({ job: id, part })))
      expect([await doPart(other, id, 2), await doPart(store, id, 1)]).toEqual([true, true])
      expect(await doPart(other, id, 1)).toBe(false)
      expect(await store.job(id)).toMatchObject({ state: 'done', rowsDone: 30, counts: { assigned: 30 } })
      expect(await store.count()).toBe(3)
      const lines = []
      for await (const text of store.results(id)) lines.push(Buffer.from(text).toString())
      expect(lines).toEqual(['result 0', 'result 1', 'result 2'])
      await other.close()
    }))

  test('a cancel keeps what was registered, nothing of the part under way and no part', () =>
    withJob(async (store, id, url) => {
      const other = await openWriter(url)
      await doPart(store, id, 0)
      const job = (await store.job(id))!
      const cancel = async () => void (await cancelJob(other, job, () => {}))
      expect(await doPart(store, id, 1, cancel)).toBe(false)
      expect(await store.tendJobs()).toEqual([])
      expect(await store.job(id)).toMatchObject({
        state: 'cancelled',
        rowsDone: 10,
        counts: { assigned: 10 },
      })
      expect([await store.about(id), await store.part(id, 2), await store.count()]).toEqual([null, null, 1])
      await other.close()
    }))

  test('a job that rests is cancelled at once, and no worker goes on with it', () =>
    withJob(async (store, id) => {
      await pauseJob(store, (await store.job(id))!)
      await store.tendJobs()
      expect(await cancelJob(store, (await store.job(id))!, () => {})).toBe(true)
      expect(await doPart(store, id, 0)).toBe(false)
      expect((await store.job(id))!.state).toBe('cancelled')
      expect(await store.count()).toBe(0)
    }))

  test('a job whose node died before its file was cut ends and says so; the file sent again is a new job', async () => {
    const url = await server.newRegistry()
    const store = await openWriter(url)
    const long = Date.now() - 120_000
    const left = await store.queueJob(wanted(long))
    const undo = await store.queueJob({ ...wanted(long), kind: 'undo', fingerprint: 'undo' })
    const fresh = await store.queueJob({ ...wanted(), fingerprint: 'fresh.csv' })
    // Somebody cuts it at this moment, and takes long.
    const cut = await store.queueJob({ ...wanted(long), fingerprint: 'cut.csv' })
    const cutter = new pg.Client(url)
    await cutter.connect()
    await cutter.query('BEGIN')
    await cutter.query('SELECT id FROM jobs WHERE id = $1 FOR UPDATE', [cut.id])
    await store.tendJobs()
    const states = async () =>
      Promise.all([left, undo, fresh, cut].map(async ({ id }) => (await store.job(id))!.state))
    expect(await states()).toEqual(['failed', 'queued', 'queued', 'queued'])
    expect((await store.job(left.id))!.error).toContain('send it again')
    await expect(store.putParts(left.id, about, threeParts)).rejects.toThrow('is failed')
    const again = await store.queueJob(wanted())
    expect(again.id).not.toBe(left.id)
    await cutter.query('ROLLBACK')
    await cutter.end()
    await store.tendJobs()
    expect(await states()).toEqual(['failed', 'queued', 'queued', 'failed'])
    await store.putParts(again.id, about, threeParts)
    expect(await store.tendJobs()).toHaveLength(3)
    await store.close()
  })

  const workUntilDone = (db: string, store: StoreWriter & PartStore, job: number) => {
    let over = false
    const onLook = async () => {
      over = (await store.job(job))!.state === 'done'
    }
    return workOnParts({ db, store, log: { info() {}, warn() {} }, stopped: () => over, onLook })
  }

  test('an undo is cut by one of many workers, and by the next one when that is lost; each part is done once', () =>
    withJob(async (store, id, url) => {
      for (const part of [0, 1, 2]) await doPart(store, id, part)
      const undo = await store.queueJob({ ...wanted(), kind: 'undo', fingerprint: 'u', options: { job: id } })
      expect(await store.tendJobs()).toEqual([])
      // A worker that is killed while it cuts.
      const lost = new pg.Client(url)
      await lost.connect()
      await lost.query('BEGIN')
      await lost.query('SELECT id FROM jobs WHERE id = $1 FOR UPDATE', [undo.id])
      expect(await store.uncutUndo()).toBeNull()
      await lost.end()
      await vi.waitFor(async () => expect(await store.uncutUndo()).toMatchObject({ id: undo.id }))
      const other = await openWriter(url)
      await Promise.all([store, other].map((one) => cutUndo(undo, one)))
      expect(await store.uncutUndo()).toBeNull()
      expect(await other.tendJobs()).toEqual([{ job: undo.id, part: 0 }])
      expect(await store.tendJobs()).toEqual([])
      const job = (await store.job(undo.id))!
      const part = (await store.part(undo.id, 0))!
      const works = await Promise.all(
        [store, other].map((one) => openPartWork(job, { store: one, gazetteer })),
      )
      const kept = await Promise.all(works.map((work) => work!(part)))
      expect(kept.sort()).toEqual([false, true])
      expect(await store.job(undo.id)).toMatchObject({ state: 'done', counts: { updated: 3 } })
      for (const n of [1, 2, 3])
        expect((await store.history(n)).map(({ kind }) => kind)).toEqual(['insert', 'undo'])
      await other.close()
    }))

  test('an undo that rests is gone on with by another worker', () =>
    withJob(async (store, id, url) => {
      for (const part of [0, 1, 2]) await doPart(store, id, part)
      const undo = await store.queueJob({ ...wanted(), kind: 'undo', fingerprint: 'u', options: { job: id } })
      await cutUndo(undo, store)
      await store.tendJobs()
      await pauseJob(store, (await store.job(undo.id))!)
      await store.tendJobs()
      expect(await store.job(undo.id)).toMatchObject({ state: 'paused', rowsDone: 0 })
      await store.close()
      const other = await openWriter(url)
      await other.restJob(undo.id, 'queued')
      await workUntilDone(url, other, undo.id)
      expect(await other.job(undo.id)).toMatchObject({ state: 'done', counts: { updated: 3 } })
      await other.close()
    }))

  test('what an undo left is served by any node, until it is dropped', () =>
    withJob(async (store, id, url) => {
      for (const part of [0, 1, 2]) await doPart(store, id, part)
      // A person was there since.
      const [home] = await store.households([1])
      const change = { kind: 'update' as const, before: { text: home!.text }, after: { text: 'Số 1' } }
      await store.transaction((tx) =>
        tx.write(
          batch([{ ...change, household: { ...home!, text: 'Số 1', updatedAt: 2000 } }], { job: null }),
        ),
      )
      const folder = mkdtempSync(join(tmpdir(), 'vpostcode-undo-'))
      const output = join(folder, 'worker', 'result.csv')
      const options = { job: id, served: true }
      const undo = await store.queueJob({ ...wanted(), kind: 'undo', fingerprint: 'undo', output, options })
      const other = await openWriter(url)
      const workers = [store, other].map((one) => workUntilDone(url, one, undo.id))
      await Promise.all(workers)
      await other.close()
      const ended = (await store.job(undo.id))!
      expect(ended).toMatchObject({ state: 'done', counts: { updated: 2, unchanged: 1 }, rowsDone: 3 })
      expect(await fetchResult(store, ended)).toBe(true)
      const written = readFileSync(output, 'utf8')
      expect(written.trimEnd().split('\n')).toHaveLength(2)
      expect(written).toMatch(/^household_id,because,event,at,actor,job\n.*,changed-since,update,/)
      const there = { ...ended, output: join(folder, 'node', 'result.csv') }
      expect(await fetchResult(store, there)).toBe(true)
      expect(readFileSync(there.output, 'utf8')).toBe(written)
      await store.dropJob(undo.id)
      await store.tendJobs()
      rmSync(folder, { recursive: true })
      expect(await fetchResult(store, there)).toBe(false)
    }))

  test('a node removes its files of jobs that ended long ago, also when another node noted them as dropped', async () => {
    const url = await server.newRegistry()
    const store = await openWriter(url)
    const root = mkdtempSync(join(tmpdir(), 'vpostcode-uploads-'))
    vi.stubEnv('VPOSTCODE_UPLOADS', root)
    vi.stubEnv('VPOSTCODE_KEEP_DAYS', '30')
    const day = 86_400_000
    const folderOf = async (digit: string, ended: number | null) => {
      const folder = join(root, `4000000-00000000-0000-4000-8000-00000000000${digit}`)
      mkdirSync(folder)
      utimesSync(folder, new Date(Date.now() - 40 * day), new Date(Date.now() - 40 * day))
      const output = join(folder, 'result.csv')
      const options = { upload: { line: 1, name: 'ben-thanh.csv' } }
      const { id } = await store.queueJob({ ...wanted(), fingerprint: digit, output, options })
      if (ended) await store.finishJob(id, 'done', ended)
      return id
    }
    await store.dropJob(await folderOf('1', Date.now() - 31 * day))
    await folderOf('2', Date.now() - 29 * day)
    await folderOf('3', null)
    expect(await dropLeftUploads(store, url)).toBe(1)
    expect(readdirSync(root).map((name) => name.at(-1))).toEqual(['2', '3'])
    vi.unstubAllEnvs()
    rmSync(root, { recursive: true })
    await store.close()
  })
})
