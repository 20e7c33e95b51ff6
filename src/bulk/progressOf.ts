import type { Counts, Job } from '../registry/jobStore.ts'

/** How far a job is, as everybody shows it. */
export interface JobProgressView {
  rows: number
  /** Null while it is not known how much there is. */
  percent: number | null
  /** While a process works on it. */
  rowsPerSecond: number | null
  secondsLeft: number | null
  counts: Counts
}

export function progressOf(job: Job): JobProgressView {
  const pace = paceOf(job)
  const part = job.total > 0 ? Math.floor((job.done / job.total) * 100) : null
  return {
    rows: job.rowsDone,
    percent: job.state === 'done' ? 100 : part,
    rowsPerSecond: pace && Math.round(pace.rowsPerSecond),
    secondsLeft: pace?.secondsLeft == null ? null : Math.ceil(pace.secondsLeft),
    counts: job.counts,
  }
}

/** How fast the process works that has the job, and how long it still takes; null while nothing tells. */
function paceOf(job: Job): { rowsPerSecond: number; secondsLeft: number | null } | null {
  const seconds = (job.seenAt - job.takenAt) / 1000
  const rows = job.rowsDone - job.takenRows
  if (job.state !== 'running' || seconds <= 0 || rows <= 0) return null
  const rowsPerSecond = rows / seconds
  const known = job.total > 0 && job.done > 0
  const rowsLeft = known ? (job.rowsDone * (job.total - job.done)) / job.done : null
  return { rowsPerSecond, secondsLeft: rowsLeft === null ? null : rowsLeft / rowsPerSecond }
}

const time = (at: number | null) => (at ? new Date(at).toISOString() : null)
/** When a job was asked for and when it ended, as ISO times. */
export const timesOf = ({ startedAt, finishedAt }: Job) => ({
  startedAt: new Date(startedAt).toISOString(),
  finishedAt: time(finishedAt),
})
