import { setTimeout } from 'node:timers/promises'
import type { Job, JobReader } from '../registry/jobStore.ts'
import { jobLine, resultLine } from './jobTexts.ts'
import { Progress } from './progress.ts'

/** Milliseconds between two looks. */
const EVERY = 300

/**
 * Shows the progress of a job that another process works on, until it ends or rests. SIGINT and SIGTERM end this process
 * and leave the job alone.
 */
export async function followJob(jobs: JobReader, id: number): Promise<Job> {
  const progress = new Progress()
  for (;;) {
    const job = (await jobs.job(id))!
    if (job.state !== 'queued' && job.state !== 'running') {
      progress.end()
      console.error(job.error ? `${jobLine(job)}\n${job.error}` : jobLine(job))
      if (job.state === 'done') console.error(resultLine(job.output))
      return job
    }
    if (job.state === 'running') progress.step({ rows: job.rowsDone, bytes: job.done, bytesTotal: job.total })
    await setTimeout(EVERY)
  }
}
