import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { type IdCodec, idCodec } from '../registry/id.ts'
import type { Counts, Job } from '../registry/jobStore.ts'
import type { JobEvents, RegistryTransaction, StoreReader } from '../registry/store.ts'
import { lineOf } from '../registry/streetLine.ts'
import { packNumbers } from '../registry/touched.ts'
import { type Undoing, undoEvents } from '../registry/undoJob.ts'
import { lineOf as lineOfCells } from './cells.ts'
import { FileRefused } from './files.ts'
import type { NewPart, PartDone, PartStore } from './parts.ts'
import { type RegistryJobOptions, type RegistryJobSummary, runRegistryJob } from './registryJob.ts'

export interface UndoJobOptions extends RegistryJobOptions {
  /** The job to take back. */
  job: number
  onStart(job: Job): void
}

/** Households that were changed since and are left, with what changed them. */
export const UNDO_COLUMNS = ['household_id', 'because', 'event', 'at', 'actor', 'job'] as const

const CHUNK = 500

/**
 * Takes a job back: each household that nothing else changed since stands again as before it, what it entered is
 * withdrawn. The others are left and listed in the result. Counts: updated = taken back, unchanged = left. Given again it
 * goes on, and changes nothing when all is done. Throws FileRefused for a job that cannot be taken back.
 */
export async function undoJob(options: UndoJobOptions): Promise<RegistryJobSummary> {
  const { store, actor } = options
  const job = await undoable(store, options.job)
  const ids = idCodec(store.secret)
  return runRegistryJob(options, {
    kind: 'undo',
    input: `job ${job.id}`,
    file: null,
    fingerprint: [job.id],
    columns: UNDO_COLUMNS,
    begin: async () => ({ job: job.id }),
    async step(tx, cursor, own) {
      if (cursor === 0) options.onStart(job)
      const at = Date.now()
      const page = await store.jobEvents(job.id, cursor, CHUNK)
      const { undoings, ...became } = await takeBack(tx, page.events, {
        job: job.id,
        by: own.id,
        at,
        actor,
        ids,
      })
      return {
        cursor: page.cursor,
        // How many there will be is not known beforehand: at most one household a row.
        done: Math.min(own.rowsDone + undoings, job.rowsDone),
        total: job.rowsDone,
        rows: undoings,
        ...became,
      }
    },
  })
}

/** Takes back what a job did in some of its events; `lines` are those of the households that are left. */
async function takeBack(
  tx: RegistryTransaction,
  events: JobEvents['events'],
  { job, by, at, actor, ids }: { job: number; by: number; at: number; actor: string; ids: IdCodec },
): Promise<{ undoings: number; counts: Counts; lines: string[][] }> {
  const undoings = await undoEvents(readsOf(tx), events, job, at)
  const changes = undoings.flatMap((one) => (one.kind === 'undone' ? [one.revision] : []))
  if (changes.length > 0) await tx.write({ changes, lineOf, at, actor, job: by })
  const lines = undoings.flatMap((one) => (one.kind === 'left' ? [lineFor(one, ids)] : []))
  return { undoings: undoings.length, counts: counted(undoings), lines }
}

/**
 * Cuts an undo that stands in the queue into parts (see parts.ts): the events of the job that it takes back. That job is over, so
 * they stay the same, and a household is decided about with the first of its events alone.
 */
export async function cutUndo(undo: Job, store: StoreReader & PartStore): Promise<void> {
  const job = (await store.job(Number(undo.options['job'])))!
  async function* parts(): AsyncGenerator<NewPart> {
    let firstRow = 0
    let part = 0
    for (let cursor: number | null = 0; cursor !== null; ) {
      const page: JobEvents = await store.jobEvents(job.id, cursor, CHUNK)
      cursor = page.cursor
      const rows = page.events.length
      if (rows === 0) continue
      yield { part: part++, firstRow, rows, input: deflateRawSync(JSON.stringify(page.events)) }
      firstRow += rows
    }
  }
  const firstLine = `${lineOfCells([...UNDO_COLUMNS], ',')}\n`
  await store.putParts(undo.id, { delimiter: ',', firstLine, bytes: job.rowsDone }, parts)
}

/** Does a part of an undo inside the transaction that commits it. */
export async function undoPart(
  tx: RegistryTransaction,
  undo: Job,
  input: Uint8Array,
  ids: IdCodec,
): Promise<PartDone> {
  const events: JobEvents['events'] = JSON.parse(inflateRawSync(input).toString())
  const whose = { job: Number(undo.options['job']), by: undo.id, at: Date.now(), actor: undo.owner, ids }
  const { counts, lines } = await takeBack(tx, events, whose)
  const text = lines.map((cells) => `${lineOfCells(cells, ',')}\n`).join('')
  return { counts, touched: packNumbers([]), result: deflateRawSync(text), rejected: null }
}

/** What `undoJob` would do: the households that it would leave, one line each, then the counts. Writes nothing. */
export async function rehearseUndo(
  store: StoreReader,
  id: number,
  say: (line: readonly string[]) => void,
): Promise<{ job: Job; counts: RegistryJobSummary['counts'] }> {
  const job = await undoable(store, id)
  const ids = idCodec(store.secret)
  const counts = { updated: 0, unchanged: 0 }
  for (let cursor: number | null = 0; cursor !== null; ) {
    const page = await store.jobEvents(job.id, cursor, CHUNK)
    for (const one of await undoEvents(store, page.events, job.id, 0)) {
      counts[one.kind === 'undone' ? 'updated' : 'unchanged']++
      if (one.kind === 'left') say(lineFor(one, ids))
    }
    cursor = page.cursor
  }
  return { job, counts }
}

/** The job, when it can be taken back. Throws FileRefused. */
export async function undoable(store: Pick<StoreReader, 'job'>, id: number): Promise<Job> {
  const job = await store.job(id)
  if (!job) throw new FileRefused(`There is no job ${id}.`)
  if (job.kind === 'undo')
    throw new FileRefused(`Job ${id} took another one back; load or reassign anew instead of taking it back.`)
  if (!['done', 'failed', 'cancelled'].includes(job.state))
    throw new FileRefused(`Job ${id} is ${job.state}: cancel it first.`)
  return job
}

const counted = (undoings: readonly Undoing[]): Counts => {
  const updated = undoings.filter(({ kind }) => kind === 'undone').length
  const unchanged = undoings.length - updated
  return { ...(updated > 0 && { updated }), ...(unchanged > 0 && { unchanged }) }
}

const readsOf = (tx: RegistryTransaction) => ({
  households: tx.households,
  history: tx.history,
  alternativesOf: tx.alternativesOf,
  async byExternalId(scheme: string, value: string) {
    const lookup = {
      keys: [],
      coreLength: 0,
      perKey: 1,
      externalIds: [{ scheme, value }],
      list: '',
      rows: [],
    }
    return (await tx.find(lookup)).externalIds[0]?.n ?? null
  },
})

const lineFor = ({ n, because, last }: Extract<Undoing, { kind: 'left' }>, ids: IdCodec): string[] => [
  ids.idOf(n),
  because,
  last.kind,
  new Date(last.at).toISOString(),
  last.actor,
  last.job === null ? '' : String(last.job),
]
