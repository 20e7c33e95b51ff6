import pino from 'pino'
import { openCounts } from '../access/counts.ts'
import { shareCounts } from '../access/shareCounts.ts'
import { Failure } from './exit.ts'
import { startHttp } from './httpProcess.ts'
import { type FromWorker, STOP } from './httpProcesses.ts'
import type { Settings } from './settings.ts'

/** One of the processes that answer HTTP; `httpProcesses.ts` starts it with the settings as its argument. */
const settings = JSON.parse(process.argv[2]!) as Settings
const log = pino({ level: settings.log })
const tell = (message: FromWorker) => process.send!(message)

// Ctrl-C and many service managers signal every process: the one that started this one decides.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

const counts = openCounts()
shareCounts(counts, {
  // The one that started this one is gone: so will this one be.
  send: (message) => process.connected && process.send!(message),
  receive: (listener) => process.on('message', listener),
})

try {
  const http = await startHttp(settings, log, counts)
  process.on('message', (message) => {
    if (message === STOP) void http.close()
  })
  tell({ ready: true })
  await http.closed
  process.disconnect()
} catch (error) {
  if (error instanceof Failure) tell({ failed: error.message })
  else console.error(error)
  process.exitCode = 3
  process.disconnect()
}
