import { createHash } from 'node:crypto'
import type { Request } from 'express'
import { coverageCsv, dayCells, lineCells } from '../../bulk/coverageCsv.ts'
import { coverageLines, dayCoverage } from '../../registry/coverage/coverage.ts'
import { numberParam, z } from '../params.ts'
import { readPlace } from '../places.ts'
import { type Context, type Deps, defineRoute, SENT } from '../route.ts'

const count = z.int()
const tally = {
  households: count.openapi({ description: 'Neither historical nor a second address of another one' }),
  coded: count.openapi({ description: 'With a Vpostcode and nothing in doubt' }),
  visit: count.openapi({ description: 'Without a known place' }),
  review: count.openapi({ description: 'In doubt: a person has to decide' }),
  verified: count,
  sampled: count.openapi({ description: 'Drawn for the blind check' }),
  checked: count,
  wrong: count,
  findings: count.openapi({ description: 'Found beside the households in review; wait for a person' }),
}
const error = z
  .strictObject({ share: z.number(), low: z.number(), high: z.number() })
  .nullable()
  .openapi({ description: 'Share of wrong ones among those checked, with the 95 % interval' })
const expected = count
  .nullable()
  .openapi({ description: 'Households expected; null where no target was loaded' })

const line = z
  .strictObject({
    code: z.string().openapi({ description: 'Empty where only the province is known', example: '01' }),
    name: z.string(),
    provinceCode: z.string(),
    provinceName: z.string(),
    expected,
    ...tally,
    error,
  })
  .openapi('CoverageLine')
const day = z
  .strictObject({
    day: z.string().openapi({ example: '2026-03-01' }),
    ...tally,
    expected,
    householdsByThen: count,
    codedByThen: count,
    visitByThen: count,
    reviewByThen: count,
    verifiedByThen: count,
    sampledByThen: count,
    checkedByThen: count,
    wrongByThen: count,
    findingsByThen: count,
    errorByThen: error,
  })
  .openapi('CoverageDay', {
    description: 'What a day changed, by the clock of Viet Nam, and what stood at its end',
  })

const DEFAULT_DAYS = 366
const query = z.strictObject({
  by: z
    .enum(['province', 'commune', 'day', 'total'])
    .optional()
    .openapi({ description: 'day with `commune`, commune with `province`, else province when not given' }),
  province: z.string().max(2).optional().openapi({ description: 'Two digits', example: '01' }),
  commune: z.string().max(5).optional().openapi({ description: 'Five digits', example: '00070' }),
  days: numberParam({ min: 1, max: 3_660, integer: true })
    .optional()
    .openapi({ description: `By day: the latest so many; ${DEFAULT_DAYS} when not given` }),
  format: z.enum(['json', 'csv']).optional().openapi({ description: 'Else by Accept: text/csv, or JSON' }),
})
type Query = z.infer<typeof query>

export const coverageRoute = defineRoute({
  method: 'get',
  path: '/v1/coverage',
  operationId: 'getCoverage',
  tagged: true,
  access: 'read',
  tag: 'households',
  summary: 'How far the coding of households is: public counts',
  description:
    'As JSON or CSV. Counted as households change, so that it costs little to ask; an answer is up to 5 seconds old.',
  query,
  answer: z.union([
    z.strictObject({ by: z.enum(['province', 'commune', 'total']), lines: z.array(line) }),
    z.strictObject({ by: z.literal('day'), days: z.array(day) }),
  ]),
  problems: ['unknown-parameter', 'bad-parameter', 'unknown-unit'],
  examples: [
    {},
    { query: { by: 'total' } },
    { query: { province: '01' } },
    { query: { commune: '00070', days: '30' } },
  ],
  async handle({ query }, context): Promise<typeof SENT> {
    const { req, res } = context
    const csv = isCsv(query, req)
    const { text, etag } = await kept(context, { ...query, format: csv ? 'csv' : 'json' })
    res.set('ETag', etag)
    res.set('Cache-Control', `public, max-age=${KEPT / 1000}`)
    res.vary('Accept')
    res.type(csv ? 'text/csv' : 'application/json').send(text)
    return SENT
  },
})

const isCsv = ({ format }: Query, req: Request) =>
  format === undefined ? req.accepts('json', 'csv') === 'csv' : format === 'csv'

interface Kept {
  text: string
  etag: string
}
/** Milliseconds that an answer is kept, so that many who ask cost as much as one; and how many of them. */
const KEPT = 5_000
const MOST_KEPT = 200
const answers = new WeakMap<Deps['coverage'], Map<string, { until: number; answer: Promise<Kept> }>>()

function kept(context: Context, query: Query): Promise<Kept> {
  const all = answers.get(context.coverage) ?? new Map()
  answers.set(context.coverage, all)
  const question = JSON.stringify([query.by, query.province, query.commune, query.days, query.format])
  const known = all.get(question)
  if (known && known.until > Date.now()) return known.answer
  if (all.size >= MOST_KEPT) all.clear()
  const answer = textOf(context, query).then((text) => ({
    text,
    etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 20)}"`,
  }))
  all.set(question, { until: Date.now() + KEPT, answer })
  // A refusal is not kept.
  answer.catch(() => all.delete(question))
  return answer
}

async function textOf({ coverage, gazetteer }: Context, query: Query): Promise<string> {
  const place = readPlace(query, gazetteer)
  const { province, commune } = place
  const by = query.by ?? (commune ? 'day' : province ? 'commune' : 'province')
  const csv = query.format === 'csv'
  if (by === 'day') {
    const filter = province && { provinceCode: province.code, communeCode: commune?.code ?? null }
    const days = (await dayCoverage(coverage, gazetteer, filter)).slice(-(query.days ?? DEFAULT_DAYS))
    return csv ? coverageCsv(days, dayCells) : JSON.stringify({ by, days })
  }
  const { lines } = await coverageLines(coverage, gazetteer, by, place)
  return csv ? coverageCsv(lines, lineCells) : JSON.stringify({ by, lines })
}
