import type { Gazetteer } from '../../gazetteer/types.ts'
import { viewCommune, viewUnit } from '../../match/views.ts'
import type { OldPostcode } from '../../registry/store.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import { isKnown } from '../reference.ts'
import { defineRoute, SENT } from '../route.ts'
import { commune, orNull, unit } from '../schemas.ts'

const date = z.string().nullable().openapi({ format: 'date', description: 'null: not known' })

export const postcodeRoute = defineRoute({
  method: 'get',
  path: '/v1/postcodes/{code}',
  operationId: 'getPostcode',
  tagged: true,
  access: 'read',
  tag: 'units',
  summary: 'The commune of a postcode (five digits) or the province of a prefix (two digits)',
  params: z.strictObject({
    code: z
      .string()
      .regex(/^(?:\d{2}|\d{5})$/)
      .openapi({ example: '71009' }),
  }),
  answer: z
    .strictObject({
      postcode: z.string(),
      status: z.enum(['current', 'old', 'prefix']).openapi({
        description: 'old: no commune has it now; `before` has those that took over its place',
      }),
      commune: orNull(commune),
      province: unit,
      before: z
        .array(z.strictObject({ commune, province: unit, from: date, until: date, source: z.string() }))
        .openapi({
          description: 'Communes of today that had this postcode before, or a part of them, latest first',
        }),
    })
    .openapi('Postcode', { description: '`commune` is null for a prefix and for an old postcode' }),
  problems: ['bad-parameter', 'unknown-postcode'],
  examples: [{ params: { code: '71009' } }, { params: { code: '71' } }],
  async handle({ params: { code } }, context) {
    const { gazetteer, households } = context
    const prefix = gazetteer.provinceByPrefix(code.slice(0, 2))
    const found = gazetteer.communeByPostcode(code)
    const before =
      code.length === 5 ? viewBefore(await households.oldPostcodes(code), found?.code, gazetteer) : []
    const province = found?.province ?? (before[0] ? undefined : prefix)
    if (!found && before.length === 0 && (code.length === 5 || !prefix)) throw unknown(prefix?.fullName)
    if (isKnown(context, JSON.stringify(before))) return SENT
    return {
      postcode: code,
      status: found ? ('current' as const) : code.length === 2 ? ('prefix' as const) : ('old' as const),
      commune: found ? viewCommune(found) : null,
      province: province ? viewUnit(province) : before[0]!.province,
      before,
    }
  },
})

/** Without what the commune that has the postcode now says of itself, and communes newer than the data of this server. */
const viewBefore = (old: readonly OldPostcode[], now: string | undefined, gazetteer: Gazetteer) =>
  old.flatMap(({ communeCode, from, until, source }) => {
    const commune = communeCode === now ? undefined : gazetteer.commune(communeCode)
    return commune
      ? [{ commune: viewCommune(commune), province: viewUnit(commune.province), from, until, source }]
      : []
  })

function unknown(province: string | undefined): Problem {
  return new Problem(
    'unknown-postcode',
    province
      ? {
          detail: {
            en: `The first two digits belong to ${province}.`,
            vi: `Hai chữ số đầu thuộc ${province}.`,
          },
        }
      : {},
  )
}
