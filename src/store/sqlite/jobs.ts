import type Database from 'better-sqlite3'
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
import { jobStreets } from './decidedStreets.ts'

/** Chunks are read back in pages, so that no statement stays open between two of them. */
const PAGE = 500

const UNFINISHED = `SELECT * FROM jobs WHERE fingerprint = ? AND state IN ('queued', 'running', 'paused', 'interrupted')
  ORDER BY id DESC LIMIT 1`

export function jobReader(db: Database.Database): JobReader {
  const one = db.prepare('SELECT * FROM jobs WHERE id = ?')
  const unfinished = db.prepare(UNFINISHED)
  const queued = db.prepare("SELECT * FROM jobs WHERE state = 'queued' ORDER BY id LIMIT 1")
  const first = db.prepare("SELECT min(started_at) FROM jobs WHERE list = ? AND kind = 'assign'").pluck()
  const latest = db.prepare('SELECT * FROM jobs WHERE id < ? ORDER BY id DESC LIMIT ?')
  const own = db.prepare(
    "SELECT * FROM jobs WHERE id < ? AND options ->> '$.upload.line' = ? ORDER BY id DESC LIMIT ?",
  )
  const states = db.prepare('SELECT state, count(*) FROM jobs GROUP BY state').raw()
  const running = db.prepare("SELECT * FROM jobs WHERE state = 'running'")
  const old = db.prepare('SELECT * FROM jobs WHERE finished_at < ? AND NOT dropped ORDER BY id')
  const page = db.prepare('SELECT * FROM job_chunks WHERE job = ? AND chunk >= ? ORDER BY chunk LIMIT ?')
  const view = (row: unknown) => (row ? jobOf(row as JobRow) : null)
  return {
    job: async (id) => view(one.get(id)),
    findUnfinished: async (fingerprint) => view(unfinished.get(fingerprint)),
    nextQueued: async () => view(queued.get()),
    firstLoad: async (list) => first.get(list) as number | null,
    async listJobs(limit, { uploadedBy, before = Number.MAX_SAFE_INTEGER } = {}) {
      const rows = uploadedBy === undefined ? latest.all(before, limit) : own.all(before, uploadedBy, limit)
      return (rows as JobRow[]).map(jobOf)
    },
    async countJobs() {
      const counts: Partial<Record<Job['state'], number>> = Object.fromEntries(
        states.all() as [string, number][],
      )
      delete counts.running
      for (const { state } of (running.all() as JobRow[]).map(jobOf)) counts[state] = (counts[state] ?? 0) + 1
      return counts
    },
    jobsToDrop: async (before) => (old.all(before) as JobRow[]).map(jobOf),
    async *chunks(job) {
      for (let from = 0; ; from += PAGE) {
        const rows = page.all(job, from, PAGE) as ChunkRow[]
        yield* rows.map(chunkOf)
        if (rows.length < PAGE) return
      }
    },
  }
}

