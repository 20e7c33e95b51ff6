import { Agent, request as send } from 'node:http'
import { expect, test } from 'vitest'
import { routes } from '../../src/http/routes/index.ts'
import { problem } from '../../src/http/schemas.ts'
import { startServer } from '../../src/http/server.ts'
import { openTestApi } from './support.ts'

const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 2_000)

/** Numbers from 0 to 1 in a fixed order (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
const random = generator(20250701)
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!

const TEXTS = [
  ...[
    '',
    ' ',
    '0',
    '1',
    '-1',
    '10',
    '999999999999999999999',
    '1e308',
    'NaN',
    'null',
    'true',
    '[]',
    '{}',
    '%',
    '\u0000',
  ],
  ...[
    '10.7721',
    '106.6983',
    '21,0287',
    '105.8523',
    '90',
    '-180',
    '8.5',
    '102',
    '117.9',
    '7.2',
    '1191234.5',
    '603456.1',
  ],
  ...[
    '71009QMCXR8V',
    '71009-qmcx-r8o',
    '7100QMCXR8V',
    '57906V2M6WV3',
    '99999QMCXR8V',
    '482910573628',
    '100000000008',
  ],
  ...[
    '26740',
    '79',
    '760',
    '01',
    '71',
    '71009',
    '00000',
    'current',
    'former',
    'province',
    'commune',
    '__proto__',
    'constructor',
  ],
  ...[
    'Hà Nội',
    'phường 7 quận 3',
    '5 Lý Tự Trọng, Bến Nghé, Q1',
    '😀',
    '\ud800',
    '../../etc/passwd',
    "' OR 1=1",
    '<b>',
    'ộ'.normalize('NFD'),
  ],
]
const anyText = () => {
  const kind = random()
  if (kind < 0.75) return pick(TEXTS)
  const length = Math.floor(random() ** 3 * (kind < 0.97 ? 60 : 3_000))
  return Array.from({ length }, () => String.fromCharCode(32 + Math.floor(random() ** 4 * 8_000))).join('')
}
const encode = (text: string) => encodeURIComponent(Buffer.from(text).toString())
const anyValue = (depth = 0): unknown => {
  const kind = random()
  if (kind < 0.5 || depth > 3) return anyText()
  if (kind < 0.7) return (random() - 0.5) * 10 ** Math.floor(random() * 10)
  if (kind < 0.8) return pick([null, true, [], {}])
  if (kind < 0.9) return Array.from({ length: Math.floor(random() * 4) }, () => anyValue(depth + 1))
  return Object.fromEntries(
    Array.from({ length: 3 }, () => [pick(['lat', 'lon', 'address', 'point', 'x']), anyValue(depth + 1)]),
  )
}

/** Types of the answers that routes give. */
const MEDIA = routes.map(({ media = 'application/json' }) => `${media}; charset=utf-8`)

/** A request that the OpenAPI document describes, with values that may fit or not. */
function anyRequest() {
  const route = pick(routes)
  const path = route.path.replace(/\{\w+\}/g, () => encode(anyText()) || '-')
  const names = Object.keys((route.query as unknown as { shape?: object } | undefined)?.shape ?? {})
  const query = [...names, 'x'].flatMap((name) =>
    random() < (name === 'x' ? 0.03 : 0.6) ? [`${name}=${encode(anyText())}`] : [],
  )
  const method =
    random() < 0.95 ? route.method.toUpperCase() : pick(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])
  const body = JSON.stringify({ address: anyText(), ...(random() < 0.5 ? { point: anyValue() } : {}) })
  const text = random() < 0.8 ? body : JSON.stringify(anyValue())
  return {
    path: query.length > 0 ? `${path}?${query.join('&')}` : path,
    method,
    body: method === 'POST' ? text : null,
  }
}

test(`${REQUESTS} generated requests: every answer is JSON, every refusal a problem, none a fault of ours`, async () => {
  const api = await openTestApi()
  const server = await startServer(api.deps, 0, '127.0.0.1')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const statuses = new Map<number, number>()
  for (let i = 0; i < REQUESTS; i++) {
    const { path, method, body } = anyRequest()
    const answer = await new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
      const headers =
        body === null ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
      const sent = send(
        { port: server.port, host: '127.0.0.1', path, method, agent, headers },
        async (response) => {
          let text = ''
          for await (const chunk of response.setEncoding('utf8')) text += chunk
          resolve({ status: response.statusCode!, type: response.headers['content-type'] ?? '', text })
        },
      )
      sent.on('error', reject)
      sent.end(body ?? undefined)
    })
    const name = `${method} ${path} ${body ?? ''}`
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    expect([name, answer.status < 500]).toEqual([name, true])
    if (answer.text === '') continue // HEAD, OPTIONS
    if (answer.status < 400 && !/json/.test(answer.type)) {
      expect([name, MEDIA]).toEqual([name, expect.arrayContaining([answer.type])])
      continue
    }
    const parsed = JSON.parse(answer.text)
    if (answer.status >= 400) expect([name, problem.safeParse(parsed).error]).toEqual([name, undefined])
    const types = answer.status < 400 ? MEDIA : ['application/problem+json; charset=utf-8']
    expect([name, types]).toEqual([name, expect.arrayContaining([answer.type])])
  }
  agent.destroy()
  await server.close()
  await api.close()
  // The generator reaches past the checks of the edge.
  expect(statuses.get(200)! / REQUESTS).toBeGreaterThan(0.1)
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 405]))
}, 300_000)
