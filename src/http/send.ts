import compression from 'compression'
import type { Request, Response } from 'express'

/** Of every answer. There are no cookies whose owner other pages could spy on, and pages show the images of codes. */
export const PROTECTION = Object.entries({
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
})

/** What browsers are told of every answer. A constant: a library that puts it together anew costs more than most answers. */
export function protect(_req: Request, res: Response, next: () => void): void {
  for (const [name, value] of PROTECTION) res.setHeader(name, value)
  next()
}

/** Characters. What is told of one place fits in a packet or two: compressing it costs more than it saves. */
const WORTH_COMPRESSING = 4_096
const compress = compression({ threshold: 0 })

/** Answers with a text in UTF-8: as 304 where the client has it by its ETag, compressed where that saves something. */
export function sendText(req: Request, res: Response, status: number, media: string, text: string): void {
  res.statusCode = status
  if (res.hasHeader('ETag') && req.fresh) {
    res.statusCode = 304
    res.end()
    return
  }
  res.setHeader('Content-Type', `${media}; charset=utf-8`)
  if (text.length < WORTH_COMPRESSING) end(res, text)
  else if (req.headers['accept-encoding']) compress(req, res, () => end(res, text))
  else {
    res.vary('Accept-Encoding')
    end(res, text)
  }
}

function end(res: Response, text: string): void {
  res.setHeader('Content-Length', Buffer.byteLength(text))
  res.end(text)
}
