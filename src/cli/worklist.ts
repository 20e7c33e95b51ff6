import type { Command } from 'commander'
import { readWorklist } from '../bulk/worklist/read.ts'
import { writeWorklists } from '../bulk/worklist/write.ts'
import { load } from '../gazetteer/load.ts'
import { idCodec } from '../registry/id.ts'
import { openLife } from '../registry/life.ts'
import { osUser } from './actor.ts'
import { DONE_WITH_REJECTED, Failure } from './exit.ts'
import { asFailure, given } from './files.ts'
import { readPlace } from './places.ts'
import { readSettings } from './settings.ts'
import { openBeside, openReaderIfAny } from './store.ts'
import { VERSION } from './version.ts'

interface WriteOptions {
  province?: string
  commune?: string
  output: string
  db?: string
}

interface ReadOptions {
  rejects?: string
  actor?: string
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
    .option('--db <FILE>', 'database (default: VPOSTCODE_DB, else data/vpostcode.db)')
    .addHelpText('after', '\n"worklist read FILE" takes a list back.')
    .action((options: WriteOptions) =>
      asFailure(async () => {
        const gazetteer = load()
        const place = readPlace(options, gazetteer)
        const path = options.db ?? readSettings().db
        const store = await openReaderIfAny(path)
        if (!store) throw new Failure(`database ${path}: not there yet`)
        try {
          const output = given(options.output, '--output')!
          const ids = idCodec(store.secret)
          const sum = { lists: 0, households: 0 }
          for (const commune of place?.commune ? [place.commune] : gazetteer.communes) {
            if (place && commune.province !== place.province) continue
            const written = await writeWorklists(store, ids, commune, output)
            sum.lists += written.lists
            sum.households += written.households
          }
          console.log(JSON.stringify({ ...sum, output }))
        } finally {
          await store.close()
        }
      }),
    )

  group
    .command('read')
    .description(
      'read a returned work list: corrects or confirms its rows, verifies those with a surveyed point',
    )
    .argument('FILE', 'CSV or workbook, as `worklist` wrote it')
    .option('--rejects <OUT>', 'where bad rows go, with the reason (default: FILE.rejects.csv)')
    .option(
      '--actor <NAME>',
      'who reads it back, for rows that name no surveyor (default: the user of the system)',
    )
    .option('--db <FILE>', 'database (default: VPOSTCODE_DB, else data/vpostcode.db)')
    .addHelpText(
      'after',
      '\nA point is surveyed when its accuracy (at most 15 m), the surveyor and the date are stated; other points are given ones.',
    )
    .action((file: string, _: unknown, command: Command) =>
      asFailure(async () => {
        // --db stands at the group too.
        const options = command.optsWithGlobals<ReadOptions>()
        const rejects = given(options.rejects, '--rejects') ?? `${file}.rejects.csv`
        const actor = given(options.actor, '--actor') ?? osUser()
        const gazetteer = load()
        const store = await openBeside(options.db ?? readSettings().db)
        try {
          const life = openLife({ store, gazetteer, engineVersion: VERSION })
          const ids = idCodec(store.secret)
          const counts = await readWorklist({ store, life, ids, gazetteer, file, actor, rejects })
          console.log(JSON.stringify(counts))
          if (counts.rejected) process.exitCode = DONE_WITH_REJECTED
        } finally {
          await store.close()
        }
      }),
    )
}
