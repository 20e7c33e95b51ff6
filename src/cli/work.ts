import type { Command } from 'commander'
import pino from 'pino'
import { Failure } from './exit.ts'
import { isServer } from './serverUrl.ts'
import { readSettings } from './settings.ts'

/** `work`: a worker for the jobs of a registry on PostgreSQL. */
export function work(program: Command): void {
  program
    .command('work')
    .description(
      'do parts of the files handed in to a registry on PostgreSQL, beside other workers on any machine',
    )
    .option('--db <URL>', 'postgres://USER@HOST/DATABASE (default: VPOSTCODE_STORE)')
    .addHelpText(
      'after',
      '\nEnds after the part under way at SIGINT or SIGTERM. A part is done once, whatever becomes of workers (docs/postgres.md).',
    )
    .action(async (options: { db?: string }) => {
      const settings = readSettings()
      const db = options.db ?? settings.db
      if (!isServer(db))
        throw new Failure(
          `workers are for a registry on PostgreSQL; the jobs of ${db} are done by its server`,
        )
      const { openWriter } = await import('./serverStore.ts')
      const { workOnParts } = await import('./partWorker.ts')
      let stopping = false
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (stopping = true))
      const store = await openWriter(db)
      const log = pino({ level: settings.log })
      log.info('worker ready')
      try {
        await workOnParts({ db, store, log, stopped: () => stopping })
      } finally {
        await store.close()
      }
    })
}
