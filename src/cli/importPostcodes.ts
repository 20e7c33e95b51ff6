import { basename } from 'node:path'
import type { Command } from 'commander'
import { readTable } from '../bulk/table.ts'
import { load } from '../gazetteer/load.ts'
import { readPostcodes } from '../registry/postcodes.ts'
import { asFailure, sayRejected } from './files.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openWriter } from './store.ts'

/** Entries in one transaction. */
const CHUNK = 5_000

/** `import postcodes`: what communes had which postcode before. */
export function importPostcodes(program: Command): void {
  const group = program.commands.find((command) => command.name() === 'import') ?? program.command('import')
  group
    .command('postcodes')
    .description('a table of old postcodes, by which codes with an old head lead to their place')
    .argument(
      'FILE',
      'CSV: postcode, commune_code and, where known, era (current, former), from, until, source',
    )
    .option(...DB_OPTION)
    .action((file: string, { db }: { db?: string }) =>
      asFailure(async () => {
        const rows = readTable(file, ['postcode', 'commune_code'])
        const { entries, faults } = readPostcodes(rows, load(), basename(file))
        const store = await openWriter(db ?? readSettings().db)
        try {
          for (let from = 0; from < entries.length; from += CHUNK)
            await store.transaction((tx) => tx.writePostcodes(entries.slice(from, from + CHUNK)))
        } finally {
          await store.close()
        }
        console.log(JSON.stringify({ rows: rows.length, entries: entries.length, rejected: faults.length }))
        sayRejected(faults)
      }),
    )
}
