import { z } from './params.ts'

/** Shapes that several answers share. They are the contract: fields are added, never renamed. */
const unitTypes = [
  'tinh',
  'thanh-pho',
  'quan',
  'huyen',
  'thi-xa',
  'phuong',
  'xa',
  'thi-tran',
  'dac-khu',
] as const
export const unitType = z.enum(unitTypes).openapi('UnitType')
export const era = z
  .enum(['current', 'former'])
  .openapi('Era', { description: 'current = since 1 July 2025, former = the state of 30 June 2025' })

export const level = z.enum(['province', 'district', 'commune']).openapi('Level')
/** Of a province (two digits), district (three) or commune (five). */
export const unitCode = z.string().regex(/^\d{2,3}$|^\d{5}$/)

export const lat = z.number().openapi({ description: 'Degrees WGS 84', example: 10.7721125 })
export const lon = z.number().openapi({ description: 'Degrees WGS 84', example: 106.6982969 })
export const metres = z.number().openapi({ description: 'Metres', example: 12.4 })
export const time = z.string().openapi({ format: 'date-time' })
export const vpostcode = z.string().openapi({
  description: 'Canonical Vpostcode: five digits of the postcode, seven characters of the map code',
  example: '71009QMCXR8V',
})
export const formatted = z
  .string()
  .openapi({ description: 'The code in groups for people', example: '71009 QMCX R8V' })
export const postcode = z.string().openapi({ description: 'Five digits (Decision 2334)', example: '71009' })
export const plusCode = z
  .string()
  .openapi({ description: 'Open Location Code of eleven digits', example: '7P28QMCX+R8V' })
export const geo = z.string().openapi({ description: 'RFC 5870', example: 'geo:10.7721125,106.6982969' })

export const bbox = z.array(z.number()).length(4).openapi({ description: 'minLon, minLat, maxLon, maxLat' })

/** A named schema, or null. `.nullable()` would put the null into the named one, for all that refer to it. */
export const orNull = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()])

const unitShape = {
  code: z
    .string()
    .openapi({ description: 'Official code; a key only together with its era', example: '26743' }),
  name: z.string().openapi({ description: 'Without the type word', example: 'Bến Thành' }),
  fullName: z.string().openapi({ example: 'Phường Bến Thành' }),
  type: unitType,
}
export const unit = z.strictObject(unitShape).openapi('Unit')
export const commune = z.strictObject({ ...unitShape, postcode }).openapi('Commune')
const neighbour = z.strictObject({ ...unitShape, postcode, metres }).openapi('NeighbourCommune')

export const severity = z.enum(['info', 'warning', 'error'])
export const issue = z
  .strictObject({
    code: z.string().openapi({ example: 'near-border' }),
    part: z.string().openapi({ example: 'commune' }),
    given: z.string().nullable(),
    used: z.string().nullable(),
    severity,
    message: z.string().optional().openapi({
      description: 'For people, in the language of Accept-Language; in answers about an address',
    }),
  })
  .openapi('Issue', { description: 'Something found or repaired on the way; codes are a closed list' })

export const bounds = z
  .strictObject({ south: z.number(), west: z.number(), north: z.number(), east: z.number() })
  .openapi('Bounds', { description: 'Edges of the cell, degrees WGS 84' })

/** An answer that names a point's own code. */
export const encodedPoint = z
  .strictObject({
    lat,
    lon,
    vpostcode,
    formatted,
    plusCode,
    geo,
    postcode,
    commune,
    province: unit,
    neighbours: z.array(neighbour).openapi({ description: 'Other communes within 50 m, nearest first' }),
    issues: z.array(issue),
  })
  .openapi('EncodedPoint')

export const householdId = z
  .string()
  .openapi({ description: 'Twelve digits, the last a Luhn check digit', example: '482910573625' })
export const householdStatus = z.enum(['provisional', 'verified', 'alternative', 'historical'])
export const problem = z
  .strictObject({
    type: z.string().openapi({ example: 'urn:vpostcode:problem:unknown-parameter' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.string().openapi({ description: 'One of a closed list', example: 'unknown-parameter' }),
    requestId: z.string().nullable(),
    refusal: z.string().optional().openapi({
      description: 'Of a refused change the rule: one of a closed list',
      example: 'address-taken',
    }),
    reasons: z.array(z.string()).optional().openapi({ description: 'Of a refused change what is in doubt' }),
    households: z
      .array(z.string())
      .optional()
      .openapi({ description: 'Of a refused change the households that stand in the way, by id' }),
    errors: z
      .array(z.strictObject({ in: z.enum(['path', 'query', 'body']), name: z.string(), message: z.string() }))
      .optional(),
  })
  .openapi('Problem', { description: 'RFC 9457' })
