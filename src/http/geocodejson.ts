import type { Gazetteer } from '../gazetteer/types.ts'
import { degrees, type EncodedPoint } from '../locate/encode.ts'
import type { KnownHousehold } from '../locate/knownHouseholds.ts'
import { doorLine } from './label.ts'
import { z } from './params.ts'
import { encodedPoint, issue, vpostcode } from './schemas.ts'

/** The answers of geocoders: geocodejson 0.1.0 with addok's flat properties and ours beside the nested `geocoding`. */
const properties = z.strictObject({
  label: z.string(),
  score: z.number(),
  type: z.enum(['housenumber', 'street', 'locality', 'municipality']),
  id: z.string(),
  name: z.string(),
  housenumber: z.string().optional(),
  street: z.string().optional(),
  city: z.string(),
  citycode: z.string(),
  state: z.string(),
  postcode: z.string(),
  context: z.string(),
  distance: z.number().openapi({ description: 'Metres from the asked point' }),
  vpostcode: vpostcode.nullable(),
  precision: z.enum(['household', 'commune']),
  accuracy: z.number().nullable().openapi({ description: 'Error of the point in metres' }),
  geocoding: z.strictObject({
    type: z.enum(['house', 'street', 'locality', 'city']),
    label: z.string(),
    name: z.string(),
    housenumber: z.string().optional(),
    street: z.string().optional(),
    postcode: z.string(),
    city: z.string(),
    state: z.string(),
    country: z.string(),
    accuracy: z.number().optional(),
    distance: z.number(),
  }),
})

export const featureCollection = z
  .strictObject({
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
    place: encodedPoint.nullable().openapi({ description: 'The asked point itself; null outside coverage' }),
    issues: z.array(issue),
  })
  .openapi('FeatureCollection')

type Feature = z.infer<typeof featureCollection>['features'][number]

/** What every collection says of itself. */
export function collectionHead(query: string) {
  return {
    version: '0.1.0' as const,
    licence: 'Units and boundaries: official facts, MIT',
    attribution: 'Boundaries: thanglequoc/vietnamese-provinces-database',
    query,
  }
}

/** A registered household. Its label says what stands on the house, never what lies behind the door. */
export function householdFeature(
  household: KnownHousehold,
  metres: number,
  { commune: find }: Gazetteer,
): Feature | null {
  const commune = find(household.communeCode)
  const { point, parts } = household
  if (!commune || !point) return null
  const { houseNumber, street } = parts
  const name = doorLine(parts) || (parts.hamlet ?? parts.group ?? commune.fullName)
  const place = [commune.fullName, commune.province.fullName]
  const shared = {
    label: [...new Set([name, ...place])].join(', '),
    name,
    ...(houseNumber ? { housenumber: houseNumber } : {}),
    ...(street ? { street } : {}),
    postcode: household.postcode,
    city: commune.fullName,
    state: commune.province.fullName,
    distance: Math.round(metres * 10) / 10,
  }
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [degrees(point.lon), degrees(point.lat)] },
    properties: {
      ...shared,
      score: 1 / (1 + metres / 100),
      type: 'housenumber',
      id: household.id,
      citycode: commune.code,
      context: place.join(', '),
      vpostcode: household.vpostcode,
      precision: 'household',
      accuracy: point.accuracy,
      geocoding: { type: 'house', ...shared, accuracy: Math.round(point.accuracy), country: 'Việt Nam' },
    },
  }
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
      accuracy: null,
      geocoding: { type: 'city', ...shared, country: 'Việt Nam' },
    },
  }
}
