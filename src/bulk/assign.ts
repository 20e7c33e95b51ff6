import type { Counts, StoreWriter } from '../registry/store.ts'
import type { Columns } from './columns.ts'
import { type InputOptions, openInput } from './input.ts'
import { beginJob, JobWriter } from './job.ts'
import { type PumpOptions, pump } from './pump.ts'
import { RESULT_COLUMNS } from './result.ts'

export interface AssignOptions extends InputOptions, PumpOptions {
  /** The list that the rows belong to, the same across loads. */
  list: string
  store: StoreWriter
  engineVersion: string
  actor: string
  onStart(start: AssignStart): void
}

export interface AssignStart {
  header: string[]
  columns: Columns
  notes: string[]
  /** Rows that an interrupted run has done already. */
  resumedAt: number
}

export interface AssignSummary {
  /** False when stopped: the next run goes on from there. */
  finished: boolean
  /** Rows read since the beginning of the file; the sum of `counts`. */
  rows: number
  counts: Counts
  /** Empty lines, which are no rows. */
  blank: number
  /** The first rejected rows of this run. */
  rejected: { line: number; reason: string }[]
  /** Rows of this run and the seconds it took. */
  rowsNow: number
  seconds: number
  output: string
}

/**
 * Registers the rows of a CSV file and writes the result file. A run that was stopped or killed goes on where its last
 * chunk ended when it is called again with the same file, mapping, list, output and versions.
 * Throws `FileRefused`, `UnreadableFile` or `MappingError` before anything is written.
 */
export async function assignFile(options: AssignOptions): Promise<AssignSummary> {
  const started = performance.now()
  const source = await openInput(options, RESULT_COLUMNS)
  try {
    const { job, file, note } = await beginJob(options, source)
    try {
      const { header, columns, notes, output } = source
      options.onStart({ header, columns, notes: note ? [...notes, note] : notes, resumedAt: job.rowsDone })
      const writer = await JobWriter.open(options, job, file, source.delimiter)
      const finished = await pump(source, writer, options)
      if (finished) {
        source.requireUnchanged()
        file.finish()
        await options.store.finishJob(job.id, 'done', Date.now())
      }
      const seconds = (performance.now() - started) / 1000
      return { ...writer.summary, finished, seconds, rowsNow: writer.summary.rows - job.rowsDone, output }
    } finally {
      file.close()
    }
  } finally {
    source.close()
  }
}
