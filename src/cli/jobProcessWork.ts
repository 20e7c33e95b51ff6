import { readdirSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'
import pino from 'pino'
import { logFailure } from '../http/log.ts'
import { FAILED } from './exit.ts'
import type { JobProcessSays, JobProcessStart } from './jobProcess.ts'
import { serveJobs } from './jobServer.ts'

/** What the process of the jobs does until it is told to stop; `jobProcessMain.ts` starts it. */
const { db, log: level, givenUp } = JSON.parse(process.argv[2]!) as JobProcessStart
const log = pino({ level })
const say = (what: JobProcessSays) => void process.send?.(what, () => {})

const stopping = new AbortController()
process.on('message', () => stopping.abort())
process.on('uncaughtException', (error) => {
  logFailure(log, 'jobs', error)
  process.exit(FAILED)
})

await serveJobs({
  db,
  log,
  givenUp,
  signal: stopping.signal,
  onReady() {
    stepBack()
    say('ready')
  },
  onWork: (job, rows) => say({ job, rows }),
})
// Without this the channel to the server would keep the process.
process.exit(0)

/** Gives the processes that answer the processor first. On Linux each thread has a priority of its own; later ones inherit it. */
function stepBack(): void {
  const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = constants.priority
  const priority = Math.min(getPriority() + PRIORITY_BELOW_NORMAL, PRIORITY_LOW)
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [0]
  for (const thread of threads) {
    try {
      setPriority(thread, priority)
    } catch {
      // A thread that has just ended, or a system that does not allow it: the work is done all the same.
    }
  }
}
