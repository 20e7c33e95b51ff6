import { readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isResting } from '../bulk/control.ts'
import type { Job, JobStore } from '../registry/jobStore.ts'
import { folderBase } from './serverUrl.ts'
import { readSettings } from './settings.ts'

const DAY = 86_400_000
/** Jobs looked at in one go. */
const PAGE = 1_000

/** The folder of the files that were sent over HTTP for this database; one folder is for one database. */
export const uploadsFolder = (db: string): string =>
  resolve(readSettings().uploads ?? `${folderBase(db)}-uploads`)

/** The folder of a job that was asked for over HTTP, with upload and result; null for other jobs. */
export const uploadFolder = ({ options, output }: Pick<Job, 'options' | 'output'>): string | null =>
  options['upload'] ? dirname(output) : null

/**
 * Removes what uploads left behind that never became a job, for their process was killed, and what stands here of jobs that ended
 * too long ago: another node may have noted them as dropped. Answers how many there were.
 */
export async function dropLeftUploads(jobs: JobStore, db: string): Promise<number> {
  const root = uploadsFolder(db)
  const { keepDays } = readSettings()
  const before = keepDays > 0 ? Date.now() - keepDays * DAY : 0
  // Looked at before the jobs: what becomes a job meanwhile is not there yet.
  const folders = new Set(foldersIn(root).filter((path) => isLeft(path)))
  for (let last: number | undefined; folders.size > 0; ) {
    const page = await jobs.listJobs(PAGE, { ...(last !== undefined && { before: last }) })
    for (const job of page)
      if ((job.finishedAt ?? Infinity) >= before) folders.delete(uploadFolder(job) ?? '')
    if (page.length < PAGE) break
    last = page.at(-1)!.id
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  return folders.size
}

function foldersIn(root: string): string[] {
  try {
    return readdirSync(root).map((name) => join(root, name))
  } catch {
    return []
  }
}

/** Nobody writes to it any more: its process, whose number its name begins with, is gone, or it is a day old. */
function isLeft(path: string): boolean {
  const pid = /^(\d+)-[0-9a-f-]{36}$/.exec(path.slice(dirname(path).length + 1))?.[1]
  const found = statSync(path, { throwIfNoEntry: false })
  if (!pid || !found) return false
  if (Date.now() - found.mtimeMs > DAY) return true
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Ends jobs that were sent over HTTP and rest for too long, so that what was sent is removed like that of others. */
export async function endForgotten(jobs: JobStore, before: number): Promise<void> {
  for (let last: number | undefined; ; ) {
    const page = await jobs.listJobs(PAGE, { ...(last !== undefined && { before: last }) })
    for (const job of page)
      if (uploadFolder(job) && isResting(job) && Math.max(job.startedAt, job.seenAt) < before)
        await jobs.finishJob(job.id, 'cancelled', Date.now(), 'rested for too long')
    if (page.length < PAGE) return
    last = page.at(-1)!.id
  }
}
