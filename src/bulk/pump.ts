import { setImmediate } from 'node:timers/promises'
import type { LoadedGazetteer } from '../gazetteer/load.ts'
import type { StreetDecision } from '../registry/decidedStreets.ts'
import type { Counts, Reach } from '../registry/jobStore.ts'
import type { Input } from './input.ts'
import type { PreparedLine } from './prepare.ts'
import { makePreparer } from './preparer.ts'
import { type Batch, STRIDE } from './records.ts'

/** Files below this size are worked on in this process: starting workers would take longer. */
const SMALL = 512 * 1024

export interface PumpOptions {
  /** Worker threads for large files; 0 = none. */
  threads: number
  gazetteer: LoadedGazetteer
  onProgress(progress: Progress): void
  /** Asked after each chunk: true ends the run. */
  stop(): boolean | Promise<boolean>
  /** What was decided about streets when the job began. */
  decided?: readonly StreetDecision[]
}

export interface Progress {
  rows: number
  bytes: number
  bytesTotal: number
}

/** Rejected rows that a summary names; the result file has them all. */
const NAMED_REJECTED = 20

/** What was done with the rows so far. */
export interface Tally {
  /** Rows read since the beginning of the file; those with a status are in `counts`. */
  rows: number
  counts: Counts
  /** Empty lines, which are no rows. */
  blank: number
  /** The first rejected rows of this run. */
  rejected: { line: number; reason: string }[]
}

/** Where prepared lines go, chunk by chunk and in order. */
export interface Sink {
  summary: Tally
  /** True when the batch is not to be worked on. */
  skips(batch: Batch): boolean
  commit(lines: readonly PreparedLine[], reach: Reach): Promise<void>
}

/** Passes over the batches of the first `rows` rows, which an interrupted run has done, and those without a row. */
export function skipper(rows: number): Sink['skips'] {
  let left = rows
  return ({ table }) => {
    const rows = table.length / STRIDE
    if (rows > left && left > 0) throw new Error('the interrupted run cut the file into other chunks')
    if (left === 0) return rows === 0
    left -= rows
    return true
  }
}

export function addCounts(sum: Counts, counts: Counts): void {
  for (const [status, count] of Object.entries(counts) as [keyof Counts, number][])
    sum[status] = (sum[status] ?? 0) + count
}

/** Adds lines to the rows of a summary, and the first rejected ones to those that it names. */
export function noteLines(summary: Tally, lines: readonly PreparedLine[]): void {
  summary.rows += lines.length
  for (const { line, rejected } of lines) {
    if (rejected && summary.rejected.length < NAMED_REJECTED)
      summary.rejected.push({ line, reason: rejected })
  }
}

/** Batches to prepared lines to the sink; some batches are under way at once. False when stopped before the end. */
export async function pump(source: Input, sink: Sink, options: PumpOptions): Promise<boolean> {
  const { bytesTotal } = source
  const threads = bytesTotal < SMALL ? 0 : options.threads
  const preparer = makePreparer(source.shape, threads, options.gazetteer, options.decided ?? [])
  const underWay: { batch: Batch; lines: Promise<PreparedLine[]> }[] = []
  let stopped = false
  const commitNext = async (): Promise<void> => {
    const { batch, lines } = underWay.shift()!
    const bytes = batch.next.offset
    await sink.commit(await lines, { done: bytes, total: bytesTotal })
    options.onProgress({ rows: sink.summary.rows, bytes, bytesTotal })
    // A turn of the event loop, so that signals are heard.
    await setImmediate()
    stopped = await options.stop()
  }
  try {
    for await (const batch of source.batches()) {
      sink.summary.blank += batch.blank
      if (sink.skips(batch)) continue
      if (stopped) return false
      const lines = preparer.prepare(batch)
      // Awaited in its turn; until then a failure is not an unhandled one.
      lines.catch(() => {})
      underWay.push({ batch, lines })
      if (underWay.length >= preparer.depth) await commitNext()
    }
    while (underWay.length > 0 && !stopped) await commitNext()
    return underWay.length === 0
  } finally {
    await preparer.close()
  }
}
