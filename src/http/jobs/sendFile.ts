import { type Stats, statSync } from 'node:fs'
import { type Format, formatOf } from '../../bulk/formats.ts'
import type { Job } from '../../registry/store.ts'
import { Problem } from '../problems.ts'
import type { Context } from '../route.ts'

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
  res.set({
    'Content-Type': TYPES[format],
    // Of exactly these bytes, so that a download that was cut can go on.
    ETag: `"${job.id}-${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`,
    // Compressed on the way, a range would no longer be one of the file.
    'Cache-Control': 'private, no-cache, no-transform',
    'Content-Disposition': `attachment; filename="job-${job.id}.${name}.${format}"`,
  })
  await new Promise<void>((resolve, reject) => {
    res.sendFile(path, { dotfiles: 'allow', cacheControl: false, lastModified: false }, (error) => {
      const { status, code } = (error ?? {}) as { status?: number; code?: string }
      if (!error || code === 'ECONNABORTED' || res.closed) return resolve()
      for (const header of ['ETag', 'Content-Disposition', 'Cache-Control']) res.removeHeader(header)
      reject(
        status === 416
          ? new Problem('range-not-satisfiable')
          : status === 404
            ? new Problem('no-file')
            : error,
      )
    })
  })
}
