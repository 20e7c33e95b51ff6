import { setImmediate } from 'node:timers/promises'
import type { Counts, Job, JobProgress } from '../registry/jobStore.ts'
import type { RegistryTransaction, StoreWriter } from '../registry/store.ts'
import { packNumbers, unpackNumbers } from '../registry/touched.ts'
import { lineOf } from './cells.ts'
import { FileRefused, ResultFile, requireOutput } from './files.ts'
import { type Ending, fingerprintOf, requireFree, underWatch } from './job.ts'
import { addCounts, type PumpOptions } from './pump.ts'

export interface RegistryJobOptions extends Pick<PumpOptions, 'onProgress' | 'stop'> {
  store: StoreWriter
  actor: string
  engineVersion: string
  dataVersion: string
  /** The result file. */
  output: string
  /** The job that is to be done, which was queued. */
  only?: number
}

/** A job that goes through the registry and not through a file of rows. */
export interface RegistryWork {
  kind: string
  /** What the job is called in lists: the decree's file, the job that it takes back. */
  input: string
  /** The file that it reads, if any. */
  file: string | null
  /** Tells the same work from other work. */
  fingerprint: readonly unknown[]
  columns: readonly string[]
  /** What a job has to remember of its beginning. */
  begin(): Promise<Record<string, unknown>>
  /** Does what comes next after `cursor` (0 at the beginning), in at most some 100 ms. */
  step(tx: RegistryTransaction, cursor: number, job: Job): Promise<Step>
}
export interface Step {
  /** Where the next step begins; null at the end. */
  cursor: number | null
  /** How much of the whole is behind. */
  done: number
  total: number
  /** Households looked at, and what became of them. */
  rows: number
  counts: Counts
  /** Lines of the result. */
  lines: readonly (readonly string[])[]
}

export interface RegistryJobSummary extends Pick<JobProgress, 'counts'> {
  job: number
  /** `paused` when stopped: the next run goes on from there. */
  ending: Ending
  /** Households since the beginning, and those of this run. */
  rows: number
  rowsNow: number
  seconds: number
  output: string
}

/**
 * Runs the work step by step; each step is one durable transaction together with the job's record, and its result lines
 * are on disk before it commits. A run that was stopped or killed goes on where it was when it is called again.
 */
export async function runRegistryJob(
  options: RegistryJobOptions,
  work: RegistryWork,
): Promise<RegistryJobSummary> {
  const started = performance.now()
  const { store, output } = options
  const { job, file, cursor: first, chunks } = await beginRegistryJob(options, work)
  let [chunk, rows, cursor] = [chunks, job.rowsDone, first as number | null]
  const counts = { ...job.counts }
  const next = (from: number) => {
    const { length } = file
    return store.transaction(async (tx) => {
      file.rewind(length)
      const step = await work.step(tx, from, job)
      if (step.lines.length > 0) file.append(`${step.lines.map((cells) => lineOf(cells, ',')).join('\n')}\n`)
      // Where to go on stands with the chunk.
      const touched = packNumbers([step.cursor ?? from])
      const { length: outBytes } = file
      const record = { chunk, firstRow: rows + 1, rows: step.rows, outBytes, counts: step.counts, touched }
      await tx.recordChunk(job.id, record, step)
      return step
    })
  }
  const allSteps = async (stop: () => Promise<boolean>) => {
    while (cursor !== null) {
      const step = await next(cursor)
      chunk++
      rows += step.rows
      cursor = step.cursor
      addCounts(counts, step.counts)
      options.onProgress({ rows, bytes: step.done, bytesTotal: step.total })
      // A turn of the event loop, so that signals are heard.
      await setImmediate()
      if (cursor !== null && (await stop())) return false
    }
    file.finish()
    return true
  }
  try {
    const ending = await underWatch(store, job.id, options.stop, allSteps, () => file.discard())
    const seconds = (performance.now() - started) / 1000
    return { job: job.id, ending, rows, rowsNow: rows - job.rowsDone, counts, seconds, output }
  } finally {
    file.close()
  }
}

async function beginRegistryJob(
  { store, output, actor, engineVersion, dataVersion, only }: RegistryJobOptions,
  work: RegistryWork,
): Promise<{ job: Job; file: ResultFile; cursor: number; chunks: number }> {
  const { kind, input } = work
  const firstLine = `${lineOf([...work.columns], ',')}\n`
  const same = [kind, work.fingerprint, output, engineVersion, dataVersion]
  requireOutput(output, work.file, firstLine)
  const fingerprint = fingerprintOf(same)
  const found = await (only === undefined ? store.findUnfinished(fingerprint) : store.job(only))
  await requireFree(store, output, found?.id)
  if (found) {
    const job = await store.takeJob(found.id, { engineVersion, dataVersion })
    if (!job) throw new FileRefused(`Job ${found.id} is doing the same work in another process.`)
    let [cursor, chunks] = [0, 0]
    for await (const { touched } of store.chunks(job.id)) {
      for (const at of unpackNumbers(touched)) cursor = at
      chunks++
    }
    const file = chunks > 0 ? ResultFile.resume(output, job.outBytes) : ResultFile.create(output, firstLine)
    if (file) return { job, file, cursor, chunks }
    const message = `the unfinished result ${output}.part is gone or was changed: put it back, or cancel the job and take it back`
    await store.restJob(job.id, 'interrupted', message)
    throw new FileRefused(`Job ${job.id} cannot go on: ${message}.`)
  }
  const job = await store.createJob({
    kind,
    owner: actor,
    fingerprint,
    input,
    output,
    list: '',
    options: await work.begin(),
    engineVersion,
    dataVersion,
    startedAt: Date.now(),
  })
  return { job, file: ResultFile.create(output, firstLine), cursor: 0, chunks: 0 }
}
