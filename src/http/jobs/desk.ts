import type { Looker } from '../../bulk/look.ts'
import type { Job, JobStore } from '../../registry/jobStore.ts'

/** Where files are handed in and results fetched; the work is done in another process. */
export interface BulkDesk {
  jobs: JobStore
  looker: Pick<Looker, 'look'>
  uploads: UploadSettings
  /** Where any node answers for files that any machine works on; files of this machine when not given. */
  parts?: PartDesk
}

export interface PartDesk {
  /** Puts the rows of an upload down for the workers. */
  cut(job: Job): Promise<void>
  /** Has the result stand at `output` of the job, its rejected rows beside it. False when there is none any more. */
  fetch(job: Job): Promise<boolean>
}

export interface UploadSettings {
  /** Holds a folder for each job; for its owner only. */
  folder: string
  /** Of one file. */
  maxBytes: number
  /** After which uploads and results are removed; 0 = never. */
  keepDays: number
}
