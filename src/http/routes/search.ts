import { metresBetween } from '../../geo/flatEarth.ts'
import { PLACE_TYPES } from '../../locate/place.ts'
import { MAX_INPUT } from '../../match/understand.ts'
import type { RowFields } from '../../pipeline/row.ts'
import { emptyAddress, longAddress, pointInput } from '../addressInput.ts'
import { collectionHead, featureOf, searchCollection } from '../geocodejson.ts'
import { inWords } from '../issues.ts'
import { answerLanguage } from '../language.ts'
import { latParam, lonParam, numberParam, readPoint, z } from '../params.ts'
import { type Fault, missing, Problem } from '../problems.ts'
import { type Context, defineRoute } from '../route.ts'
import { type SearchRequest, search } from '../search.ts'

const limit = numberParam({ min: 1, max: 20, integer: true })
  .optional()
  .openapi({ description: 'Features at most; 5 when not given' })
const fiveDigits = (description: string) =>
  z
    .string()
    .regex(/^\d{5}$/)
    .optional()
    .openapi({ description })

/** Longer texts get past the schema and are refused as `input-too-long`. */
const text = z.string()

export const searchRoute = defineRoute({
  method: 'get',
  path: '/v1/search',
  operationId: 'search',
  access: 'search',
  tag: 'places',
  summary: 'Where an address is',
  description:
    'Parameters and answer as those of addok and of the French address service. The most precise first: registered households, else the house where its street and number put it, the street, hamlet, commune or province; of an ambiguous text every candidate with its confidence as `score`. A Vpostcode, plus code, household id or postcode leads to its place too.',
  query: z.strictObject({
    q: text.openapi({
      description: `What is looked for, 1 to ${MAX_INPUT} characters`,
      example: '12 Hàng Trống, phường Hoàn Kiếm, Hà Nội',
    }),
    limit,
    autocomplete: z.enum(['0', '1']).optional().openapi({
      description: '1: what the unfinished text can become, from its first letter; 0 when not given',
    }),
    lat: latParam.optional(),
    lon: lonParam.optional(),
    type: z.enum(PLACE_TYPES).optional().openapi({ description: 'Only places of this kind' }),
    postcode: fiveDigits('Only in the commune of this postcode'),
    citycode: fiveDigits('Only in this commune of today'),
  }),
  answer: searchCollection,
  problems: ['unknown-parameter', 'missing-parameter', 'bad-parameter', 'input-too-long'],
  examples: [
    { query: { q: '12 Hàng Trống, phường Hoàn Kiếm, Hà Nội' } },
    { query: { q: 'Lê Lợi, Quận 1', limit: '3' } },
    { query: { q: 'ben th', autocomplete: '1', lat: '10.77', lon: '106.7' } },
    { query: { q: 'Lê Lợi', postcode: '71009', type: 'street' } },
    { query: { q: '71009 QMCX R8V' } },
  ],
  handle({ query }, context) {
    const { q, limit = 5, autocomplete, lat, lon, type, postcode, citycode } = query
    if ((lat === undefined) !== (lon === undefined)) throw missing('query', lat === undefined ? 'lat' : 'lon')
    const near = lat !== undefined && lon !== undefined ? readPoint({ lat, lon }) : null
    return answer(
      context,
      q,
      {
        fields: { address: bounded('q', q) },
        filters: { type, postcode, citycode },
        near,
        limit,
        autocomplete: autocomplete === '1',
      },
      ['q'],
    )
  },
})

export const searchPostRoute = defineRoute({
  method: 'post',
  path: '/v1/search',
  operationId: 'searchByBody',
  access: 'search',
  tag: 'places',
  summary: 'Where an address is, asked in a body',
  description:
    'As GET /v1/search, with what is looked for out of the URL, which proxies and browsers keep. A page of another origin that sends a key asks its permission (CORS) once for all texts, not once for each.',
  body: z.strictObject({
    q: text.openapi({ maxLength: MAX_INPUT, example: 'ben th' }),
    limit: z.int().min(1).max(20).optional().openapi({ description: '5 when not given' }),
    autocomplete: z.boolean().optional(),
    point: pointInput.optional(),
    type: z.enum(PLACE_TYPES).optional(),
    postcode: fiveDigits('Only in the commune of this postcode'),
    citycode: fiveDigits('Only in this commune of today'),
  }),
  answer: searchCollection,
  problems: ['unknown-parameter', 'missing-parameter', 'bad-parameter', 'input-too-long'],
  examples: [{ body: { q: 'ben th', autocomplete: true, limit: 2, point: { lat: 10.77, lon: 106.7 } } }],
  handle({ body: { q, limit = 5, autocomplete = false, point, type, postcode, citycode } }, context) {
    const fields = { address: bounded('q', q, 'body') }
    const request = {
      fields,
      filters: { type, postcode, citycode },
      near: point ?? null,
      limit,
      autocomplete,
    }
    return answer(context, q, request, ['q'], 'body')
  },
})

