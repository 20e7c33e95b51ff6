import { rmSync, statSync } from 'node:fs'
import type { AssignSummary } from '../bulk/assign.ts'
import type { FileJobSummary } from '../bulk/fileJob.ts'
import { progressOf, timesOf } from '../bulk/progressOf.ts'
import { rejectsOf } from '../bulk/rejects.ts'
import { ROW_STATUSES } from '../bulk/result.ts'
import type { Counts, Job, JobStore } from '../registry/jobStore.ts'
import { readSettings } from './settings.ts'
import { endForgotten, uploadFolder } from './uploads.ts'

const DAY = 86_400_000

/** Removes the results of jobs that ended too long ago, unless they were changed since; answers their paths. */
export async function dropOldResults(jobs: JobStore): Promise<string[]> {
  const { keepDays } = readSettings()
  if (keepDays === 0) return []
  const dropped: string[] = []
  await endForgotten(jobs, Date.now() - keepDays * DAY)
  for (const job of await jobs.jobsToDrop(Date.now() - keepDays * DAY)) {
    const folder = uploadFolder(job)
    if (folder) {
      rmSync(folder, { recursive: true, force: true })
      dropped.push(folder)
      await jobs.dropJob(job.id)
      continue
    }
    const rejects = (job.options['rejects'] as string | null | undefined) ?? null
    for (const path of [job.output, ...rejectsOf(job.input, job.output, rejects)]) {
      const found = statSync(path, { throwIfNoEntry: false })
      // Written after the job ended: a person's work, or the result of a later job.
      if (!found || found.mtimeMs > job.finishedAt!) continue
      rmSync(path)
      dropped.push(path)
    }
    await jobs.dropJob(job.id)
  }
  return dropped
}

/** What a job did, in lines. */
export function summaryText(kind: string, summary: FileJobSummary & Partial<AssignSummary>): string {
  const { ending, rows, counts, blank, rejected, rowsNow, seconds, output, rejects, job } = summary
  const lines = [endText(kind, job, ending, rows, rowsNow / seconds, seconds)]
  lines.push(...countLines(counts))
  if (blank > 0) lines.push(`  (${blank} empty lines are no rows)`)
  for (const { line, reason } of rejected) lines.push(`rejected: line ${line}: ${reason}`)
  const unnamed = (counts.rejected ?? 0) - rejected.length
  if (unnamed > 0) lines.push(`rejected: ${unnamed} more, see the result`)
  if (ending === 'done') lines.push(...nothingNew(kind, rows, counts), resultLine(output))
  if (rejects) lines.push(rejectsLine(rejects))
  if (summary.duplicates) lines.push(foundText(summary.duplicates))
  return lines.join('\n')
}

function foundText({ communes, households, found }: NonNullable<AssignSummary['duplicates']>): string {
  const { duplicate, numbering } = found
  return (
    `looked through ${households} households of ${communes} communes: ${duplicate} likely duplicates and ${numbering} houses ` +
    "far from their street's numbering wait in `review list`"
  )
}

function endText(
  kind: string,
  job: number,
  ending: Job['state'],
  rows: number,
  rate: number,
  seconds: number,
) {
  if (ending === 'done') return `${rows} rows in ${seconds.toFixed(1)} s (${Math.round(rate)} rows/s)`
  if (ending === 'paused')
    return `stopped after ${rows} rows; to go on give the same command again, or vpostcode jobs resume ${job}`
  const stay = kind === 'assign' ? '; what was registered stays' : ''
  return `${ending} after ${rows} rows${stay}`
}

const countLines = (counts: Counts) =>
  ROW_STATUSES.filter((status) => counts[status]).map((status) => `  ${status.padEnd(10)} ${counts[status]}`)

const CHANGING = ['assigned', 'visit', 'review', 'updated'] as const

function nothingNew(kind: string, rows: number, counts: Counts): string[] {
  if (rows === 0) return ['there is no row below the header']
  if (kind !== 'assign' || !counts.unchanged || CHANGING.some((status) => counts[status])) return []
  return ['nothing has changed: every household was known as it is']
}

/** Where the result is, and how long. */
export function resultLine(output: string): string {
  const { keepDays } = readSettings()
  return `result: ${output}${keepDays > 0 ? ` (removed after ${keepDays} days; a copy stays)` : ''}`
}

export const rejectsLine = (path: string): string =>
  `rejected rows, to be corrected and loaded again: ${path}`

/** A job as the commands show it: one object with all there is to know. */
export function jobView(job: Job) {
  const { id, kind, owner, state, requested, input, output, list, error, engineVersion, dataVersion } = job
  const place = { input, output, list, error }
  return {
    id,
    kind,
    owner,
    state,
    requested,
    ...progressOf(job),
    ...place,
    ...timesOf(job),
    engineVersion,
    dataVersion,
  }
}

/** A job in one line. */
export function jobLine(job: Job): string {
  const { id, kind, state, rows, percent, rowsPerSecond, secondsLeft, counts, input, startedAt } =
    jobView(job)
  const parts = [
    `${rows} rows${percent === null || state === 'done' ? '' : ` (${percent} %)`}`,
    ...(rowsPerSecond === null ? [] : [`${rowsPerSecond} rows/s`]),
    ...(secondsLeft === null ? [] : [`${secondsLeft} s left`]),
  ]
  const counted = Object.entries(counts).map(([name, count]) => `${name} ${count}`)
  const end = counted.length > 0 ? `: ${counted.join(', ')}` : ''
  return `job ${id}: ${kind} ${input}, ${startedAt}, ${state}, ${parts.join(', ')}${end}`
}
