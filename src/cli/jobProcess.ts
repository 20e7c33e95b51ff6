import { type ChildProcess, fork } from 'node:child_process'
import type { Logger } from 'pino'
import type { Settings } from './settings.ts'

/** Milliseconds until a process that died is started again, at first; and at most, as until one that was asked to stop is ended. */
const AGAIN = 1_000
const PATIENCE = 30_000
/** Deaths over one job, without a row done between two of them, after which the job is given up. */
const TRIES = 3

/** What the process of the jobs says: that it looks for jobs, or which job it works on and how far that is. */
export type JobProcessSays = 'ready' | { job: number; rows: number }
/** What it is started with. `givenUp`: jobs that are not to be taken up again. */
export interface JobProcessStart {
  db: string
  log: Settings['log']
  givenUp: readonly number[]
}

/**
 * Does the queued jobs of a database in a process of its own, which has a low priority: the processes that answer over HTTP
 * do none of that work. When it dies it is started again and goes on with its job. `ready` resolves when it looks for jobs;
 * `stop` ends it after the chunk under way, whose job is queued again.
 */
export function startJobProcess(db: string, log: Logger): { ready: Promise<void>; stop(): Promise<void> } {
  const stopping = new AbortController()
  let child: ChildProcess
  let gone: Promise<void>
  let last = { job: 0, rows: -1, deaths: 0 }
  const givenUp: number[] = []

  const start = (): Promise<void> => {
    // Beside this file in dist/; from src/ (tests, scripts) the built one is used as well.
    const file = new URL(
      import.meta.url.endsWith('.ts') ? '../../dist/cli/jobProcessMain.js' : './jobProcessMain.js',
      import.meta.url,
    )
    const given: JobProcessStart = { db, log: log.level as Settings['log'], givenUp }
    child = fork(file, [JSON.stringify(given)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    return new Promise((ready) => {
      child.on('message', (said: JobProcessSays) => {
        if (said === 'ready') ready()
        else if (said.job !== last.job || said.rows > last.rows) last = { ...said, deaths: 0 }
      })
      gone = new Promise((resolve) => {
        child.on('error', (error) => log.error({ reason: error.message }, 'the process of the jobs'))
        child.once('close', (code, signal) => {
          ready()
          resolve()
          if (!stopping.signal.aborted) startAgain(code, signal)
        })
      })
    })
  }
  const startAgain = (code: number | null, signal: NodeJS.Signals | null) => {
    log.error({ code, signal, job: last.job }, 'the process of the jobs ended: it is started again')
    if (++last.deaths === TRIES && last.job > 0) givenUp.push(last.job)
    const timer = setTimeout(start, Math.min(AGAIN * 2 ** (last.deaths - 1), PATIENCE))
    stopping.signal.addEventListener('abort', () => clearTimeout(timer))
  }

  const ready = start()
  return {
    ready,
    async stop() {
      stopping.abort()
      if (child.connected) child.send('stop', () => {})
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
      await gone
      clearTimeout(timer)
    },
  }
}
