import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import type { PartStore } from '../bulk/parts.ts'
import type { Job } from '../registry/store.ts'

/** Puts the result of a job that is done together at `path`. False when there is nothing of it any more. */
export async function writeResult(store: PartStore, job: Job, path: string): Promise<boolean> {
  const about = await store.about(job.id)
  if (!about) return false
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const part = `${path}.${process.pid}.part`
  const file = openSync(part, 'w', 0o600)
  try {
    writeSync(file, about.firstLine)
    for await (const text of store.results(job.id)) writeSync(file, inflateRawSync(text))
    fsyncSync(file)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  // The same on every node, so that a download that was cut can go on at another one.
  const time = new Date(job.finishedAt ?? job.startedAt)
  utimesSync(part, time, time)
  renameSync(part, path)
  return true
}

/** As `writeResult`, where nobody has done so yet; an undo was done as a whole. */
export async function fetchResult(store: PartStore, job: Job): Promise<boolean> {
  if (existsSync(job.output)) return true
  return job.kind === 'undo' ? writeWhole(store, job) : writeResult(store, job, job.output)
}

async function writeWhole(store: PartStore, { id, output, finishedAt }: Job): Promise<boolean> {
  for await (const text of store.results(id)) {
    mkdirSync(dirname(output), { recursive: true, mode: 0o700 })
    const part = `${output}.${process.pid}.part`
    writeFileSync(part, inflateRawSync(text), { mode: 0o600, flush: true })
    utimesSync(part, new Date(finishedAt!), new Date(finishedAt!))
    renameSync(part, output)
    return true
  }
  return false
}
