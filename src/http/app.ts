import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { mayUse, PUBLIC } from '../access/caller.ts'
import { nameIndex } from '../gazetteer/names.ts'
import { worldOf } from '../match/complete/world.ts'
import { checkAccess, identify } from './access.ts'
import { boundBodyTime } from './bodyTime.ts'
import { answerPages, answerPreflight } from './cors.ts'
import { readJson } from './jsonBody.ts'
import { logFailure, logRequests } from './log.ts'
import { servePages } from './pages.ts'
import { Problem, sendProblem } from './problems.ts'
import { spendOfAddress, spendOfKey } from './quota.ts'
import { type Deps, type Route, SENT } from './route.ts'
import { routes } from './routes/index.ts'
import { runRoute } from './run.ts'
import { protect, sendText } from './send.ts'
import { checkUrl } from './url.ts'

/** The whole HTTP face as an express application. `startServer` puts it behind a port. */
export function createApp(deps: Deps): Express {
  // Built now: the first requests are not to wait for them. That of the reference routes is made with the first of those.
  nameIndex(deps.gazetteer)
  worldOf(deps.gazetteer)
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.enable('case sensitive routing')
  app.set('trust proxy', deps.settings.trustProxy)
  app.use(logRequests(deps.log, deps.metrics), protect, identify(deps), answerPages(), checkUrl)

  for (const path of new Set(routes.map((route) => route.path))) {
    const operations = routes.filter((route) => route.path === path)
    const at = app.route(path.replace(/\{(\w+)\}/g, ':$1'))
    for (const route of operations) {
      const before = [checkAccess(route, deps)]
      if (route.raw) before.push(requireType(route.raw))
      if (route.body) before.push(boundBodyTime, readJson(route.bodyBytes))
      at[route.method](...before, serve(route, deps))
    }
    at.all(refuseMethod(operations))
  }
  app.use(servePages(deps), () => {
    throw new Problem('unknown-route')
  })
  app.use(answerError(deps))
  return app
}

/**
 * Requests that came together are taken through the steps together: all are read, then all are answered, then all answers are
 * sent. What a step needs is in the processor's caches from the second one on (decision 0014).
 */
const nextStep = () => new Promise<void>((resolve) => setImmediate(resolve))

function serve(route: Route, deps: Deps): RequestHandler {
  return async (req, res) => {
    const spend = (n: number) => {
      spendOfAddress(n, req, res, deps)
      spendOfKey(n, req, res, deps)
    }
    const context = { ...deps, caller: req.caller, spend, req, res }
    await nextStep()
    const answer = await runRoute(route, req, context)
    if (answer === SENT) return
    if (route.status === 204) {
      res.status(204).end()
      return
    }
    const grade = (answer as { grade?: unknown }).grade
    if (typeof grade === 'string') deps.metrics.grade(route.path, grade)
    // Households, keys and jobs: neither on the disk of a browser nor in a cache on the way.
    if (!mayUse(PUBLIC, route.access) && !res.hasHeader('Cache-Control'))
      res.setHeader('Cache-Control', 'private, no-store')
    const text = route.media ? (answer as string) : JSON.stringify(answer)
    await nextStep()
    sendText(req, res, route.status ?? 200, route.media ?? 'application/json', text)
  }
}

const requireType =
  (types: readonly string[]): RequestHandler =>
  (req, _res, next) => {
    if (!req.is([...types])) throw new Problem('unsupported-media-type')
    next()
  }

function refuseMethod(operations: Route[]): RequestHandler {
  const methods = new Set(['OPTIONS', ...operations.map(({ method }) => method.toUpperCase())])
  if (methods.has('GET')) methods.add('HEAD')
  const allow = [...methods].sort().join(', ')
  const preflight = answerPreflight(operations)
  return (req, res, next) => {
    res.set('Allow', allow)
    if (req.method !== 'OPTIONS') throw new Problem('method-not-allowed')
    if (preflight) preflight(req, res, next)
    else res.status(204).end()
  }
}

function answerError({ log, metrics }: Deps): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) {
      logFailure(log, req.id, error)
      next(error)
      return
    }
    const problem = problemOf(error) ?? unexpected(error, req.id)
    metrics.problem(problem.code)
    sendProblem(req, res, problem)
  }

  function unexpected(error: unknown, id: string): Problem {
    logFailure(log, id, error)
    return new Problem('server-error')
  }
}

function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error
  const { status } = (error ?? {}) as { status?: unknown }
  return typeof status === 'number' && status >= 400 && status < 500 ? new Problem('bad-request') : null
}
