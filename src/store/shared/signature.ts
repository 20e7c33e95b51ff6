import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'

/** After how long without a sign another process may take over (milliseconds). */
const PATIENCE = 60_000

/** What a process leaves behind where it works, so that others can tell whether it still does. */
export interface Signature {
  token: string
  pid: number
  host: string
  /** Milliseconds since 1970. */
  process_started: number
  heartbeat: number
}

/** A new signature of this process. */
export const sign = (): Signature => ({
  token: randomUUID(),
  pid: process.pid,
  host: hostname(),
  process_started: Math.round(Date.now() - process.uptime() * 1000),
  heartbeat: Date.now(),
})

/** Does the process that left this still work? A process of another host is believed for a minute. */
export function lives(signature: Signature): boolean {
  const { pid, host, heartbeat } = signature
  const silence = Date.now() - heartbeat
  if (silence > PATIENCE) return false
  // A sign from the future: the clock was set back after it was given.
  if (host !== hostname()) return silence >= -PATIENCE
  // Our own number: either this process (another thread) or one before us that had the number, as in containers.
  if (pid === process.pid) return isThisProcess(signature)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export function isThisProcess({ pid, host, process_started }: Signature): boolean {
  const ours = sign()
  return pid === ours.pid && host === ours.host && Math.abs(process_started - ours.process_started) < 2_000
}
