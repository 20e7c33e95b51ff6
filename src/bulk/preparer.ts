import { Piscina } from 'piscina'
import type { LoadedGazetteer, SharedWorld } from '../gazetteer/load.ts'
import { decidedStreets, type StreetDecision } from '../registry/decidedStreets.ts'
import { type PreparedLine, prepareChunk, type Shape } from './prepare.ts'
import type { Batch } from './records.ts'

/** What a worker is started with. */
export interface WorkerData {
  shape: Shape
  world: SharedWorld
  decided: readonly StreetDecision[]
}

/** Prepares batches, here or in worker threads. */
export interface Preparer {
  prepare(batch: Batch): Promise<PreparedLine[]>
  /** How many batches are worth having under way at once. */
  depth: number
  close(): Promise<void>
}

/** With 0 threads the work is done in this process; else each worker loads the units of the built gazetteer. */
export function makePreparer(
  shape: Shape,
  threads: number,
  gazetteer: LoadedGazetteer,
  decided: readonly StreetDecision[],
): Preparer {
  if (threads === 0) {
    const streets = decidedStreets(decided)
    return {
      prepare: async (batch) => [...prepareChunk(batch, shape, gazetteer, streets)],
      depth: 1,
      close: async () => {},
    }
  }
  const pool = new Piscina({
    // Beside this file in dist/; from src/ (tests, scripts) the built one is used as well.
    filename: new URL(
      import.meta.url.endsWith('.ts') ? '../../dist/bulk/worker.js' : './worker.js',
      import.meta.url,
    ).href,
    // Boundaries and streets are shared memory: they stand in it once. The streets stay those of this moment.
    workerData: { shape, world: gazetteer.shared, decided } satisfies WorkerData,
    // What is alive is some 40 MB; without a bound the collector lets it grow to many times that. A nursery in which most
    // rows die before it is full spares a fifth of the time.
    resourceLimits: { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 192 },
    minThreads: threads,
    maxThreads: threads,
  })
  return {
    async prepare({ bytes, table }) {
      const lines: string = await pool.run(
        { bytes, table },
        { transferList: [bytes.buffer as ArrayBuffer, table.buffer as ArrayBuffer] },
      )
      return JSON.parse(lines)
    },
    depth: threads + 1,
    close: () => pool.destroy(),
  }
}
