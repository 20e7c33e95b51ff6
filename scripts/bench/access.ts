/**
 * What keys, CORS and quotas cost a request: microseconds of the middleware alone, beside the floor of making request and
 * response, median of 7 rounds of 20,000.
 */
import { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Request, RequestHandler, Response } from 'express'
import type { Role } from '../../src/access/caller.ts'
import { openCounts } from '../../src/access/counts.ts'
import { hashOf, newKey, prefixOf } from '../../src/access/key.ts'
import { openKeyRing } from '../../src/access/keyRing.ts'
import type { KeyStore, StoredKey } from '../../src/access/store.ts'
import { checkAccess, identify } from '../../src/http/access.ts'
import { answerPages } from '../../src/http/cors.ts'
import type { Deps, Route } from '../../src/http/route.ts'

const ROUNDS = 7
const REQUESTS = 20_000
const KEYS = 1_000
const SHOP = 'https://shop.example'

const texts: string[] = []
const stored = Array.from({ length: KEYS }, (_, i): StoredKey => {
  const role = (['browser', 'server'] as Role[])[i % 2]!
  const text = newKey(role)
  texts.push(text)
  return {
    id: i + 1,
    prefix: prefixOf(text),
    hash: hashOf(text),
    role,
    name: `key ${i + 1}`,
    origins: [SHOP],
    scope: null,
    perMinute: 1e9,
    createdAt: 0,
    expiresAt: null,
    revokedAt: null,
    replacedBy: null,
    usedOn: null,
  }
})
const store = {
  keysVersion: async () => 1,
  keys: async () => stored,
  noteUse: async () => {},
  close: async () => {},
}
const keys = await openKeyRing(store as unknown as KeyStore, console.error)

const deps = { keys, counts: openCounts(), settings: { version: '', publicPerMinute: 1e9, trustProxy: 0 } }
const chain: RequestHandler[] = [
  identify(deps),
  answerPages(),
  checkAccess({ access: 'search' } as Route, deps as unknown as Deps),
]

function exchange(headers: Record<string, string>, ip: string): [Request, Response] {
  const req = Object.assign(new IncomingMessage({ remoteAddress: ip } as Socket), {
    headers,
    path: '/v1/search',
    method: 'GET',
  })
  return [req as unknown as Request, new ServerResponse(req) as Response]
}

/** Passes an exchange through the chain; what is refused would not be measured. */
function pass([req, res]: [Request, Response]): void {
  for (const handler of chain)
    handler(req, res, (error?: unknown) => {
      if (error) throw error
    })
}

const ipv4 = (i: number) => `203.0.${(i >> 8) & 255}.${i & 255}`
const ipv6 = (i: number) => `2001:db8:${(i % 5_000).toString(16)}::${i.toString(16)}`
const CASES: Record<string, (i: number) => [Request, Response]> = {
  publicIpv4: (i) => exchange({}, ipv4(i)),
  publicIpv6: (i) => exchange({}, ipv6(i)),
  serverKey: (i) => exchange({ 'x-api-key': texts[((i % 500) * 2 + 1) % KEYS]! }, ipv4(i)),
  browserKey: (i) => exchange({ 'x-api-key': texts[(i % 500) * 2]!, origin: SHOP }, ipv6(i)),
}

function microseconds(
  make: (i: number) => [Request, Response],
  work: (made: [Request, Response]) => void,
): number {
  const begun = performance.now()
  for (let i = 0; i < REQUESTS; i++) work(make(i))
  return ((performance.now() - begun) * 1_000) / REQUESTS
}
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!

const results: Record<string, number> = {}
for (const [name, make] of Object.entries(CASES)) {
  const added: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const floor = microseconds(make, () => {})
    added.push(microseconds(make, pass) - floor)
  }
  results[name] = Math.round(median(added) * 100) / 100
}
console.log(JSON.stringify({ microsecondsAdded: results, requests: REQUESTS, rounds: ROUNDS, keys: KEYS }))
await keys.close()
