import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import { inScope, type Scope } from '../access/caller.ts'
import { assignFile } from '../bulk/assign.ts'
import { convertFile } from '../bulk/convert.ts'
import type { FileJobSummary } from '../bulk/fileJob.ts'
import type { FileKind } from '../bulk/fileKinds.ts'
import { requireInput } from '../bulk/files.ts'
import { FORMATS, type Format } from '../bulk/formats.ts'
import { geocodeFile } from '../bulk/geocode.ts'
import type { InputOptions } from '../bulk/input.ts'
import type { FileJobOptions, FileJobStart } from '../bulk/job.ts'
import { queueFile } from '../bulk/openFile.ts'
import { reverseFile } from '../bulk/reverse.ts'
import { load } from '../gazetteer/load.ts'
import type { Job, JobStore } from '../registry/jobStore.ts'
import { openRegistry } from '../registry/registry.ts'
import { osUser } from './actor.ts'
import { collect } from './collect.ts'
import { DONE_WITH_REJECTED, FAILED } from './exit.ts'
import { asFailure, given, threadsFor, untilSignal } from './files.ts'
import { followJob } from './followJob.ts'
import { dropOldResults, summaryText } from './jobTexts.ts'
import { isServer } from './serverUrl.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { dropRehearsal, openJobs, openReader, openRehearsal, openWriter, ServerWrites } from './store.ts'
import { VERSION } from './version.ts'

/** What a command over a file is to do. */
export interface FileWork extends Omit<InputOptions, 'gazetteer' | 'reads'> {
  kind: FileKind
  db: string
  list: string
  threads: number
  duplicates?: boolean
  /** See `FileJobOptions`. */
  within?: FileJobOptions['within']
  fingerprint?: string
  only?: number
}

export interface FileJobFlags {
  output?: string
  db?: string
  list?: string
  map: string[]
  sheet?: string
  format?: Format
  rejects?: string
  profile?: string
  saveProfile?: string
  threads?: string
  duplicates?: boolean
}

/** The options that the commands over files share. */
export const withFileOptions = (command: Command): Command =>
  command
    .option('-o, --output <OUT>', 'for a file: the result file (default: FILE.result.csv)')
    .option(...DB_OPTION)
    .option(
      '--map <HEADER=FIELD>',
      'what a column holds (may be repeated): address, houseNumber, street, hamlet, unit, commune, district, province, ' +
        'lat, lon, coordinates (both in one cell), externalId, none (leave it alone)',
      collect,
      [],
    )
    .option('--profile <PROFILE>', 'a file that says what the columns of these headers hold')
    .option('--save-profile <PROFILE>', 'keep in this file what the columns hold')
    .option(
      '--sheet <NAME>',
      'name or number of the sheet of a workbook (default: the one with a header of addresses)',
    )
    .addOption(
      new Option('--format <FORMAT>', 'of the result (default: as the name of OUT ends, else csv)').choices(
        FORMATS,
      ),
    )
    .option(
      '--rejects <FILE>',
      'where rejected rows go, as they came in (default: FILE.rejects.csv or .xlsx, when there are any)',
    )
    .option(
      '--threads <N>',
      'worker threads, 0 = none (default: VPOSTCODE_THREADS, else one a core, at most 4; assign and geocode leave one core to the thread that writes)',
    )

/** Runs a command over a file and sets the exit code. */
export async function fileCommand(kind: FileKind, input: string, flags: FileJobFlags): Promise<void> {
  const work = {
    kind,
    input,
    output: given(flags.output, '--output') ?? `${input}.result.${flags.format ?? 'csv'}`,
    db: flags.db ?? readSettings().db,
    list: given(flags.list, '--list') ?? basename(input),
    map: flags.map,
    sheet: given(flags.sheet, '--sheet') ?? null,
    format: flags.format ?? null,
    rejects: given(flags.rejects, '--rejects') ?? null,
    profile: given(flags.profile, '--profile') ?? null,
    saveProfile: given(flags.saveProfile, '--save-profile') ?? null,
    threads: threadsFor(kind, flags.threads),
    duplicates: flags.duplicates ?? false,
  }
  // Before the database is opened: a mistyped name leaves none behind.
  await asFailure(async () => requireInput(input))
  await runFileWork(work)
}

/** The work of a job that rests, to be gone on with. */
export function workOf(job: Job, db: string): FileWork {
  const { id, input, output, list, options } = job
  const kind = job.kind as FileKind
  const {
    map = [],
    scope,
    upload,
    ...others
  } = options as Partial<
    Pick<FileWork, 'map' | 'sheet' | 'format' | 'rejects' | 'profile' | 'duplicates' | 'rows'> & {
      scope: Scope
      upload: object
    }
  >
  return {
    ...others,
    ...(scope && { within: ({ provinceCode, communeCode }) => inScope(scope, provinceCode, communeCode) }),
    ...(upload && { fingerprint: job.fingerprint }),
    kind,
    input,
    output,
    db,
    list,
    map,
    threads: threadsFor(kind),
    only: id,
  }
}

