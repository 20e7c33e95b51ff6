import { REFUSALS } from '../../registry/life/refused.ts'
import type { By } from '../../registry/life.ts'
import { SEEN } from '../../registry/observations/store.ts'
import { observedPoint } from '../households/entry.ts'
import { idParams, readId } from '../households/id.ts'
import { refusing } from '../households/refusal.ts'
import { reaches, requireScope } from '../households/scope.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import { defineRoute } from '../route.ts'
import { householdId } from '../schemas.ts'

const found = z.enum(SEEN)

export const observationRoute = defineRoute({
  method: 'post',
  path: '/v1/households/{id}/observations',
  operationId: 'observeHousehold',
  access: 'observe',
  tag: 'households',
  summary: 'What a courier saw at the door',
  description:
    'It changes no household: what contradicts the registry waits for a clerk. Of each key the last observation of a household counts.',
  params: idParams,
  body: z.strictObject({
    found: found.openapi({
      description:
        'right: it stands there. moved: it is somewhere else. gone: there is no such house. unknown: nobody could tell',
    }),
    point: observedPoint.optional().openapi({ description: 'Where the courier stood' }),
  }),
  answer: z
    .strictObject({
      household: householdId,
      found,
      finding: z
        .enum(['observed-gone', 'observed-elsewhere'])
        .nullable()
        .openapi({ description: 'What now waits for a clerk; null when nothing contradicts' }),
    })
    .openapi('Observation'),
  problems: [
    'unknown-parameter',
    'bad-parameter',
    'mistyped-household-id',
    'unknown-household',
    'outside-scope',
    'refused',
    'observed-just-now',
    'busy',
  ],
  examples: [
    {
      params: { id: '482910573625' },
      body: { found: 'moved', point: { lat: 21.0316, lon: 105.8493, accuracy: 8 } },
    },
  ],
  async handle({ params, body: { found, point } }, context) {
    const { caller, households, life } = context
    const id = readId(params)
    const known = await households.household(id)
    if (!known) throw new Problem('unknown-household')
    // A courier goes everywhere.
    const isStaff = caller.role === 'staff'
    if (isStaff) requireScope(caller, known)
    const heirs = await households.successors(id)
    // Who stands at the door of an old id is told where to go on.
    if (heirs.length > 0)
      throw new Problem('refused', {
        detail: REFUSALS.historical,
        members: { refusal: 'historical', households: heirs.map((heir) => heir.id) },
      })
    const mayTouch: By['mayTouch'] = isStaff ? (place) => reaches(caller, place) : undefined
    const by = { actor: caller.name!, mayTouch }
    const finding = await refusing(life.observe(by, id, { found, point: point ?? null }), context)
    return { household: id, found, finding: finding?.reason ?? null }
  },
})
