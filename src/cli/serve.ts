import type { Command } from 'commander'
import pino from 'pino'
import { load } from '../gazetteer/load.ts'
import { startServer } from '../http/server.ts'
import { openRegistry } from '../registry/registry.ts'
import { Failure, UsageError } from './exit.ts'
import { startJobServer } from './jobServer.ts'
import { readSettings, type Settings } from './settings.ts'
import { openReader } from './store.ts'
import { VERSION } from './version.ts'

/** `serve`: the HTTP service. */
export function serve(program: Command): void {
  program
    .command('serve')
    .description('answer over HTTP: codes, places, units, households; do the jobs that assign hands over')
    .option('--port <N>', 'port (default: PORT, else 8080)')
    .option(
      '--db <FILE>',
      'database, made when it is not there (default: VPOSTCODE_DB, else data/vpostcode.db)',
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

/** Serves a database until SIGINT or SIGTERM. `listening` is told the port. */
export async function serveUntilStopped(
  { port, host, db, log }: Pick<Settings, 'port' | 'host' | 'db' | 'log'>,
  listening: (port: number) => void,
): Promise<void> {
  const gazetteer = load()
  const store = await openReader(db)
  const logger = pino({ level: log })
  const jobs = startJobServer(db, logger)
  try {
    const deps = {
      gazetteer,
      households: openRegistry(store),
      log: logger,
      keys: { callerOf: () => null },
      settings: { version: VERSION },
    }
    const server = await startServer(deps, port, host).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') throw new Failure(`port ${port} is taken: set PORT to another one`)
      throw error
    })
    listening(server.port)
    await server.closed
  } finally {
    await jobs.stop()
    await store.close()
  }
}
