import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** What a command cost, seen from outside (Linux); times and memory of all its threads. */
export interface Watched {
  readonly said: string
  readonly seconds: number
  readonly rowsPerSecond: number
  /** User and system time. */
  readonly cpuMicrosecondsPerRow: number
  /** Resident: the most, and half-way through. */
  readonly megabytes: number
  readonly megabytesHalfway: number
}

/** Runs the built command over `rows` rows. @throws Error with what it said when it fails. */
export async function watched(args: readonly string[], rows: number): Promise<Watched> {
  const started = performance.now()
  const child = spawn(process.execPath, ['dist/cli/main.js', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const memory: { peak: number; now: number }[] = []
  let ticks = 0
  const watch = setInterval(() => {
    const status = proc(`/proc/${child.pid}/status`)
    const of = (name: string) =>
      (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024) / 1e6
    if (status.includes('VmHWM')) memory.push({ peak: of('VmHWM'), now: of('VmRSS') })
    // User and system time in hundredths of a second.
    const times = proc(`/proc/${child.pid}/stat`).split(') ')[1]?.split(' ')
    if (times) ticks = Math.max(ticks, Number(times[11]) + Number(times[12]))
  }, 250)
  const code = await new Promise((resolve) => child.once('close', resolve))
  clearInterval(watch)
  if (code !== 0 && code !== 1) throw new Error(said)
  const seconds = (performance.now() - started) / 1000
  return {
    said,
    seconds: Math.round(seconds * 10) / 10,
    rowsPerSecond: Math.round(rows / seconds),
    cpuMicrosecondsPerRow: Math.round((ticks * 1e4) / rows),
    megabytes: Math.round(memory.at(-1)?.peak ?? 0),
    megabytesHalfway: Math.round(memory[Math.floor(memory.length / 2)]?.now ?? 0),
  }
}

const proc = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')
