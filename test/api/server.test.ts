import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer } from '../../src/http/server.ts'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

/** Sends raw bytes and gives everything that comes back. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.end(text)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return answer
}

test('listens, answers, and stops', async () => {
  const server = await startServer(api.deps, 0, '127.0.0.1')
  const url = `http://127.0.0.1:${server.port}/healthz`
  expect(await (await fetch(url)).json()).toEqual({ status: 'ok' })
  await server.close()
  await server.close()
  await server.closed
  await expect(fetch(url)).rejects.toThrow()
})

test('lets a request in progress end before it stops', async () => {
  let go = () => {}
  const asked = new Promise<void>((resolve) => {
    go = resolve
  })
  let begun = () => {}
  const arrived = new Promise<void>((resolve) => {
    begun = resolve
  })
  const slow = await openTestApi({
    versioned: async () => {
      begun()
      await asked
      return null
    },
  })
  const server = await startServer(slow.deps, 0, '127.0.0.1')
  const answer = fetch(`http://127.0.0.1:${server.port}/v1/households/${slow.ids[0]}`)
  await arrived
  const stopped = server.close()
  go()
  expect((await answer).status).toBe(404)
  await stopped
  await slow.close()
})

test('refuses a port that is taken', async () => {
  const server = await startServer(api.deps, 0, '127.0.0.1')
  await expect(startServer(api.deps, server.port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await server.close()
})

test.each([
  ['NOT HTTP AT ALL\r\n\r\n', 400, 'bad-request'],
  ['GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad-request'],
  ['GET /healthz HTTP/1.1\r\nHost: x\r\nBad Header\r\n\r\n', 400, 'bad-request'],
  ['GET /v1/units?q=Bến+Thành HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'malformed-url'],
  [`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(17_000)}\r\n\r\n`, 431, 'headers-too-large'],
])('answers a problem to what is no HTTP (%#)', async (text, status, code) => {
  const server = await startServer(api.deps, 0, '127.0.0.1')
  const answer = await raw(server.port, text)
  await server.close()
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(answer).toContain('Content-Type: application/problem+json')
  expect(answer).toContain('X-Content-Type-Options: nosniff\r\n')
  const requestId = /^X-Request-Id: ([0-9a-f-]{36})\r$/m.exec(answer)![1]
  expect(JSON.parse(/\{.*\}/.exec(answer)![0])).toMatchObject({ status, code, requestId })
})
