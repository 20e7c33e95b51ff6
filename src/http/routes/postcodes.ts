import { viewCommune, viewUnit } from '../../match/views.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import { defineRoute } from '../route.ts'
import { commune, unit } from '../schemas.ts'

export const postcodeRoute = defineRoute({
  method: 'get',
  path: '/v1/postcodes/{code}',
  operationId: 'getPostcode',
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
    .strictObject({ postcode: z.string(), commune: commune.nullable(), province: unit })
    .openapi('Postcode', { description: '`commune` is null for a prefix' }),
  problems: ['bad-parameter', 'unknown-postcode'],
  examples: [{ params: { code: '71009' } }, { params: { code: '71' } }],
  handle({ params: { code } }, { gazetteer }) {
    const found = code.length === 5 ? gazetteer.communeByPostcode(code) : undefined
    const province = found?.province ?? gazetteer.provinceByPrefix(code.slice(0, 2))
    if (province && (found || code.length === 2))
      return { postcode: code, commune: found ? viewCommune(found) : null, province: viewUnit(province) }
    if (!province) throw new Problem('unknown-postcode')
    throw new Problem('unknown-postcode', {
      detail: {
        en: `The first two digits belong to ${province.fullName}.`,
        vi: `Hai chữ số đầu thuộc ${province.fullName}.`,
      },
    })
  },
})
