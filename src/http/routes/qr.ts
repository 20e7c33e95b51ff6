import { resolveCode } from '../../locate/resolve.ts'
import { numberParam, z } from '../params.ts'
import { Problem } from '../problems.ts'
import { isKnown } from '../reference.ts'
import { defineRoute, SENT } from '../route.ts'

const DAY = 86_400

export const qrRoute = defineRoute({
  method: 'get',
  path: '/v1/vpostcodes/{code}/qr.svg',
  operationId: 'qrOfVpostcode',
  tagged: true,
  access: 'resolve',
  tag: 'codes',
  summary: 'A QR code of the place or of the Vpostcode itself, as SVG',
  description:
    'Phones open the place (a geo: URI) in their map app. A code that names no place is refused: a door plate with it would lead nowhere.',
  params: z.strictObject({ code: z.string().min(1).max(64).openapi({ example: '71009QMCXR8V' }) }),
  query: z.strictObject({
    content: z.enum(['geo', 'code']).optional().openapi({
      description:
        'geo: the geo: URI of the place, when not given; code: the Vpostcode in its canonical form',
    }),
    size: numberParam({ min: 64, max: 2_048, integer: true })
      .optional()
      .openapi({ description: 'Width and height in pixels; 256 when not given' }),
  }),
  answer: z.string(),
  media: 'image/svg+xml',
  problems: ['unknown-parameter', 'bad-parameter', 'mistyped-vpostcode'],
  examples: [
    { params: { code: '71009QMCXR8V' } },
    { params: { code: '71009 QMCX R8V' }, query: { content: 'code', size: '512' } },
  ],
  async handle({ params, query }, context) {
    const { vpostcode, formatted, geo } = await resolveCode(context, params.code)
    if (vpostcode === null || geo === null) throw new Problem('mistyped-vpostcode')
    const content = query.content === 'code' ? vpostcode : geo
    if (isKnown(context, content, DAY)) return SENT
    const { default: qrcode } = await import('qrcode')
    const svg = await qrcode.toString(content, {
      type: 'svg',
      errorCorrectionLevel: 'M',
      margin: 4,
      width: query.size ?? 256,
    })
    // It does nothing where it is opened by itself.
    context.res.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; sandbox")
    return svg.trim().replace('<svg ', '<svg role="img" ').replace('>', `><title>${formatted}</title>`)
  },
})
