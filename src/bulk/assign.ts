import { closeSync, fstatSync, openSync } from 'node:fs'
import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { LoadedGazetteer } from '../gazetteer/load.ts'
import type { Counts, StoreWriter } from '../registry/store.ts'
import { lineOf } from './cells.ts'
import { type Columns, recognise } from './columns.ts'
import { open } from './dialect.ts'
import { FileRefused, requireInput, requireOutput } from './files.ts'
import { beginJob, JobWriter } from './job.ts'
import { outputDelimiter, type PreparedLine, type Shape } from './prepare.ts'
import { makePreparer, type Preparer } from './preparer.ts'
import { type Batch, readBatches } from './records.ts'
import { resultHeader } from './result.ts'

/** Rows a chunk: a transaction, an append to the result, a step of a restart. */
const CHUNK = 1000
/** Files below this size are worked on in this process: starting workers would take longer. */
const SMALL = 512 * 1024

export interface AssignOptions {
  input: string
  output: string
  /** The list that the rows belong to, the same across loads. */
  list: string
  /** "header=field" entries. */
  map: readonly string[]
  /** Worker threads for large files; 0 = none. */
  threads: number
  store: StoreWriter
  gazetteer: LoadedGazetteer
  engineVersion: string
  actor: string
  onStart(start: AssignStart): void
  onProgress(progress: AssignProgress): void
  /** Asked after each chunk: true ends the run with `finished: false`; the next run goes on from there. */
  stop(): boolean
}

export interface AssignStart {
  header: string[]
  columns: Columns
  notes: string[]
  /** Rows that an interrupted run has done already. */
  resumedAt: number
}

export interface AssignProgress {
  rows: number
  bytes: number
  bytesTotal: number
}

export interface AssignSummary {
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
  const input = resolve(options.input)
  const output = resolve(options.output)
  requireInput(input)
  const fd = openSync(input, 'r')
  try {
    const before = fstatSync(fd)
    const { dialect, header, rows: from } = open(fd)
    const { columns, notes } = recognise(header, options.map)
    const delimiter = outputDelimiter(dialect.delimiter)
    const firstLine = `${dialect.bom ? '\ufeff' : ''}${lineOf(resultHeader(header), delimiter)}\n`
    requireOutput(output, input, firstLine)
    const { job, file, note } = await beginJob(options, { input, output, columns, firstLine })
    if (note) notes.push(note)
    options.onStart({ header, columns, notes, resumedAt: job.rowsDone })

    const shape: Shape = { delimiter: dialect.delimiter, width: header.length, columns }
    const threads = before.size < SMALL ? 0 : options.threads
    const preparer = makePreparer(shape, threads, options.gazetteer)
    const writer = await JobWriter.open(options, job, file, delimiter)
    try {
      const finished = await pump(
        writer,
        preparer,
        options,
        readBatches(fd, dialect, from, CHUNK),
        before.size,
      )
      const after = fstatSync(fd)
      if (finished && (after.size !== before.size || after.mtimeMs !== before.mtimeMs)) {
        throw new FileRefused(`${options.input} was changed while it was read: run the command again.`)
      }
      if (finished) {
        file.finish()
        await options.store.finishJob(job.id, 'done', Date.now())
      }
      const seconds = (performance.now() - started) / 1000
      return { ...writer.summary, finished, seconds, rowsNow: writer.summary.rows - job.rowsDone, output }
    } finally {
      file.close()
      await preparer.close()
    }
  } finally {
    closeSync(fd)
  }
}

/** Batches to prepared lines to the registry, in order; some batches are under way at once. False when stopped. */
async function pump(
  writer: JobWriter,
  preparer: Preparer,
  { onProgress, stop }: AssignOptions,
  batches: Iterable<Batch>,
  bytesTotal: number,
): Promise<boolean> {
  const underWay: { batch: Batch; lines: Promise<PreparedLine[]> }[] = []
  let stopped = false
  const commitNext = async (): Promise<void> => {
    const { batch, lines } = underWay.shift()!
    await writer.commit(await lines)
    onProgress({ rows: writer.summary.rows, bytes: batch.next.offset, bytesTotal })
    // A turn of the event loop, so that signals are heard.
    await setImmediate()
    stopped = stop()
  }
  for (const batch of batches) {
    writer.summary.blank += batch.blank
    if (writer.skips(batch)) continue
    if (stopped) return false
    const lines = preparer.prepare(batch)
    // Awaited in its turn; until then a failure is not an unhandled one.
    lines.catch(() => {})
    underWay.push({ batch, lines })
    if (underWay.length >= preparer.depth) await commitNext()
  }
  while (underWay.length > 0 && !stopped) await commitNext()
  if (underWay.length > 0) return false
  return true
}
