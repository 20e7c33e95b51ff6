import type { JobProgress, JobStore } from '../registry/jobStore.ts'

/** Milliseconds between two notes. */
const EVERY = 1_000

/** Notes in the list of jobs how far a job is, once a second. */
export class ProgressNotes {
  readonly #jobs: JobStore
  readonly #id: number
  #last = 0
  #open: JobProgress | null = null

  constructor(jobs: JobStore, id: number) {
    this.#jobs = jobs
    this.#id = id
  }

  async add(progress: JobProgress): Promise<void> {
    this.#open = progress
    if (performance.now() - this.#last >= EVERY) await this.flush()
  }

  async flush(): Promise<void> {
    if (!this.#open) return
    await this.#jobs.recordProgress(this.#id, this.#open)
    this.#open = null
    this.#last = performance.now()
  }
}
