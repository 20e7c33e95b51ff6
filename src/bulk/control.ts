import type { Job, JobStore } from '../registry/jobStore.ts'
import { discardUnfinished } from './files.ts'

export const isOver = ({ state }: Pick<Job, 'state'>): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled'

/** Nobody works on it until it is resumed. */
export const isResting = ({ state }: Pick<Job, 'state'>): boolean =>
  state === 'paused' || state === 'interrupted'

/**
 * Has a job rest: at once when it waits, else asks the process that works on it. False when it is over or is to be cancelled.
 * Its state may change between the look and the deed: then it is looked at again.
 */
export async function pauseJob(jobs: JobStore, { id }: Job): Promise<boolean> {
  for (;;) {
    const { state, requested, error } = (await jobs.job(id))!
    if (isOver({ state }) || requested === 'cancel') return false
    if (state === 'paused') return true
    // One that was interrupted would go on with the next start of its server.
    try {
      const done =
        state === 'running' ? jobs.requestJob(id, 'pause') : jobs.restJob(id, 'paused', error ?? undefined)
      if (await done) return true
    } catch (failure) {
      if ((await jobs.job(id))!.state === state) throw failure
    }
  }
}

/**
 * Ends a job: at once when nobody works on it, else asks the process that does; false then. `discard` removes what is
 * unfinished beside the result. Its state may change between the look and the deed: then it is looked at again.
 */
export async function cancelJob(jobs: JobStore, { id, output }: Job, discard: () => void): Promise<boolean> {
  for (;;) {
    const { state } = (await jobs.job(id))!
    if (isOver({ state })) return true
    if (state === 'running') {
      if (await jobs.requestJob(id, 'cancel')) return false
    } else if (await jobs.takeJob(id)) {
      discardUnfinished(output)
      discard()
      await jobs.finishJob(id, 'cancelled', Date.now())
      return true
    }
  }
}
