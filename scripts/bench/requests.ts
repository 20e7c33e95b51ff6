import { closeSync, openSync, readSync, statSync } from 'node:fs'
import autocannon, { type Client, type Request, type Result } from 'autocannon'
import { cellsOf } from '../../src/bulk/cells.ts'
import { drawsFor } from '../households/random.ts'
import type { PacedRequest } from './paced.ts'

/** Longer than any two lines of a file of made-up households. */
const BLOCK = 4_096

/** Kinds of requests; `ping` is the service's no-op. */
export const KINDS = ['ping', 'reverse', 'validate', 'search', 'autocomplete'] as const
export type Kind = (typeof KINDS)[number]

/** A household of the file. Degrees WGS 84. */
export interface Row {
  address: string
  lat: number
  lon: number
}

/** Rows of a file of made-up households with a point, drawn from all over it, always the same; the file can be of any size. */
export function drawRows(path: string, count: number): Row[] {
  const draws = drawsFor(2025, 1)
  const file = openSync(path, 'r')
  const { size } = statSync(path)
  const block = Buffer.alloc(BLOCK)
  const read = (from: number) => block.toString('utf8', 0, readSync(file, block, 0, BLOCK, from)).split('\n')
  const names = cellsOf(read(0)[0]!, ',')
  const rows: Row[] = []
  while (rows.length < count) {
    // The first line is cut, the second is whole.
    const line = read(draws.below(size))[1]
    const cells = line ? cellsOf(line, ',') : []
    const cell = (name: string) => cells[names.indexOf(name)] ?? ''
    const [lat, lon] = [degrees(cell('Vĩ độ')), degrees(cell('Kinh độ'))]
    // Some rows are broken on purpose.
    if (!(lat > 8 && lat < 24 && lon > 102 && lon < 118)) continue
    const text = ['Địa chỉ', 'Phường/Xã', 'Quận/Huyện', 'Tỉnh/TP'].map(cell).filter((part) => part !== '')
    rows.push({ address: text.join(', '), lat, lon })
  }
  closeSync(file)
  return rows
}

const degrees = (text: string) => Number(text.replace(',', '.'))

/** What is asked about rows, of each kind. */
export function requestsFor(rows: readonly Row[]): Record<Kind, PacedRequest[]> {
  const draws = drawsFor(2025, 2)
  /** A walker's step away, so that few points are those of a household. */
  const near = (degrees: number) => (degrees + (draws.next() - 0.5) * 0.002).toFixed(6)
  const query = (values: Record<string, string>) => new URLSearchParams(values).toString()
  const search = (q: string, more = {}) => ({ path: `/v1/search?${query({ q, ...more })}` })
  return {
    ping: rows.map(() => ({ path: '/v1/ping' })),
    reverse: rows.map(({ lat, lon }) => ({
      path: `/v1/reverse?${query({ lat: near(lat), lon: near(lon) })}`,
    })),
    validate: rows.map(({ address }) => ({
      path: '/v1/validate',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ address }),
    })),
    search: rows.map(({ address }) => search(address)),
    // As far as somebody has typed.
    autocomplete: rows.map(({ address }) =>
      search(address.slice(0, 4 + draws.below(20)), { autocomplete: '1' }),
    ),
  }
}

export interface Load {
  url: string
  key: string
  requests: readonly PacedRequest[]
  connections: number
  /** Seconds; or so many requests. */
  duration?: number
  amount?: number
}

/** Requests as fast as they go, no two connections the same ones. Throws when an answer was not a 200. */
export async function load({ url, key, requests, connections, duration, amount }: Load): Promise<Result> {
  const each = Math.floor(requests.length / connections)
  let next = 0
  const result = await autocannon({
    url,
    connections,
    ...(amount ? { amount } : { duration }),
    headers: { 'x-api-key': key },
    setupClient(client: Client) {
      const from = (next++ % connections) * each
      // Copies: it writes into what it is given.
      client.setRequests(structuredClone(requests.slice(from, from + each)) as Request[])
    },
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${requests[0]!.path}: ${result.non2xx} answers were refusals, ${result.errors} failed`)
  return result
}
