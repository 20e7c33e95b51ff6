import { once } from '../../gazetteer/once.ts'
import type { Gazetteer } from '../../gazetteer/types.ts'
import { prepareRow } from '../../pipeline.ts'
import { BadCursor } from '../../registry/cursor.ts'
import type { ListPage } from '../../registry/listing.ts'
import { type Household, NO_COMMUNE, type Place } from '../../registry/types.ts'
import { parseVpostcode } from '../../vpostcode/parse.ts'
import { emptyAddress, longAddress } from '../addressInput.ts'
import { reaches } from '../households/scope.ts'
import { fullHousehold, fullView } from '../households/view.ts'
import { latParam, lonParam, numberParam, readPoint, z } from '../params.ts'
import { readPlace } from '../places.ts'
import { type Fault, missing, Problem, type Text } from '../problems.ts'
import { type Context, defineRoute } from '../route.ts'
import { householdStatus } from '../schemas.ts'

const DEFAULT_LIMIT = 20
const DEFAULT_RADIUS = 50

const query = z.strictObject({
  vpostcode: z.string().max(64).optional().openapi({ description: 'Those that have this code now' }),
  externalId: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: 'The one with this number', example: 'HK-14' }),
  scheme: z.string().max(64).optional().openapi({ description: 'Of the number; `office` when not given' }),
  address: z.string().optional().openapi({
    description: 'Those of this address, which must name a house, lot or flat; historical ones too',
    maxLength: 500,
  }),
  lat: latParam.optional(),
  lon: lonParam.optional(),
  radius: numberParam({ min: 1, max: 2000, integer: true })
    .optional()
    .openapi({ description: `Metres from the point; ${DEFAULT_RADIUS} when not given` }),
  province: z
    .string()
    .max(2)
    .optional()
    .openapi({ description: 'All of a province, page by page', example: '01' }),
  commune: z
    .string()
    .max(5)
    .optional()
    .openapi({ description: 'All of a commune, page by page', example: '00070' }),
  status: householdStatus.optional().openapi({ description: 'Of a list by province or commune: only these' }),
  waits: z.enum(['review']).optional().openapi({
    description: 'Of a list: only those in review, which wait for a clerk; `review` of each says why',
  }),
  cursor: z.string().max(300).optional().openapi({ description: '`next` of the page before' }),
  limit: numberParam({ min: 1, max: 100, integer: true })
    .optional()
    .openapi({ description: `${DEFAULT_LIMIT} when not given` }),
})
type Query = z.infer<typeof query>

export const householdsRoute = defineRoute({
  method: 'get',
  path: '/v1/households',
  operationId: 'findHouseholds',
  access: 'registry',
  tag: 'households',
  summary: 'Households by code, number, address or place, or all of them page by page',
  description:
    'One question at a time: `vpostcode`, `externalId`, `address`, or `lat` and `lon`. Without any: all households inside the scope of the key, or of a `province` or `commune`.',
  query,
  answer: z.strictObject({
    households: z.array(fullHousehold),
    next: z.string().nullable().openapi({ description: 'Cursor of the next page; null at the end' }),
  }),
  problems: [
    'unknown-parameter',
    'bad-parameter',
    'bad-cursor',
    'unknown-unit',
    'outside-scope',
    'input-too-long',
    'unusable-address',
  ],
  examples: [{ query: { vpostcode: '01106VMH24GX' } }, { query: { commune: '00070', limit: '3' } }],
  async handle({ query }, context) {
    const { gazetteer, caller } = context
    const { households, next } = await find(query, context)
    return {
      households: households
        .filter((household) => reaches(caller, household))
        .map((household) => fullView(household, gazetteer)),
      next,
    }
  },
})

