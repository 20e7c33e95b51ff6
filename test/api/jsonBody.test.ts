import { Agent, request as open } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../src/http/server.ts'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
let server: RunningServer
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
beforeAll(async () => {
  api = await openTestApi()
  server = await startServer(api.deps, 0, '127.0.0.1')
})
afterAll(async () => {
  agent.destroy()
  await server.close()
  await api.close()
})

/** Posts pieces of a body, chunked unless headers give its length; answers status, code and the port of the connection. */
function post(pieces: (string | Buffer)[], headers: Record<string, string> = {}) {
  return new Promise<[status: number, code: string | undefined, port: number]>((resolve, reject) => {
    const options = { port: server.port, host: '127.0.0.1', path: '/v1/convert', method: 'POST', agent }
    const sent = open(
      { ...options, headers: { 'Content-Type': 'application/json', ...headers } },
      async (answer) => {
        const port = answer.socket.localPort!
        let text = ''
        for await (const piece of answer) text += piece
        resolve([answer.statusCode!, JSON.parse(text).code, port])
      },
    )
    sent.on('error', reject)
    for (const piece of pieces) sent.write(piece)
    sent.end()
  })
}
const ADDRESS = JSON.stringify({ address: 'Phường Bến Nghé, Quận 1, TPHCM' })

test('a body is read in pieces of any cut, with a mark of its order, in any writing of its type', async () => {
  const bytes = Buffer.from(ADDRESS)
  const pieces = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))
  for (const [body, headers] of [
    [pieces, {}],
    [[`\ufeff${ADDRESS}`], {}],
    [[ADDRESS], { 'Content-Type': 'Application/JSON; Charset="UTF-8"', 'Content-Encoding': 'identity' }],
    [[ADDRESS], { 'Content-Length': String(bytes.length) }],
  ] as const)
    expect((await post([...body], headers)).slice(0, 2)).toEqual([200, undefined])
})

test('a body that is too large is refused, announced or not, and the connection is used again', async () => {
  const large = 'x'.repeat(20_000)
  const announced = await post([large], { 'Content-Length': '20000' })
  const grown = await post([large.slice(0, 10_000), large.slice(10_000)])
  const good = await post([ADDRESS])
  expect([announced, grown, good].map(([status, code]) => [status, code])).toEqual([
    [413, 'body-too-large'],
    [413, 'body-too-large'],
    [200, undefined],
  ])
  expect(new Set([announced, grown, good].map(([, , port]) => port)).size).toBe(1)
})

test.each([
  ['no body', [], {}, 400, 'missing-parameter'],
  [
    'another charset',
    [ADDRESS],
    { 'Content-Type': 'application/json; charset=utf-16' },
    415,
    'unsupported-media-type',
  ],
  [
    'a type that only begins so',
    [ADDRESS],
    { 'Content-Type': 'application/jsonp' },
    415,
    'unsupported-media-type',
  ],
  ['compressed', [ADDRESS], { 'Content-Encoding': 'br' }, 415, 'unsupported-media-type'],
  ['a bare number', ['7'], {}, 400, 'bad-json'],
] as const)('%s is refused', async (_name, pieces, headers, status, code) => {
  expect((await post([...pieces], headers)).slice(0, 2)).toEqual([status, code])
})
