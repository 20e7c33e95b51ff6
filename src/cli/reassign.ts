import type { Command } from 'commander'
import { type ReassignSummary, reassign as run } from '../bulk/reassign.ts'
import { load } from '../gazetteer/load.ts'
import { DecreeFaults } from '../registry/reassign/decree.ts'
import type { StoreWriter } from '../registry/store.ts'
import { osUser } from './actor.ts'
import { FAILED, Failure } from './exit.ts'
import { asFailure, given, untilSignal } from './files.ts'
import { readSettings } from './settings.ts'
import { openWriter } from './store.ts'
import { VERSION } from './version.ts'

interface Options {
  decree?: string
  output?: string
  db?: string
  actor?: string
}

/** `reassign`: new units, postcodes, codes and keys for registered households. */
export function reassign(program: Command): void {
  program
    .command('reassign')
    .description(
      'give registered households the units, postcodes and codes that a decree brings; without a decree, read the ' +
        'texts of unverified ones again with this version and its data',
    )
    .option('--decree <FILE>', 'CSV: kind (whole, part, postcode), from_code, to_code, postcode, effective')
    .option(
      '-o, --output <OUT>',
      'who changed and why (default: the decree, or "reassign", with .result.csv)',
    )
    .option('--actor <NAME>', 'who does it (default: the user of the system)')
    .option('--db <FILE>', 'database (default: VPOSTCODE_DB, else data/vpostcode.db)')
    .addHelpText(
      'after',
      '\nA run that was stopped or killed goes on where it was when the same command is given again.' +
        '\nOld codes stay: they lead to the new ones. "jobs undo" takes a whole run back.',
    )
    .action(async (options: Options) => {
      const decree = given(options.decree, '--decree') ?? null
      const output = given(options.output, '--output') ?? `${decree ?? 'reassign'}.result.csv`
      const db = options.db ?? readSettings().db
      const store = openWriter(db)
      try {
        const summary = await withMessages(store, decree, output, given(options.actor, '--actor') ?? osUser())
        console.log(JSON.stringify(view(summary), null, 2))
        if (!summary.finished) process.exitCode = FAILED
      } finally {
        await store.close()
      }
    })
}

function withMessages(store: StoreWriter, decree: string | null, output: string, actor: string) {
  return untilSignal(({ say, ...watch }) =>
    asFailure(async () => {
      try {
        return await run({
          ...watch,
          store,
          gazetteer: load(),
          decree,
          actor,
          engineVersion: VERSION,
          output,
          onStart: ({ households }) => say(`${households} households to look at; result ${output}`),
        })
      } catch (error) {
        if (error instanceof DecreeFaults) throw new Failure(error.message)
        throw error
      }
    }),
  )
}

const view = ({ job, finished, rows, counts, why, seconds, output }: ReassignSummary) => ({
  job,
  finished,
  concerned: rows,
  counts,
  why,
  seconds: Math.round(seconds * 10) / 10,
  result: output,
})
