import { issue } from '../../locate/encode.ts'
import { reverse } from '../../locate/reverse.ts'
import { collectionHead, communeFeature, featureCollection, householdFeature } from '../geocodejson.ts'
import { latParam, lonParam, numberParam, readPoint, z } from '../params.ts'
import { defineRoute } from '../route.ts'

export const reverseRoute = defineRoute({
  method: 'get',
  path: '/v1/reverse',
  operationId: 'reverse',
  access: 'resolve',
  tag: 'places',
  summary: 'What stands at a point',
  description:
    'The nearest registered households with their distance, else the commune. Outside coverage the list is empty and `issues` says so.',
  query: z.strictObject({
    lat: latParam,
    lon: lonParam,
    limit: numberParam({ min: 1, max: 20, integer: true })
      .optional()
      .openapi({ description: 'Features at most; 5 when not given' }),
    radius: numberParam({ min: 1, max: 2_000 })
      .optional()
      .openapi({ description: 'Metres in which households are looked for; 100 when not given' }),
  }),
  answer: featureCollection,
  problems: ['unknown-parameter', 'missing-parameter', 'bad-parameter'],
  examples: [
    { query: { lat: '21.0287', lon: '105.8523' } },
    { query: { lat: '21.0287', lon: '105.8523', limit: '1', radius: '50' } },
  ],
  async handle({ query }, deps) {
    const point = readPoint(query)
    const { place, households } = point
      ? await reverse(deps, point.lat, point.lon, query.radius ?? 100, query.limit ?? 5)
      : { place: null, households: [] }
    const features = households
      .map(({ household, metres }) => householdFeature(household, metres, deps.gazetteer))
      .filter((feature) => feature !== null)
    if (features.length === 0 && place) features.push(communeFeature(place))
    return {
      type: 'FeatureCollection' as const,
      geocoding: collectionHead(`${query.lat},${query.lon}`),
      features,
      place,
      issues: [
        ...(point?.issues ?? []),
        ...(place?.issues ?? [issue('outside-coverage', 'point', 'warning', null)]),
      ],
    }
  },
})
