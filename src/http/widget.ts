import { existsSync, readFileSync } from 'node:fs'
import express, { type Router } from 'express'
import { etagOf } from './reference.ts'

/** Seconds. */
const HOUR = 3_600
const YEAR = 31_536_000

/**
 * The script of the checkout widget, for pages of any origin: `/widget.js` is the one of today, `/widget-{mark}.js` (named in its
 * Content-Location) is this one and no other, and is gone with the next version. `folder` is where scripts/web.mjs wrote it.
 */
export function serveWidget(folder: string): Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  if (!existsSync(`${folder}widget.js`)) return router
  const plain = readFileSync(`${folder}widget.js`)
  const compressed = readFileSync(`${folder}widget.js.gz`)
  const etag = etagOf([plain.toString()])
  const pinned = `/widget-${etag.replace(/[^\da-zA-Z]/g, '').slice(0, 10)}.js`
  router.get(['/widget.js', pinned], (req, res) => {
    // Also with `integrity`, which needs an answer that any page may read.
    res.setHeader('Access-Control-Allow-Origin', '*')
    res.setHeader('Content-Location', pinned)
    res.setHeader('ETag', etag)
    res.setHeader(
      'Cache-Control',
      req.path === pinned ? `public, max-age=${YEAR}, immutable` : `public, max-age=${HOUR}`,
    )
    res.vary('Accept-Encoding')
    if (req.fresh) {
      res.status(304).end()
      return
    }
    res.type('js')
    const small = req.acceptsEncodings('gzip')
    if (small) res.setHeader('Content-Encoding', 'gzip')
    res.end(small ? compressed : plain)
  })
  return router
}
