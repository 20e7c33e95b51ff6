import { createHash } from 'node:crypto'
import { viewCommune, viewUnit } from '../../match/views.ts'
import { isHouseholdId } from '../../registry/id.ts'
import { type Household, NO_COMMUNE } from '../../registry/types.ts'
import { formatVpostcode } from '../../vpostcode/vpostcode.ts'
import { z } from '../params.ts'
import { Problem, type Text } from '../problems.ts'
import { type Context, defineRoute } from '../route.ts'
import {
  commune,
  formatted,
  householdId,
  householdStatus,
  lat,
  lon,
  metres,
  time,
  unit,
  vpostcode,
} from '../schemas.ts'

const part = z.string().optional()
/** What a public answer tells of a household; docs/decisions/0004 gives the reason. */
const household = z
  .strictObject({
    id: householdId,
    status: householdStatus,
    of: householdId.nullable().openapi({ description: 'The main household of an alternative address' }),
    vpostcode: vpostcode.nullable(),
    formatted: formatted.nullable(),
    communeCode: z.string().nullable().openapi({ description: 'Null when only the province is known' }),
    commune: commune.nullable().openapi({
      description:
        'Null when only the province is known, or when a decree newer than the data of this server made the commune',
    }),
    province: unit.nullable(),
    point: z.strictObject({ lat, lon, accuracy: metres }).nullable(),
    parts: z.strictObject({
      houseNumber: part,
      alleys: z
        .array(
          z.strictObject({ kind: z.enum(['ngo', 'ngach', 'hem', 'kiet']).nullable(), number: z.string() }),
        )
        .optional(),
      street: part,
      group: part,
      hamlet: part,
      building: part,
      block: part,
      floor: part,
      unit: part,
    }),
    updatedAt: time,
  })
  .openapi('Household')

export const householdRoute = defineRoute({
  method: 'get',
  path: '/v1/households/{id}',
  operationId: 'getHousehold',
  access: 'resolve',
  tag: 'households',
  summary: 'A registered household',
  description: 'With an ETag: send it back as If-None-Match and an unchanged household answers 304.',
  params: z.strictObject({ id: z.string().max(40).openapi({ example: '482910573625' }) }),
  answer: household,
  problems: ['mistyped-household-id', 'unknown-household'],
  examples: [],
  async handle({ params }, { households, gazetteer, res }) {
    const id = params.id.replace(/[\s-]+/g, '')
    const fault = idFault(id)
    if (fault)
      throw new Problem('mistyped-household-id', { faults: [{ in: 'path', name: 'id', text: fault }] })
    const found = await households.household(id)
    if (!found) throw new Problem('unknown-household')
    const answer = publicView(found, gazetteer)
    res.set('ETag', etagOf(found))
    res.set('Cache-Control', 'private, no-cache')
    return answer
  },
})

function idFault(id: string): Text | null {
  if (!/^\d{12}$/.test(id)) return { en: 'must be twelve digits', vi: 'phải gồm mười hai chữ số' }
  if (!isHouseholdId(id)) return { en: 'has a mistyped digit', vi: 'có chữ số gõ sai' }
  return null
}

function publicView(found: Household, gazetteer: Context['gazetteer']) {
  const { id, status, of, vpostcode, point, updatedAt } = found
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
    updatedAt,
  }
}

/** Changes with every change of the stored household, also of what the public answer leaves out. */
function etagOf(found: Household): string {
  return `"${createHash('sha256').update(JSON.stringify(found)).digest('base64url').slice(0, 20)}"`
}
