import { setTimeout } from 'node:timers/promises'
import type { Logger } from 'pino'
import { assignFile } from '../bulk/assign.ts'
import type { FileJobOptions } from '../bulk/job.ts'
import type { Job, StoreWriter } from '../registry/store.ts'
import { Failure } from './exit.ts'
import { circumstances, QUIET, workOf } from './fileJob.ts'
import { dropOldResults } from './jobTexts.ts'
import { openWriter } from './store.ts'

/** Milliseconds between two looks for queued jobs, and between two tries to become the writer. */
const EVERY = 500
const AGAIN = 2_000
const HOUR = 3_600_000

/**
 * Makes this process the writer of the database as soon as no other one is, and does the queued jobs one after the other.
 * Jobs that were queued and whose server was killed are queued again. `stop` ends after the current chunk; the job under
 * way is queued again for the next server.
 */
export function startJobServer(db: string, log: Logger): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const pause = (milliseconds: number) => setTimeout(milliseconds, undefined, { signal }).catch(() => {})
  const running = (async () => {
    const store = await writer(db, signal, log, pause)
    if (!store) return
    try {
      await takeUpAgain(store)
      for (let cleaned = 0; !signal.aborted; await pause(EVERY)) {
        if (Date.now() - cleaned > HOUR) {
          cleaned = Date.now()
          log.info({ removed: (await dropOldResults(store)).length }, 'results of old jobs removed')
        }
        const job = await store.nextQueued()
        if (job) await work(job, db, store, signal, log)
      }
    } finally {
      await store.close()
    }
  })().catch((error) => log.error(error, 'no more jobs are taken up'))
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function writer(
  db: string,
  signal: AbortSignal,
  log: Logger,
  pause: (milliseconds: number) => Promise<unknown>,
): Promise<StoreWriter | null> {
  for (let tries = 0; !signal.aborted; await pause(AGAIN)) {
    try {
      return openWriter(db, true)
    } catch (error) {
      // Somebody else writes; reading goes on meanwhile.
      if (!(error instanceof Failure)) throw error
      if (tries++ === 0) log.warn({ reason: error.message }, 'no jobs are taken up yet')
    }
  }
  return null
}

const SERVED = 'served'

async function takeUpAgain(store: StoreWriter): Promise<void> {
  for (const { id, state, options } of await store.listJobs(1_000))
    if (state === 'interrupted' && options[SERVED]) await store.restJob(id, 'queued')
}

async function work(
  job: Job,
  db: string,
  store: StoreWriter,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  const options: Omit<FileJobOptions, 'jobs'> = {
    ...circumstances(),
    ...workOf(job, db),
    ...QUIET,
    actor: job.owner,
    stop: () => signal.aborted,
  }
  log.info({ job: job.id }, 'job taken up')
  try {
    const { ending, rows, duplicates } = await assignFile({ ...options, store })
    log.info({ job: job.id, ending, rows, found: duplicates?.found }, 'job ended')
    if (ending === 'paused' && signal.aborted) await store.restJob(job.id, 'queued')
  } catch (error) {
    // Bad files are no fault of the server: the job tells why it failed.
    const state = (await store.job(job.id))?.state
    const { message } = error as Error
    if (state === 'queued') await store.finishJob(job.id, 'failed', Date.now(), message)
    log.warn({ job: job.id, state }, 'job failed')
  }
}
