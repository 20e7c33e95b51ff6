import type { Job } from '../registry/jobStore.ts'
import type { ResultFile } from './files.ts'
import { type Input, openInput } from './input.ts'
import { beginJob, type Ending, type FileJobOptions, underWatch } from './job.ts'
import { ProgressNotes } from './progressNotes.ts'
import { pump, type Sink, type Tally } from './pump.ts'

export interface FileJobSummary extends Tally {
  job: number
  ending: Ending
  /** Rows of this run and the seconds it took. */
  rowsNow: number
  seconds: number
  output: string
  /** The file of the rejected rows, null when there are none or the run did not come to its end. */
  rejects: string | null
}

/** What differs between the jobs that answer each row of a file with a line. */
export interface FileJobKind {
  kind: string
  /** The result's columns after those of the input. */
  columns: readonly string[]
  /** What is read of a row; its address and all else when not said. */
  reads?: 'point'
  /** Where the rows go. `at` is how far the work was. */
  sink(begun: { job: Job; at: Job; file: ResultFile; delimiter: string }): Sink | Promise<Sink>
  /** How far the work is, where the job's own record does not say it; `fresh`: nothing was done yet. */
  position?(job: Job, fresh: boolean): Promise<Job>
  /** Its rows hear what persons have decided about streets of split communes, as it stood when the job began. */
  hearsDecisions?: boolean
  /** Work that follows when the result is complete and named; answers whether it came to its end. Done anew after a stop. */
  atEnd?(stop: () => Promise<boolean>): Promise<boolean>
  /** The sink itself records with each chunk how far the job is. */
  recordsChunks?: boolean
}

/**
 * Runs a job over a file. A run that was stopped or killed goes on where its last chunk ended when it is called again with
 * the same file, mapping, list, output and versions.
 * Throws `FileRefused`, `UnreadableFile` or `MappingError` before anything is written.
 */
export async function runFileJob(options: FileJobOptions, kind: FileJobKind): Promise<FileJobSummary> {
  const started = performance.now()
  const source = await openInput({ ...options, reads: kind.reads }, kind.columns)
  try {
    const { job, at, file } = await beginJob(kind.kind, options, source, kind.position)
    try {
      const { delimiter, output } = source
      let summary: Tally | undefined
      let rejects: string | null = null
      const ending = await underWatch(
        options.jobs,
        job.id,
        options.stop,
        async (stop) => {
          const sink = await kind.sink({ job, at, file, delimiter })
          summary = sink.summary
          const decided = kind.hearsDecisions
            ? await options.jobs.decidedStreets(job.id, splitFormers(options.gazetteer))
            : []
          const finished = kind.recordsChunks
            ? await pump(source, sink, { ...options, stop, decided })
            : await pumpNoting(source, sink, file, new ProgressNotes(options.jobs, job.id), {
                ...options,
                stop,
                decided,
              })
          if (!finished) return false
          rejects = await source.complete(file, summary.counts.rejected ?? 0)
          return (await kind.atEnd?.(stop)) ?? true
        },
        () => file.discard(),
      )
      if (ending === 'done') file.discard()
      const seconds = (performance.now() - started) / 1000
      return {
        ...summary!,
        job: job.id,
        ending,
        seconds,
        rowsNow: summary!.rows - at.rowsDone,
        output,
        rejects,
      }
    } finally {
      file.close()
    }
  } finally {
    source.close()
  }
}

export const splitFormers = ({ formerCommunes }: FileJobOptions['gazetteer']): string[] =>
  formerCommunes.flatMap(({ code, successors }) => (successors.length > 1 ? code : []))

/** Pumps, and notes with the job once a second and at the end how far it is. */
async function pumpNoting(
  source: Input,
  sink: Sink,
  file: ResultFile,
  notes: ProgressNotes,
  options: FileJobOptions,
): Promise<boolean> {
  const { summary } = sink
  const noting: Sink = {
    summary,
    skips: (batch) => sink.skips(batch),
    async commit(lines, reach) {
      await sink.commit(lines, reach)
      await notes.add({ ...reach, rowsDone: summary.rows, counts: summary.counts, outBytes: file.length })
    },
  }
  const finished = await pump(source, noting, options)
  await notes.flush()
  return finished
}
