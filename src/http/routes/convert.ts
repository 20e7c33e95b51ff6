import type { Gazetteer } from '../../gazetteer/types.ts'
import { convertCurrentCode, convertFormerCode } from '../../match/convertCode.ts'
import type { Understanding } from '../../match/types.ts'
import { MAX_INPUT, type UnderstandOptions, understandText } from '../../match/understand.ts'
import { addressText, emptyAddress, longAddress, pointInput } from '../addressInput.ts'
import { crosswalkAnswers, crosswalksOfAddress } from '../crosswalks.ts'
import { inWords } from '../issues.ts'
import { answerLanguage } from '../language.ts'
import { latParam, lonParam, readPoint, z } from '../params.ts'
import { missing, Problem } from '../problems.ts'
import { type Context, defineRoute } from '../route.ts'
import { understanding } from '../understandingSchema.ts'

const era = z.enum(['current', 'former']).optional().openapi({
  description: 'Reads the units of the address in this era only; by default the text decides it',
})
const code = z.string().regex(/^\d{5}$/)
const conversion = understanding.extend({ crosswalks: crosswalkAnswers }).openapi('Conversion')

export const convertRoute = defineRoute({
  method: 'get',
  path: '/v1/convert',
  operationId: 'convert',
  access: 'read',
  tag: 'addresses',
  summary: 'The units of an address or of a commune code before and after July 2025',
  description: 'Give one of `address`, `former` and `current`.',
  query: z.strictObject({
    address: addressText.optional(),
    former: code.optional().openapi({ description: 'Code of a commune before July 2025', example: '26740' }),
    current: code.optional().openapi({ description: 'Code of a commune of today', example: '26740' }),
    lat: latParam
      .optional()
      .openapi({ description: 'With `current`: the former communes nearest to this point first' }),
    lon: lonParam.optional(),
    era,
  }),
  answer: conversion,
  problems: ['unknown-parameter', 'missing-parameter', 'bad-parameter', 'input-too-long', 'unknown-unit'],
  examples: [
    { query: { address: '5 Lý Tự Trọng, Phường Bến Nghé, Quận 1, TPHCM' } },
    { query: { address: 'Phường Bến Thành, Quận 1, TPHCM', era: 'current' } },
    { query: { former: '26740' } },
    { query: { current: '26740' } },
    { query: { current: '26740', lat: '10.7821', lon: '106.7012' } },
  ],
  handle({ query: { address, former, current, era, lat, lon } }, context) {
    const { gazetteer } = context
    const given = [address, former, current].filter((value) => value !== undefined)
    if (given.length !== 1) throw oneOf(given.length)
    if (era !== undefined && address === undefined)
      throw refuse('query', 'era', {
        en: 'only goes with address: a code has its era',
        vi: 'chỉ dùng với address: mã đã có thời kỳ',
      })
    if ((lat === undefined) !== (lon === undefined)) throw missing('query', lat === undefined ? 'lat' : 'lon')
    const point = lat !== undefined && lon !== undefined ? readPoint({ lat, lon }) : null
    if (lat !== undefined && current === undefined)
      throw refuse('query', 'lat', {
        en: 'only goes with current: send an address and its point as POST',
        vi: 'chỉ dùng với current: địa chỉ kèm toạ độ được gửi bằng POST',
      })
    if (address !== undefined) return answerTo(understand(address, gazetteer, { era }, 'query'), context)
    const answer =
      former !== undefined
        ? convertFormerCode(former, gazetteer)
        : convertCurrentCode(current!, gazetteer, point ?? undefined)
    if (!answer) throw new Problem('unknown-unit')
    return answerTo(answer, context)
  },
})

export const convertAddressRoute = defineRoute({
  method: 'post',
  path: '/v1/convert',
  operationId: 'convertAddress',
  access: 'read',
  tag: 'addresses',
  summary: 'The units of an address before and after July 2025, with a point where one is known',
  description:
    'The point decides where a former commune was split; an address in a body stands in no log of a proxy.',
  body: z.strictObject({
    address: addressText,
    point: pointInput.optional(),
    era,
  }),
  answer: conversion,
  problems: ['unknown-parameter', 'missing-parameter', 'bad-parameter', 'input-too-long'],
  examples: [
    { body: { address: '5 Lý Tự Trọng, Phường Bến Nghé, Quận 1, TPHCM' } },
    {
      body: {
        address: '5 Lý Tự Trọng, Phường Bến Nghé, Quận 1, TPHCM',
        point: { lat: 10.7787, lon: 106.7013 },
      },
    },
  ],
  handle({ body: { address, era, point } }, context) {
    return answerTo(understand(address, context.gazetteer, { era, point }, 'body'), context)
  },
})

function understand(text: string, gazetteer: Gazetteer, options: UnderstandOptions, place: 'query' | 'body') {
  if (text.trim() === '') throw emptyAddress(place)
  if (text.length > MAX_INPUT) throw longAddress(place)
  return understandText(text, gazetteer, options)
}

const answerTo = (read: Understanding, context: Context) => ({
  ...read,
  issues: inWords(read.issues, answerLanguage(context)),
  crosswalks: crosswalksOfAddress(context.crosswalks, read, context.gazetteer),
})

function refuse(place: 'query' | 'body', name: string, text: { en: string; vi: string }) {
  return new Problem('bad-parameter', { faults: [{ in: place, name, text }] })
}

function oneOf(given: number): Problem {
  return new Problem(given === 0 ? 'missing-parameter' : 'bad-parameter', {
    detail: {
      en: 'Give exactly one of address, former and current.',
      vi: 'Cho đúng một trong các tham số address, former và current.',
    },
  })
}
