import type Database from 'better-sqlite3'
import type { Counts, Job, JobChunk, JobReader, JobWriter } from '../../registry/store.ts'

interface JobRow {
  id: number
  kind: string
  fingerprint: string
  input: string
  output: string
  list: string
  options: string
  engine_version: string
  data_version: string
  state: Job['state']
  error: string | null
  chunks: number
  rows_done: number
  out_bytes: number
  counts: string
  started_at: number
  finished_at: number | null
}

interface ChunkRow {
  chunk: number
  first_row: number
  rows: number
  out_bytes: number
  counts: string
  touched: Buffer
}

/** Chunks are read back in pages, so that no statement stays open between two of them. */
const PAGE = 500

export function jobReader(db: Database.Database): JobReader {
  const one = db.prepare('SELECT * FROM jobs WHERE id = ?')
  const unfinished = db.prepare(
    "SELECT * FROM jobs WHERE fingerprint = ? AND state = 'running' ORDER BY id DESC LIMIT 1",
  )
  const latest = db.prepare('SELECT * FROM jobs ORDER BY id DESC LIMIT ?')
  const page = db.prepare('SELECT * FROM job_chunks WHERE job = ? AND chunk >= ? ORDER BY chunk LIMIT ?')
  const view = (row: unknown) => (row ? jobOf(row as JobRow) : null)
  return {
    job: async (id) => view(one.get(id)),
    findUnfinished: async (fingerprint) => view(unfinished.get(fingerprint)),
    listJobs: async (limit) => (latest.all(limit) as JobRow[]).map(jobOf),
    async *chunks(job) {
      for (let from = 0; ; from += PAGE) {
        const rows = page.all(job, from, PAGE) as ChunkRow[]
        yield* rows.map(chunkOf)
        if (rows.length < PAGE) return
      }
    },
  }
}

export function jobWriter(db: Database.Database): JobWriter {
  const create = db.prepare(
    `INSERT INTO jobs (kind, fingerprint, input, output, list, options, engine_version, data_version, state, started_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?) RETURNING *`,
  )
  const finish = db.prepare('UPDATE jobs SET state = ?, error = ?, finished_at = ? WHERE id = ?')
  const drop = db.prepare('DELETE FROM job_chunks WHERE job = ?')
  return {
    async createJob(job) {
      const row = create.get(
        job.kind,
        job.fingerprint,
        job.input,
        job.output,
        job.list,
        JSON.stringify(job.options),
        job.engineVersion,
        job.dataVersion,
        job.startedAt,
      )
      return jobOf(row as JobRow)
    },
    async finishJob(id, state, at, error) {
      if (finish.run(state, error ?? null, at, id).changes === 0) throw new Error(`there is no job ${id}`)
      drop.run(id)
    },
  }
}

/** Records a chunk inside the open transaction; refuses a chunk that is not the job's next one. */
export function chunkRecorder(db: Database.Database): (job: number, chunk: JobChunk) => void {
  const job = db.prepare("SELECT counts FROM jobs WHERE id = ? AND state = 'running' AND chunks = ?").pluck()
  const add = db.prepare('INSERT INTO job_chunks VALUES (?, ?, ?, ?, ?, ?, ?)')
  const sum = db.prepare(
    'UPDATE jobs SET chunks = chunks + 1, rows_done = rows_done + ?, out_bytes = ?, counts = ? WHERE id = ?',
  )
  return (id, { chunk, firstRow, rows, outBytes, counts, touched }) => {
    const before = job.get(id, chunk) as string | undefined
    if (before === undefined) throw new Error(`chunk ${chunk} is not the next one of a running job ${id}`)
    add.run(id, chunk, firstRow, rows, outBytes, JSON.stringify(counts), touched)
    sum.run(rows, outBytes, JSON.stringify(added(JSON.parse(before), counts)), id)
  }
}

function added(sum: Counts, counts: Counts): Counts {
  const result = { ...sum }
  for (const [status, count] of Object.entries(counts) as [keyof Counts, number][])
    result[status] = (result[status] ?? 0) + count
  return result
}

const jobOf = (row: JobRow): Job => ({
  id: row.id,
  kind: row.kind,
  fingerprint: row.fingerprint,
  input: row.input,
  output: row.output,
  list: row.list,
  options: JSON.parse(row.options),
  engineVersion: row.engine_version,
  dataVersion: row.data_version,
  state: row.state,
  error: row.error,
  chunks: row.chunks,
  rowsDone: row.rows_done,
  outBytes: row.out_bytes,
  counts: JSON.parse(row.counts),
  startedAt: row.started_at,
  finishedAt: row.finished_at,
})

const chunkOf = (row: ChunkRow): JobChunk => ({
  chunk: row.chunk,
  firstRow: row.first_row,
  rows: row.rows,
  outBytes: row.out_bytes,
  counts: JSON.parse(row.counts),
  touched: row.touched,
})
