import { setEtag } from '../households/etag.ts'
import { idParams, readId } from '../households/id.ts'
import { mayReadAll, reaches, requireScope } from '../households/scope.ts'
import { fullHousehold, fullView, household, publicView } from '../households/view.ts'
import { numberParam, z } from '../params.ts'
import { Problem } from '../problems.ts'
import { defineRoute } from '../route.ts'
import { householdId, time } from '../schemas.ts'

const details = fullHousehold
  .extend({
    lists: z
      .array(z.string())
      .openapi({ description: 'The lists that loaded it, or that have a row which leads to it' }),
  })
  .openapi('HouseholdDetails')

export const householdRoute = defineRoute({
  method: 'get',
  path: '/v1/households/{id}',
  operationId: 'getHousehold',
  tagged: true,
  access: 'resolve',
  tag: 'households',
  summary: 'A registered household',
  description:
    'A server or staff key is told all that is known of it. With an ETag: send it back as If-None-Match and an unchanged household answers 304; changes need it as If-Match.',
  params: idParams,
  answer: z.union([details, household]),
  problems: ['mistyped-household-id', 'unknown-household', 'outside-scope'],
  examples: [],
  async handle({ params }, { households, gazetteer, caller, res }) {
    const found = await households.versioned(readId(params))
    if (!found) throw new Problem('unknown-household')
    const all = mayReadAll(caller)
    if (all) requireScope(caller, found.household)
    setEtag(res, found.version, all ? 'full' : 'public')
    if (!all) return publicView(found.household, gazetteer)
    return { ...fullView(found.household, gazetteer), lists: await households.listsOf(found.household.id) }
  },
})

const DEFAULT_EVENTS = 100

export const event = {
  province: z.string().openapi({ description: 'Its province at the time', example: '01' }),
  number: z.int().openapi({ description: 'Gap-free in the province, from 1' }),
  kind: z.enum(['insert', 'update', 'verify', 'retire', 'merge', 'split', 'reinstate', 'undo', 'erase']),
  at: time,
  actor: z.string(),
  job: z.int().nullable().openapi({ description: 'The bulk work that did it' }),
  reason: z.string().nullable(),
  evidence: z.enum(['surveyed-point', 'second-person']).nullable(),
  undoes: z
    .union([z.strictObject({ province: z.string(), number: z.int() }), z.strictObject({ job: z.int() })])
    .nullable(),
  related: z.array(householdId).openapi({ description: 'The other households of the same operation' }),
  changed: z.array(z.string()).openapi({ description: 'Fields that it changed; none for an insert' }),
}

export const historyRoute = defineRoute({
  method: 'get',
  path: '/v1/households/{id}/history',
  operationId: 'getHouseholdHistory',
  access: 'registry',
  tag: 'households',
  summary: 'What happened to a household, oldest first',
  params: idParams,
  query: z.strictObject({
    limit: numberParam({ min: 1, max: 1000, integer: true })
      .optional()
      .openapi({ description: `The latest so many; ${DEFAULT_EVENTS} when not given` }),
  }),
  answer: z.strictObject({
    total: z.int().openapi({ description: 'Events in all' }),
    events: z.array(
      z
        .strictObject({
          ...event,
          household: fullHousehold.nullable().openapi({
            description: 'As it stood after the event; null where it lay outside the scope of the key then',
          }),
        })
        .openapi('HouseholdEvent', { description: 'An event, with the household as it stood after it' }),
    ),
    successors: z
      .array(householdId)
      .openapi({ description: 'The live households that took its place, however many steps ago' }),
  }),
  problems: ['mistyped-household-id', 'unknown-household', 'outside-scope'],
  examples: [],
  async handle({ params, query }, { households, gazetteer, caller }) {
    const id = readId(params)
    const events = await households.history(id)
    const now = events.at(-1)?.household
    if (!now) throw new Problem('unknown-household')
    requireScope(caller, now)
    return {
      total: events.length,
      events: events.slice(-(query.limit ?? DEFAULT_EVENTS)).map(({ household, ...told }) => ({
        ...told,
        household: reaches(caller, household) ? fullView(household, gazetteer) : null,
      })),
      successors: (await households.successors(id)).map(({ id }) => id),
    }
  },
})
