import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'

/** A shop elsewhere, and the API as it sees it: through a door that can be slow, broken or shut. */
export interface ForeignShop {
  /** Origin of the shop's pages. */
  origin: string
  /** The html of its pages by path, and the policy that goes with all of them. */
  pages: Record<string, string>
  policy: string
  /** Bodies of the orders that came, as forms post them. */
  orders: URLSearchParams[]
  api: {
    origin: string
    /** Milliseconds before each answer of /v1. */
    delay: number
    /** A status in place of the answer of /v1; 'gone': the connection is cut. */
    fault: 500 | 429 | 'gone' | null
    /** What was asked of /v1: method, path with query, and the key. */
    asked: { method: string; url: string; key: string | undefined; body: string }[]
  }
  close(): Promise<void>
}

export async function openForeignShop(behind: string): Promise<ForeignShop> {
  const shop = {
    pages: {},
    policy: '',
    orders: [],
    api: { origin: '', delay: 0, fault: null, asked: [] },
  } as unknown as ForeignShop

  const pages = createServer(async (req, res) => {
    if (req.method === 'POST') shop.orders.push(new URLSearchParams(await text(req)))
    const html = req.method === 'POST' ? '<title>Thanks</title><h1>Thanks</h1>' : shop.pages[req.url!]
    // Browsers ask for an icon too.
    res.statusCode = html ? 200 : 204
    res.setHeader('Content-Type', 'text/html; charset=utf-8')
    if (shop.policy) res.setHeader('Content-Security-Policy', shop.policy)
    res.end(html)
  })
  const door = createServer(async (req, res) => {
    const body = await text(req)
    const { delay, fault, asked } = shop.api
    if (req.url!.startsWith('/v1/') && req.method !== 'OPTIONS') {
      asked.push({ method: req.method!, url: req.url!, key: req.headers['x-api-key'] as string, body })
      if (delay) await setTimeout(delay)
      if (fault === 'gone') return res.socket?.destroy()
      if (fault) {
        res.writeHead(fault, {
          'Access-Control-Allow-Origin': '*',
          ...(fault === 429 && { 'Retry-After': '3', 'Access-Control-Expose-Headers': 'Retry-After' }),
        })
        return res.end('{}')
      }
    }
    const { host: _, ...headers } = req.headers
    const onward = request(behind + req.url, { method: req.method!, headers }, (answer) => {
      res.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(res)
    })
    onward.on('error', () => res.destroy())
    onward.end(body)
    return undefined
  })
  shop.origin = await listen(pages)
  shop.api.origin = await listen(door)
  shop.close = async () => {
    for (const server of [pages, door]) {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    }
  }
  return shop
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    ),
  )
}
