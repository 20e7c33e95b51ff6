import cluster, { type Worker } from 'node:cluster'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { exchangeCounts } from '../access/shareCounts.ts'
import type { Counted } from '../http/metrics.ts'
import { Failure } from './exit.ts'
import type { RunningHttp } from './httpProcess.ts'
import { countProcess } from './processMetrics.ts'
import type { Settings } from './settings.ts'

/** What a process that answers HTTP tells the one that started it. `ask`: what has everybody counted? */
export type FromWorker =
  | { ready: true }
  | { failed: string }
  | { ask: number }
  | { count: number; counted: Counted }
/** What it is told. `stop`: end what is in progress and leave. `count`: what have you counted? */
export type ToWorker = { stop: true } | { count: number } | { ask: number; all: Counted[] }

/**
 * Megabytes for the objects of such a process, which need a quarter of it. V8 collects the more seldom the more it may take: with
 * its own limit, gigabytes, a busy process held 600 MB, most of it garbage; with this one 350, for 6 % more processor time
 * (by hand, once).
 */
const OLD_SPACE = 512
/** A process that lives so long (milliseconds) is well: the next death is a new story. */
const WELL = 30_000
/** So many deaths in a row without ever being ready end the service. */
const MOST_DEATHS = 5
/** Milliseconds before a process is started again: after the first death, and at most. */
const PAUSE = { first: 100, most: 10_000 }
/** Milliseconds after a stop was asked for; the server's own patience with requests in progress ends earlier. */
const KILL_AFTER = 12_000

/**
 * Starts `processes` of them on one port; this process hands the connections out in turn. One that dies is started again,
 * later and later; when none gets ready the service ends with a Failure. They leave with this process, however it ends.
 */
export async function startHttpProcesses(settings: Settings, log: Logger): Promise<RunningHttp> {
  const workers = new Set<Worker>()
  const joinQuotas = exchangeCounts()
  const again = new Set<NodeJS.Timeout>()
  const metrics = countProcess('main')
  let stopping = false
  let served = false
  let deaths = 0
  let ended = () => {}
  let failed = (_error: Failure) => {}
  const closed = new Promise<void>((resolve, reject) => {
    ended = resolve
    failed = reject
  })
  // Told to whoever waits for it; that may be nobody yet.
  closed.catch(() => {})

  /** Resolves when the process, or one that took its place, is ready. */
  function start(name: string): Promise<void> {
    cluster.setupPrimary({
      exec: fileURLToPath(new URL('./httpWorker.js', import.meta.url)),
      execArgv: [...process.execArgv, `--max-old-space-size=${OLD_SPACE}`],
      args: [name, JSON.stringify(settings)],
    })
    const worker = cluster.fork()
    workers.add(worker)
    // What cannot be sent to one that is just ending, also by node itself; that it ended is told by `exit`.
    worker.on('error', (error) => log.debug({ process: name, reason: error.message }, 'not sent'))
    const leave = joinQuotas({
      send: (message) => worker.isConnected() && worker.send(message, () => {}),
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
        // The service never was ready: the next one would say the same.
        if ('failed' in message && !served) giveUp(message.failed)
        if ('ask' in message) void answer(worker, message.ask)
      })
      worker.once('exit', (code, signal) => {
        workers.delete(worker)
        leave()
        if (stopping) {
          if (workers.size === 0) ended()
          return
        }
        metrics.died()
        deaths = wasReady && Date.now() - started > WELL ? 1 : deaths + 1
        log.error({ process: name, code, signal, deaths }, 'a process that answers HTTP died')
        if (!wasReady && deaths >= MOST_DEATHS) {
          giveUp(`the processes that answer HTTP end at start (${signal ?? `exit code ${code}`})`)
          return
        }
        const pause = Math.min(PAUSE.first * 2 ** (deaths - 1), PAUSE.most)
        const timer = setTimeout(() => {
          again.delete(timer)
          void start(name).then(resolve)
        }, pause)
        again.add(timer)
      })
    })
  }

  async function answer(worker: Worker, ask: number): Promise<void> {
    const all = await Promise.all([metrics.counted(), ...[...workers].map(countOf)])
    tell(worker, { ask, all: all.filter((counted) => counted !== null) })
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
      for (const worker of workers) tell(worker, { stop: true })
      const late = setTimeout(kill, KILL_AFTER)
      void closed.finally(() => clearTimeout(late)).catch(() => {})
    }
    return closed
  }

  const names = Array.from({ length: settings.processes }, (_, i) => `http-${i + 1}`)
  await Promise.race([Promise.all(names.map(start)), closed])
  served = true
  return { close, closed, kill }
}

const tell = (worker: Worker, message: ToWorker) => worker.isConnected() && worker.send(message, () => {})

/** Milliseconds that a process may take to tell what it counted; a busy one is left out. */
const PATIENCE = 2_000
let counts = 0

/** What a process counted; null when it does not say. */
function countOf(worker: Worker): Promise<Counted | null> {
  const count = ++counts
  return new Promise((resolve) => {
    const hear = (message: FromWorker) => {
      if ('counted' in message && message.count === count) end(message.counted)
    }
    const gone = () => end(null)
    const timer = setTimeout(gone, PATIENCE)
    const end = (counted: Counted | null) => {
      clearTimeout(timer)
      worker.off('message', hear).off('exit', gone)
      resolve(counted)
    }
    worker.on('message', hear).once('exit', gone)
    if (!tell(worker, { count })) gone()
  })
}
