import type { Job } from '../registry/jobStore.ts'
import type { FileKind } from './fileKinds.ts'
import { type Input, type InputOptions, openInput } from './input.ts'
import { type FileJobOptions, newJob } from './job.ts'
import { RESULT_COLUMNS, UNIT_COLUMNS } from './result.ts'
import { REVERSE_COLUMNS } from './reverse.ts'

/** The result's columns after those of the input. */
const COLUMNS: Record<FileKind, readonly string[]> = {
  assign: RESULT_COLUMNS,
  geocode: RESULT_COLUMNS,
  reverse: REVERSE_COLUMNS,
  convert: UNIT_COLUMNS,
}

/** Opens a file as the work of this kind reads it; throws as `openInput` does. */
export const openFile = (kind: FileKind, options: InputOptions): Promise<Input> =>
  openInput({ ...options, reads: kind === 'reverse' ? 'point' : 'address' }, COLUMNS[kind])

/** Puts the work on a file into the queue of those who do the jobs of the database, or finds it there. */
export async function queueFile(kind: FileKind, options: FileJobOptions): Promise<Job> {
  const source = await openFile(kind, options)
  try {
    const { options: given, ...wanted } = await newJob(kind, options, source)
    return await options.jobs.queueJob({ ...wanted, options: { ...given, served: true } })
  } finally {
    source.close()
  }
}
