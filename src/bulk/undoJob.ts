import { idCodec } from '../registry/id.ts'
import type { Job, RegistryReader, RegistryTransaction, StoreReader } from '../registry/store.ts'
import { lineOf } from '../registry/streetLine.ts'
import { type Undoing, undoEvents } from '../registry/undoJob.ts'
import { FileRefused } from './files.ts'
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
  const lineFor = lines(store)
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
      const undoings = await undoEvents(readsOf(tx), page.events, job.id, at)
      const changes = undoings.flatMap((one) => (one.kind === 'undone' ? [one.revision] : []))
      if (changes.length > 0) await tx.write({ changes, lineOf, at, actor, job: own.id })
      const left = undoings.filter((one) => one.kind === 'left')
      return {
        cursor: page.cursor,
        // How many there will be is not known beforehand: at most one household a row.
        done: Math.min(own.rowsDone + undoings.length, job.rowsDone),
        total: job.rowsDone,
        rows: undoings.length,
        counts: counted(undoings),
        lines: left.map(lineFor),
      }
    },
  })
}

/** What `undoJob` would do: the households that it would leave, one line each, then the counts. Writes nothing. */
export async function rehearseUndo(
  store: StoreReader,
  id: number,
  say: (line: readonly string[]) => void,
): Promise<{ job: Job; counts: RegistryJobSummary['counts'] }> {
  const job = await undoable(store, id)
  const lineFor = lines(store)
  const counts = { updated: 0, unchanged: 0 }
  for (let cursor: number | null = 0; cursor !== null; ) {
    const page = await store.jobEvents(job.id, cursor, CHUNK)
    for (const one of await undoEvents(store, page.events, job.id, 0)) {
      counts[one.kind === 'undone' ? 'updated' : 'unchanged']++
      if (one.kind === 'left') say(lineFor(one))
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

const counted = (undoings: readonly Undoing[]) => {
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

function lines({ secret }: Pick<RegistryReader, 'secret'>) {
  const ids = idCodec(secret)
  return ({ n, because, last }: Extract<Undoing, { kind: 'left' }>): string[] => [
    ids.idOf(n),
    because,
    last.kind,
    new Date(last.at).toISOString(),
    last.actor,
    last.job === null ? '' : String(last.job),
  ]
}
