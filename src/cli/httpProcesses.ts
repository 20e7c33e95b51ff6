import cluster, { type Worker } from 'node:cluster'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { exchangeCounts } from '../access/shareCounts.ts'
import { Failure } from './exit.ts'
import type { RunningHttp } from './httpProcess.ts'
import type { Settings } from './settings.ts'

/** What a process that answers HTTP tells the one that started it. */
export type FromWorker = { ready: true } | { failed: string }
/** Told to a process that answers HTTP: end what is in progress and leave. */
export const STOP = 'stop'

/** A process that lives so long (milliseconds) is well: the next death is a new story. */
const WELL = 30_000
/** So many deaths in a row without ever being ready end the service. */
const MOST_DEATHS = 5
/** Milliseconds before a process is started again: after the first death, and at most. */
const PAUSE = { first: 100, most: 10_000 }
/** Milliseconds beyond the server's own patience with requests in progress. */
const KILL_AFTER = 12_000

/**
 * Starts `processes` of them on one port; this process hands the connections out in turn. One that dies is started again,
 * later and later; when none of them gets ready the service ends with a Failure. They leave with this process, however it ends.
 */
export async function startHttpProcesses(settings: Settings, log: Logger): Promise<RunningHttp> {
  cluster.setupPrimary({
    exec: fileURLToPath(new URL('./httpWorker.js', import.meta.url)),
    args: [JSON.stringify(settings)],
    // The messages of processes are objects of ours; nothing in them needs more than JSON.
    serialization: 'json',
  })
  const workers = new Set<Worker>()
  const joinQuotas = exchangeCounts()
  const again = new Set<NodeJS.Timeout>()
  let stopping = false
  let deaths = 0
  let ended = () => {}
  let failed = (_error: Failure) => {}
  const closed = new Promise<void>((resolve, reject) => {
    ended = resolve
    failed = reject
  })
  // Told to whoever waits for it; that may be nobody yet.
  closed.catch(() => {})

  function start(): Promise<void> {
    const worker = cluster.fork()
    workers.add(worker)
    const leave = joinQuotas({
      send: (message) => worker.isConnected() && worker.send(message),
      receive: (listener) => worker.on('message', listener),
    })
    const started = Date.now()
    let wasReady = false
    return new Promise((resolve) => {
      worker.on('message', (message: FromWorker) => {
        if ('ready' in message) {
          wasReady = true
          resolve()
        }
        // It explained itself: the next one would say the same.
        if ('failed' in message) giveUp(message.failed)
      })
      worker.once('exit', (code, signal) => {
        workers.delete(worker)
        leave()
        if (stopping) {
          if (workers.size === 0) ended()
          return
        }
        deaths = wasReady && Date.now() - started > WELL ? 1 : deaths + 1
        log.error({ process: worker.process.pid, code, signal, deaths }, 'a process that answers HTTP died')
        if (!wasReady && deaths >= MOST_DEATHS) {
          giveUp(`the processes that answer HTTP end at start (${signal ?? `exit code ${code}`})`)
          return
        }
        const pause = Math.min(PAUSE.first * 2 ** (deaths - 1), PAUSE.most)
        const timer = setTimeout(() => {
          again.delete(timer)
          void start().then(resolve)
        }, pause)
        again.add(timer)
      })
    })
  }

  function giveUp(reason: string): void {
    failed(new Failure(reason))
    kill()
  }

  function kill(): void {
    stopping = true
    for (const timer of again) clearTimeout(timer)
    for (const worker of workers) worker.process.kill('SIGKILL')
  }

  function close(): Promise<void> {
    if (!stopping) {
      stopping = true
      for (const timer of again) clearTimeout(timer)
      if (workers.size === 0) ended()
      for (const worker of workers) if (worker.isConnected()) worker.send(STOP)
      const late = setTimeout(kill, KILL_AFTER)
      void closed.finally(() => clearTimeout(late)).catch(() => {})
    }
    return closed
  }

  const ready = Promise.all(Array.from({ length: settings.processes }, start))
  await Promise.race([ready, closed])
  return { close, closed, kill }
}
