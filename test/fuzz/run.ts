import { Agent, request as send } from 'node:http'
import { openApiDocument } from '../../src/http/openapi.ts'
import { PAGES } from '../../src/http/pages.ts'
import { routes } from '../../src/http/routes/index.ts'
import { problem } from '../../src/http/schemas.ts'
import { startServer } from '../../src/http/server.ts'
import { CALLERS, openTestApi } from '../api/support.ts'
import { type Generated, requestsOf } from './requests.ts'

/** What a fuzz run found: how often each status was answered, and what broke a rule. */
export interface Found {
  requests: number
  statuses: Record<number, number>
  /** Operations that were answered with a success at least once, of all. */
  reached: number
  operations: number
  /** Operations that were never answered with a success, and those that were not asked at all. */
  unreached: string[]
  unasked: string[]
  faults: { request: string; fault: string }[]
}

interface Answer {
  status: number
  type: string
  text: string
}

const MEDIA = routes.map(({ media = 'application/json' }) => `${media}; charset=utf-8`.toLowerCase())
/** What the pages are made of, beside text. */
const OF_PAGES = ['application/vnd.mapbox-vector-tile', 'image/png']
/** Milliseconds; a stream of events goes on as long as its job, and is left. */
const PATIENCE = 10_000
const MOST_FAULTS = 20

/** The addresses of pages, with the tiles of their map: they are in no document, but anybody can ask them. */
const PAGE_PATHS: Record<string, Record<string, object>> = {
  ...Object.fromEntries(Object.keys(PAGES).map((path) => [path, {}])),
  '/tiles.json': {},
  '/tiles/{version}/{z}/{x}/{y}': {
    z: { type: 'integer', minimum: 0, maximum: 16 },
    x: { type: 'integer', minimum: 0, maximum: 60 },
    y: { type: 'integer', minimum: 0, maximum: 60 },
  },
  '/v/{code}': { code: { type: 'string', example: '71009QMCXR8V' } },
  '/v/{code}/qr.png': { code: { type: 'string', example: '71009QMCXR8V' } },
  '/assets/{file}': {},
}
const pageOperations = Object.fromEntries(
  Object.entries(PAGE_PATHS).map(([path, schemas]) => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
    const parameters = names.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: (schemas[name] as object | undefined) ?? { type: 'string' },
    }))
    return [path, { get: { operationId: path, parameters } }]
  }),
)
const operations = [
  ...routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`),
  ...Object.keys(PAGE_PATHS).map((path) => `GET ${path}`),
]

/**
 * Sends generated requests to a server over a database in memory, one after the other, with every role. The rules: no status of
 * 500 and above, one shape of refusal, no page and no stack anywhere, and no answer that takes 10 seconds.
 */
export async function fuzz(count: number, seed: number, told?: (done: number) => void): Promise<Found> {
  const api = await openTestApi()
  const server = await startServer(api.deps, 0, '127.0.0.1')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  // Ids, codes and versions that answers named lead somewhere; the latest of them.
  const known = [...api.ids, ...api.codes.filter((code) => code !== null), '1', '2']
  const learn = (text: string | undefined) => {
    if (!text) return
    if (known.length > 60) known.splice(api.ids.length, 1)
    known.push(text)
  }
  const versions = new Map<string, string>()
  const api31 = openApiDocument(routes, '0.0.0', {})
  const document = { ...api31, paths: { ...api31.paths, ...pageOperations } } as typeof api31
  const keys = [null, 'nobody', ...Object.keys(CALLERS), 'staff', 'staff', 'server']
  const next = requestsOf(document, keys, () => known, versions, seed)
  const statuses: Found['statuses'] = {}
  const faults: Found['faults'] = []
  const asked = new Set<string>()
  const reached = new Set<string>()
  for (let i = 0; i < count && faults.length < MOST_FAULTS; i++) {
    const one = next()
    const name = `${one.method} ${one.path} ${JSON.stringify(one.headers)} ${one.body ?? ''}`.slice(0, 2_000)
    try {
      const { status, type, text, headers } = await ask(one, server.port, agent)
      const id = /^\/v1\/households\/(\d{12})/.exec(one.path)?.[1]
      if (id && headers['etag']) versions.set(id, headers['etag'])
      if (id && status === 410) versions.delete(id)
      learn(/"id":"(\d{12})"/.exec(text)?.[1])
      statuses[status] = (statuses[status] ?? 0) + 1
      const operation = `${one.method} ${routeOf(one)}`
      asked.add(operation)
      if (status < 300) reached.add(operation)
      const fault = faultOf({ status, type, text })
      if (fault) faults.push({ request: name, fault })
    } catch (error) {
      faults.push({ request: name, fault: `no answer: ${(error as Error).message}` })
    }
    if (i % 1_000 === 999) told?.(i + 1)
  }
  agent.destroy()
  await server.close()
  await api.close()
  const unreached = operations.filter((operation) => !reached.has(operation))
  return {
    requests: count,
    statuses,
    reached: operations.length - unreached.length,
    operations: operations.length,
    unreached,
    unasked: operations.filter((operation) => !asked.has(operation)),
    faults,
  }
}

const patterns = [...new Set(operations.map((operation) => operation.split(' ')[1]!))].map(
  (path) => [path, new RegExp(`^${path.replace('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)] as const,
)
/** Fixed paths go before those with a parameter. */
const routeOf = ({ path }: Generated) => {
  const fits = patterns.filter(([, pattern]) => pattern.test(path.split('?')[0]!)).map(([route]) => route)
  return fits.find((route) => !route.includes('{')) ?? fits[0]
}

function faultOf({ status, type, text }: Answer): string | null {
  if (status >= 500) return `status ${status}: ${text.slice(0, 300)}`
  if (/\n\s+at .+\.[jt]s:\d+/.test(text)) return 'a stack'
  if (text === '') return null
  if (status >= 400) {
    if (type !== 'application/problem+json; charset=utf-8') return `a refusal of the type ${type}`
    const wrong = problem.safeParse(JSON.parse(text)).error
    return wrong ? `a refusal of another shape: ${wrong.message}` : null
  }
  if (OF_PAGES.includes(type)) return null
  if (!MEDIA.includes(type.toLowerCase()) && !/^text\/(?:csv|css|html|plain|event-stream)/.test(type))
    return `the type ${type}`
  return null
}

function ask({ method, path, headers, body }: Generated, port: number, agent: Agent) {
  return new Promise<Answer & { headers: Record<string, string | undefined> }>((resolve, reject) => {
    const length = body ? { 'Content-Length': body.length } : {}
    const options = { port, host: '127.0.0.1', path, method, agent, headers: { ...headers, ...length } }
    const sent = send({ ...options, timeout: PATIENCE }, async (response) => {
      const { statusCode, headers } = response
      const type = headers['content-type'] ?? ''
      const answer = {
        status: statusCode!,
        type,
        text: '',
        headers: headers as Record<string, string | undefined>,
      }
      if (type.startsWith('text/event-stream')) {
        sent.destroy()
        return resolve(answer)
      }
      try {
        for await (const chunk of response.setEncoding('utf8')) answer.text += chunk
        resolve(answer)
      } catch (error) {
        reject(error)
      }
    })
    sent.on('timeout', () => sent.destroy(new Error(`nothing for ${PATIENCE} ms`)))
    sent.on('error', reject)
    sent.end(body ?? undefined)
  })
}
