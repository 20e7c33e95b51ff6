import { randomUUID } from 'node:crypto'
import { createServer, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createApp } from './app.ts'
import { REQUEST_TIME } from './bodyTime.ts'
import { PROBLEMS, Problem, type ProblemCode, problemBody } from './problems.ts'
import type { Deps } from './route.ts'
import { PROTECTION } from './send.ts'

/** How long requests in progress may run on after a stop was asked for, in milliseconds. */
const GRACE = 10_000

export interface RunningServer {
  /** The port it listens on (of use when 0 was asked for). */
  port: number
  /** Stops listening, lets requests in progress end (10 s at most), then resolves. Safe to call twice. */
  close(): Promise<void>
  /** Resolves when the server has stopped. */
  closed: Promise<void>
}

/** Listens on `port` (all interfaces, or `host`). Rejects when the port is taken. */
export async function startServer(deps: Deps, port: number, host?: string): Promise<RunningServer> {
  const app = createApp(deps)
  const limits = { maxHeaderSize: 16_384, requestTimeout: REQUEST_TIME, headersTimeout: 15_000 }
  // Node looks at the time limits this often; by its default of 30 s a body could take a minute.
  const server = createServer(
    { ...limits, connectionsCheckingInterval: 2_000, requireHostHeader: false },
    app,
  )
  server.on('clientError', refuseConnection)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, resolve)
  })
  const closed = new Promise<void>((resolve) => server.once('close', resolve))

  function close(): Promise<void> {
    if (server.listening) {
      app.locals['stopping'] = true
      server.close()
      // Connections that clients keep open end as soon as their request does.
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      const grace = setTimeout(() => server.closeAllConnections(), GRACE)
      void closed.then(() => {
        clearInterval(idle)
        clearTimeout(grace)
      })
    }
    return closed
  }
  return { port: (server.address() as AddressInfo).port, close, closed }
}

/** What the HTTP parser refuses never reaches express: the same problem+json, written by hand. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const codes: Record<string, ProblemCode> = {
    HPE_HEADER_OVERFLOW: 'headers-too-large',
    HPE_INVALID_URL: 'malformed-url',
    ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  }
  const problem = new Problem(codes[error.code ?? ''] ?? 'bad-request')
  const { status } = PROBLEMS[problem.code]
  const id = randomUUID()
  const body = JSON.stringify(problemBody(problem, 'en', id))
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Content-Language: en\r\nX-Request-Id: ${id}\r\n${PROTECTION.map(([name, value]) => `${name}: ${value}\r\n`).join('')}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