/** Each method is one transaction, or a part of the one that is open. */
export function jobWriter(db: Database.Database): JobWriter {
  const own = sign()
  const create = db.prepare(
    `INSERT INTO jobs (kind, owner, fingerprint, input, output, list, options, engine_version, data_version, started_at, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued') RETURNING id`,
  )
  const one = db.prepare('SELECT * FROM jobs WHERE id = ?')
  const unfinished = db.prepare(UNFINISHED)
  const take = db.prepare(
    `UPDATE jobs SET state = 'running', requested = NULL, error = NULL, taken_at = ?, taken_rows = rows_done,
       token = ?, pid = ?, host = ?, process_started = ?, heartbeat = ? WHERE id = ? RETURNING *`,
  )
  const renew = db.prepare(
    'UPDATE jobs SET engine_version = ?, data_version = ? WHERE id = ? AND rows_done = 0 AND chunks = 0',
  )
  const see = db.prepare('UPDATE jobs SET heartbeat = ? WHERE id = ? AND token = ?')
  const progress = db.prepare(
    `UPDATE jobs SET rows_done = ?, counts = ?, done = ?, total = ?, out_bytes = ?, heartbeat = ?
     WHERE id = ? AND token = ? AND state = 'running'`,
  )
  const request = db.prepare(
    "UPDATE jobs SET requested = ? WHERE id = ? AND state = 'running' AND (requested IS NOT 'cancel' OR ? = 'cancel')",
  )
  const end = db.prepare(
    `UPDATE jobs SET state = ?, error = ?, finished_at = ?, requested = NULL
     WHERE id = ?`,
  )
  const dropChunks = db.prepare('DELETE FROM job_chunks WHERE job = ?')
  const drop = db.prepare('UPDATE jobs SET dropped = 1 WHERE id = ?')
  const streets = jobStreets(db)

  const queue = (job: NewJob): number => {
    const { kind, owner, fingerprint, input, output, list, options, engineVersion, dataVersion, startedAt } =
      job
    const texts = [kind, owner, fingerprint, input, output, list, JSON.stringify(options)]
    return (create.get(...texts, engineVersion, dataVersion, startedAt) as { id: number }).id
  }
  const read = (id: number): JobRow => {
    const row = one.get(id) as JobRow | undefined
    if (!row) throw new Error(`there is no job ${id}`)
    return row
  }
  const takeOne = (id: number, versions?: Pick<NewJob, 'engineVersion' | 'dataVersion'>): Job | null => {
    const row = read(id)
    if (isElsewhere(row)) return null
    if (FINAL.has(row.state)) throw new Error(`job ${id} is ${row.state}`)
    const now = Date.now()
    if (versions) renew.run(versions.engineVersion, versions.dataVersion, id)
    return jobOf(take.get(now, own.token, own.pid, own.host, own.process_started, now, id) as JobRow)
  }
  const finish = (id: number, state: string, error: string | undefined, at: number | null) => {
    if (isElsewhere(read(id))) throw new Error(`another process works on job ${id}`)
    end.run(state, error ?? null, at, id)
  }
  /** A transaction of its own, unless one is open. */
  const alone = <A extends unknown[], T>(work: (...values: A) => T) => {
    const transaction = db.transaction(work)
    return async (...values: A): Promise<T> =>
      db.inTransaction ? work(...values) : transaction.immediate(...values)
  }
  return {
    createJob: alone((job) => takeOne(queue(job))!),
    queueJob: alone((job) => {
      const found = unfinished.get(job.fingerprint) as JobRow | undefined
      if (!found) return jobOf(read(queue(job)))
      const { state } = jobOf(found)
      if (state === 'paused' || state === 'interrupted') finish(found.id, 'queued', undefined, null)
      return jobOf(read(found.id))
    }),
    takeJob: alone(takeOne),
    seeJob: alone((id) => void see.run(Date.now(), id, own.token)),
    recordProgress: alone((id, { rowsDone, counts, done, total, outBytes }) => {
      const changed = progress.run(
        rowsDone,
        JSON.stringify(counts),
        done,
        total,
        outBytes,
        Date.now(),
        id,
        own.token,
      )
      if (changed.changes === 0) throw new Error(`another process works on job ${id}`)
    }),
    requestJob: alone((id, wish) => request.run(wish, id, wish).changes > 0),
    restJob: alone((id, state, error) => {
      const now = read(id)
      const ends = now.state === 'running' && now.requested === 'cancel' && state === 'paused'
      if (ends || FINAL.has(now.state)) return false
      finish(id, state, error, null)
      return true
    }),
    finishJob: alone((id, state, at, error) => {
      finish(id, state, error, at)
      dropChunks.run(id)
      streets.drop(id)
    }),
    decidedStreets: alone((id, formerCodes) => streets.note(id, formerCodes)),
    dropJob: alone((id) => void drop.run(id)),
  }
}

/** Records a chunk inside the open transaction; refuses a chunk that is not the job's next one. */
export function chunkRecorder(
  db: Database.Database,
): (job: number, chunk: JobChunk, reach: Reach | undefined) => void {
  const job = db.prepare("SELECT counts FROM jobs WHERE id = ? AND state = 'running' AND chunks = ?").pluck()
  const add = db.prepare('INSERT INTO job_chunks VALUES (?, ?, ?, ?, ?, ?, ?)')
  const sum = db.prepare(
    `UPDATE jobs SET chunks = chunks + 1, rows_done = rows_done + ?, out_bytes = ?, counts = ?, heartbeat = ?,
       done = coalesce(?, done), total = coalesce(?, total) WHERE id = ?`,
  )
  return (id, { chunk, firstRow, rows, outBytes, counts, touched }, reach) => {
    const before = job.get(id, chunk) as string | undefined
    if (before === undefined) throw new Error(`chunk ${chunk} is not the next one of a running job ${id}`)
    add.run(id, chunk, firstRow, rows, outBytes, JSON.stringify(counts), touched)
    const after = JSON.stringify(addCounts(JSON.parse(before), counts))
    sum.run(rows, outBytes, after, Date.now(), reach?.done ?? null, reach?.total ?? null, id)
  }
}
