import { setTimeout } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { PartStore } from '../bulk/parts.ts'
import { openPartWork } from '../bulk/partWork.ts'
import { cutUndo } from '../bulk/undoJob.ts'
import { load } from '../gazetteer/load.ts'
import type { Job } from '../registry/jobStore.ts'
import type { StoreWriter } from '../registry/store.ts'
import { isAway } from '../store/postgres/away.ts'
import { openMessages } from '../store/postgres/messages.ts'
import { workOf } from './fileJob.ts'
import { dropOldResults } from './jobTexts.ts'
import { requireBare } from './serverUrl.ts'

/** Milliseconds between two looks for work, and between two looks at what is asked of jobs. */
const EVERY = 250
const TEND = 1_000
const HOUR = 3_600_000
/** How often a part is tried, by whatever worker, before its job is given up. */
const TRIES = 8
/** Jobs whose evidence is kept at once. */
const KEPT = 4

interface PartWorkerOptions {
  db: string
  store: StoreWriter & PartStore
  log: Pick<Logger, 'info' | 'warn'>
  /** Ends the work after the part under way. */
  stopped(): boolean
  /** After each part that this worker has done: how many rows it had. */
  onPart?(job: number, rows: number): void | Promise<void>
  /** Once a second, between two parts. */
  onLook?(): Promise<void>
}

/**
 * Does parts of files and undos until it is stopped, beside any number of other workers. What a worker that was killed had under way is
 * given to another one when its message expires; while the server is away it waits.
 */
export async function workOnParts({
  db,
  store,
  log,
  stopped,
  onPart,
  onLook,
}: PartWorkerOptions): Promise<void> {
  const say = (error: unknown) => log.warn({ reason: (error as Error).message }, 'the registry is away')
  const messages = await openMessages(requireBare(db), say)
  const kept = new Map<number, Awaited<ReturnType<typeof openPartWork>>>()
  const workFor = async (job: Job) => {
    if (!kept.has(job.id)) {
      if (kept.size >= KEPT) kept.clear()
      kept.set(job.id, await openPartWork(job, { ...workOf(job, db), store, gazetteer: load() }))
    }
    return kept.get(job.id) ?? null
  }
  const doNext = async (): Promise<boolean> => {
    const message = await messages.next()
    if (!message) return false
    const { job: id, part: number } = message.data
    const job = await store.job(id)
    const part =
      job?.state === 'running' || job?.state === 'interrupted' ? await store.part(id, number) : null
    if (job && part) {
      if (part.tries > TRIES) {
        const rows = `rows ${part.firstRow + 1} to ${part.firstRow + part.rows} failed`
        await store.giveUp(id, part.rows > 0 ? rows : 'a commune could not be looked through for duplicates')
        log.warn({ job: id, part: number }, 'job given up')
      } else {
        try {
          const work = await workFor(job)
          if (await work?.(part)) await onPart?.(id, part.rows)
        } catch (error) {
          log.warn({ job: id, part: number, reason: (error as Error).message }, 'a part failed')
          await messages.failed(message.id)
          return true
        }
      }
    }
    await messages.done(message.id)
    return true
  }
  /** To find what a job did takes long: one worker does it, the next one when that dies. */
  const cutNext = async () => {
    const undo = await store.uncutUndo()
    if (!undo) return
    try {
      await cutUndo(undo, store)
    } catch (error) {
      if (isAway(error)) throw error
      log.warn({ job: undo.id, reason: (error as Error).message }, 'an undo was not cut')
    }
  }
  let cleaned = 0
  let tended = 0
  try {
    while (!stopped()) {
      try {
        if (Date.now() - cleaned >= HOUR) {
          cleaned = Date.now()
          await dropOldResults(store)
        }
        if (Date.now() - tended >= TEND) {
          tended = Date.now()
          await cutNext()
          const parts = await store.tendJobs()
          if (parts.length > 0) {
            await messages.send(parts)
            log.info({ parts: parts.length }, 'parts sent out')
          }
          await onLook?.()
        }
        if (!(await doNext())) await setTimeout(EVERY)
      } catch (error) {
        if (!isAway(error)) throw error
        say(error)
        await setTimeout(TEND)
      }
    }
  } finally {
    await messages.close().catch(() => {})
  }
}
