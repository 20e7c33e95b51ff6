import { createHash } from 'node:crypto'
import type { AssignRow, Outcome } from '../registry/assign.ts'
import { type AssignRun, openAssignRun } from '../registry/assignRun.ts'
import type { Counts, Job } from '../registry/store.ts'
import type { AssignOptions, AssignSummary } from './assign.ts'
import { contentHash, FileRefused, ResultFile } from './files.ts'
import type { Input } from './input.ts'
import type { PreparedLine } from './prepare.ts'
import type { Sink } from './pump.ts'
import { type Batch, STRIDE } from './records.ts'
import { resultLine } from './result.ts'

/** Rejected rows that a summary names; the result file has them all. */
const NAMED_REJECTED = 20

/** Finds the interrupted job that does the same work and its unfinished result, or begins a new one. */
export async function beginJob(
  options: AssignOptions,
  { input, output, columns, shape, firstLine }: Input,
): Promise<{ job: Job; file: ResultFile; note: string | null }> {
  const { store, actor, list, engineVersion, gazetteer } = options
  const dataVersion = gazetteer.version
  const same = [await contentHash(input), shape, list, output, engineVersion, dataVersion]
  const fingerprint = createHash('sha256').update(JSON.stringify(same)).digest('hex')
  let note: string | null = null
  const unfinished = await store.findUnfinished(fingerprint)
  if (unfinished) {
    const job = await store.takeJob(unfinished.id)
    if (!job) throw new FileRefused(`Job ${unfinished.id} is doing the same work in another process.`)
    const file =
      job.chunks > 0 ? ResultFile.resume(output, job.outBytes) : ResultFile.create(output, firstLine)
    if (file) return { job, file, note }
    note =
      'the unfinished result of the run before is gone: the file is loaded anew, its rows stay registered'
    await store.finishJob(job.id, 'failed', Date.now(), note)
  }
  const file = ResultFile.create(output, firstLine)
  const job = await store.createJob({
    kind: 'assign',
    owner: actor,
    fingerprint,
    input,
    output,
    list,
    options: { columns },
    engineVersion,
    dataVersion,
    startedAt: Date.now(),
  })
  return { job, file, note }
}

/** Commits prepared lines chunk by chunk: registry, result file and job step forward together. */
export class JobWriter implements Sink {
  readonly summary: Pick<AssignSummary, 'rows' | 'counts' | 'blank' | 'rejected'>
  readonly #run: AssignRun
  readonly #file: ResultFile
  readonly #delimiter: string
  /** Rows of the input that the interrupted run has done and that are still to be passed over. */
  #toSkip: number

  private constructor(run: AssignRun, job: Job, file: ResultFile, delimiter: string) {
    this.#run = run
    this.#file = file
    this.#delimiter = delimiter
    this.#toSkip = job.rowsDone
    this.summary = { rows: job.rowsDone, counts: { ...job.counts }, blank: 0, rejected: [] }
  }

  static async open(
    { store, actor }: AssignOptions,
    job: Job,
    file: ResultFile,
    delimiter: string,
  ): Promise<JobWriter> {
    return new JobWriter(await openAssignRun(store, job, { actor }), job, file, delimiter)
  }

  /** True when the batch was done by the interrupted run, or holds no row. */
  skips(batch: Batch): boolean {
    const rows = batch.table.length / STRIDE
    if (rows > this.#toSkip && this.#toSkip > 0)
      throw new Error('the interrupted run cut the file into other chunks')
    if (this.#toSkip === 0) return rows === 0
    this.#toSkip -= rows
    return true
  }

  async commit(lines: readonly PreparedLine[]): Promise<void> {
    const { summary } = this
    const rows: AssignRow[] = []
    for (const [i, { draft }] of lines.entries()) if (draft) rows.push({ draft, row: summary.rows + i + 1 })
    const counts: Counts = {}
    await this.#run.commit(rows, (outcomes) => {
      // The result is on disk before the registry commits: what is acknowledged is in both, what is cut off in neither.
      this.#file.append(this.#render(lines, outcomes, counts))
      return { firstRow: summary.rows + 1, rows: lines.length, outBytes: this.#file.length, counts }
    })
    summary.rows += lines.length
    for (const [status, count] of Object.entries(counts) as [keyof Counts, number][]) {
      summary.counts[status] = (summary.counts[status] ?? 0) + count
    }
    for (const { line, rejected } of lines) {
      if (rejected && summary.rejected.length < NAMED_REJECTED)
        summary.rejected.push({ line, reason: rejected })
    }
  }

  #render(lines: readonly PreparedLine[], outcomes: readonly Outcome[], counts: Counts): string {
    let text = ''
    let next = 0
    for (const line of lines) {
      const outcome = line.draft ? outcomes[next++]! : null
      const status = outcome?.status ?? 'rejected'
      counts[status] = (counts[status] ?? 0) + 1
      text += resultLine(line, outcome, this.#delimiter)
    }
    return text
  }
}