const QUESTIONS = ['vpostcode', 'externalId', 'address', 'lat'] as const
/** Parameters that belong to one question; all others belong to lists. */
const WITH: Partial<Record<keyof Query, (typeof QUESTIONS)[number]>> = {
  scheme: 'externalId',
  lon: 'lat',
  radius: 'lat',
}
const LIST_ONLY = ['province', 'commune', 'status', 'waits', 'cursor'] as const

async function find(query: Query, context: Context): Promise<ListPage> {
  const { households, gazetteer } = context
  const limit = query.limit ?? DEFAULT_LIMIT
  const asked = questionOf(query)
  if (asked === null) return list(query, limit, context)
  const all = (found: readonly Household[]) => ({ households: [...found], next: null })
  if (asked === 'vpostcode') {
    const parsed = parseVpostcode(query.vpostcode!)
    if (!parsed.ok) throw fault('vpostcode', { en: 'is no Vpostcode', vi: 'không phải mã Vpostcode' })
    return all(await households.atCode(parsed.code, limit))
  }
  if (asked === 'externalId') {
    const found = await households.byExternalId(query.scheme ?? 'office', query.externalId!.trim())
    return all(found ? [found] : [])
  }
  if (asked === 'lat') {
    const point = readPoint({ lat: query.lat!, lon: query.lon! })
    if (!point) return all([])
    const near = await households.nearest(point.lat, point.lon, query.radius ?? DEFAULT_RADIUS, limit)
    return all(near.map(({ household }) => household))
  }
  const { draft, rejected } = prepareRow({ address: query.address! }, gazetteer)
  if (rejected === 'no-address') throw emptyAddress('query')
  if (rejected === 'input-too-long') throw longAddress('query')
  if (!draft) throw new Problem('unusable-address', { members: { reasons: [rejected!] } })
  return all(await households.atAddress(draft, limit))
}

/** The one question of a query, null for a list. Throws a Problem for parameters that do not go together. */
function questionOf(query: Query): (typeof QUESTIONS)[number] | null {
  const given = (name: keyof Query) => query[name] !== undefined
  const [asked = null, ...more] = QUESTIONS.filter(given)
  const stray = [
    ...more,
    ...(Object.keys(WITH) as (keyof Query)[]).filter((name) => given(name) && WITH[name] !== asked),
    ...LIST_ONLY.filter((name) => given(name) && asked !== null),
  ]
  if (stray.length > 0)
    throw fault(stray[0]!, { en: 'does not go with the others', vi: 'không dùng chung với các tham số khác' })
  if (asked === 'lat' && !given('lon')) throw missing('query', 'lon')
  return asked
}

async function list(query: Query, limit: number, context: Context) {
  const { status, waits, cursor } = query
  const places = placesOf(query, context)
  try {
    return await context.households.list(places, { cursor: cursor ?? null, limit, status, waits })
  } catch (error) {
    throw error instanceof BadCursor ? new Problem('bad-cursor') : error
  }
}

/** The communes of a list, in the order of their codes, then what is known by its province alone. */
function placesOf(query: Query, { gazetteer, caller }: Context): Place[] {
  const { province, commune } = readPlace(query, gazetteer)
  const within = allPlaces(gazetteer).filter(
    (place) =>
      (!province || place.provinceCode === province.code) &&
      (!commune || place.communeCode === commune.code) &&
      reaches(caller, place),
  )
  if (within.length === 0) throw new Problem('outside-scope')
  return within
}

const allPlaces = once(({ communes, provinces }: Gazetteer): Place[] => [
  ...communes
    .map(({ code, province }) => ({ provinceCode: province.code, communeCode: code }))
    .sort((a, b) => (a.communeCode < b.communeCode ? -1 : 1)),
  ...provinces
    .map(({ code }) => ({ provinceCode: code, communeCode: NO_COMMUNE }))
    .sort((a, b) => (a.provinceCode < b.provinceCode ? -1 : 1)),
])

const fault = (name: Fault['name'], text: Text) =>
  new Problem('bad-parameter', { faults: [{ in: 'query', name, text }] })
