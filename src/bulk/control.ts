import type { Job, JobStore } from '../registry/store.ts'
import { discardUnfinished } from './files.ts'

export const isOver = ({ state }: Pick<Job, 'state'>): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled'

/** Has a job rest: at once when it waits, else asks the process that works on it. The job must not be over. */
export async function pauseJob(jobs: JobStore, { id, state }: Job): Promise<void> {
  // A process may take it up just now: then that one is asked.
  if (state === 'queued') await jobs.restJob(id, 'paused').catch(() => {})
  await jobs.requestJob(id, 'pause')
}

/**
 * Ends a job that must not be over: at once when nobody works on it, else asks the process that does; false then. `discard`
 * removes what is unfinished beside the result.
 */
export async function cancelJob(
  jobs: JobStore,
  { id, state, output }: Job,
  discard: () => void,
): Promise<boolean> {
  const taken = state === 'running' ? null : await jobs.takeJob(id)
  if (!taken) {
    await jobs.requestJob(id, 'cancel')
    return false
  }
  discardUnfinished(output)
  discard()
  await jobs.finishJob(id, 'cancelled', Date.now())
  return true
}
