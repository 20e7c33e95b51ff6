import pino from 'pino'
import { openCounts } from '../access/counts.ts'
import { type QuotaMessage, shareCounts } from '../access/shareCounts.ts'
import type { Counted } from '../http/metrics.ts'
import { startHttp } from './httpProcess.ts'
import type { FromWorker, ToWorker } from './httpProcesses.ts'
import type { Settings } from './settings.ts'

/** What a process that answers HTTP does, with its name and the settings as arguments; `httpWorker.ts` starts it. */
const [name, settings] = [process.argv[2]!, JSON.parse(process.argv[3]!) as Settings]
const log = pino({ level: settings.log })
// The one that started this one may be gone: so will this one be.
const tell = (message: FromWorker | QuotaMessage) => void process.send?.(message, () => {})

const counts = openCounts()
shareCounts(counts, {
  send: tell,
  receive: (listener) => process.on('message', listener),
})

const waiting = new Map<number, (all: Counted[]) => void>()
let asked = 0
const counted = () =>
  new Promise<Counted[]>((resolve) => {
    waiting.set(++asked, resolve)
    tell({ ask: asked })
  })

try {
  const http = await startHttp(settings, log, { name, counts, counted })
  process.on('message', async (message: ToWorker) => {
    if ('stop' in message) void http.close()
    else if ('count' in message) tell({ count: message.count, counted: await http.metrics.counted() })
    else if ('all' in message) {
      waiting.get(message.ask)?.(message.all)
      waiting.delete(message.ask)
    }
  })
  tell({ ready: true })
  await http.closed
  process.disconnect()
} catch (error) {
  log.fatal(error, 'this process could not start')
  tell({ failed: (error as Error).message })
  process.exitCode = 3
  process.disconnect()
}
