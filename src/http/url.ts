import type { RequestHandler } from 'express'
import { Problem } from './problems.ts'

/** Room for an address of 500 characters of three bytes each, escaped. */
export const LONGEST_URL = 8_192

/** Bounds the URL and makes sure that it decodes to UTF-8 as a whole, so that no later part meets a broken escape. */
export const checkUrl: RequestHandler = (req, _res, next) => {
  if (req.url.length > LONGEST_URL) throw new Problem('url-too-long')
  if (req.url.includes('%')) {
    try {
      decodeURIComponent(req.url)
    } catch {
      throw new Problem('malformed-url')
    }
  }
  next()
}
