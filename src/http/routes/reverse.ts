import { issue } from '../../locate/encode.ts'
import { aboutLabel, PLACE_TYPES } from '../../locate/place.ts'
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
    'The nearest registered households with their distance, else mapped houses, else the streets beside the point with the number that a house there should have, else hamlet and commune. Outside coverage the list is empty and `issues` says so.',
  query: z.strictObject({
    lat: latParam,
    lon: lonParam,
    limit: numberParam({ min: 1, max: 20, integer: true })
      .optional()
      .openapi({ description: 'Features at most; 5 when not given' }),
    radius: numberParam({ min: 1, max: 2_000 })
      .optional()
      .openapi({ description: 'Metres in which households and streets are looked for; 100 when not given' }),
    type: z
      .enum(PLACE_TYPES)
      .optional()
      .openapi({ description: 'Only what is of this type; municipality: the commune alone' }),
  }),
  answer: featureCollection,
  problems: ['unknown-parameter', 'missing-parameter', 'bad-parameter'],
  examples: [
    { query: { lat: '21.0312', lon: '105.8493' } },
    { query: { lat: '21.0312', lon: '105.8493', limit: '1', radius: '50' } },
    { query: { lat: '21.0312', lon: '105.8493', type: 'municipality' } },
    { query: { lat: '10.77417', lon: '106.70355' } },
  ],
  async handle({ query }, deps) {
    const { type, limit = 5, radius = 100 } = query
    const point = readPoint(query)
    const { place, found, building } = point
      ? await reverse(deps, point.lat, point.lon, radius, limit, type)
      : { place: null, found: [], building: [] }
    const features = found.map((one) => {
      const { metres, estimate } = one
      return featureOf(one.place, {
        metres,
        estimate,
        ...(estimate && { label: aboutLabel(one.place, estimate) }),
      })
    })
    // A street says in which commune it is; of a hamlet that is asked for as well.
    const isWithin = features.some(({ properties }) => properties.type !== 'locality')
    if (!isWithin && place && (!type || type === 'municipality')) features.push(communeFeature(place))
    return {
      type: 'FeatureCollection' as const,
      geocoding: collectionHead(`${query.lat},${query.lon}`, deps.gazetteer.streetLayers),
      features,
      building: [...building],
      place,
      issues: [
        ...(point?.issues ?? []),
        ...(place?.issues ?? [issue('outside-coverage', 'point', 'warning', null)]),
      ],
    }
  },
})
