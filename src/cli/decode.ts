import type { Command } from 'commander'
import { load } from '../gazetteer/load.ts'
import { resolveCode } from '../locate/resolve.ts'
import { openRegistry } from '../registry/registry.ts'
import { answer } from './answer.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openReaderIfAny } from './store.ts'

/** `decode`: Vpostcodes to places. */
export function decode(program: Command): void {
  program
    .command('decode')
    .description('the place of a Vpostcode, and whether a household has it')
    .argument('[CODE]', 'a Vpostcode, for example 71009QMCXR8V; blanks, hyphens and lower case are read')
    .option('--ndjson', 'read one code a line from standard input, write one JSON object a line')
    .option(...DB_OPTION)
    .addHelpText(
      'after',
      '\nWithout a database no code is known to be in use: the status is then "unregistered" for every code of a clear place.',
    )
    .action(async (code: string | undefined, options: { ndjson?: boolean; db?: string }) => {
      const gazetteer = load()
      const db = options.db ?? readSettings().db
      const store = await openReaderIfAny(db)
      const households = store && openRegistry(store)
      try {
        await answer(code, options.ndjson, 'CODE', async (input) => {
          const found = await resolveCode({ gazetteer, households }, input)
          // null: nobody was asked whether a household has the code.
          if (found.status !== 'mistyped') return { ...found, database: store && db }
          return { input, error: found.reason, suggestions: found.suggestions }
        })
      } finally {
        await store?.close()
      }
    })
}
