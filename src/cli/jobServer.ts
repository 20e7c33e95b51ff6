import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import type { Logger } from 'pino'
import { assignFile } from '../bulk/assign.ts'
import type { FileJobSummary } from '../bulk/fileJob.ts'
import type { FileJobOptions } from '../bulk/job.ts'
import type { RegistryJobSummary } from '../bulk/registryJob.ts'
import { undoJob } from '../bulk/undoJob.ts'
import { load } from '../gazetteer/load.ts'
import type { Job, StoreWriter } from '../registry/store.ts'
import { Failure } from './exit.ts'
import { circumstances, QUIET, readFile, workOf } from './fileJob.ts'
import { dropOldResults } from './jobTexts.ts'
import { readSettings } from './settings.ts'
import { openWriter } from './store.ts'
import { dropLeftUploads } from './uploads.ts'
import { VERSION } from './version.ts'

/** Milliseconds between two looks for queued jobs, and between two tries to become the writer. */
const EVERY = 500
const AGAIN = 2_000
const HOUR = 3_600_000

export interface JobServerOptions {
  db: string
  log: Logger
  /** Jobs that are not to be taken up again: each ended the process that worked on it. */
  givenUp: readonly number[]
  /** Ends the work after the current chunk; the job under way is queued again for the next server. */
  signal: AbortSignal
  /** The database was opened, or somebody else has it. */
  onReady(): void
  onWork(job: number, rows: number): void
}

/**
 * Makes this process the writer of the database as soon as no other one is, and does the queued jobs one after the other.
 * Jobs that were queued and whose server was killed are queued again.
 */
export async function serveJobs(options: JobServerOptions): Promise<void> {
  const { signal, log } = options
  const pause = (milliseconds: number) => setTimeout(milliseconds, undefined, { signal }).catch(() => {})
  const store = await writer(options, pause)
  if (!store) return
  try {
    await takeUpAgain(store, options.givenUp)
    for (let cleaned = 0; !signal.aborted; await pause(EVERY)) {
      if (Date.now() - cleaned > HOUR) {
        cleaned = Date.now()
        log.info({ removed: (await dropOldResults(store)).length }, 'results of old jobs removed')
        const left = await dropLeftUploads(store, options.db)
        if (left > 0) log.info({ left }, 'uploads that were cut off removed')
      }
      const job = await store.nextQueued()
      if (job) await work(job, store, options)
    }
  } finally {
    await store.close()
  }
}

async function writer(
  { db, signal, log, onReady }: JobServerOptions,
  pause: (milliseconds: number) => Promise<unknown>,
): Promise<StoreWriter | null> {
  for (let tries = 0; !signal.aborted; await pause(AGAIN)) {
    try {
      const store = openWriter(db, true)
      onReady()
      return store
    } catch (error) {
      // Somebody else writes; reading goes on meanwhile.
      if (!(error instanceof Failure)) throw error
      if (tries++ > 0) continue
      log.warn({ reason: error.message }, 'no jobs are taken up yet')
      onReady()
    }
  }
  return null
}

const SERVED = 'served'

async function takeUpAgain(store: StoreWriter, givenUp: readonly number[]): Promise<void> {
  for (const { id, state, options } of await store.listJobs(1_000)) {
    if (state !== 'interrupted' || !options[SERVED]) continue
    if (givenUp.includes(id))
      await store.finishJob(id, 'failed', Date.now(), 'each process that worked on it ended at the same row')
    else await store.restJob(id, 'queued')
  }
}

/** Worker threads of a job: one core is left to those who ask. */
const threads = () => readSettings().threads ?? Math.max(1, Math.min(4, availableParallelism() - 1))

async function work(job: Job, store: StoreWriter, options: JobServerOptions): Promise<void> {
  const { signal, log, onWork } = options
  log.info({ job: job.id, kind: job.kind }, 'job taken up')
  onWork(job.id, job.rowsDone)
  try {
    const { ending, rows } =
      job.kind === 'undo' ? await undo(job, store, options) : await workOnFile(job, store, options)
    log.info({ job: job.id, ending, rows }, 'job ended')
    if (ending === 'paused' && signal.aborted) await store.restJob(job.id, 'queued')
  } catch (error) {
    // Bad files are no fault of the server: the job tells why it failed.
    const state = (await store.job(job.id))?.state
    const { message } = error as Error
    if (state === 'queued') await store.finishJob(job.id, 'failed', Date.now(), message)
    log.warn({ job: job.id, state }, 'job failed')
  }
}

const watch = (job: Job, { signal, onWork }: JobServerOptions) => ({
  actor: job.owner,
  stop: () => signal.aborted,
  onProgress: ({ rows }: { rows: number }) => onWork(job.id, rows),
})

function workOnFile(job: Job, store: StoreWriter, server: JobServerOptions): Promise<FileJobSummary> {
  const options: FileJobOptions = {
    ...circumstances(),
    ...workOf(job, server.db),
    ...QUIET,
    ...watch(job, server),
    jobs: store,
    threads: threads(),
  }
  return job.kind === 'assign' ? assignFile({ ...options, store }) : readFile(job.kind, options, server.db)
}

/** Takes back what another job registered. */
const undo = (job: Job, store: StoreWriter, server: JobServerOptions): Promise<RegistryJobSummary> =>
  undoJob({
    ...watch(job, server),
    store,
    job: Number(job.options['job']),
    engineVersion: VERSION,
    dataVersion: load().version,
    output: job.output,
    only: job.id,
    onStart() {},
  })
