import { readFileSync } from 'node:fs'

/** A service with all its processes. Linux only. */
export function processesOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return [pid, ...(children === '' ? [] : children.split(' ').map(Number))]
}

/** Seconds that processes have worked so far, all threads. */
export function processorSeconds(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return Number(fields[11]) + Number(fields[12])
  })
  // Linux counts in hundredths of a second.
  return ticks.reduce((sum, one) => sum + one, 0) / 100
}

/**
 * Memory of a process in MB: resident now and at its peak, and its share of what several have in common (so that those of all
 * processes add up).
 */
export function memoryOf(pid: number): { process: string; now: number; peak: number; share: number } {
  const of = (file: string, name: string) =>
    Math.round(
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))![1]) /
        1024,
    )
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  return {
    process: command.find((word) => word.endsWith('.js'))!.replace(/.*\//, ''),
    now: of('status', 'VmRSS'),
    peak: of('status', 'VmHWM'),
    share: of('smaps_rollup', 'Pss'),
  }
}
