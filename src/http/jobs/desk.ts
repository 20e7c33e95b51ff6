import type { Looker } from '../../bulk/look.ts'
import type { JobStore } from '../../registry/store.ts'

/** Where files are handed in and results fetched; the work is done in another process. */
export interface BulkDesk {
  jobs: JobStore
  looker: Pick<Looker, 'look'>
  uploads: UploadSettings
}

export interface UploadSettings {
  /** Holds a folder for each job; for its owner only. */
  folder: string
  /** Of one file. */
  maxBytes: number
  /** After which uploads and results are removed; 0 = never. */
  keepDays: number
}
