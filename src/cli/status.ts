import type { Command } from 'commander'
import { load } from '../gazetteer/load.ts'
import { copyLine } from './copyLine.ts'
import { jobLine } from './jobTexts.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openReaderIfAny } from './store.ts'
import { VERSION } from './version.ts'

/** `status`: versions of program and data, what the database holds, the latest jobs. */
export function status(program: Command): void {
  program
    .command('status')
    .description('versions of program and data, what the database holds, the latest jobs')
    .option(...DB_OPTION)
    .action(async (options: { db?: string }) => {
      const gazetteer = load()
      const { boundaries } = gazetteer
      console.log(`vpostcode ${VERSION}`)
      console.log(
        `gazetteer ${gazetteer.version}: ${gazetteer.provinces.length} provinces, ${gazetteer.communes.length} communes`,
      )
      console.log(`boundaries ${boundaries.version}: ${boundaries.origin}`)
      const db = options.db ?? readSettings().db
      const store = await openReaderIfAny(db)
      if (!store) {
        console.log(`database ${db}: not there yet`)
        return
      }
      try {
        console.log(`database ${db}: ${await store.count()} households`)
        if (store.copy) console.log(copyLine(store.copy()))
        for (const job of await store.listJobs(5)) {
          console.log(jobLine(job))
        }
      } finally {
        await store.close()
      }
    })
}
