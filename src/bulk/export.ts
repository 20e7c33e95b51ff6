import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import type { Gazetteer } from '../gazetteer/types.ts'
import { idsOf } from '../registry/id.ts'
import type { Counts, Job, JobStore } from '../registry/jobStore.ts'
import type { HouseholdFilter, RegistrySnapshot } from '../registry/store.ts'
import { publicHousehold } from '../registry/view.ts'
import { COLUMNS, EXPORT_FORMATS, NUMBER_COLUMNS } from './exportRows.ts'
import { FileRefused, ResultFile, requireOutput } from './files.ts'
import type { Format } from './formats.ts'
import { type Ending, requireFree, underWatch } from './job.ts'
import { ProgressNotes } from './progressNotes.ts'
import type { PumpOptions } from './pump.ts'
import { isResult } from './render.ts'
import { writeXlsx } from './workbook/write.ts'

/** Households a page: read, written and synced at once. */
const PAGE = 2_000

export interface ExportOptions extends Pick<PumpOptions, 'onProgress' | 'stop'> {
  output: string
  format: Format
  filter: HouseholdFilter
  /** The database file, and what it is read through. */
  input: string
  snapshot: RegistrySnapshot
  /** Whose ids they bear. */
  store: Parameters<typeof idsOf>[0]
  jobs: JobStore
  gazetteer: Gazetteer
  actor: string
  engineVersion: string
  /** The job that is done anew. */
  only?: number
}

export interface ExportSummary {
  job: number
  ending: Ending
  rows: number
  seconds: number
  output: string
}

/**
 * Writes the households of a filter to a file, as they are at one moment. One that was stopped begins anew when it is
 * resumed: its moment is gone. Throws `FileRefused`.
 */
export async function exportFile(options: ExportOptions): Promise<ExportSummary> {
  const { jobs, snapshot, gazetteer, filter } = options
  const started = performance.now()
  const output = resolve(options.output)
  const input = options.input.includes('://') ? options.input : resolve(options.input)
  const format = EXPORT_FORMATS[options.format]
  const workbook = options.format === 'xlsx'
  const isOurs = workbook ? await isResult(output, 'xlsx', COLUMNS) : null
  requireOutput(output, input, format.head || '{"id":"', isOurs)
  await requireFree(jobs, output, options.only)
  const job = await beginExport({ ...options, input, output })
  const file = ResultFile.create(output, format.head)
  const ids = idsOf(options.store)
  const notes = new ProgressNotes(jobs, job.id)
  let rows = 0
  try {
    const work = async (stop: () => Promise<boolean>) => {
      const note = (done: number) =>
        notes.add({ rowsDone: rows, counts: {} as Counts, done, total: snapshot.last, outBytes: file.length })
      for await (const page of snapshot.pages(filter, PAGE)) {
        if (await stop()) return false
        const texts = page.map((household) => format.row(publicHousehold(household, ids), gazetteer))
        file.append((rows > 0 ? format.between : '') + texts.join(format.between))
        rows += page.length
        await note(page.at(-1)!.n)
        options.onProgress({ rows, bytes: page.at(-1)!.n, bytesTotal: snapshot.last })
        // A turn of the event loop, so that signals are heard.
        await setImmediate()
      }
      file.append(format.tail)
      if (workbook) {
        await file.finishAs((path) =>
          writeXlsx(path, { header: COLUMNS, numbers: NUMBER_COLUMNS, rows: cellsIn(file.path) }),
        )
        file.discard()
      } else file.finish()
      await note(snapshot.last)
      await notes.flush()
      return true
    }
    const ending = await underWatch(jobs, job.id, options.stop, work, () => file.discard())
    if (ending !== 'done') file.discard()
    return { job: job.id, ending, rows, seconds: (performance.now() - started) / 1000, output }
  } finally {
    file.close()
  }
}

/** The rows of a workbook that were noted in a file, below the line of its columns. */
async function* cellsIn(path: string): AsyncGenerator<string[][]> {
  let rows: string[][] = []
  let isHead = true
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (!isHead) rows.push(JSON.parse(line))
    isHead = false
    if (rows.length < PAGE) continue
    yield rows
    rows = []
  }
  yield rows
}

async function beginExport(options: ExportOptions): Promise<Job> {
  const { jobs, only, input, output, format, filter, actor, engineVersion, gazetteer } = options
  if (only !== undefined) {
    const job = await jobs.takeJob(only)
    if (!job) throw new FileRefused(`Job ${only} is at work in another process.`)
    return job
  }
  return jobs.createJob({
    kind: 'export',
    owner: actor,
    fingerprint: randomUUID(),
    input,
    output,
    list: filter.list ?? '',
    options: { format, filter },
    engineVersion,
    dataVersion: gazetteer.version,
    startedAt: Date.now(),
  })
}
