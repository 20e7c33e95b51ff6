import { issue } from '../../locate/encode.ts'
import { householdPlace, PLACE_TYPES } from '../../locate/place.ts'
import { reverse } from '../../locate/reverse.ts'
import { collectionHead, communeFeature, featureCollection, featureOf } from '../geocodejson.ts'
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
    type: z
      .enum(PLACE_TYPES)
      .optional()
      .openapi({ description: 'housenumber: households alone; municipality: the commune alone' }),
  }),
  answer: featureCollection,
  problems: ['unknown-parameter', 'missing-parameter', 'bad-parameter'],
  examples: [
    { query: { lat: '21.0287', lon: '105.8523' } },
    { query: { lat: '21.0287', lon: '105.8523', limit: '1', radius: '50' } },
    { query: { lat: '21.0287', lon: '105.8523', type: 'municipality' } },
  ],
  async handle({ query }, deps) {
    const { type, limit = 5, radius = 100 } = query
    const point = readPoint(query)
    const wantsHouses = !type || type === 'housenumber'
    const { place, households } = point
      ? await reverse(deps, point.lat, point.lon, radius, wantsHouses ? limit : 0)
      : { place: null, households: [] }
    const features = households.flatMap(({ household, metres }) => {
      const home = householdPlace(household, null, 1 / (1 + metres / 100), deps.gazetteer)
      return home ? [featureOf(home, { metres })] : []
    })
    if (features.length === 0 && place && (!type || type === 'municipality'))
      features.push(communeFeature(place))
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
