import { dirname } from 'node:path'
import type { Job } from '../../registry/jobStore.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import type { Context } from '../route.ts'

export const jobParams = z.strictObject({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .openapi({ description: 'Number of the job', example: '1' }),
})

/** The job, when the caller asked for it over HTTP; one of somebody else is unknown like one that is not there. */
export async function ownJob(id: string, { caller, bulk }: Context): Promise<Job> {
  const job = await bulk.jobs.job(Number(id))
  const upload = job?.options['upload'] as UploadNote | undefined
  if (!job || !upload || upload.line !== caller.key?.line) throw new Problem('unknown-job')
  return job
}

/** A job that the caller may watch and hold: its own, or for an administrator any that a key asked for. */
export async function heldJob(id: string, context: Context): Promise<Job> {
  if (context.caller.role !== 'admin') return ownJob(id, context)
  const job = await context.bulk.jobs.job(Number(id))
  if (!job?.options['upload']) throw new Problem('unknown-job')
  return job
}

/** The folder of a job that was asked for over HTTP: upload, result, rejected rows. */
export const folderOf = ({ output }: Pick<Job, 'output'>): string => dirname(output)

/** What a job that was asked for over HTTP keeps beside the options of the commands. */
export interface UploadNote {
  /** Whose it is, see `UsedKey`: a new key of an old name has none of its jobs. */
  line: number
  /** What the client calls the file; null where there is none. */
  name: string | null
}
