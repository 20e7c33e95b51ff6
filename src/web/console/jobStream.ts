import type { Job } from 'vpostcode/client'
import { Refusal } from '../shared/api.ts'
import { stream } from './session.ts'

/** Milliseconds after which a stream that ended early is opened again. */
const AGAIN = 2_000

export const isOver = ({ state }: Job): boolean => ['cancelled', 'done', 'failed'].includes(state)

/**
 * Tells of a job whenever it changes, until it is over or `signal` says stop. EventSource can send no key: the events are read
 * from the answer to a fetch.
 */
export async function watchJob(id: number, told: (job: Job) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await stream(`/v1/jobs/${id}/events`, signal)
      if (await readEvents(response, told)) return
    } catch (error) {
      if (signal.aborted) return
      // Refused for good; a lost connection is tried again.
      if (error instanceof Refusal && error.status > 0) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN))
  }
}

/** True when the job is over. */
async function readEvents(response: Response, told: (job: Job) => void): Promise<boolean> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return false
    text += value
    const events = text.split('\n\n')
    text = events.pop()!
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1]
      if (!data) continue
      const job = JSON.parse(data) as Job
      told(job)
      if (isOver(job)) return true
    }
  }
}
