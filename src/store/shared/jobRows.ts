import type { Counts, Job, JobChunk } from '../../registry/jobStore.ts'
import { isThisProcess, lives, type Signature } from './signature.ts'

/** A row of `jobs`. */
export interface JobRow extends Signature {
  id: number
  kind: string
  owner: string
  fingerprint: string
  input: string
  output: string
  list: string
  options: string
  engine_version: string
  data_version: string
  state: Job['state']
  requested: Job['requested']
  error: string | null
  chunks: number
  rows_done: number
  done: number
  total: number
  out_bytes: number
  counts: string
  started_at: number
  taken_at: number
  taken_rows: number
  finished_at: number | null
}

/** A row of `job_chunks`. */
export interface ChunkRow {
  chunk: number
  first_row: number
  rows: number
  out_bytes: number
  counts: string
  touched: Buffer
}

/** Does another process work on it? A job of this very one was left by an error. */
export const isElsewhere = (row: JobRow) => row.state === 'running' && lives(row) && !isThisProcess(row)

/** A job in one of these never goes on. */
export const FINAL: ReadonlySet<Job['state']> = new Set<Job['state']>(['cancelled', 'done', 'failed'])

/** Counts added up, as a new object. */
export function addCounts(sum: Counts, counts: Counts): Counts {
  const result = { ...sum }
  for (const [status, count] of Object.entries(counts) as [keyof Counts, number][])
    result[status] = (result[status] ?? 0) + count
  return result
}

export const jobOf = (row: JobRow): Job => ({
  id: row.id,
  kind: row.kind,
  owner: row.owner,
  fingerprint: row.fingerprint,
  input: row.input,
  output: row.output,
  list: row.list,
  options: JSON.parse(row.options),
  engineVersion: row.engine_version,
  dataVersion: row.data_version,
  // A process that was killed could not say so.
  state: row.state === 'running' && !lives(row) ? 'interrupted' : row.state,
  requested: row.requested,
  error: row.error,
  chunks: row.chunks,
  rowsDone: row.rows_done,
  done: row.done,
  total: row.total,
  outBytes: row.out_bytes,
  counts: JSON.parse(row.counts),
  startedAt: row.started_at,
  takenAt: row.taken_at,
  takenRows: row.taken_rows,
  seenAt: row.heartbeat,
  finishedAt: row.finished_at,
})

export const chunkOf = (row: ChunkRow): JobChunk => ({
  chunk: row.chunk,
  firstRow: row.first_row,
  rows: row.rows,
  outBytes: row.out_bytes,
  counts: JSON.parse(row.counts),
  touched: row.touched,
})
