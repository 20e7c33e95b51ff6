import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import type { Job, JobRequest, JobStore, NewJob } from '../registry/jobStore.ts'
import type { Place } from '../registry/types.ts'
import type { Columns } from './columns.ts'
import { contentHash, FileRefused, ResultFile } from './files.ts'
import type { Input, InputOptions } from './input.ts'
import type { PumpOptions } from './pump.ts'

/** How often the process of a job shows that it lives (milliseconds). */
const HEARTBEAT = 5_000

/** What the work on any file is given. */
export interface FileJobOptions extends InputOptions, PumpOptions {
  /** The list that the rows belong to, the same across loads. */
  list: string
  /** The database's list of jobs. */
  jobs: JobStore
  engineVersion: string
  actor: string
  /** `assign`: to look for likely duplicates at the end. */
  duplicates?: boolean
  /** Where a load may write; everywhere when not given. */
  within?(place: Place): boolean
  /** Of a job that was queued before anybody looked into its file. */
  fingerprint?: string
  /** The job that is to go on: throws `FileRefused` when the file or the versions are no longer those of the job. */
  only?: number
  onStart(start: FileJobStart): void
}

export interface FileJobStart {
  job: number
  header: string[]
  columns: Columns
  notes: string[]
  /** Rows that an interrupted run has done already. */
  resumedAt: number
}

/** Finds the unfinished job that does the same work and its unfinished result, or begins a new one. */
export async function beginJob(
  kind: string,
  options: FileJobOptions,
  source: Input,
  position: (job: Job, fresh: boolean) => Promise<Job> = async (job) => job,
): Promise<{ job: Job; at: Job; file: ResultFile }> {
  const { jobs, only } = options
  const { header, columns, notes, output, firstLine } = source
  const wanted = await newJob(kind, options, source)
  const found = await jobs.findUnfinished(wanted.fingerprint)
  if (only !== undefined && found?.id !== only) {
    throw await cannotGoOn(jobs, only, OTHER)
  }
  await requireFree(jobs, output, found?.id)
  const begun = async (job: Job, at: Job, file: ResultFile, note: string[]) => {
    options.onStart({ job: job.id, header, columns, notes: [...notes, ...note], resumedAt: at.rowsDone })
    return { job, at, file }
  }
  const note: string[] = []
  if (found) {
    const job = await jobs.takeJob(found.id, wanted)
    if (!job) throw new FileRefused(`Job ${found.id} is doing the same work in another process.`)
    const at = await position(job, false)
    if (at.engineVersion !== wanted.engineVersion || at.dataVersion !== wanted.dataVersion)
      throw await cannotGoOn(jobs, job.id, OTHER)
    const file =
      at.rowsDone > 0 ? ResultFile.resume(output, at.outBytes) : ResultFile.create(output, firstLine)
    if (file) return begun(job, at, file, note)
    const why =
      'the unfinished result of the run before is gone or was changed: the file is loaded anew, its rows stay registered'
    // Nobody knows of a job that would take the place of one that was asked for over HTTP.
    if (options.fingerprint) throw await cannotGoOn(jobs, job.id, why)
    await jobs.finishJob(job.id, 'failed', Date.now(), why)
    note.push(why)
  }
  const file = ResultFile.create(output, firstLine)
  const job = await jobs.createJob(wanted)
  return begun(job, await position(job, true), file, note)
}

const OTHER = 'the file, the program or its data are no longer those that the job began with'

async function cannotGoOn(jobs: JobStore, id: number, why: string): Promise<FileRefused> {
  await jobs.finishJob(id, 'failed', Date.now(), why)
  return new FileRefused(`Job ${id} cannot go on: ${why}. Give the command anew.`)
}

/** Jobs at work stand among the latest. */
const LATEST = 1000

/** Throws `FileRefused` when another job that is at work writes to this file: the two would wreck each other's result. */
export async function requireFree(jobs: JobStore, output: string, own?: number): Promise<void> {
  const writes = (job: Job) => job.state === 'running' && job.output === output && job.id !== own
  const other = (await jobs.listJobs(LATEST)).find(writes)
  if (other)
    throw new FileRefused(
      `Job ${other.id} is writing ${output}: give another file with -o, or wait for its end.`,
    )
}

/** The work as the list of jobs keeps it. */
export async function newJob(
  kind: string,
  options: FileJobOptions,
  { input, output, shape }: Input,
): Promise<NewJob> {
  const { actor, list, map, sheet, format, rejects, profile, duplicates, engineVersion, gazetteer } = options
  const dataVersion = gazetteer.version
  const sameWork = async () =>
    fingerprintOf([kind, await contentHash(input), shape, list, output, engineVersion, dataVersion])
  return {
    kind,
    owner: actor,
    fingerprint: options.fingerprint ?? (await sameWork()),
    input,
    output,
    list,
    // Another process may go on with it, in another folder.
    options: {
      map,
      sheet,
      format,
      duplicates,
      rejects: rejects && resolve(rejects),
      profile: profile && resolve(profile),
    },
    engineVersion,
    dataVersion,
    startedAt: Date.now(),
  }
}

/** Tells the same work from other work. */
export const fingerprintOf = (same: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(same)).digest('hex')

export type Ending = 'done' | 'paused' | 'cancelled'

/**
 * Does the work of a job and notes how it ended. `work` asks between two chunks whether to stop, because the caller says so
 * (`stop`) or somebody asked in the database, and answers whether it came to its end. `discard` removes what
 * is unfinished.
 */
export async function underWatch(
  jobs: JobStore,
  id: number,
  stop: PumpOptions['stop'],
  work: (stop: () => Promise<boolean>) => Promise<boolean>,
  discard: () => void,
): Promise<Ending> {
  let request: JobRequest | null = null
  const asked = async () => {
    request = (await jobs.job(id))?.requested ?? null
    return request !== null || (await stop())
  }
  const beat = setInterval(() => void jobs.seeJob(id).catch(() => {}), HEARTBEAT).unref()
  try {
    if (await work(asked)) {
      await jobs.finishJob(id, 'done', Date.now())
      return 'done'
    }
    // Somebody may have asked to cancel it since the last look.
    if ((request as JobRequest | null) !== 'cancel' && (await jobs.restJob(id, 'paused'))) return 'paused'
    discard()
    await jobs.finishJob(id, 'cancelled', Date.now())
    return 'cancelled'
  } catch (error) {
    await noteFailure(jobs, id, error)
    throw error
  } finally {
    clearInterval(beat)
  }
}

/** A file that was changed cannot be gone on with; after anything else (no space left, ...) the job can. */
async function noteFailure(jobs: JobStore, id: number, error: unknown): Promise<void> {
  const { message } = error as Error
  const noted =
    error instanceof FileRefused
      ? jobs.finishJob(id, 'failed', Date.now(), message)
      : jobs.restJob(id, 'interrupted', message)
  // The database may be what failed, or another process has taken the job: the first error is the one to tell.
  await noted.catch(() => {})
}
