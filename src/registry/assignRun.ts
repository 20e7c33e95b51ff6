import { type AssignContext, type AssignRow, assignRows, type Outcome } from './assign.ts'
import { idsOf } from './id.ts'
import type { Job, JobChunk, Reach } from './jobStore.ts'
import type { StoreWriter } from './store.ts'
import { packNumbers, Touched, unpackNumbers } from './touched.ts'

/** What the caller says of a chunk once its outcomes are known and its result rows are safely on disk. */
export interface ChunkReport extends Pick<JobChunk, 'firstRow' | 'rows' | 'outBytes' | 'counts'> {
  reach?: Reach
}

export interface AssignRunOptions {
  actor: string
  scheme?: string
  /** Where the loader may write; everywhere when not given. */
  within?: AssignContext['within']
  /** Milliseconds since 1970. */
  now?: () => number
}

/** One load of a file into the registry, chunk by chunk; opened again after a stop it goes on as if it had not stopped. */
export interface AssignRun {
  /** Chunks committed so far. */
  readonly chunks: number
  /**
   * Assigns the next chunk: households, events and the chunk's record are committed together, and only after `report`
   * has resolved. When it throws nothing is kept. At most 2,000 rows or so, see StoreWriter.transaction.
   */
  commit(
    rows: readonly AssignRow[],
    report: (outcomes: Outcome[]) => ChunkReport | Promise<ChunkReport>,
  ): Promise<Outcome[]>
}

/** Opens a running job of the store: reads back which households it has led to already. */
export async function openAssignRun(
  store: StoreWriter,
  job: Job,
  { actor, scheme, within, now = Date.now }: AssignRunOptions,
): Promise<AssignRun> {
  const touched = new Touched()
  let chunks = 0
  for await (const chunk of store.chunks(job.id)) {
    for (const n of unpackNumbers(chunk.touched)) touched.add(n)
    chunks++
  }
  const ids = idsOf(store)
  const { list, engineVersion, dataVersion } = job
  const listSince = (await store.firstLoad(list)) ?? job.startedAt
  return {
    get chunks() {
      return chunks
    },
    async commit(rows, report) {
      const outcomes = await store.transaction(async (tx) => {
        const context: AssignContext = {
          ids,
          job: job.id,
          list,
          actor,
          scheme,
          within,
          now: now(),
          engineVersion,
          dataVersion,
          touched,
          listSince,
        }
        const outcomes = await assignRows(tx, rows, context)
        const { reach, ...chunk } = await report(outcomes)
        const led = packNumbers(numbersOf(outcomes))
        await tx.recordChunk(job.id, { ...chunk, chunk: chunks, touched: led }, reach)
        return outcomes
      })
      for (const n of numbersOf(outcomes)) touched.add(n)
      chunks++
      return outcomes
    },
  }
}

/** The households that rows led to; one where nothing may be written is none of them. */
const numbersOf = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap(({ status, n }) => (status === 'rejected' ? [] : n))
