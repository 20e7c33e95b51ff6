import { setImmediate } from 'node:timers/promises'

/** Milliseconds of work between two looks at other requests. */
const SLICE = 4

/** Does work that yields now and then, so that other requests wait for a slice of it only. */
export async function inSlices<T>(work: Iterator<undefined, T>): Promise<T> {
  for (;;) {
    const until = performance.now() + SLICE
    do {
      const step = work.next()
      if (step.done) return step.value
    } while (performance.now() < until)
    await setImmediate()
  }
}

/** Does the same work without a pause. */
export function atOnce<T>(work: Iterator<undefined, T>): T {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}
