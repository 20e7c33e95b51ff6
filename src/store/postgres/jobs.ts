import type pg from 'pg'
import type { Job, JobChunk, JobReader, JobWriter, NewJob, Reach } from '../../registry/jobStore.ts'
import {
  addCounts,
  type ChunkRow,
  chunkOf,
  FINAL,
  isElsewhere,
  type JobRow,
  jobOf,
} from '../shared/jobRows.ts'
import { sign } from '../shared/signature.ts'
import { change, column, one, type Queryable, rows } from './connection.ts'
import { noteStreets } from './decidedStreets.ts'

/** Chunks are read back in pages. */
const PAGE = 500

const UNFINISHED = `SELECT * FROM jobs WHERE fingerprint = $1 AND state IN ('queued', 'running', 'paused', 'interrupted')
  ORDER BY id DESC LIMIT 1`

/** Rows by the names of their columns. */
async function objects<R>(db: Queryable, text: string, ...values: unknown[]): Promise<R[]> {
  return (await db.query(text, values)).rows as R[]
}
const jobs = async (db: Queryable, text: string, ...values: unknown[]): Promise<Job[]> =>
  (await objects<JobRow>(db, text, ...values)).map(jobOf)

export function jobReader(db: Queryable): JobReader {
  const first = async (text: string, ...values: unknown[]) => (await jobs(db, text, ...values))[0] ?? null
  return {
    job: (id) => first('SELECT * FROM jobs WHERE id = $1', id),
    findUnfinished: (fingerprint) => first(UNFINISHED, fingerprint),
    nextQueued: () => first("SELECT * FROM jobs WHERE state = 'queued' ORDER BY id LIMIT 1"),
    firstLoad: async (list) =>
      (await one<number | null>(
        db,
        "SELECT min(started_at) FROM jobs WHERE list = $1 AND kind = 'assign'",
        list,
      ))!,
    listJobs: (limit, { uploadedBy = null, before = Number.MAX_SAFE_INTEGER } = {}) =>
      jobs(
        db,
        `SELECT * FROM jobs WHERE id < $1 AND ($2::text IS NULL OR options -> 'upload' ->> 'line' = $2)
         ORDER BY id DESC LIMIT $3`,
        before,
        uploadedBy === null ? null : String(uploadedBy),
        limit,
      ),
    async countJobs() {
      const states = await rows<[Job['state'], number]>(db, 'SELECT state, count(*) FROM jobs GROUP BY state')
      const counts: Partial<Record<Job['state'], number>> = Object.fromEntries(states)
      delete counts.running
      for (const { state } of await jobs(db, "SELECT * FROM jobs WHERE state = 'running'"))
        counts[state] = (counts[state] ?? 0) + 1
      return counts
    },
    jobsToDrop: (before) =>
      jobs(db, 'SELECT * FROM jobs WHERE finished_at < $1 AND NOT dropped ORDER BY id', before),
    async *chunks(job) {
      for (let from = 0; ; from += PAGE) {
        const page = await objects<ChunkRow>(
          db,
          'SELECT * FROM job_chunks WHERE job = $1 AND chunk >= $2 ORDER BY chunk LIMIT $3',
          job,
          from,
          PAGE,
        )
        yield* page.map(chunkOf)
        if (page.length < PAGE) return
      }
    },
  }
}

/** Runs work in a transaction. */
export type Transact = <T>(work: (client: pg.ClientBase) => Promise<T>) => Promise<T>

/** For as long as the transaction lasts nobody else changes the job. */
async function locked(db: Queryable, id: number): Promise<JobRow> {
  const [row] = await objects<JobRow>(db, 'SELECT * FROM jobs WHERE id = $1 FOR UPDATE', id)
  if (!row) throw new Error(`there is no job ${id}`)
  return row
}

async function finish(db: Queryable, row: JobRow, state: string, error?: string, at: number | null = null) {
  if (isElsewhere(row)) throw new Error(`another process works on job ${row.id}`)
  await change(
    db,
    'UPDATE jobs SET state = $1, error = $2, finished_at = $3, requested = NULL WHERE id = $4',
    ...[state, error ?? null, at, row.id],
  )
}

/** Ends a job inside the open transaction. */
async function finishJob(db: Queryable, id: number, state: Job['state'], at: number, error?: string) {
  await finish(db, await locked(db, id), state, error, at)
  await change(db, 'DELETE FROM job_chunks WHERE job = $1', id)
  await change(db, 'DELETE FROM job_streets WHERE job = $1', id)
}

