import { type Stats, statSync } from 'node:fs'
import { type Format, formatOf } from '../../bulk/formats.ts'
import type { Job } from '../../registry/jobStore.ts'
import { Problem } from '../problems.ts'
import type { Context } from '../route.ts'
import { sendStored } from '../sendStored.ts'

const TYPES: Record<Format, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  geojson: 'application/geo+json',
  ndjson: 'application/x-ndjson',
}

/** Sends a file of a job that is done, or the range of it that is asked for. Throws a Problem when there is none. */
export async function sendJobFile(
  job: Job,
  path: string | undefined,
  name: string,
  { res }: Context,
): Promise<void> {
  if (job.state !== 'done') throw new Problem('job-not-done')
  const found: Stats | undefined = path ? statSync(path, { throwIfNoEntry: false }) : undefined
  if (!path || !found) throw new Problem('no-file')
  const format = formatOf(path)
  const type = TYPES[format]
  await sendStored(res, { path, found, type, tag: String(job.id) }, 'no-file', {
    'Content-Disposition': `attachment; filename="job-${job.id}.${name}.${format}"`,
  })
}
