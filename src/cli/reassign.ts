import type { Command } from 'commander'
import { discardUnfinished } from '../bulk/files.ts'
import { type ReassignOptions, type ReassignSummary, reassign as run } from '../bulk/reassign.ts'
import { load } from '../gazetteer/load.ts'
import { DecreeFaults } from '../registry/reassign/decree.ts'
import type { StoreWriter } from '../registry/store.ts'
import { osUser } from './actor.ts'
import { FAILED, Failure } from './exit.ts'
import { asFailure, given, untilSignal } from './files.ts'
import { isServer } from './serverUrl.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { dropRehearsal, openExisting, openRehearsal, openWriter } from './store.ts'
import { VERSION } from './version.ts'

interface Options {
  decree?: string
  output?: string
  db?: string
  actor?: string
  dryRun?: boolean
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
    .option('--dry-run', 'write the result only, change nothing')
    .option('--actor <NAME>', 'who does it (default: the user of the system)')
    .option(...DB_OPTION)
    .addHelpText(
      'after',
      '\nA run that was stopped or killed goes on where it was when the same command is given again.' +
        '\nOld codes stay: they lead to the new ones. "jobs undo" takes a whole run back.' +
        '\nIt needs the database for itself: stop the server first (--dry-run does not need it).',
    )
    .action((options: Options) => {
      const decree = given(options.decree, '--decree') ?? null
      const output = given(options.output, '--output') ?? `${decree ?? 'reassign'}.result.csv`
      const db = options.db ?? readSettings().db
      const work = { decree, output, actor: given(options.actor, '--actor') ?? osUser() }
      return options.dryRun ? rehearse(db, work) : carryOut(db, work)
    })
}

type Work = Pick<ReassignOptions, 'decree' | 'output' | 'actor' | 'earlier'>

async function carryOut(db: string, work: Work): Promise<void> {
  const store = await openWriter(db)
  try {
    const summary = await withMessages(store, work)
    console.log(JSON.stringify(view(summary), null, 2))
    if (summary.ending !== 'done') process.exitCode = FAILED
  } finally {
    await store.close()
  }
}

/** The whole job on a database beside, which sees the real one and is thrown away. */
async function rehearse(db: string, work: Work): Promise<void> {
  if (isServer(db))
    throw new Failure(
      'a dry run rehearses beside a database file: copy the registry with `migrate-store postgres://... copy.db`, and give --db copy.db',
    )
  const earlier = await openExisting(db)
  const store = openRehearsal(work.output, db, true)
  try {
    const { job: _, ...summary } = view(await withMessages(store, { ...work, earlier }))
    console.log(JSON.stringify({ dryRun: true, ...summary }, null, 2))
    if (summary.ending !== 'done') {
      discardUnfinished(work.output)
      process.exitCode = FAILED
    }
  } finally {
    await store.close()
    dropRehearsal(work.output)
    await earlier.close()
  }
}

function withMessages(store: StoreWriter, work: Work) {
  return untilSignal(({ say, ...watch }) =>
    asFailure(async () => {
      try {
        return await run({
          ...work,
          ...watch,
          store,
          gazetteer: load(),
          engineVersion: VERSION,
          onStart: ({ households }) => say(`${households} households to look at; result ${work.output}`),
        })
      } catch (error) {
        if (error instanceof DecreeFaults) throw new Failure(error.message)
        throw error
      }
    }),
  )
}

const view = ({ job, ending, rows, counts, why, seconds, output }: ReassignSummary) => ({
  job,
  ending,
  concerned: rows,
  counts,
  why,
  seconds: Math.round(seconds * 10) / 10,
  result: output,
})