export const structuredRoute = defineRoute({
  method: 'get',
  path: '/v1/structured',
  operationId: 'searchStructured',
  access: 'search',
  tag: 'places',
  summary: 'Where an address is that is given in parts',
  description:
    'Answers as GET /v1/search. At least one part is needed. `city` is the commune (or a city of before July 2025), `district` the district of before July 2025, `state` the province.',
  query: z.strictObject({
    housenumber: text.optional().openapi({ description: 'The whole number, with its alleys: 130/20/14/3' }),
    street: text.optional(),
    district: text.optional(),
    city: text.optional().openapi({ description: 'Phường, xã, đặc khu' }),
    state: text.optional().openapi({ description: 'Tỉnh, thành phố' }),
    postcode: fiveDigits('Of the commune'),
    limit,
  }),
  answer: searchCollection,
  problems: ['unknown-parameter', 'missing-parameter', 'bad-parameter', 'input-too-long'],
  examples: [
    { query: { housenumber: '12', street: 'Hàng Trống', city: 'Phường Hoàn Kiếm', state: 'Hà Nội' } },
    { query: { street: 'Lê Lợi', district: 'Quận 1' } },
    { query: { postcode: '71009' } },
  ],
  handle({ query }, context) {
    const { postcode, limit = 5, ...parts } = query
    const given = Object.entries(parts).filter(([, value]) => value?.trim())
    if (given.length === 0 && !postcode) throw missing('query', 'city')
    for (const [name, value] of given) bounded(name, value!)
    const { housenumber, street, district, city, state } = parts
    const fields: RowFields =
      given.length === 0
        ? { address: postcode! }
        : {
            ...(housenumber && { houseNumber: housenumber }),
            ...(street && { street }),
            ...(city && { commune: city }),
            ...(district && { district }),
            ...(state && { province: state }),
          }
    const said = [housenumber, street, city, district, state, postcode].filter(Boolean).join(', ')
    const names = given.map(([name]) => name)
    const request = { fields, filters: { postcode }, near: null, limit, autocomplete: false }
    return answer(context, said, request, names)
  },
})

/** @param names the parameters that hold the text, in `place`. */
async function answer(
  context: Context,
  said: string,
  request: SearchRequest,
  names: readonly string[],
  place: Fault['in'] = 'query',
) {
  const { offers, issues, grade: understood } = await search(context, request)
  if (understood) context.metrics.grade(context.req.route.path, understood)
  const { near } = request
  if (issues.some(({ code }) => code === 'input-too-long')) throw longTogether(names, place)
  return {
    type: 'FeatureCollection' as const,
    geocoding: collectionHead(said, context.gazetteer.streetLayers),
    features: offers.map(({ place, label, grade }) =>
      featureOf(place, { grade, label, ...(near ? { metres: metresBetween(near, place) } : {}) }),
    ),
    issues: inWords(issues, answerLanguage(context)),
  }
}

/** The text, when it is neither blank nor too long. */
function bounded(name: string, value: string, place: Fault['in'] = 'query'): string {
  if (value.length > MAX_INPUT) throw longAddress(place, name)
  if (value.trim() === '') throw emptyAddress(place, name)
  return value
}

const longTogether = (names: readonly string[], place: Fault['in']) =>
  new Problem('input-too-long', {
    faults: names.map((name) => ({
      in: place,
      name,
      text: {
        en: `must be at most ${MAX_INPUT} characters long with the other parts`,
        vi: `dài tối đa ${MAX_INPUT} ký tự cùng với các phần khác`,
      },
    })),
  })
