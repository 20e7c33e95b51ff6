import { isUtf8 } from 'node:buffer'
import type { RequestHandler } from 'express'
import { Problem } from './problems.ts'

const LONGEST_URL = 4_096

/**
 * Bounds the URL and makes sure that it decodes to UTF-8 as a whole, so that no later part meets a broken escape.
 * Bytes above 127 that stand unescaped (curl sends what the shell gives it) are escaped when they are UTF-8.
 */
export const checkUrl: RequestHandler = (req, _res, next) => {
  if (req.url.length > LONGEST_URL) throw new Problem('url-too-long')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is the point
  if (/[^\x00-\x7f]/.test(req.url)) {
    const bytes = Buffer.from(req.url, 'latin1')
    if (!isUtf8(bytes)) throw new Problem('malformed-url')
    req.url = bytes.toString('utf8').replace(/[^\x20-\x7e]+/g, encodeURIComponent)
  }
  if (req.url.includes('%')) {
    try {
      decodeURIComponent(req.url)
    } catch {
      throw new Problem('malformed-url')
    }
  }
  next()
}
