import type { Stats } from 'node:fs'
import type { Response } from 'express'
import { Problem, type ProblemCode } from './problems.ts'

/**
 * Sends a file of the disk, or the range of it that is asked for, with an ETag of exactly these bytes, so that a download that was
 * cut can go on. Throws the problem `gone` when the file is removed meanwhile.
 */
export async function sendStored(
  res: Response,
  file: { path: string; found: Stats; type: string; tag: string },
  gone: ProblemCode,
  headers: Record<string, string> = {},
): Promise<void> {
  const { path, found, type, tag } = file
  res.set({
    ...headers,
    'Content-Type': type,
    ETag: `"${tag}-${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`,
    // Compressed on the way, a range would no longer be one of the file.
    'Cache-Control': 'private, no-cache, no-transform',
  })
  await new Promise<void>((resolve, reject) => {
    res.sendFile(path, { dotfiles: 'allow', cacheControl: false, lastModified: false }, (error) => {
      const { status, code } = (error ?? {}) as { status?: number; code?: string }
      if (!error || code === 'ECONNABORTED' || res.closed) return resolve()
      for (const header of ['ETag', 'Cache-Control', ...Object.keys(headers)]) res.removeHeader(header)
      reject(
        status === 416 ? new Problem('range-not-satisfiable') : status === 404 ? new Problem(gone) : error,
      )
    })
  })
}
