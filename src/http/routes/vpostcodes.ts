import { encodePoint } from '../../locate/encode.ts'
import { resolveCode } from '../../locate/resolve.ts'
import { latParam, lonParam, readPoint, z } from '../params.ts'
import { Problem } from '../problems.ts'
import { defineRoute } from '../route.ts'
import {
  bounds,
  commune,
  encodedPoint,
  formatted,
  geo,
  householdId,
  householdStatus,
  issue,
  lat,
  lon,
  orNull,
  plusCode,
  postcode,
  time,
  unit,
  vpostcode,
} from '../schemas.ts'

const suggestion = z
  .strictObject({
    vpostcode,
    formatted,
    edit: z.enum(['look-alike', 'transposition', 'missing', 'extra', 'substitution']),
    registered: z.boolean(),
    communeCode: z.string(),
    lat,
    lon,
  })
  .openapi('Suggestion')

const resolved = z
  .strictObject({
    input: z.string(),
    status: z.enum(['current', 'superseded', 'unregistered', 'mistyped']).openapi({
      description:
        'current: households have it. superseded: households had it. unregistered: nobody has it, the place is clear. mistyped: it names no place.',
    }),
    reason: z
      .enum([
        'wrong-length',
        'household-id',
        'head-not-digits',
        'outside-alphabet',
        'unknown-postcode',
        'far-from-commune',
      ])
      .nullable(),
    vpostcode: vpostcode.nullable(),
    formatted: formatted.nullable(),
    lat: lat.nullable(),
    lon: lon.nullable(),
    bounds: orNull(bounds),
    otherCells: z
      .array(z.strictObject({ lat, lon }))
      .openapi({ description: 'Other cells that fit as well (Truong Sa is wider than a degree)' }),
    plusCode: plusCode.nullable(),
    geo: geo.nullable(),
    postcode: postcode.nullable(),
    commune: orNull(commune),
    province: orNull(unit),
    households: z.array(
      z.strictObject({
        id: householdId,
        status: householdStatus,
        unit: z.strictObject({
          building: z.string().optional(),
          block: z.string().optional(),
          floor: z.string().optional(),
          unit: z.string().optional(),
        }),
      }),
    ),
    superseded: z.array(
      z.strictObject({
        vpostcode,
        householdId,
        current: vpostcode.nullable(),
        successors: z
          .array(householdId)
          .openapi({ description: 'The live households that took its place, when it is historical' }),
        communeCode: z.string(),
        from: time,
        until: time,
      }),
    ),
    suggestions: z.array(suggestion).max(10),
    reissued: z.array(z.strictObject({ vpostcode, communeCode: z.string(), lat, lon })),
    issues: z.array(issue),
  })
  .openapi('ResolvedCode')

export const resolveRoute = defineRoute({
  method: 'get',
  path: '/v1/vpostcodes/{code}',
  operationId: 'resolveVpostcode',
  access: 'resolve',
  tag: 'codes',
  summary: 'What a Vpostcode leads to',
  description:
    'Lower case, blanks, hyphens and "+" are read. A mistyped code answers 200 with the reason and the codes one edit away: registered ones first, then those whose cell lies in the commune of their postcode.',
  params: z.strictObject({ code: z.string().min(1).max(64).openapi({ example: '71009QMCXR8V' }) }),
  answer: resolved,
  problems: ['bad-parameter'],
  examples: [{ params: { code: '71009QMCXR8V' } }, { params: { code: '71009-qmcx-r8o' } }],
  handle: ({ params }, deps) => resolveCode(deps, params.code),
})

export const encodeRoute = defineRoute({
  method: 'get',
  path: '/v1/vpostcodes',
  operationId: 'encodePoint',
  access: 'resolve',
  tag: 'codes',
  summary: 'The Vpostcode of a point',
  description: 'The head is the postcode of the commune whose area holds the point.',
  query: z.strictObject({ lat: latParam, lon: lonParam }),
  answer: encodedPoint,
  problems: ['unknown-parameter', 'missing-parameter', 'bad-parameter', 'outside-coverage'],
  examples: [{ query: { lat: '10.7721', lon: '106.6983' } }],
  handle({ query }, { gazetteer }) {
    const point = readPoint(query)
    const answer = point && encodePoint(gazetteer, point.lat, point.lon)
    if (!answer) throw new Problem('outside-coverage')
    return { ...answer, issues: [...point.issues, ...answer.issues] }
  },
})