/** Each method is one transaction. */
export function jobWriter(transact: Transact): JobWriter {
  const own = sign()

  async function queue(db: Queryable, job: NewJob): Promise<number> {
    const id = await one<number>(
      db,
      `INSERT INTO jobs (kind, owner, fingerprint, input, output, list, options, engine_version, data_version, started_at,
         state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued') RETURNING id`,
      ...[job.kind, job.owner, job.fingerprint, job.input, job.output, job.list, JSON.stringify(job.options)],
      ...[job.engineVersion, job.dataVersion, job.startedAt],
    )
    return id!
  }
  async function take(
    db: Queryable,
    id: number,
    versions?: Pick<NewJob, 'engineVersion' | 'dataVersion'>,
  ): Promise<Job | null> {
    const row = await locked(db, id)
    if (isElsewhere(row)) return null
    if (FINAL.has(row.state)) throw new Error(`job ${id} is ${row.state}`)
    if (versions)
      await change(
        db,
        'UPDATE jobs SET engine_version = $1, data_version = $2 WHERE id = $3 AND rows_done = 0 AND chunks = 0',
        ...[versions.engineVersion, versions.dataVersion, id],
      )
    const [taken] = await jobs(
      db,
      `UPDATE jobs SET state = 'running', requested = NULL, error = NULL, taken_at = $1, taken_rows = rows_done,
         token = $2, pid = $3, host = $4, process_started = $5, heartbeat = $1 WHERE id = $6 RETURNING *`,
      ...[Date.now(), own.token, own.pid, own.host, own.process_started, id],
    )
    return taken!
  }
  return {
    createJob: (job) => transact(async (db) => (await take(db, await queue(db, job)))!),
    queueJob: (job) =>
      transact(async (db) => {
        // Who asks for the same work at this moment waits.
        await one(db, 'SELECT pg_advisory_xact_lock(8453, hashtext($1))', job.fingerprint)
        const [found] = await objects<JobRow>(db, UNFINISHED, job.fingerprint)
        const id = found?.id ?? (await queue(db, job))
        const row = await locked(db, id)
        const { state } = jobOf(row)
        if (state === 'paused' || state === 'interrupted') await finish(db, row, 'queued')
        return jobOf(await locked(db, id))
      }),
    takeJob: (id, versions) => transact((db) => take(db, id, versions)),
    seeJob: (id) =>
      transact(async (db) => {
        await change(
          db,
          'UPDATE jobs SET heartbeat = $1 WHERE id = $2 AND token = $3',
          Date.now(),
          id,
          own.token,
        )
      }),
    recordProgress: (id, { rowsDone, counts, done, total, outBytes }) =>
      transact(async (db) => {
        const changed = await change(
          db,
          `UPDATE jobs SET rows_done = $1, counts = $2, done = $3, total = $4, out_bytes = $5, heartbeat = $6
           WHERE id = $7 AND token = $8 AND state = 'running'`,
          ...[rowsDone, JSON.stringify(counts), done, total, outBytes, Date.now(), id, own.token],
        )
        if (changed === 0) throw new Error(`another process works on job ${id}`)
      }),
    requestJob: (id, wish) =>
      transact(async (db) => {
        const changed = await change(
          db,
          `UPDATE jobs SET requested = $1
           WHERE id = $2 AND state = 'running' AND (requested IS DISTINCT FROM 'cancel' OR $1 = 'cancel')`,
          ...[wish, id],
        )
        return changed > 0
      }),
    restJob: (id, state, error) =>
      transact(async (db) => {
        const row = await locked(db, id)
        const ends = row.state === 'running' && row.requested === 'cancel' && state === 'paused'
        if (ends || FINAL.has(row.state)) return false
        await finish(db, row, state, error)
        return true
      }),
    finishJob: (id, state, at, error) => transact((db) => finishJob(db, id, state, at, error)),
    decidedStreets: (id, formerCodes) => transact((db) => noteStreets(db, id, formerCodes)),
    dropJob: (id) =>
      transact(async (db) => {
        await change(db, 'UPDATE jobs SET dropped = true WHERE id = $1', id)
      }),
  }
}

/** Records a chunk inside the open transaction; refuses a chunk that is not the job's next one. */
export async function recordChunk(
  db: Queryable,
  id: number,
  { chunk, firstRow, rows, outBytes, counts, touched }: JobChunk,
  reach?: Reach,
): Promise<void> {
  const [before] = await column<string>(
    db,
    "SELECT counts FROM jobs WHERE id = $1 AND state = 'running' AND chunks = $2 FOR UPDATE",
    id,
    chunk,
  )
  if (before === undefined) throw new Error(`chunk ${chunk} is not the next one of a running job ${id}`)
  await change(
    db,
    `INSERT INTO job_chunks (job, chunk, first_row, rows, out_bytes, counts, touched)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    ...[id, chunk, firstRow, rows, outBytes, JSON.stringify(counts), Buffer.from(touched)],
  )
  await change(
    db,
    `UPDATE jobs SET chunks = chunks + 1, rows_done = rows_done + $1, out_bytes = $2, counts = $3, heartbeat = $4,
       done = coalesce($5, done), total = coalesce($6, total) WHERE id = $7`,
    ...[rows, outBytes, JSON.stringify(addCounts(JSON.parse(before), counts)), Date.now()],
    ...[reach?.done ?? null, reach?.total ?? null, id],
  )
}
