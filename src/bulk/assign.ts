import { openAssignRun } from '../registry/assignRun.ts'
import type { Job, StoreWriter } from '../registry/store.ts'
import { type FileJobSummary, runFileJob } from './fileJob.ts'
import { openInput } from './input.ts'
import { type FileJobOptions, newJob } from './job.ts'
import { RegistrySink } from './registrySink.ts'
import { RESULT_COLUMNS } from './result.ts'

export interface AssignOptions extends Omit<FileJobOptions, 'jobs'> {
  store: StoreWriter
}

/** Registers the rows of a file and answers each with its household and code. */
export const assignFile = ({ store, ...options }: AssignOptions): Promise<FileJobSummary> =>
  runFileJob(
    { ...options, jobs: store },
    {
      kind: 'assign',
      columns: RESULT_COLUMNS,
      recordsChunks: true,
      hearsDecisions: true,
      sink: async ({ at, file, delimiter }) =>
        new RegistrySink(await openAssignRun(store, at, options), file, delimiter, at),
    },
  )

/** Puts the registering of a file into the queue of the process that serves the database, or finds it there. */
export async function queueAssign(options: FileJobOptions): Promise<Job> {
  const source = await openInput(options, RESULT_COLUMNS)
  try {
    const { options: given, ...wanted } = await newJob('assign', options, source)
    const { jobs } = options
    const found = await jobs.findUnfinished(wanted.fingerprint)
    if (!found) return await jobs.queueJob({ ...wanted, options: { ...given, served: true } })
    if (found.state === 'paused' || found.state === 'interrupted') await jobs.restJob(found.id, 'queued')
    return found
  } finally {
    source.close()
  }
}
