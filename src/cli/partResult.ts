import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { cellsOf } from '../bulk/cells.ts'
import { syncPath } from '../bulk/files.ts'
import { type Format, formatOf } from '../bulk/formats.ts'
import { type AboutFile, type PartStore, unpackRejected } from '../bulk/parts.ts'
import { giveFreeName, rejectsPath, writeRecords } from '../bulk/rejects.ts'
import { render } from '../bulk/render.ts'
import type { Job } from '../registry/jobStore.ts'

/**
 * Puts the result of a job that is done together at its place, with the rejected rows beside it, if there are any: answers the
 * path of these. Null when there is nothing of the job any more.
 */
export async function writeResult(store: PartStore, job: Job): Promise<{ rejects: string | null } | null> {
  const about = await store.about(job.id)
  if (!about) return null
  mkdirSync(dirname(job.output), { recursive: true, mode: 0o700 })
  // Others may do the same at this moment.
  const folder = mkdtempSync(join(dirname(job.output), '.vpostcode-'))
  try {
    const rejected = job.counts.rejected ? join(folder, 'rejects') : null
    if (rejected) await writeRecords(about.origin, rejectedRows(store, job), rejected)
    const result = await writeRows(store, job, about, folder)
    // The same on every node, so that a download that was cut can go on at another one.
    const time = new Date(job.finishedAt ?? job.startedAt)
    for (const path of [result, ...(rejected ? [rejected] : [])]) {
      utimesSync(path, time, time)
      syncPath(path)
    }
    const rejects = rejected && giveFreeName(rejected, placeOfRejects(job, about))
    renameSync(result, job.output)
    return { rejects }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As `writeResult`, where nobody has done so yet. */
export async function fetchResult(store: PartStore, job: Job): Promise<boolean> {
  if (existsSync(job.output)) return true
  return (await writeResult(store, job)) !== null
}

/** Writes the result in its format into the folder; answers its path. */
async function writeRows(
  store: PartStore,
  { id, kind, output, options }: Job,
  { delimiter, firstLine, shape, origin }: AboutFile,
  folder: string,
): Promise<string> {
  const path = join(folder, 'rows')
  const file = openSync(path, 'w', 0o600)
  try {
    writeSync(file, firstLine)
    for await (const text of store.results(id)) writeSync(file, inflateRawSync(text))
  } finally {
    closeSync(file)
  }
  const format = (options['format'] as Format | null | undefined) ?? formatOf(output)
  if (format === 'csv' || kind === 'undo') return path
  const { bom } = origin
  const header = cellsOf(firstLine.slice(bom ? 1 : 0, -1), delimiter)
  const rendered = join(folder, 'result')
  await render({ path, delimiter, bom }, format, header, shape.width, rendered)
  return rendered
}

async function* rejectedRows(store: PartStore, { id }: Job): AsyncGenerator<string[]> {
  for await (const packed of store.rejected(id)) yield unpackRejected(packed)
}

const placeOfRejects = ({ input, output, options }: Job, { origin }: AboutFile): string =>
  (options['rejects'] as string | null | undefined) ?? rejectsPath(input, output, origin.head === null)
