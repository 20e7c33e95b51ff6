import type { Command } from 'commander'
import { readWorklist } from '../bulk/worklist/read.ts'
import { writeWorklists } from '../bulk/worklist/write.ts'
import { load } from '../gazetteer/load.ts'
import { idsOf } from '../registry/id.ts'
import { asFailure, given } from './files.ts'
import { readPlace } from './places.ts'
import { returnedSheet } from './returnedSheet.ts'
import { DB_OPTION } from './settings.ts'
import { reading } from './store.ts'

interface WriteOptions {
  province?: string
  commune?: string
  output: string
  db?: string
}

/** `worklist`: lists of households to visit, and what comes back. */
export function worklist(program: Command): void {
  const group = program.command('worklist')
  group
    .description(
      'write the households that lack a point as one list a commune and hamlet: CSV, XLSX and a sheet to print',
    )
    .option('--province <CODE>', 'only this province (two-digit code or name)')
    .option('--commune <CODE>', 'only this commune (five-digit code)')
    .option('-o, --output <DIR>', 'folder', 'worklists')
    .option(...DB_OPTION)
    .addHelpText('after', '\n"worklist read FILE" takes a list back.')
    .action((options: WriteOptions) =>
      asFailure(async () => {
        const gazetteer = load()
        const place = readPlace(options, gazetteer)
        const output = given(options.output, '--output')!
        await reading(options.db, async (store) => {
          const ids = idsOf(store)
          const sum = { lists: 0, households: 0 }
          for (const commune of place?.commune ? [place.commune] : gazetteer.communes) {
            if (place && commune.province !== place.province) continue
            const written = await writeWorklists(store, ids, commune, output)
            sum.lists += written.lists
            sum.households += written.households
          }
          console.log(JSON.stringify({ ...sum, output }))
        })
      }),
    )

  returnedSheet(
    group,
    {
      description:
        'read a returned work list: corrects or confirms its rows, verifies those with a surveyed point',
      file: 'CSV or workbook, as `worklist` wrote it',
      actor: 'who reads it back, for rows that name no surveyor',
    },
    readWorklist,
  ).addHelpText(
    'after',
    '\nA point is surveyed when its accuracy (at most 15 m), the surveyor and the date are stated; other points are given ones.',
  )
}
