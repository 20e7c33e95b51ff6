import { z } from 'zod'
import { isHouseholdId } from '../../registry/id.ts'
import type { PublishedHousehold } from './row.ts'

const id = z.string().refine(isHouseholdId)
const word = z.string().max(1_000)
const vpostcode = z.string().regex(/^\d{5}[2-9CFGHJMPQRVWX]{7}$/)
const five = z.string().regex(/^\d{5}$/)
const when = z.iso.datetime()
const lat = z.number().min(-90).max(90)
const lon = z.number().min(-180).max(180)

export const parts = {
  building: word.optional(),
  block: word.optional(),
  floor: word.optional(),
  unit: word.optional(),
  alleys: z
    .array(z.object({ kind: z.enum(['ngo', 'ngach', 'hem', 'kiet']).nullable(), number: word }))
    .max(20)
    .optional(),
  street: word.optional(),
  group: word.optional(),
  hamlet: word.optional(),
}
/** What a household has under the same name in a published file and in the change feed. */
export const common = {
  id,
  status: z.enum(['provisional', 'verified', 'alternative', 'historical']),
  of: id.nullable(),
  successors: z.array(id).max(10_000),
  vpostcode: vpostcode.nullable(),
  postcode: five,
  grade: z.enum(['A', 'B', 'C']),
}
export const known = {
  word,
  five,
  when,
  lat,
  lon,
  accuracy: z.number().min(0),
  source: z.enum(['surveyed', 'given', 'mapped', 'derived']),
}

const { id: _id, ...properties } = common
const feature = z.object({
  type: z.literal('Feature'),
  id,
  geometry: z.object({ type: z.literal('Point'), coordinates: z.tuple([lon, lat]) }).nullable(),
  properties: z.object({
    ...properties,
    ...parts,
    waits: z.enum(['review', 'visit']).nullable(),
    vpostcode_since: when.nullable(),
    old_vpostcodes: z.array(z.object({ vpostcode, from: when, until: when })).max(10_000),
    accuracy: known.accuracy.nullable(),
    source: known.source.nullable(),
    access_latitude: lat.nullable(),
    access_longitude: lon.nullable(),
    province_code: z.string().regex(/^\d\d$/),
    commune_code: five,
    former_commune_code: five.nullable(),
    house_number: word.optional(),
    created_at: when,
    updated_at: when,
  }),
})

/** A household of a line of GeoJSON that was published. Throws an Error that tells what is wrong with it. */
export function readFeature(line: string): PublishedHousehold {
  const { id, geometry, properties } = feature.parse(JSON.parse(line))
  const [longitude, latitude] = geometry?.coordinates ?? [null, null]
  return { ...properties, id, latitude, longitude }
}
