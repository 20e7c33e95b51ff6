import { connect, type Socket } from 'node:net'

/** A request that is sent over and over. */
export interface PacedRequest {
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** Milliseconds from the moment a request was due, not from when a connection was free for it; `sent` = how many. */
export interface PacedTimes {
  sent: number
  p50: number
  p99: number
}

/**
 * So many requests a second at even distances, whatever the server takes for them, as clients who know nothing of each other
 * send them. (autocannon's `overallRate` sends what is due in a second at its beginning, as fast as it can, and the times are
 * those of that burst.) As long as `goesOn` says. Throws when an answer is not a 200 or has no Content-Length.
 */
export async function paced(
  url: string,
  requests: readonly PacedRequest[],
  headers: Record<string, string>,
  {
    perSecond,
    connections,
    goesOn,
  }: { perSecond: number; connections: number; goesOn: (seconds: number) => boolean },
): Promise<PacedTimes> {
  const { hostname, port, host } = new URL(url)
  const texts = requests.map((request) => Buffer.from(textOf(request, { host, ...headers })))
  const times: number[] = []
  const waiting: number[] = []
  const opened = await Promise.all(Array.from({ length: connections }, () => open(Number(port), hostname)))
  const idle = [...opened]

  await new Promise<void>((resolve, reject) => {
    let made = 0
    let ended = false
    const started = performance.now()
    const send = (socket: Socket, from: number) => {
      let answer = ''
      socket.on('data', (bytes: Buffer) => {
        answer += bytes.toString('latin1')
        const length = lengthOf(answer)
        if (length === null || answer.length < length) return
        if (length < 0) return reject(new Error(`${sent}\n${answer}`))
        socket.removeAllListeners('data')
        times.push(performance.now() - from)
        if (ended && times.length === due) return resolve()
        const next = waiting.shift()
        if (next === undefined) idle.push(socket)
        else send(socket, next)
      })
      const sent = texts[made++ % texts.length]!
      socket.write(sent)
    }
    for (const socket of opened) socket.on('error', reject).on('close', () => reject(new Error('cut off')))
    let due = 0
    const tick = () => {
      const now = performance.now() - started
      ended = !goesOn(now / 1_000)
      for (; !ended && (due / perSecond) * 1_000 <= now; due++) {
        const at = started + (due / perSecond) * 1_000
        // In turn: the server closes a connection that rests for seconds.
        const socket = idle.shift()
        if (socket) send(socket, at)
        else waiting.push(at)
      }
      if (!ended) setTimeout(tick, 1)
      else if (times.length === due) resolve()
    }
    tick()
  }).finally(() => {
    for (const socket of opened)
      socket
        .removeAllListeners()
        .on('error', () => {})
        .destroy()
  })
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.floor((times.length - 1) * share)]! * 10) / 10
  return { sent: times.length, p50: at(0.5), p99: at(0.99) }
}

function textOf({ path, method = 'GET', headers, body = '' }: PacedRequest, common: Record<string, string>) {
  const length = body === '' ? {} : { 'content-length': `${Buffer.byteLength(body)}` }
  const lines = Object.entries({ ...common, ...headers, ...length }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  return [`${method} ${path} HTTP/1.1`, ...lines, '', body].join('\r\n')
}

/** Bytes of the whole answer; null while its head is not there, -1 when it is not what was asked for. */
function lengthOf(answer: string): number | null {
  const head = answer.indexOf('\r\n\r\n')
  if (head < 0) return null
  const body = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, head))
  return answer.startsWith('HTTP/1.1 200') && body ? head + 4 + Number(body[1]) : -1
}

const open = (port: number, host: string) =>
  new Promise<Socket>((resolve, reject) => {
    const socket = connect({ port, host, noDelay: true }, () => resolve(socket.off('error', reject)))
    socket.once('error', reject)
  })
