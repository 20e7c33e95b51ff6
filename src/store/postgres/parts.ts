import type pg from 'pg'
import type { AboutFile, HeardParts, Part, PartStore } from '../../bulk/parts.ts'
import type { RegistryTransaction } from '../../registry/store.ts'
import { addCounts } from '../shared/jobRows.ts'
import { dropClaims } from './claims.ts'
import { change, column, one, rows } from './connection.ts'
import { jobReader, type Transact } from './jobs.ts'
import type { Names } from './names.ts'
import { registryTransaction } from './transaction.ts'

/** The job rests or is over: the work on its part is not kept. */
class Stopped extends Error {
  override name = 'Stopped'
}

/** Who works on such a job: no process of any host. It lives as long as a worker says so. */
const WORKERS = "token = 'parts', pid = 0, host = '(workers)', process_started = 0"

/** How long a file may be looked at before it is cut (milliseconds), and what its job ends with when it never was. */
const UNCUT = 60_000
const NOT_TAKEN_IN = 'its file was not taken in, for the node that received it ended: send it again'

/** The work in parts (see bulk/parts.ts). */
export function partStore(pool: pg.Pool, transact: Transact, names: Names): PartStore {
  return {
    putParts: (job, about, parts) =>
      transact(async (db) => {
        const state = await one<string>(db, 'SELECT state FROM jobs WHERE id = $1 FOR UPDATE', job)
        if (await one(db, 'SELECT 1 FROM job_inputs WHERE job = $1', job)) return false
        if (state !== 'queued') throw new Error(`job ${job} is ${state}`)
        let count = 0
        for await (const { part, firstRow, rows, input } of parts()) {
          await change(
            db,
            'INSERT INTO job_parts (job, part, first_row, rows, input) VALUES ($1, $2, $3, $4, $5)',
            ...[job, part, firstRow, rows, Buffer.from(input)],
          )
          count++
        }
        await change(db, 'INSERT INTO job_inputs VALUES ($1, $2, $3)', job, JSON.stringify(about), count)
        await change(db, 'UPDATE jobs SET total = $1 WHERE id = $2', about.bytes, job)
        return true
      }),
    async about(job) {
      const text = await one<string>(pool, 'SELECT about FROM job_inputs WHERE job = $1', job)
      return text === undefined ? null : (JSON.parse(text) as AboutFile)
    },
    async part(job, part) {
      const [found] = await rows<[number, number, Buffer, number]>(
        pool,
        `UPDATE job_parts SET tries = tries + 1 WHERE job = $1 AND part = $2 AND NOT done
         RETURNING first_row, rows, input, tries`,
        job,
        part,
      )
      if (!found) return null
      const [firstRow, count, input, tries] = found
      return { part, firstRow, rows: count, input, tries } satisfies Part
    },
    async commitPart(job, part, heard, work) {
      try {
        await transact(async (db) => {
          const [mine] = await rows<[number]>(
            db,
            'SELECT rows FROM job_parts WHERE job = $1 AND part = $2 AND NOT done FOR UPDATE',
            job,
            part,
          )
          if (!mine) throw new Stopped()
          const claimed: Buffer[] = []
          const tx = registryTransaction(db, names, claimed)
          // What a look-up claimed nobody else can have changed since: what the others led to is known for all of it.
          const watching = Object.fromEntries(
            Object.entries(tx).map(([name, ask]) => [
              name,
              LOOKS.has(name)
                ? async (...asked: unknown[]) => {
                    const found = await (ask as Ask)(...asked)
                    await hearOthers(db, job, heard)
                    return found
                  }
                : ask,
            ]),
          ) as unknown as RegistryTransaction
          const { counts, touched: led, result, rejected, places = [] } = await work(watching)
          await change(
            db,
            `UPDATE job_parts SET done = true, input = NULL, result = $3, touched = $4, rejected = $5, places = $6
             WHERE job = $1 AND part = $2`,
            ...[job, part, Buffer.from(result), Buffer.from(led), rejected && Buffer.from(rejected), places],
          )
          // Last, for all workers wait for one another here.
          const before = await one<string>(
            db,
            "SELECT counts FROM jobs WHERE id = $1 AND state = 'running' AND requested IS NULL FOR UPDATE",
            job,
          )
          if (before === undefined) throw new Stopped()
          await change(
            db,
            `UPDATE jobs SET chunks = chunks + 1, rows_done = rows_done + $2, counts = $3, heartbeat = $4,
               done = greatest(done, total * (chunks + 1) / (SELECT parts FROM job_inputs WHERE job = $1)) WHERE id = $1`,
            ...[job, mine[0], JSON.stringify(addCounts(JSON.parse(before), counts)), Date.now()],
          )
          await endIfDone(db, job)
          await dropClaims(db, claimed)
        })
        return true
      } catch (error) {
        if (error instanceof Stopped) return false
        throw error
      }
    },
    // The job is that of all workers: none of them is another process.
    giveUp: (job, error) =>
      transact(async (db) => {
        await change(
          db,
          `UPDATE jobs SET state = 'failed', error = $2, finished_at = $3, requested = NULL
           WHERE id = $1 AND state = 'running'`,
          ...[job, error, Date.now()],
        )
      }),
    async uncutUndo() {
      const job = await one<number>(
        pool,
        `SELECT id FROM jobs WHERE state = 'queued' AND kind = 'undo' AND NOT EXISTS (SELECT FROM job_inputs WHERE job = id)
         ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      )
      return job === undefined ? null : jobReader(pool).job(job)
    },
    tendJobs: () =>
      transact(async (db) => {
        const mine = await one<boolean>(db, 'SELECT pg_try_advisory_xact_lock(8454, 0)')
        if (!mine) return []
        const now = Date.now()
        await change(
          db,
          `UPDATE jobs SET state = CASE requested WHEN 'pause' THEN 'paused' ELSE 'cancelled' END, requested = NULL,
             finished_at = CASE requested WHEN 'pause' THEN NULL ELSE $1::bigint END
           WHERE state = 'running' AND requested IS NOT NULL AND id IN (SELECT job FROM job_inputs)`,
          now,
        )
        // Who cuts a file holds its job: what nobody holds any more was left by a node that died, with the file.
        await change(
          db,
          `UPDATE jobs SET state = 'failed', finished_at = $1::bigint, error = $2 WHERE id IN (
             SELECT id FROM jobs WHERE state = 'queued' AND kind <> 'undo' AND started_at < $1::bigint - $3::bigint
               AND NOT EXISTS (SELECT FROM job_inputs WHERE job = id) FOR UPDATE SKIP LOCKED)`,
          ...[now, NOT_TAKEN_IN, UNCUT],
        )
        // What was cancelled or dropped leaves nothing behind; the tables are small when nothing is at work.
        const gone = await column<number>(
          db,
          "SELECT job FROM job_inputs JOIN jobs ON id = job WHERE state IN ('cancelled', 'failed') OR dropped",
        )
        for (const table of ['job_parts', 'job_inputs', 'job_streets'])
          if (gone.length > 0) await change(db, `DELETE FROM ${table} WHERE job = ANY($1::bigint[])`, gone)
        const started = await column<number>(
          db,
          `UPDATE jobs SET state = 'running', taken_at = $1, taken_rows = rows_done, heartbeat = $1, error = NULL, ${WORKERS}
           WHERE state = 'queued' AND id IN (SELECT job FROM job_inputs) RETURNING id`,
          now,
        )
        await change(
          db,
          `UPDATE jobs SET heartbeat = $1::bigint
           WHERE state = 'running' AND heartbeat < $1::bigint - 1000 AND id IN (SELECT job FROM job_inputs)`,
          now,
        )
        for (const job of started) await endIfDone(db, job)
        const parts = await rows<[job: number, part: number]>(
          db,
          'SELECT job, part FROM job_parts WHERE job = ANY($1::bigint[]) AND NOT done ORDER BY job, part',
          started,
        )
        return parts.map(([job, part]) => ({ job, part }))
      }),
    results: (job) => ofParts(pool, job, 'result'),
    rejected: (job) => ofParts(pool, job, 'rejected'),
  }
}

/** What parts of a job have, in the order of the file. */
async function* ofParts(pool: pg.Pool, job: number, what: 'result' | 'rejected'): AsyncGenerator<Buffer> {
  for (let last = -1; ; ) {
    const [found] = await rows<[part: number, bytes: Buffer]>(
      pool,
      `SELECT part, ${what} FROM job_parts WHERE job = $1 AND part > $2 AND ${what} IS NOT NULL ORDER BY part LIMIT 1`,
      job,
      last,
    )
    if (!found) return
    last = found[0]
    yield found[1]
  }
}

type Ask = (...asked: unknown[]) => Promise<unknown>
const LOOKS = new Set(['find', 'findNear', 'households'])

/** Communes that are to be looked through, as parts without rows behind those of the file. */
const ADD_PLACES = `
  INSERT INTO job_parts (job, part, first_row, rows, input)
  SELECT id, chunks + row_number() OVER (ORDER BY place) - 1, rows_done, 0, convert_to(place, 'UTF8')
  FROM jobs, (SELECT DISTINCT unnest(places) AS place FROM job_parts WHERE job = $1) found
  WHERE id = $1 AND NOT EXISTS (SELECT FROM job_parts WHERE job = $1 AND rows = 0)`

/** With the last part the job is done, or in the queue again for the communes that are to be looked through. */
async function endIfDone(db: pg.ClientBase, job: number): Promise<void> {
  const complete = await one(
    db,
    'SELECT 1 FROM jobs WHERE id = $1 AND chunks = (SELECT parts FROM job_inputs WHERE job = $1)',
    job,
  )
  if (!complete) return
  const more = await change(db, ADD_PLACES, job)
  if (more > 0) {
    await change(db, 'UPDATE job_inputs SET parts = parts + $2 WHERE job = $1', job, more)
    await change(db, "UPDATE jobs SET state = 'queued' WHERE id = $1", job)
    return
  }
  await change(
    db,
    "UPDATE jobs SET state = 'done', finished_at = $2, done = total WHERE id = $1",
    job,
    Date.now(),
  )
  await change(db, 'DELETE FROM job_streets WHERE job = $1', job)
}

/** Tells what other parts that are committed led to. */
async function hearOthers(db: pg.ClientBase, job: number, heard: HeardParts): Promise<void> {
  const more = await rows<[part: number, touched: Buffer]>(
    db,
    'SELECT part, touched FROM job_parts WHERE job = $1 AND done AND NOT part = ANY($2::integer[])',
    job,
    [...heard.parts],
  )
  for (const [part, touched] of more) heard.hear(part, touched)
}
