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
  answer: z.strictObject({
    role: z.enum(['public', ...ROLES]),
    key: z.string().nullable(),
    scope: z.array(z.string()).nullable().openapi({
      description: 'Provinces and communes of a staff key; null = the whole country, or no matter',
    }),
  }),
  problems: [],
  examples: [{}],
  handle: (_input, { caller: { role, name, scope } }) => ({
    role,
    key: name,
    scope: role === 'staff' && scope ? [...scope] : null,
  }),
})
