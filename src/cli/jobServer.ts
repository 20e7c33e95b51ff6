import { setTimeout } from 'node:timers/promises'
import type { Logger } from 'pino'
import { cancelJob } from '../bulk/control.ts'
import type { Job } from '../registry/jobStore.ts'
import type { StoreWriter } from '../registry/store.ts'
import { lineOf } from '../registry/streetLine.ts'
import { Failure } from './exit.ts'
import { dropOldResults } from './jobTexts.ts'
import { nightly } from './nightly.ts'
import { openWriter as openServerWriter } from './serverStore.ts'
import { isServer } from './serverUrl.ts'
import { dropRehearsal, openWriter } from './store.ts'
import { dropLeftUploads } from './uploads.ts'

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
  if (isServer(options.db)) return serveParts(options)
  const pause = (milliseconds: number) => setTimeout(milliseconds, undefined, { signal }).catch(() => {})
  const store = await writer(options, pause)
  if (!store) return
  try {
    await takeUpAgain(store, options.givenUp)
    const publishing = nightly(options)
    let unlined = true
    for (let cleaned = 0; !signal.aborted; await pause(unlined ? 0 : EVERY)) {
      if (Date.now() - cleaned > HOUR) {
        cleaned = Date.now()
        log.info({ removed: (await dropOldResults(store)).length }, 'results of old jobs removed')
        const left = await dropLeftUploads(store, options.db)
        if (left > 0) log.info({ left }, 'uploads that were cut off removed')
      }
      publishing.look(Date.now())
      const job = await store.nextQueued()
      if (job) await work(job, store, options)
      // Households that an older version wrote, between the jobs.
      else if (unlined) unlined = await store.transaction((tx) => tx.writeLines(lineOf, LINES))
    }
    await publishing.ended()
  } finally {
    await store.close()
  }
}

/** On a server every process of jobs is one worker among others. */
async function serveParts({ db, log, signal, onReady, onWork }: JobServerOptions): Promise<void> {
  const store = await openServerWriter(db)
  const { workOnParts } = await import('./partWorker.ts')
  let rows = 0
  onReady()
  try {
    const onPart = (job: number, more: number) => {
      rows += more
      onWork(job, rows)
    }
    let cleaned = 0
    // Each node has a folder of its own.
    const onLook = async () => {
      if (Date.now() - cleaned < HOUR) return
      cleaned = Date.now()
      await dropLeftUploads(store, db)
    }
    await workOnParts({ db, store, log, stopped: () => signal.aborted, onPart, onLook })
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
      const store = await openWriter(db, true)
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

/** Households that get their line in one transaction: some 20 ms. */
const LINES = 1_000

const SERVED = 'served'

async function takeUpAgain(store: StoreWriter, givenUp: readonly number[]): Promise<void> {
  for (const job of await store.listJobs(1_000)) {
    const { id, state, requested, options, output } = job
    if (state !== 'interrupted' || !options[SERVED]) continue
    // What was asked of the process that is gone holds.
    if (requested === 'cancel') await cancelJob(store, job, () => dropRehearsal(output))
    else if (requested === 'pause') await store.restJob(id, 'paused')
    else if (givenUp.includes(id))
      await store.finishJob(id, 'failed', Date.now(), 'each process that worked on it ended at the same row')
    else await store.restJob(id, 'queued')
  }
}

async function work(job: Job, store: StoreWriter, options: JobServerOptions): Promise<void> {
  const { signal, log, onWork } = options
  log.info({ job: job.id, kind: job.kind }, 'job taken up')
  onWork(job.id, job.rowsDone)
  try {
    // Loaded with the first job: most of the time there is none, and a start waits for nothing that it does not need.
    const { doJob } = await import('./jobWork.ts')
    // It rests because it was asked to, or because this server stops: then it goes on with the next one.
    let stopped = false
    const stop = () => {
      stopped = signal.aborted
      return stopped
    }
    const { ending, rows } = await doJob(job, store, { ...options, stop })
    log.info({ job: job.id, ending, rows }, 'job ended')
    if (ending === 'paused' && stopped) await store.restJob(job.id, 'queued')
  } catch (error) {
    // Bad files are no fault of the server: the job tells why it failed.
    const state = (await store.job(job.id))?.state
    const { message } = error as Error
    if (state === 'queued') await store.finishJob(job.id, 'failed', Date.now(), message)
    log.warn({ job: job.id, state }, 'job failed')
  }
}
