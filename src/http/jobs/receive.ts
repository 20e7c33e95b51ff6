import { randomUUID } from 'node:crypto'
import { link, mkdir, open, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Request } from 'express'
import { contentHash } from '../../bulk/files.ts'
import { Problem } from '../problems.ts'
import { leave, receiveUpload, type Upload } from '../upload.ts'
import type { UploadSettings } from './desk.ts'

/** Room that a form needs beside its file. */
const FORM = 64 * 1024
/** Free bytes that must be left beside the file and a result three times as long. */
const SPARE = 256 * 1024 * 1024
/** Codes of the system for a full disk. */
const FULL = new Set(['ENOSPC', 'EDQUOT'])

export interface Received extends Upload {
  folder: string
  path: string
  /** SHA-256 of the file, in hex. */
  hash: string
}

/**
 * A new folder of a job. The number of the process in its name tells, when there is no job, whether somebody still works on it
 * (see `dropLeftUploads`).
 */
export async function newFolder({ folder }: UploadSettings): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${process.pid}-${randomUUID()}`)
  await mkdir(path, { mode: 0o700 })
  return path
}

/**
 * Receives a form with a file into a folder of its own; it is on disk when this resolves. Without a file `earlier` says where an
 * earlier upload stands, which is taken. Leaves nothing when it throws.
 */
export async function receiveFile(
  req: Request,
  settings: UploadSettings,
  earlier: (upload: Upload) => Promise<{ path: string; name: string }>,
): Promise<Received> {
  const { maxBytes } = settings
  const announced = Number(req.headers['content-length'] ?? 0)
  if (announced > maxBytes + FORM) throw await refusedUnread('body-too-large', req)
  const folder = await newFolder(settings)
  const path = join(folder, 'input')
  try {
    const { bavail, bsize } = await statfs(folder)
    if (bavail * bsize < announced * 4 + SPARE) throw await refusedUnread('no-space', req)
    const upload = await receiveUpload(req, path, maxBytes, { part: 'file', optional: true })
    if (!upload.there) {
      const { path: there, name } = await earlier(upload)
      await link(there, path).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new Problem('no-file') : error
      })
      upload.fileName = name
      upload.bytes = (await stat(path)).size
    }
    for (const place of [path, folder, settings.folder]) await sync(place)
    return { ...upload, folder, path, hash: await contentHash(path) }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    if (FULL.has((error as NodeJS.ErrnoException).code ?? '')) throw new Problem('no-space')
    throw error
  }
}

/** The connection ends with the answer. */
async function refusedUnread(code: 'body-too-large' | 'no-space', req: Request): Promise<Problem> {
  await leave(req)
  req.res?.set('Connection', 'close')
  return new Problem(code)
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
