import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import { defineRoute, SENT } from '../route.ts'

/** What the page loads of swagger-ui beside the script below. Nothing comes from elsewhere. */
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js']
/**
 * swagger-ui shows what a key may be sent to, but need not, as unlocked by a key already. Here a lock stands only where a key is
 * needed: open until one was given.
 */
const START = `const needsNone = (security) => security?.some((one) => one.size === 0)
SwaggerUIBundle({
  url: 'openapi.json', dom_id: '#page', deepLinking: true, validatorUrl: null,
  plugins: [() => ({
    statePlugins: { auth: { wrapSelectors: {
      isAuthorized: (ask) => (_state, security) => needsNone(security) ? null : ask(security),
    } } },
    wrapComponents: {
      authorizeOperationBtn: (Lock, { React }) => (props) =>
        props.isAuthorized === null ? null : React.createElement(Lock, props),
    },
  })],
})
`

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Vpostcode: HTTP API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`

/** swagger-ui sets styles on elements and draws its own images; its scripts come from files only. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const common = { method: 'get', access: 'open', tag: 'operations', answer: z.string() } as const

export const docsRoute = defineRoute({
  ...common,
  path: '/docs',
  operationId: 'docs',
  summary: 'This document for people, to read and to try; loads nothing from elsewhere',
  media: 'text/html',
  problems: [],
  examples: [{}],
  handle(_input, { req, res }) {
    // What the page loads stands beside it, also behind a proxy that puts a path in front.
    if (req.path.endsWith('/')) {
      res.redirect(308, '../docs')
      return SENT
    }
    res.setHeader('Content-Security-Policy', POLICY)
    return PAGE
  },
})

export const docsFileRoute = defineRoute({
  ...common,
  path: '/docs/{file}',
  operationId: 'docsFile',
  summary: 'What /docs loads',
  params: z.strictObject({ file: z.string().max(60).openapi({ example: 'start.js' }) }),
  media: 'text/javascript',
  problems: ['unknown-route'],
  examples: [{ params: { file: 'start.js' } }],
  handle({ params: { file } }, { res }) {
    if (file === 'start.js') return START
    if (!FILES.includes(file)) throw new Problem('unknown-route')
    res.sendFile(file, { root: folder, maxAge: HOUR })
    return SENT
  },
})

/** Milliseconds. */
const HOUR = 3_600_000
const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
