import { setImmediate } from 'node:timers/promises'
import { once } from './once.ts'

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

/**
 * Makes something of an object once, as `once`, of work that can pause: `ahead` makes it before it is asked for without holding
 * other requests up, and who asks meanwhile finishes what is begun.
 */
export function onceInSlices<Of extends object, Made extends object>(
  make: (of: Of) => Iterator<undefined, Made>,
): { of(of: Of): Made; ahead(of: Of): Promise<void> } {
  const workOf = once((of: Of) => {
    const steps = make(of)
    let made: Made | undefined
    const work: Iterator<undefined, Made> = {
      next() {
        if (made) return { done: true, value: made }
        const step = steps.next()
        if (step.done) made = step.value
        return step
      },
    }
    return work
  })
  return {
    of: (of) => atOnce(workOf(of)),
    async ahead(of) {
      await inSlices(workOf(of))
    },
  }
}
