import { existsSync } from 'node:fs'
import type { Caller, Scope } from '../../access/caller.ts'
import { progressOf, timesOf } from '../../bulk/progressOf.ts'
import { rejectsOf } from '../../bulk/rejects.ts'
import { ROW_STATUSES } from '../../bulk/result.ts'
import type { Job } from '../../registry/jobStore.ts'
import { z } from '../params.ts'
import { time } from '../schemas.ts'
import type { BulkDesk } from './desk.ts'
import { folderOf, type UploadNote } from './own.ts'

const DAY = 86_400_000

const count = z.int().optional()
const link = z.string().nullable()
export const jobSchema = z
  .strictObject({
    id: z.int().openapi({ example: 1 }),
    kind: z.enum(['assign', 'geocode', 'reverse', 'convert', 'undo', 'export', 'reassign']),
    owner: z
      .string()
      .openapi({ description: 'Who asked for it: the name of a key, or of a user of the system' }),
    state: z.enum(['queued', 'running', 'paused', 'interrupted', 'cancelled', 'done', 'failed']),
    requested: z.enum(['pause', 'cancel']).nullable().openapi({ description: 'Asked for, and not yet so' }),
    file: z.string().nullable().openapi({ description: 'What the client calls the uploaded file' }),
    list: z.string(),
    firstRows: z.int().nullable().openapi({ description: 'Only so many rows are read; null = all' }),
    undoes: z.int().nullable().openapi({ description: 'Of an undo: the job that it takes back' }),
    scope: z
      .array(z.string())
      .nullable()
      .openapi({ description: 'Communes and provinces outside which rows are rejected; null = no bound' }),
    rows: z.int().openapi({ description: 'Done so far' }),
    percent: z.int().nullable(),
    rowsPerSecond: z.int().nullable(),
    secondsLeft: z.int().nullable(),
    counts: z
      .strictObject(Object.fromEntries(ROW_STATUSES.map((status) => [status, count])))
      .openapi({ description: 'Rows by status, see docs/files.md' }),
    error: z.string().nullable().openapi({ description: 'Why it failed or was interrupted' }),
    startedAt: time,
    finishedAt: time.nullable(),
    keptUntil: time
      .nullable()
      .openapi({ description: 'Upload and result are removed then; null = not yet known' }),
    engineVersion: z.string(),
    dataVersion: z.string(),
    links: z.strictObject({ self: z.string(), events: z.string(), result: link, rejects: link }),
  })
  .openapi('Job')
export type JobView = z.infer<typeof jobSchema>

/** An administrator sees the jobs of others. */
export const sightOf = ({ role }: Caller): 'own' | 'any' => (role === 'admin' ? 'any' : 'own')

/** A job as its owner sees it. Paths of the server stand in nothing of it. */
export function viewJob(
  job: Job,
  { uploads: { keepDays }, parts }: Pick<BulkDesk, 'uploads' | 'parts'>,
  seen: 'own' | 'any' = 'own',
): JobView {
  const { id, requested, owner, list, state, options, finishedAt } = job
  const { upload, rows, scope, job: undoes } = options as unknown as Options
  const at = `/v1/jobs/${id}`
  // Of somebody else the files are not told of.
  const done = state === 'done' && seen === 'own'
  // On a server any node puts the files together when they are asked for.
  const file = (path: string | undefined, name: string, has: boolean) =>
    done && ((path && existsSync(path)) || (parts && has)) ? `${at}/${name}` : null
  return {
    id,
    kind: job.kind as JobView['kind'],
    state,
    owner,
    requested,
    file: seen === 'own' ? upload!.name : null,
    list: seen === 'own' ? list : '',
    firstRows: rows ?? null,
    undoes: undoes ?? null,
    scope: scope ? [...scope] : null,
    ...progressOf(job),
    error: seen === 'own' ? (job.error?.replaceAll(`${folderOf(job)}/`, '') ?? null) : job.error && NOT_TOLD,
    ...timesOf(job),
    keptUntil: finishedAt && keepDays > 0 ? new Date(finishedAt + keepDays * DAY).toISOString() : null,
    engineVersion: job.engineVersion,
    dataVersion: job.dataVersion,
    links: {
      self: at,
      events: `${at}/events`,
      result: file(job.output, 'result', true),
      rejects: file(rejectsFile(job), 'rejects', Boolean(job.counts.rejected)),
    },
  }
}

/** Errors can quote a file. */
const NOT_TOLD = '-'

interface Options {
  /** None of a job of a command. */
  upload?: UploadNote
  rows?: number | null
  scope?: Scope
  job?: number
}

/** The rejected rows of a job as a file of their own. */
export const rejectsFile = ({ input, output }: Job): string | undefined => rejectsOf(input, output, null)[0]
