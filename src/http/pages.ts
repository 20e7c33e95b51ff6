import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { type Request, type RequestHandler, type Router } from 'express'
import { codeParts, sendImage } from './codePage.ts'
import { escapeHtml } from './html.ts'
import { Problem } from './problems.ts'
import { spendOfAddress, spendOfKey } from './quota.ts'
import { etagOf } from './reference.ts'
import type { Deps } from './route.ts'
import { sendText } from './send.ts'
import { openTiles } from './tiles/serve.ts'
import { serveWidget } from './widget.ts'

/** The pages that stand by themselves: their address, and their file in dist/web. docs/pages.md says what each is for. */
export const PAGES: Record<string, string> = {
  '/': 'index.html',
  '/shop': 'shop.html',
  '/plates': 'plates.html',
  '/console': 'console.html',
}

/** What scripts/web.mjs built; beside dist/ and src/ alike. */
export const WEB = fileURLToPath(new URL('../../dist/web/', import.meta.url))
const YEAR = 31_536_000

/**
 * The pages for people and what they load, all from files of dist/web. They are no part of the API: what they show comes from
 * its routes. Everything else is handed on.
 */
export function servePages(deps: Deps): Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  const policy = policyOf(deps.settings.tiles)
  router.all([...Object.keys(PAGES), ...FILES], onlyRead)
  for (const [path, file] of Object.entries(PAGES)) {
    const html = readPage(file, deps)
    router.get(path, (req, res) => {
      res.setHeader('Content-Security-Policy', policy)
      res.setHeader('Cache-Control', 'no-cache')
      res.setHeader('ETag', etagOf([html]))
      sendText(req, res, 200, 'text/html', html)
    })
  }
  serveCodes(router, policy, deps)
  const tiles = openTiles(deps)
  router.get('/tiles.json', tiles.describe)
  router.get('/tiles/:version/:z/:x/:y', tiles.send)
  router.use(serveWidget(WEB))
  router.use(
    '/assets',
    // A worker is held to the policy of its own file.
    (_req, res, next) => {
      res.setHeader('Content-Security-Policy', policy)
      next()
    },
    compressed,
    express.static(`${WEB}assets`, { index: false, redirect: false, maxAge: YEAR * 1_000, immutable: true }),
  )
  return router
}

/** What is served beside the pages, by address. */
const FILES = [
  ...['/v/:code', '/v/:code/qr.png', '/tiles.json', '/tiles/:version/:z/:x/:y'],
  ...['/widget.js', '/assets/*file'],
]

/** Pages and their files are only read. */
const onlyRead: RequestHandler = (req, res, next) => {
  if (req.method === 'GET' || req.method === 'HEAD') return next()
  res.setHeader('Allow', 'GET, HEAD, OPTIONS')
  if (req.method !== 'OPTIONS') throw new Problem('method-not-allowed')
  res.status(204).end()
}

/** The page of each code, which its links open; the server fills it, so that chat apps can show what it is about. */
function serveCodes(router: Router, policy: string, deps: Deps): void {
  const html = readPage('code.html', deps).replaceAll('./assets/', '../assets/')
  const count: RequestHandler = (req, res, next) => {
    spendOfAddress(1, req, res, deps)
    spendOfKey(1, req, res, deps)
    next()
  }
  router.get('/v/sw.js', (_req, res) => {
    res.setHeader('Content-Security-Policy', policy)
    res.setHeader('Cache-Control', 'no-cache')
    res.sendFile('sw.js', { root: WEB })
  })
  router.get('/v/:code', count, async (req, res) => {
    const code = codeOf(req)
    const language = req.query['lang'] === 'en' ? 'en' : 'vi'
    const parts = await codeParts(deps, code, language, originOf(req))
    const page = html
      .replace('<html lang="vi">', `<html lang="${language}">`)
      .replace('<!--head-->', () => parts.head)
      .replace('<!--body-->', () => parts.body)
    res.setHeader('Content-Security-Policy', policy)
    res.setHeader('Content-Language', language)
    res.setHeader('Cache-Control', 'no-cache')
    res.setHeader('ETag', etagOf([page]))
    sendText(req, res, 200, 'text/html', page)
  })
  router.get('/v/:code/qr.png', count, async (req, res) => {
    codeOf(req)
    if (!(await sendImage(deps, req, res))) throw new Problem('mistyped-vpostcode')
  })
}

function codeOf(req: Request): string {
  const code = String(req.params['code'])
  if (code.length > 64) throw new Problem('unknown-route')
  return code
}

/** How this server is called from outside, for addresses that others load; null when the request does not say. */
function originOf(req: Request): string | null {
  const { host } = req
  return host && /^[\w.-]+(:\d+)?$/.test(host) ? `${req.protocol}://${host}` : null
}

/** The text of a page, with what the settings tell it. Throws when it was not built. */
function readPage(file: string, { settings }: Pick<Deps, 'settings'>): string {
  const html = readFileSync(WEB + file, 'utf8')
  if (!settings.tiles) return html
  const { url, notice } = settings.tiles
  return html.replace(
    '</head>',
    () => `<meta name="tiles" content="${escapeHtml(url)}" data-notice="${escapeHtml(notice)}"></head>`,
  )
}

/** Scripts and styles from files of this server only; map libraries draw images that they made themselves (blob:, data:). */
function policyOf(tiles: Deps['settings']['tiles']): string {
  const elsewhere = tiles ? ` ${new URL(tiles.url.replace(/[{}]/g, '')).origin}` : ''
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob:${elsewhere}`,
    `connect-src 'self'${elsewhere}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Hands on to the compressed file where there is one and the client reads it. */
const compressed: RequestHandler = (req, res, next) => {
  const name = req.path.slice(1)
  if (!COMPRESSED.has(name)) return next()
  res.vary('Accept-Encoding')
  if (!req.acceptsEncodings('gzip')) return next()
  req.url = `/${name}.gz`
  res.setHeader('Content-Encoding', 'gzip')
  res.type(extname(name))
  next()
}
const COMPRESSED = new Set(
  (existsSync(`${WEB}assets`) ? readdirSync(`${WEB}assets`) : [])
    .filter((name) => name.endsWith('.gz'))
    .map((name) => name.slice(0, -3)),
)
