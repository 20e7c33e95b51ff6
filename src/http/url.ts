import type { RequestHandler } from 'express'
import { Problem, type Text } from './problems.ts'

/** Room for an address of 500 characters of three bytes each, escaped. */
export const LONGEST_URL = 8_192

const NO_HOST: Text = { en: 'The header Host is missing', vi: 'Thiếu header Host' }

/** Refuses a request without the header Host, bounds the URL and makes sure that it decodes to UTF-8 as a whole, so that no later part meets a broken escape. */
export const checkUrl: RequestHandler = (req, _res, next) => {
  // HTTP asks for it from 1.1 on. Node would refuse by itself, but without a word.
  if (req.headers.host === undefined && req.httpVersion === '1.1')
    throw new Problem('bad-request', { detail: NO_HOST })
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