/** Does the work here, or has the process do it that serves the database, and sets the exit code. */
export async function runFileWork(work: FileWork): Promise<void> {
  let rejected: number | undefined
  if (isServer(work.db)) {
    const { fileOnServer, tellEnd } = await import('./fileOnServer.ts')
    return tellEnd(await asFailure(() => fileOnServer(work)))
  }
  try {
    const summary = await runHere(work)
    if (summary.ending !== 'done') process.exitCode = FAILED
    rejected = summary.counts.rejected
  } catch (error) {
    if (!(error instanceof ServerWrites)) throw error
    const jobs = await openJobs(work.db)
    try {
      const job = await handOver(work, jobs)
      console.error(`${work.input} -> ${job.output}\njob ${job.id}: the server of ${work.db} does it`)
      const ended = await followJob(jobs, job.id)
      if (ended.state !== 'done') process.exitCode = FAILED
      rejected = ended.counts.rejected
    } finally {
      await jobs.close()
    }
  }
  if (process.exitCode === undefined && rejected) process.exitCode = DONE_WITH_REJECTED
}

async function handOver(work: FileWork, jobs: JobStore): Promise<Job> {
  if (work.only !== undefined) {
    await jobs.restJob(work.only, 'queued')
    return (await jobs.job(work.only))!
  }
  return asFailure(() => queueFile(work.kind, { ...circumstances(), ...work, jobs, ...QUIET }))
}

/** Nobody watches. */
export const QUIET = { onStart: () => {}, onProgress: () => {}, stop: () => false }
export const circumstances = () => ({ gazetteer: load(), engineVersion: VERSION, actor: osUser() })

/** Runs one file in this process and tells on standard error what happens. */
async function runHere(work: FileWork): Promise<FileJobSummary> {
  const { db } = work
  if (work.kind === 'assign') {
    const store = await openWriter(db)
    try {
      return await watched(work, store, (options) => assignFile({ ...options, store }))
    } finally {
      await store.close()
    }
  }
  const jobs = await openJobs(db)
  try {
    return await watched(work, jobs, (options) => readFile(work.kind, options, db))
  } finally {
    await jobs.close()
  }
}

/** `geocode`, `reverse` or `convert`: answers the rows of a file and registers nothing. */
export async function readFile(kind: string, options: FileJobOptions, db: string): Promise<FileJobSummary> {
  if (kind === 'convert') return convertFile(options)
  if (kind === 'geocode')
    return geocodeFile({
      ...options,
      rehearse: (output, fresh) => openRehearsal(output, db, fresh),
      dropRehearsal,
    })
  const store = await openReader(db)
  try {
    return await reverseFile({ ...options, households: openRegistry(store) })
  } finally {
    await store.close()
  }
}

async function watched(
  work: FileWork,
  jobs: JobStore,
  run: (options: FileJobOptions) => Promise<FileJobSummary>,
): Promise<FileJobSummary> {
  for (const path of await dropOldResults(jobs)) console.error(`removed after its time: ${path}`)
  const summary = await untilSignal(({ say, ...watch }) =>
    asFailure(() =>
      run({
        ...circumstances(),
        ...work,
        ...watch,
        jobs,
        onStart: (start) => say(startText(work, start)),
      }),
    ),
  )
  console.error(summaryText(work.kind, summary))
  return summary
}

/** `npm start` loads its sample through this. */
export const assignWithMessages = (work: Omit<FileWork, 'kind'>) => runHere({ ...work, kind: 'assign' })

/** Columns named that are left alone. */
const MOST_NAMED = 30

function startText(
  { kind, input, output, db, list }: FileWork,
  { job, header, columns, notes, resumedAt }: FileJobStart,
): string {
  const used = Object.entries(columns).map(([field, column]) => `  ${header[column]}  ->  ${field}`)
  const others = header.filter((_, i) => !Object.values(columns).includes(i))
  const named = others.slice(0, MOST_NAMED).join(', ')
  const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : ''
  return [
    `${input} -> ${output}`,
    `job ${job}: ${kind}, database ${db}, list "${list}"`,
    'columns:',
    ...used,
    ...(others.length > 0 ? [`not looked at, not stored: ${named}${more}`] : []),
    ...notes.map((note) => `note: ${note}`),
    ...(resumedAt > 0 ? [`going on after row ${resumedAt}, where the run before was stopped`] : []),
  ].join('\n')
}
