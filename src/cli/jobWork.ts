import { availableParallelism } from 'node:os'
import { assignFile } from '../bulk/assign.ts'
import type { FileJobSummary } from '../bulk/fileJob.ts'
import type { FileJobOptions } from '../bulk/job.ts'
import type { RegistryJobSummary } from '../bulk/registryJob.ts'
import { undoJob } from '../bulk/undoJob.ts'
import { load } from '../gazetteer/load.ts'
import type { Job } from '../registry/jobStore.ts'
import type { StoreWriter } from '../registry/store.ts'
import { circumstances, QUIET, readFile, workOf } from './fileJob.ts'
import { readSettings } from './settings.ts'
import { VERSION } from './version.ts'

/** What a job needs of the process that does it. */
interface JobCircumstances {
  db: string
  /** Whether it is to rest after the chunk under way. */
  stop(): boolean
  onWork(job: number, rows: number): void
}

/** Does a job of the queue, or what is left of it, until it ends or the server stops. Rejects when it fails. */
export function doJob(
  job: Job,
  store: StoreWriter,
  server: JobCircumstances,
): Promise<FileJobSummary | RegistryJobSummary> {
  return job.kind === 'undo' ? undo(job, store, server) : workOnFile(job, store, server)
}

/** Worker threads of a job: one core is left to those who ask. */
const threads = () => readSettings().threads ?? Math.max(1, Math.min(4, availableParallelism() - 1))

const watch = (job: Job, { stop, onWork }: JobCircumstances) => ({
  actor: job.owner,
  stop,
  onProgress: ({ rows }: { rows: number }) => onWork(job.id, rows),
})

function workOnFile(job: Job, store: StoreWriter, server: JobCircumstances): Promise<FileJobSummary> {
  const options: FileJobOptions = {
    ...circumstances(),
    ...workOf(job, server.db),
    ...QUIET,
    ...watch(job, server),
    jobs: store,
    threads: threads(),
  }
  return job.kind === 'assign' ? assignFile({ ...options, store }) : readFile(job.kind, options, server.db)
}

/** Takes back what another job registered. */
const undo = (job: Job, store: StoreWriter, server: JobCircumstances): Promise<RegistryJobSummary> =>
  undoJob({
    ...watch(job, server),
    store,
    job: Number(job.options['job']),
    engineVersion: VERSION,
    dataVersion: load().version,
    output: job.output,
    only: job.id,
    onStart() {},
  })
