import { setImmediate } from 'node:timers/promises'
import type { LoadedGazetteer } from '../gazetteer/load.ts'
import type { Input } from './input.ts'
import type { PreparedLine } from './prepare.ts'
import { makePreparer } from './preparer.ts'
import type { Batch } from './records.ts'

/** Files below this size are worked on in this process: starting workers would take longer. */
const SMALL = 512 * 1024

export interface PumpOptions {
  /** Worker threads for large files; 0 = none. */
  threads: number
  gazetteer: LoadedGazetteer
  onProgress(progress: Progress): void
  /** Asked after each chunk: true ends the run. */
  stop(): boolean
}

export interface Progress {
  rows: number
  bytes: number
  bytesTotal: number
}

/** Where prepared lines go, chunk by chunk and in order. */
export interface Sink {
  /** Rows so far, and the empty lines between them. */
  summary: { rows: number; blank: number }
  /** True when the batch is not to be worked on. */
  skips(batch: Batch): boolean
  commit(lines: readonly PreparedLine[]): Promise<void>
}

/** Batches to prepared lines to the sink; some batches are under way at once. False when stopped before the end. */
export async function pump(source: Input, sink: Sink, options: PumpOptions): Promise<boolean> {
  const { bytesTotal } = source
  const threads = bytesTotal < SMALL ? 0 : options.threads
  const preparer = makePreparer(source.shape, threads, options.gazetteer)
  const underWay: { batch: Batch; lines: Promise<PreparedLine[]> }[] = []
  let stopped = false
  const commitNext = async (): Promise<void> => {
    const { batch, lines } = underWay.shift()!
    await sink.commit(await lines)
    options.onProgress({ rows: sink.summary.rows, bytes: batch.next.offset, bytesTotal })
    // A turn of the event loop, so that signals are heard.
    await setImmediate()
    stopped = options.stop()
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
