import type { StreetDecision } from './decidedStreets.ts'
import type { RowStatus } from './types.ts'

/** What jobs ask of a database: how far they are, and who works on them. */

/**
 * queued: waits for the server. running: a process works on it. paused: stopped on request; interrupted: its process is
 * gone, or an error stopped it. These four can go on. cancelled, done and failed are the end.
 */
export type JobState = 'queued' | 'running' | 'paused' | 'interrupted' | 'cancelled' | 'done' | 'failed'
/** What somebody asks of the process that works on a job; it is read between two chunks. */
export type JobRequest = 'pause' | 'cancel'
export type Counts = Partial<Record<RowStatus, number>>

export interface NewJob {
  /** "assign", "geocode", ... */
  kind: string
  /** Who asked for it: a person's account or "system". */
  owner: string
  /** Tells the same work from other work (content of the input and options); the job is found again by it. */
  fingerprint: string
  input: string
  output: string
  list: string
  options: Record<string, unknown>
  engineVersion: string
  dataVersion: string
  /** Milliseconds since 1970. */
  startedAt: number
}
export interface Job extends NewJob, JobProgress {
  id: number
  state: JobState
  requested: JobRequest | null
  /** Why it failed or was interrupted. */
  error: string | null
  /** Of the chunks committed so far. */
  chunks: number
  /** When the process that works on it began (milliseconds since 1970), and the rows done before. */
  takenAt: number
  takenRows: number
  /** The last sign of that process. */
  seenAt: number
  finishedAt: number | null
}
/** How much of the work is behind: bytes of the input or rows of the registry; `total` is 0 while it is not known. */
export interface Reach {
  done: number
  total: number
}
/** How far a job is. */
export interface JobProgress extends Reach {
  rowsDone: number
  counts: Counts
  /** Length of the output up to the last committed chunk: a restart cuts the file there. */
  outBytes: number
}
export interface JobChunk {
  /** From 0, without gaps. */
  chunk: number
  firstRow: number
  rows: number
  /** Length of the output after this chunk. */
  outBytes: number
  counts: Counts
  /** The households that the rows of this chunk led to (see touched.ts). */
  touched: Uint8Array
}

export interface JobReader {
  job(id: number): Promise<Job | null>
  /** The job with this fingerprint that can go on or is at work, the latest when there are several. */
  findUnfinished(fingerprint: string): Promise<Job | null>
  /** The oldest queued job. */
  nextQueued(): Promise<Job | null>
  /** When the first load of this list began (milliseconds since 1970). */
  firstLoad(list: string): Promise<number | null>
  /** Latest first; those that a line of keys asked for over HTTP (`upload.line` of their options), those before a job. */
  listJobs(limit: number, filter?: { uploadedBy?: number; before?: number }): Promise<Job[]>
  /** How many jobs are in each state; states without any are left out. */
  countJobs(): Promise<Partial<Record<Job['state'], number>>>
  /** The chunks of an unfinished job in order. */
  chunks(job: number): AsyncIterable<JobChunk>
  /** Ended jobs before a time (milliseconds since 1970) whose result was not dropped yet, oldest first. */
  jobsToDrop(before: number): Promise<Job[]>
}
export interface JobWriter {
  /** A job that this process works on from now. */
  createJob(job: NewJob): Promise<Job>
  /** A job for the process that serves the database; the unfinished one of the same work, when there is one, goes on instead. */
  queueJob(job: NewJob): Promise<Job>
  /**
   * This process works on the job from now; what was requested of the one before is void. A job of which nothing was done yet
   * gets these versions. Null when another process works on it.
   */
  takeJob(id: number, versions?: Pick<NewJob, 'engineVersion' | 'dataVersion'>): Promise<Job | null>
  /** Shows that the process lives. */
  seeJob(id: number): Promise<void>
  /** How far a job is that has no chunks of its own. Throws when another process took it. */
  recordProgress(id: number, progress: JobProgress): Promise<void>
  /**
   * The decided and verified households of streets of these former communes as they stood when the job first asked: the
   * same until the job ends, whatever is decided meanwhile.
   */
  decidedStreets(id: number, formerCodes: readonly string[]): Promise<StreetDecision[]>
  /** Asks the process that works on the job. False when none does, and for a pause after a cancel: that stays. */
  requestJob(id: number, request: JobRequest): Promise<boolean>
  /** The job rests and can be taken again: its chunks stay. False when it is over, or was asked to end: it stays as it is. */
  restJob(id: number, state: 'queued' | 'paused' | 'interrupted', error?: string): Promise<boolean>
  /** Ends a job and drops its chunks, which only a restart needs. */
  finishJob(id: number, state: 'done' | 'failed' | 'cancelled', at: number, error?: string): Promise<void>
  /** Notes that the result of an ended job is gone. */
  dropJob(id: number): Promise<void>
}
/** The list of jobs, which any process may read and write; the registry has one writer. */
export interface JobStore extends JobReader, JobWriter {}
