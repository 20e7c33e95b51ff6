import type { Gazetteer } from '../../gazetteer/types.ts'
import { viewCommune, viewUnit } from '../../match/views.ts'
import { type Household, NO_COMMUNE } from '../../registry/types.ts'
import { formatVpostcode } from '../../vpostcode/vpostcode.ts'
import { z } from '../params.ts'
import {
  commune,
  formatted,
  householdId,
  householdStatus,
  lat,
  lon,
  metres,
  orNull,
  postcode,
  time,
  unit,
  vpostcode,
} from '../schemas.ts'

const part = z.string().optional()
const publicParts = {
  houseNumber: part,
  alleys: z
    .array(z.strictObject({ kind: z.enum(['ngo', 'ngach', 'hem', 'kiet']).nullable(), number: z.string() }))
    .optional(),
  street: part,
  group: part,
  hamlet: part,
  building: part,
  block: part,
  floor: part,
  unit: part,
}
const publicShape = {
  id: householdId,
  status: householdStatus,
  of: householdId.nullable().openapi({ description: 'The main household of an alternative address' }),
  vpostcode: vpostcode.nullable(),
  formatted: formatted.nullable(),
  communeCode: z.string().nullable().openapi({ description: 'Null when only the province is known' }),
  commune: orNull(commune).openapi({
    description:
      'Null when only the province is known, or when a decree newer than the data of this server made the commune',
  }),
  province: orNull(unit),
  point: z.strictObject({ lat, lon, accuracy: metres }).nullable(),
  parts: z.strictObject(publicParts),
  successors: z.array(householdId).openapi({
    description: 'Of a historical household those that took its place; they can be historical too by now',
  }),
  updatedAt: time,
}
/** What a public answer tells of a household; docs/decisions/0004 gives the reason. */
export const household = z.strictObject(publicShape).openapi('Household')

export const externalId = z
  .strictObject({ scheme: z.string(), value: z.string() })
  .openapi('ExternalId', { example: { scheme: 'office', value: 'A-12' } })

/** What a key that may read the registry is told of a household. */
export const fullHousehold = z
  .strictObject({
    ...publicShape,
    parts: z.strictObject({ ...publicParts, name: part }),
    point: z
      .strictObject({
        lat,
        lon,
        accuracy: metres,
        source: z.enum(['surveyed', 'given', 'mapped', 'derived']),
      })
      .nullable()
      .openapi({ description: 'The source is its rank, best first' }),
    access: z
      .strictObject({ lat, lon })
      .nullable()
      .openapi({ description: 'Where one leaves the road for it' }),
    text: z.string().openapi({ description: 'The address as it was given, without names, phones and notes' }),
    formerCommuneCode: z.string().nullable(),
    postcode,
    grade: z.enum(['A', 'B', 'C']),
    confidence: z.number(),
    review: z.array(z.string()).openapi({ description: 'Why a person has to decide' }),
    cleared: z.array(z.strictObject({ doubt: z.string(), other: householdId.nullable() })),
    externalIds: z.array(externalId),
    key: z.string().openapi({ description: 'What tells its address from others' }),
    keyVersion: z.int(),
    engineVersion: z.string(),
    dataVersion: z.string(),
    createdAt: time,
  })
  .openapi('FullHousehold')

export function publicView(found: Household, gazetteer: Gazetteer): z.infer<typeof household> {
  const { id, status, of, vpostcode, point, successors, updatedAt } = found
  // A decree can have put it into a unit that the data of this server do not hold yet.
  const commune = gazetteer.commune(found.communeCode)
  const province = gazetteer.province(found.provinceCode, 'current')
  const { name: _name, ...parts } = found.parts
  return {
    id,
    status,
    of,
    vpostcode,
    formatted: vpostcode && formatVpostcode(vpostcode),
    communeCode: found.communeCode === NO_COMMUNE ? null : found.communeCode,
    commune: commune ? viewCommune(commune) : null,
    province: province ? viewUnit(province) : null,
    point: point && { lat: point.lat, lon: point.lon, accuracy: point.accuracy },
    parts,
    successors,
    updatedAt,
  }
}

export function fullView(found: Household, gazetteer: Gazetteer): z.infer<typeof fullHousehold> {
  const { provinceCode: _province, ...known } = found
  return { ...known, ...publicView(found, gazetteer), parts: found.parts, point: found.point }
}
