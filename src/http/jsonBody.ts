import { isUtf8 } from 'node:buffer'
import type { Request, RequestHandler } from 'express'
import { Problem } from './problems.ts'

/** Bytes of a body when its route names no bound. */
const SMALL = 16_384

/**
 * Reads a body of JSON in UTF-8 of at most `limit` bytes into `req.body`: an object or a list. Throws `unsupported-media-type`,
 * `body-too-large` and `bad-json`; of a client that goes away nothing is heard. Not express.json (decision 0014).
 */
export function readJson(limit = SMALL): RequestHandler {
  return (req, res, next) => {
    if (!isJson(req)) throw new Problem('unsupported-media-type')
    let bytes = 0
    let chunks: Buffer[] | null = Number(req.headers['content-length'] ?? 0) > limit ? null : []
    // What is too large is read to its end and dropped, so that the connection can be used again.
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limit) chunks = null
      chunks?.push(chunk)
    })
    req.on('end', () => {
      // It came too late, which was told.
      if (res.headersSent) return
      try {
        if (!chunks) throw new Problem('body-too-large')
        req.body = parse(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))
      } catch (error) {
        next(error)
        return
      }
      next()
    })
  }
}

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i

function isJson({ headers }: Request): boolean {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
  const encoding = headers['content-encoding'] ?? 'identity'
  return hasBody && encoding.toLowerCase() === 'identity' && JSON_TYPE.test(headers['content-type'] ?? '')
}

function parse(bytes: Buffer): object {
  if (bytes.length === 0) return {}
  let value: unknown
  try {
    if (isUtf8(bytes)) value = JSON.parse(bytes.toString().replace(/^\ufeff/, ''))
  } catch {
    // No JSON: told below, without what stood there.
  }
  if (typeof value !== 'object' || value === null) throw new Problem('bad-json')
  return value
}
