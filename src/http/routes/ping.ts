import { ROLES } from '../../access/caller.ts'
import { z } from '../params.ts'
import { defineRoute } from '../route.ts'

export const pingRoute = defineRoute({
  method: 'get',
  path: '/v1/ping',
  operationId: 'ping',
  access: 'search',
  tag: 'operations',
  summary: 'Does the key hold, and is there quota left?',
  description: 'The cheapest question that counts like any other one.',
  answer: z.strictObject({ role: z.enum(['public', ...ROLES]), key: z.string().nullable() }),
  problems: [],
  examples: [{}],
  handle: (_input, { caller: { role, name } }) => ({ role, key: name }),
})
