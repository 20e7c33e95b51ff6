import type { Address } from './address.ts'

/**
 * An order that is sent before the answer came waits for it, but no longer than anybody waits (api.ts), and not at all when none
 * is to come. `address` answers null when it is disabled. The page's own listeners hear of the form when it goes.
 */
export function holdSubmit(
  form: HTMLFormElement,
  address: () => Pick<Address, 'wait' | 'look'> | null,
  signal: AbortSignal,
): void {
  let holding = false
  let released = false
  const hold = (event: SubmitEvent) => {
    const wait = address()?.wait ?? 0
    if (released || (wait === 0 && !holding)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (holding) return
    holding = true
    const { submitter } = event
    const late = new Promise((resolve) => setTimeout(resolve, wait))
    Promise.race([address()?.look(), late]).finally(() => {
      holding = false
      released = true
      form.requestSubmit(submitter)
      released = false
    })
  }
  form.addEventListener('submit', hold, { capture: true, signal })
}
