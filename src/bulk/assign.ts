import { setImmediate } from 'node:timers/promises'
import { openAssignRun } from '../registry/assignRun.ts'
import { type ScanProgress, scan } from '../registry/doubts/scan.ts'
import type { StoreWriter } from '../registry/store.ts'
import { unpackNumbers } from '../registry/touched.ts'
import { type FileJobSummary, runFileJob } from './fileJob.ts'
import type { FileJobOptions } from './job.ts'
import { Neighbours } from './neighbours.ts'
import { notePlace, type Places, RegistrySink } from './registrySink.ts'
import { RESULT_COLUMNS } from './result.ts'

export interface AssignOptions extends Omit<FileJobOptions, 'jobs'> {
  store: StoreWriter
}

export interface AssignSummary extends FileJobSummary {
  /** What was found in the communes of the rows; null when nobody asked for it. */
  duplicates: ScanProgress | null
}

/**
 * Registers the rows of a file and answers each with its household and code. With `duplicates` it looks through the communes of
 * the rows at the end; what is found waits for a person.
 */
export async function assignFile({ store, ...options }: AssignOptions): Promise<AssignSummary> {
  const places: Places = new Map()
  let duplicates: ScanProgress | null = null
  const summary = await runFileJob(
    { ...options, jobs: store },
    {
      kind: 'assign',
      columns: RESULT_COLUMNS,
      recordsChunks: true,
      hearsDecisions: true,
      async sink({ job, at, file, delimiter }) {
        const run = await openAssignRun(store, at, options)
        if (options.duplicates) await placesSoFar(store, at.id, places)
        return new RegistrySink(run, file, delimiter, at, {
          gazetteer: options.gazetteer,
          neighbours: new Neighbours(store, job.startedAt, options.gazetteer),
          within: options.within,
          places,
        })
      },
      async atEnd(stop) {
        if (!options.duplicates) return true
        for await (const step of scan(store, [...places.values()], options.gazetteer)) {
          duplicates = step
          // A turn of the event loop, so that signals are heard.
          await setImmediate()
          if (step.communes < places.size && (await stop())) return false
        }
        return true
      },
    },
  )
  return { ...summary, duplicates }
}

/** The communes that the chunks of an interrupted run led to. */
async function placesSoFar(store: StoreWriter, job: number, places: Places): Promise<void> {
  for await (const { touched } of store.chunks(job))
    for (const household of await store.households([...unpackNumbers(touched)])) notePlace(places, household)
}
