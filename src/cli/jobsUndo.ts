import { resolve } from 'node:path'
import type { Command } from 'commander'
import { requireOutput } from '../bulk/files.ts'
import { fingerprintOf } from '../bulk/job.ts'
import { rehearseUndo, UNDO_COLUMNS, undoable, undoJob } from '../bulk/undoJob.ts'
import { load } from '../gazetteer/load.ts'
import type { Counts, Job, JobStore } from '../registry/jobStore.ts'
import type { StoreWriter } from '../registry/store.ts'
import { osUser } from './actor.ts'
import { FAILED, UsageError } from './exit.ts'
import { asFailure, given, untilSignal } from './files.ts'
import { followJob } from './followJob.ts'
import { isServer } from './serverUrl.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openJobs, openWriter, reading, ServerWrites } from './store.ts'
import { VERSION } from './version.ts'

interface Options {
  output?: string
  db?: string
  actor?: string
  dryRun?: boolean
}

/** `jobs undo`: takes back what a job did to the registry. */
export function jobsUndo(program: Command): void {
  const group = program.commands.find((command) => command.name() === 'jobs') ?? program.command('jobs')
  group
    .command('undo')
    .description('take back what a job did to the registry, but for households that were changed since')
    .argument('ID')
    .option(
      '--dry-run',
      'print what would be left and how many households would be taken back, change nothing',
    )
    .option('-o, --output <OUT>', 'the households that are left (default: undo-ID.result.csv)')
    .option('--actor <NAME>', 'who does it (default: the user of the system)')
    .option(...DB_OPTION)
    .addHelpText(
      'after',
      '\nHouseholds that the job entered are withdrawn: historical, found by their id and old code only.' +
        '\nA run that was stopped or killed goes on where it was when the same command is given again.' +
        '\nAgainst a database that is being served, the server does the work.',
    )
    .action((id: string, options: Options) => {
      if (!/^\d{1,15}$/.test(id)) throw new UsageError(`"${id}" is no number of a job`)
      return asFailure(() => (options.dryRun ? rehearse(Number(id), options) : undo(Number(id), options)))
    })
}

const rehearse = (id: number, { db }: Options): Promise<void> =>
  reading(db, async (store) => {
    const left: object[] = []
    const say = (cells: readonly string[]) => {
      if (left.length < MOST_NAMED)
        left.push(Object.fromEntries(UNDO_COLUMNS.map((name, i) => [name, cells[i]])))
    }
    const { job, counts } = await rehearseUndo(store, id, say)
    const { kind, input } = job
    console.log(
      JSON.stringify(
        { job: id, kind, input, takenBack: counts.updated, left: counts.unchanged, first: left },
        null,
        2,
      ),
    )
  })
/** Households left that a dry run names. */
const MOST_NAMED = 100

/** In this process; by the server where one has the database. */
async function undo(id: number, options: Options): Promise<void> {
  const output = given(options.output, '--output') ?? `undo-${id}.result.csv`
  const db = options.db ?? readSettings().db
  const actor = given(options.actor, '--actor') ?? osUser()
  if (isServer(db)) return undoInParts(id, resolve(output), actor, db)
  let store: StoreWriter
  try {
    store = await openWriter(db)
  } catch (error) {
    if (!(error instanceof ServerWrites)) throw error
    return handOver(id, resolve(output), actor, db)
  }
  try {
    const summary = await untilSignal(({ say, ...watch }) =>
      undoJob({
        ...watch,
        store,
        job: id,
        actor,
        engineVersion: VERSION,
        dataVersion: load().version,
        output,
        onStart: ({ kind, input, rowsDone }) =>
          say(`taking back job ${id}: ${kind} ${input}, ${rowsDone} rows`),
      }),
    )
    const { job, ending, counts, seconds } = summary
    tell({ job, ending, counts, seconds: Math.round(seconds * 10) / 10, result: output })
  } finally {
    await store.close()
  }
}

function tell({
  counts,
  result,
  ...about
}: {
  job: number
  ending: string
  counts: Counts
  seconds?: number
  result: string
}): void {
  const { updated: takenBack = 0, unchanged: left = 0 } = counts
  console.log(JSON.stringify({ ...about, takenBack, left, result }, null, 2))
  if (about.ending !== 'done') process.exitCode = FAILED
}

/** Puts the undo into the queue of the server, and follows it. */
async function handOver(id: number, output: string, owner: string, db: string): Promise<void> {
  const jobs = await openJobs(db)
  try {
    const job = await queueUndo(id, output, owner, jobs)
    console.error(`job ${job.id}: the server of ${db} takes job ${id} back`)
    const { state, counts } = await followJob(jobs, job.id)
    tell({ job: job.id, ending: state, counts, result: job.output })
  } finally {
    await jobs.close()
  }
}

/** On a server this process and any workers there do it in parts. */
async function undoInParts(id: number, output: string, owner: string, db: string): Promise<void> {
  requireOutput(output, null, UNDO_COLUMNS.join(','))
  const { openWriter } = await import('./serverStore.ts')
  const { untilOver } = await import('./fileOnServer.ts')
  const store = await openWriter(db)
  try {
    const queued = await queueUndo(id, output, owner, store)
    console.error(`job ${queued.id}: workers take job ${id} back in parts, this process too`)
    const { job } = await untilOver(queued.id, db, store)
    if (job.error) console.error(job.error)
    tell({ job: job.id, ending: job.state, counts: job.counts, result: job.output })
  } finally {
    await store.close()
  }
}

async function queueUndo(id: number, output: string, owner: string, jobs: JobStore): Promise<Job> {
  await undoable(jobs, id)
  return jobs.queueJob({
    kind: 'undo',
    owner,
    fingerprint: fingerprintOf(['undo', id, output]),
    input: `job ${id}`,
    output,
    list: '',
    options: { job: id, served: true },
    engineVersion: VERSION,
    dataVersion: load().version,
    startedAt: Date.now(),
  })
}
