import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import pino from 'pino'
import { FAILED, Failure, UsageError } from './exit.ts'
import { startJobProcess } from './jobProcess.ts'
import { isServer } from './serverUrl.ts'
import { readSettings, type Settings } from './settings.ts'
import { openReader } from './store.ts'

/** `serve`: the HTTP service. */
export function serve(program: Command): void {
  program
    .command('serve')
    .description('answer over HTTP (docs/api.md) and do the jobs that are handed in, by HTTP or by assign')
    .option('--port <N>', 'port (default: PORT, else 8080)')
    .option(
      '--db <FILE>',
      'database, made when it is not there (default: VPOSTCODE_STORE, VPOSTCODE_DB, else data/vpostcode.db)',
    )
    .action(async (options: { port?: string; db?: string }) => {
      const settings = readSettings()
      if (options.port !== undefined && !(/^\d{1,5}$/.test(options.port) && Number(options.port) <= 65_535)) {
        throw new UsageError('--port must be a number from 0 to 65535')
      }
      const port = options.port === undefined ? settings.port : Number(options.port)
      await serveUntilStopped({ ...settings, port, db: options.db ?? settings.db }, (at) =>
        console.error(`listening on http://localhost:${at}`),
      )
    })
}

/**
 * Serves a database until SIGINT or SIGTERM: requests in progress end (10 s at most), then every process leaves. A second
 * signal ends all at once. `listening` is told the port when every process is ready to answer. Started by npm it stops too
 * when `parent`, the process that started it, is gone.
 */
export async function serveUntilStopped(
  settings: Settings,
  listening: (port: number) => void,
  parent = process.ppid,
): Promise<void> {
  const logger = pino({ level: settings.log })
  const port = await freePort(settings.port, settings.host)
  const isNew = !isServer(settings.db) && !existsSync(settings.db)
  // The database is there and up to date before several processes open it.
  await (await openReader(settings.db)).close()
  // A mistyped name would else serve an empty registry without a word.
  if (isNew)
    logger.warn({ database: resolve(settings.db) }, 'there was no database here: a new, empty one was made')
  const jobs = startJobProcess(settings.db, logger)
  try {
    // What answers is not loaded by the process that only starts others.
    const start =
      settings.processes === 1
        ? (await import('./httpProcess.ts')).startHttp
        : (await import('./httpProcesses.ts')).startHttpProcesses
    const http = await start({ ...settings, port }, logger)
    const deaf = onSignals(() => void http.close(), http.kill, parent)
    try {
      await jobs.ready
      listening(port)
      await http.closed
    } finally {
      deaf()
    }
  } finally {
    await jobs.stop()
  }
}

/** Milliseconds between two looks at who the parent is. */
const LOOK = 1_000

/**
 * `stop` at the first SIGINT or SIGTERM, `kill` and the end of this process at the second. npm hands a signal to the shell
 * that it runs us in, which dies of it and tells us nothing: started by npm, `stop` also when `parent` is gone. Answers how to
 * stop listening.
 */
function onSignals(stop: () => void, kill: () => void, parent: number): () => void {
  let asked = false
  const hear = () => {
    if (asked) {
      kill()
      process.exit(FAILED)
    }
    asked = true
    stop()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, hear)
  // npm run, npm start and npx set it.
  const byNpm = process.env['npm_lifecycle_event'] !== undefined
  const timer = byNpm && setInterval(() => !asked && process.ppid !== parent && hear(), LOOK)
  return () => {
    if (timer) clearInterval(timer)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, hear)
  }
}

/**
 * The port, or a free one for 0: asked for here, so that a process that is started again listens where the others do. Throws
 * Failure when it is taken.
 */
async function freePort(port: number, host: string | undefined): Promise<number> {
  const server = createServer().listen({ port, host })
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') throw new Failure(`port ${port} is taken: set PORT to another one`)
    throw error
  })
  const { port: free } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return free
}
