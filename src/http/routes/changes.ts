import type { Scope } from '../../access/caller.ts'
import type { Gazetteer } from '../../gazetteer/types.ts'
import { feedOf, MOST_CHANGES } from '../../registry/changes.ts'
import { BadCursor } from '../../registry/cursor.ts'
import { reaches } from '../households/scope.ts'
import { fullHousehold, fullView } from '../households/view.ts'
import { numberParam, z } from '../params.ts'
import { readPlace } from '../places.ts'
import { Problem } from '../problems.ts'
import { defineRoute } from '../route.ts'
import { householdId } from '../schemas.ts'
import { event } from './households.ts'

const DEFAULT_LIMIT = 100

export const changesRoute = defineRoute({
  method: 'get',
  path: '/v1/changes',
  operationId: 'getChanges',
  access: 'registry',
  tag: 'households',
  summary: 'The change feed: every event of every household, in order, from any cursor on',
  query: z.strictObject({
    since: z.string().max(1000).optional().openapi({
      description: '`next` of the page before; `now`: from now on; the beginning when not given',
    }),
    limit: numberParam({ min: 1, max: MOST_CHANGES, integer: true })
      .optional()
      .openapi({ description: `${DEFAULT_LIMIT} when not given` }),
    province: z.string().max(2).optional().openapi({ description: 'Only this province', example: '01' }),
  }),
  answer: z.strictObject({
    changes: z.array(
      z
        .strictObject({
          ...event,
          householdId,
          household: fullHousehold.nullable().openapi({
            description: 'As it stood after the event; null when it left the places that were asked for',
          }),
        })
        .openapi('Change'),
    ),
    next: z.string().openapi({ description: 'The cursor of the next page; it is good for ever' }),
    more: z.boolean().openapi({ description: 'Whether there was more when this page was read' }),
    behind: z.int().openapi({ description: 'Events behind this page, in the provinces that are followed' }),
  }),
  problems: ['unknown-parameter', 'bad-parameter', 'bad-cursor', 'unknown-unit', 'outside-scope'],
  examples: [{ query: { limit: '2' } }, { query: { since: 'now', province: '01' } }],
  async handle({ query: { since, limit, province } }, { households, gazetteer, caller, res }) {
    const provinces = provincesOf(caller.scope, province, gazetteer)
    try {
      const page = await households.changes({
        since: since ?? null,
        limit: limit ?? DEFAULT_LIMIT,
        provinces,
        reaches: (place) =>
          (province === undefined || place.provinceCode === province) && reaches(caller, place),
        places: feedOf(province ?? null, caller.scope),
      })
      res.set('Cache-Control', 'private, no-store')
      return {
        ...page,
        changes: page.changes.map(({ household, ...told }) => ({
          ...told,
          household: household && fullView(household, gazetteer),
        })),
      }
    } catch (error) {
      throw error instanceof BadCursor ? new Problem('bad-cursor') : error
    }
  },
})

/** The provinces in which a scope lies, only the one asked for when it is given; null = all. Throws a Problem when none is left. */
function provincesOf(scope: Scope, asked: string | undefined, gazetteer: Gazetteer): string[] | null {
  const { province } = readPlace({ province: asked }, gazetteer)
  const all = scope?.map((code) =>
    code.length === 2 ? code : (gazetteer.commune(code)?.province.code ?? code),
  )
  if (!province) return all ? [...new Set(all)] : null
  if (all && !all.includes(province.code)) throw new Problem('outside-scope')
  return [province.code]
}
