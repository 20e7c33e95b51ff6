import type { Request } from 'express'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import { defineRoute } from '../route.ts'

export const metricsRoute = defineRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'metrics',
  access: 'open',
  tag: 'operations',
  summary: 'What the service counts, for Prometheus',
  description:
    'Answers programs of the same machine only, unless the setting VPOSTCODE_METRICS says otherwise; others are told that there is no such address.',
  answer: z.string(),
  media: 'text/plain; version=0.0.4',
  problems: ['unknown-route'],
  examples: [{}],
  handle(_input, { metrics, settings, req }) {
    if (settings.metrics === 'off') throw new Problem('unknown-route')
    if (settings.metrics === 'loopback' && !isLocal(req)) throw new Problem('unknown-route')
    return metrics.text()
  },
})

/** What proxies add to a request that they hand on. */
const OF_PROXIES = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'true-client-ip',
  'cf-connecting-ip',
]

/** From this machine, and not handed on by a proxy that runs on it. */
function isLocal({ socket, headers }: Request): boolean {
  const address = socket.remoteAddress ?? ''
  const local = address === '::1' || /^(?:::ffff:)?127\./.test(address)
  return local && !OF_PROXIES.some((name) => name in headers)
}
