import { setTimeout } from 'node:timers/promises'
import type { Command } from 'commander'
import { cancelJob, isOver, isResting, pauseJob } from '../bulk/control.ts'
import { isFileKind } from '../bulk/fileKinds.ts'
import type { Job, JobRequest, JobStore } from '../registry/jobStore.ts'
import { Failure, UsageError } from './exit.ts'
import { EXPORT, resumeExport } from './export.ts'
import { runFileWork, workOf } from './fileJob.ts'
import { asFailure } from './files.ts'
import { dropOldResults, jobLine, jobView } from './jobTexts.ts'
import { isServer } from './serverUrl.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { dropRehearsal, openJobs, openReaderIfAny } from './store.ts'

/** How long a command waits for the process that works on a job (milliseconds). */
const PATIENCE = 30_000

interface Flags {
  db?: string
  json?: boolean
  limit?: string
}

/** `jobs`: the work on a database, whatever process does it. */
export function jobs(program: Command): void {
  const group = program.command('jobs').description('the work done on a database: what runs, how far it is')
  const add = (name: string, description: string, isDefault = false) =>
    group
      .command(name, { isDefault })
      .description(description)
      .option(...DB_OPTION)

  add('list', 'the latest jobs', true)
    .option('--limit <N>', 'how many, 1 to 1000', '20')
    .option('--json', 'one JSON object a line')
    .action(list)
  add('show', 'one job')
    .argument('ID')
    .option('--json', 'as a JSON object in one line')
    .action((id: string, flags: Flags) => withJob(id, flags, async (job) => print(job, flags)))
  add('pause', 'have a job rest after its chunk; it can be resumed')
    .argument('ID')
    .action((id: string, flags: Flags) => withJob(id, flags, pause))
  add('resume', 'go on with a job that was paused or interrupted').argument('ID').action(resume)
  add('cancel', 'end a job after its chunk and remove its unfinished result; what it registered stays')
    .argument('ID')
    .action((id: string, flags: Flags) => withJob(id, flags, cancel))
  add('clean', 'remove the results of jobs that ended more than VPOSTCODE_KEEP_DAYS days ago').action(clean)
}

async function list(flags: Flags): Promise<void> {
  const limit = Number(flags.limit)
  if (!/^\d+$/.test(flags.limit!) || limit < 1 || limit > 1000)
    throw new UsageError('--limit must be a number from 1 to 1000')
  const store = await openReaderIfAny(dbOf(flags))
  if (!store) return
  try {
    for (const job of await store.listJobs(limit)) print(job, flags)
  } finally {
    await store.close()
  }
}

async function clean(flags: Flags): Promise<void> {
  const store = await openJobs(dbOf(flags))
  try {
    const removed = await dropOldResults(store)
    for (const path of removed) console.log(path)
    console.error(`${removed.length} results removed`)
  } finally {
    await store.close()
  }
}

const dbOf = ({ db }: Flags) => db ?? readSettings().db
const print = (job: Job, { json }: Flags) => console.log(json ? JSON.stringify(jobView(job)) : linesOf(job))
const linesOf = (job: Job) => (job.error ? `${jobLine(job)}\n  ${job.error}` : jobLine(job))

async function withJob<T>(
  id: string,
  flags: Flags,
  work: (job: Job, jobs: JobStore) => Promise<T>,
): Promise<T> {
  if (!/^\d{1,15}$/.test(id)) throw new UsageError(`"${id}" is no number of a job`)
  const db = dbOf(flags)
  const none = new Failure(`there is no job ${id} in ${db}`)
  const reader = await openReaderIfAny(db)
  if (!reader) throw none
  await reader.close()
  const jobs = await openJobs(db)
  try {
    const job = await jobs.job(Number(id))
    if (!job) throw none
    return await work(job, jobs)
  } finally {
    await jobs.close()
  }
}

const ended = ({ id, state }: Job) => new Failure(`job ${id} is ${state}`)

async function pause(job: Job, jobs: JobStore): Promise<void> {
  if (isOver(job)) throw ended(job)
  if (!(await pauseJob(jobs, job))) throw new Failure(`job ${job.id} has ended or is being cancelled`)
  console.log(jobLine(await left(job, jobs, 'pause')))
}

async function cancel(job: Job, jobs: JobStore): Promise<void> {
  if (isOver(job)) throw ended(job)
  const discard = () => dropRehearsal(job.output)
  await cancelJob(jobs, job, discard)
  const now = await left(job, jobs, 'cancel')
  // Its process died before it read the request.
  if (!isOver(now)) await cancelJob(jobs, now, discard)
  console.log(jobLine((await jobs.job(job.id))!))
}

/** Waits until the process that works on the job, if any does, has left it as it was asked to. */
async function left(job: Job, jobs: JobStore, request: JobRequest): Promise<Job> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await setTimeout(100)) {
    const now = (await jobs.job(job.id))!
    if (now.state !== 'running') return now
  }
  throw new Failure(`job ${job.id} was asked to ${request} and has not answered yet`)
}

async function resume(id: string, flags: Flags): Promise<void> {
  const job = await withJob(id, flags, async (job) => job)
  const db = dbOf(flags)
  if (!isResting(job)) throw ended(job)
  if (isServer(db)) {
    const { resumeInParts, tellEnd } = await import('./fileOnServer.ts')
    const resumed = await asFailure(() => resumeInParts(job, db))
    if (resumed) return tellEnd(resumed)
  }
  if (isFileKind(job.kind)) return runFileWork(workOf(job, db))
  if (job.kind === EXPORT) return resumeExport(job, db)
  throw new Failure(`job ${job.id} goes on when the command "${job.kind}" is given again`)
}
