import type { LayerHead, StreetLayers } from '../gazetteer/streetLayer/types.ts'
import { degrees, type EncodedPoint } from '../locate/encode.ts'
import type { NumberEstimate } from '../locate/numberAt.ts'
import { contextOf, labelOf, PLACE_TYPES, type Place, type PlaceType } from '../locate/place.ts'
import type { FormerReading } from '../match/types.ts'
import { NO_WAY, precision, wayOfDoor, wayShapes } from './doorSchema.ts'
import { z } from './params.ts'
import { encodedPoint, issue, vpostcode } from './schemas.ts'

const grade = z.enum(['A', 'B', 'C', 'D'])

/** The answers of geocoders: geocodejson 0.1.0 with addok's flat properties and ours beside the nested `geocoding`. */
const properties = z.strictObject({
  label: z.string(),
  score: z.number(),
  type: z.enum(PLACE_TYPES),
  id: z.string().openapi({
    description:
      'Of a household its id, of a unit its code, of a street or house the code of its commune (or former district), its name and the numbers: 26743_le-loi_42_9, of an alley 26743_le-loi_42_hem-9, of a hamlet 26743__thon-phu-hoa. /v1/search?q= finds these by it',
  }),
  name: z.string(),
  housenumber: z.string().optional(),
  street: z.string().optional(),
  district: z
    .string()
    .optional()
    .openapi({ description: 'The district before July 2025 that was asked for' }),
  city: z.string().optional().openapi({
    description:
      'The commune of today; absent for a province, and for a street of which only the district before July 2025 is known',
  }),
  citycode: z.string().optional(),
  oldcity: z.string().optional().openapi({ description: 'The commune before July 2025 that was asked for' }),
  oldcitycode: z.string().optional(),
  state: z.string(),
  postcode: z.string().optional(),
  context: z.string(),
  distance: z.number().optional().openapi({ description: 'Metres from the asked point' }),
  vpostcode: vpostcode.nullable(),
  precision,
  ...wayShapes,
  accuracy: z.number().nullable().openapi({
    description:
      'Error of the point in metres: nine in ten true places lie within it; null for the commune around an asked point',
  }),
  estimate: z
    .strictObject({
      housenumber: z.string(),
      parity: z.enum(['odd', 'even']).nullable(),
      between: z.array(z.string()),
    })
    .optional()
    .openapi({
      description:
        'Of a street beside a point: the number that a house there should have, on the side of the odd or the even ones, and the known numbers that tell it. No house is known to have it',
    }),
  grade: grade
    .nullable()
    .openapi({ description: 'How well the text was understood; null where there is none' }),
  geocoding: z.strictObject({
    type: z.enum(['house', 'street', 'locality', 'city', 'state']),
    label: z.string(),
    name: z.string(),
    housenumber: z.string().optional(),
    street: z.string().optional(),
    postcode: z.string().optional(),
    city: z.string().optional(),
    district: z.string().optional(),
    state: z.string(),
    country: z.string(),
    accuracy: z.number().optional(),
    distance: z.number().optional(),
  }),
})

const collection = z.strictObject({
  type: z.literal('FeatureCollection'),
  geocoding: z.strictObject({
    version: z.literal('0.1.0'),
    licence: z.string(),
    attribution: z.string(),
    query: z.string(),
  }),
  features: z.array(
    z.strictObject({
      type: z.literal('Feature'),
      geometry: z.strictObject({ type: z.literal('Point'), coordinates: z.array(z.number()).length(2) }),
      properties,
    }),
  ),
  issues: z.array(issue),
})
export const searchCollection = collection.openapi('SearchResult')
export const featureCollection = collection
  .extend({
    place: encodedPoint.nullable().openapi({ description: 'The asked point itself; null outside coverage' }),
    building: z.array(z.string()).openapi({
      description:
        'Ids of all households that stand where the nearest one does, when they are several; at most 100',
    }),
  })
  .openapi('FeatureCollection')

type Feature = z.infer<typeof collection>['features'][number]

/** What every collection says of itself, with the notices of the street layers in use. */
export function collectionHead(query: string, { layers }: Pick<StreetLayers, 'layers'>) {
  const own = (text: (head: LayerHead) => string) => [...new Set(layers.map(({ head }) => text(head)))]
  return {
    version: '0.1.0' as const,
    licence: [
      'Units and boundaries: official facts, MIT',
      ...own(({ licence }) => `streets: ${licence}`),
    ].join('; '),
    attribution: [
      'Boundaries: thanglequoc/vietnamese-provinces-database',
      ...own(({ notice }) => `streets: ${notice}`),
    ].join('; '),
    query,
  }
}

const GEOCODING_TYPE: Record<PlaceType, 'house' | 'street' | 'locality' | 'city'> = {
  housenumber: 'house',
  street: 'street',
  locality: 'locality',
  municipality: 'city',
}

/** A place as a feature. `metres` from the point that was asked for, `label` where it is to read otherwise. */
export function featureOf(
  place: Place,
  {
    metres,
    grade = null,
    estimate = null,
    label = labelOf(place),
  }: { metres?: number; grade?: Grade; estimate?: NumberEstimate | null; label?: string } = {},
): Feature {
  const { commune, former, province, housenumber, street } = place
  const shared = {
    label,
    name: place.name,
    ...(housenumber ? { housenumber } : {}),
    ...(street ? { street } : {}),
    ...(former?.district ? { district: former.district.fullName } : {}),
    ...(place.postcode ? { postcode: place.postcode } : {}),
    ...(commune ? { city: commune.fullName } : {}),
    state: province.fullName,
    ...(metres === undefined ? {} : { distance: Math.round(metres * 10) / 10 }),
  }
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [degrees(place.lon), degrees(place.lat)] },
    properties: {
      ...shared,
      score: Math.round(place.score * 1e4) / 1e4,
      type: place.type,
      id: place.id,
      ...(commune ? { citycode: commune.code } : {}),
      ...oldCity(former),
      context: contextOf(place),
      vpostcode: place.vpostcode,
      precision: place.precision,
      ...(place.door ? wayOfDoor(place.door) : NO_WAY),
      accuracy: place.accuracy,
      ...(estimate
        ? {
            estimate: {
              housenumber: String(estimate.number),
              parity: estimate.parity,
              between: [...estimate.between],
            },
          }
        : {}),
      grade,
      geocoding: {
        type: place.type === 'municipality' && !commune ? 'state' : GEOCODING_TYPE[place.type],
        ...shared,
        accuracy: Math.round(place.accuracy),
        country: 'Việt Nam',
      },
    },
  }
}
type Grade = z.infer<typeof grade> | null

function oldCity(former: FormerReading | null) {
  if (!former?.commune) return {}
  const { code, fullName } = former.commune
  return { oldcity: fullName, ...(code ? { oldcitycode: code } : {}) }
}

/** The commune around a point, at the point itself: an inside point of the commune may lie 30 km off. */
export function communeFeature(place: EncodedPoint): Feature {
  const { commune, province } = place
  const shared = {
    label: `${commune.fullName}, ${province.fullName}`,
    name: commune.fullName,
    postcode: place.postcode,
    city: commune.fullName,
    state: province.fullName,
    distance: 0,
  }
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [degrees(place.lon), degrees(place.lat)] },
    properties: {
      ...shared,
      score: 1,
      type: 'municipality',
      id: commune.code,
      citycode: commune.code,
      context: province.fullName,
      vpostcode: place.vpostcode,
      precision: 'commune',
      ...NO_WAY,
      accuracy: null,
      grade: null,
      geocoding: { type: 'city', ...shared, country: 'Việt Nam' },
    },
  }
}
