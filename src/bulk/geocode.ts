import { openAssignRun } from '../registry/assignRun.ts'
import type { StoreWriter } from '../registry/store.ts'
import { type FileJobSummary, runFileJob } from './fileJob.ts'
import type { FileJobOptions } from './job.ts'
import { Neighbours } from './neighbours.ts'
import { RegistrySink } from './registrySink.ts'
import { RESULT_COLUMNS } from './result.ts'

/** A registry in which a job registers as if it were the real one, whose households it sees. */
export interface Rehearsal extends StoreWriter {
  /** Is it a household of the real registry? */
  isRegistered(n: number): boolean
}

export interface GeocodeOptions extends FileJobOptions {
  /** The rehearsal of an unfinished result, kept in files beside it; an empty one when `fresh`. */
  rehearse(output: string, fresh: boolean): Rehearsal
  /** Removes the files of the rehearsal. */
  dropRehearsal(output: string): void
}

/** What `assignFile` would answer, without registering: households that it would make have no id. */
export async function geocodeFile({
  rehearse,
  dropRehearsal,
  ...options
}: GeocodeOptions): Promise<FileJobSummary> {
  let rehearsal: Rehearsal | null = null
  try {
    const summary = await runFileJob(options, {
      kind: 'geocode',
      columns: RESULT_COLUMNS,
      hearsDecisions: true,
      async position(job, fresh) {
        await rehearsal?.close()
        rehearsal = rehearse(job.output, fresh)
        // Chunk by chunk only the rehearsal knows how far the work is; a job of its own in it says so.
        return (await rehearsal.findUnfinished(job.fingerprint)) ?? rehearsal.createJob(job)
      },
      async sink({ job, at, file, delimiter }) {
        const { isRegistered } = rehearsal!
        return new RegistrySink(await openAssignRun(rehearsal!, at, options), file, delimiter, at, {
          gazetteer: options.gazetteer,
          neighbours: new Neighbours(rehearsal!, job.startedAt, options.gazetteer),
          within: options.within,
          isRegistered,
        })
      },
    })
    await rehearsal!.close()
    if (summary.ending !== 'paused') dropRehearsal(summary.output)
    return summary
  } finally {
    await (rehearsal as Rehearsal | null)?.close()
  }
}
