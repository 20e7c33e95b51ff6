import { parse } from 'node:querystring'
import { setImmediate } from 'node:timers/promises'
import type { Request, Response } from 'express'
import { mayUse } from '../../access/caller.ts'
import { answerLanguage } from '../language.ts'
import { logFailure } from '../log.ts'
import { z } from '../params.ts'
import { type Language, PROBLEMS, Problem, problemBody, setRetryAfter } from '../problems.ts'
import { type Context, defineRoute, type Route, SENT } from '../route.ts'
import { runRoute } from '../run.ts'
import { LONGEST_URL } from '../url.ts'

const MOST_REQUESTS = 100
const MOST_BYTES = 256 * 1024
/** Answers are no longer begun after so many milliseconds, or characters of what was answered. */
const MOST_TIME = 10_000
const MOST_ANSWERED = 4_000_000

/** Short questions that change nothing. What streams, or is one large piece, is asked for by itself. */
const BATCHED = new Set([
  'search',
  'structured',
  'reverse',
  'validate',
  'convert',
  'convertAddress',
  'resolveVpostcode',
  'encodePoint',
  'listUnits',
  'getUnit',
  'getPostcode',
  'getHousehold',
])

const one = z.strictObject({
  id: z
    .string()
    .max(100)
    .optional()
    .openapi({ description: 'Stands beside the answer; the order of answers is that of the requests' }),
  method: z.enum(['GET', 'POST']),
  path: z
    .string()
    .max(LONGEST_URL)
    .openapi({ description: 'With its query, as in a URL', example: '/v1/vpostcodes/71009QMCXR8V' }),
  body: z.unknown().optional().openapi({ description: 'Of a POST', type: 'object' }),
})
type One = z.infer<typeof one>

const answers = z
  .strictObject({
    answers: z.array(z.strictObject({ id: z.string().nullable(), status: z.int(), body: z.looseObject({}) })),
  })
  .openapi('BatchAnswers', { description: 'One answer a request: its status, and the answer or the problem' })

/** Its requests go to the other routes, with the same checks: it is handed the list, so that no import goes round. */
export function batchRoute(all: () => readonly Route[]): Route {
  let finders: Finder[] | undefined
  return defineRoute({
    method: 'post',
    path: '/v1/batch',
    operationId: 'batch',
    access: 'bulk',
    tag: 'operations',
    summary: 'Up to 100 short questions at once',
    description:
      'Search, reverse, validation, conversion, codes, units, postcodes and single households. Each is checked, counted and answered as if it came by itself; one that is refused has its problem in its place.',
    body: z.strictObject({ requests: z.array(one).min(1).max(MOST_REQUESTS) }),
    bodyBytes: MOST_BYTES,
    answer: answers as z.ZodType<unknown>,
    media: 'application/json',
    problems: ['unknown-parameter', 'missing-parameter', 'bad-parameter'],
    examples: [
      {
        body: {
          requests: [
            { id: 'a', method: 'GET', path: '/v1/vpostcodes/71009QMCXR8V' },
            { method: 'POST', path: '/v1/validate', body: { address: 'Lê Lợi, Quận 1' } },
          ],
        },
      },
    ],
    async handle({ body: { requests } }, context) {
      context.spend(requests.length - 1)
      const language = answerLanguage(context)
      finders ??= all()
        .filter(({ operationId }) => BATCHED.has(operationId))
        .map(finder)
      const until = Date.now() + MOST_TIME
      const texts: string[] = []
      let length = 0
      for (const request of requests) {
        const full = length > MOST_ANSWERED || Date.now() > until || context.res.destroyed
        // The answers in a batch have no headers of their own.
        if (full) setRetryAfter(context.res, 'batch-full')
        const { status, body } = full
          ? refused(new Problem('batch-full'), language)
          : await answerOne(request, finders, context, language)
        const text = `{"id":${JSON.stringify(request.id ?? null)},"status":${status},"body":${body}}`
        texts.push(text)
        length += text.length
        // Others ask too.
        await setImmediate()
      }
      return `{"answers":[${texts.join()}]}`
    },
  })
}

/** Finds whether a path is that of a route, and the parameters in it. */
type Finder = (request: One) => { route: Route; params: Record<string, string> } | null

function finder(route: Route): Finder {
  const parts = route.path.split('/')
  return ({ method, path }) => {
    if (method.toLowerCase() !== route.method) return null
    const given = path.split('?', 1)[0]!.split('/')
    if (given.length !== parts.length) return null
    const params: Record<string, string> = {}
    for (const [i, part] of parts.entries()) {
      if (!part.startsWith('{')) {
        if (part !== given[i]) return null
      } else if (given[i] === '') return null
      else params[part.slice(1, -1)] = decoded(given[i]!)
    }
    return { route, params }
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Problem('malformed-url')
  }
}

async function answerOne(request: One, finders: readonly Finder[], context: Context, language: Language) {
  try {
    const cut = request.path.indexOf('?')
    const query = cut < 0 ? '' : request.path.slice(cut + 1)
    decoded(query)
    const found = finders.reduce<ReturnType<Finder>>((known, find) => known ?? find(request), null)
    if (!found) throw new Problem('not-in-a-batch')
    const { route, params } = found
    if (!mayUse(context.caller, route.access)) throw new Problem('not-allowed')
    const answer = await runRoute(route, { params, query: parse(query), body: request.body }, alone(context))
    if (answer === SENT) throw new Problem('not-in-a-batch')
    return { status: route.status ?? 200, body: JSON.stringify(answer) }
  } catch (error) {
    if (!(error instanceof Problem)) logFailure(context.log, context.req.id, error)
    return refused(error instanceof Problem ? error : new Problem('server-error'), language)
  }
}

const refused = (problem: Problem, language: Language) => ({
  status: PROBLEMS[problem.code].status,
  body: JSON.stringify(problemBody(problem, language, null)),
})

/** The context of one request: its headers are those of the batch, but it has no answer that was kept, and sets none. */
function alone(context: Context): Context {
  const req = Object.create(context.req, { fresh: { value: false } }) as Request
  const nothing = () => res
  const res = {
    set: nothing,
    setHeader: nothing,
    vary: nothing,
    getHeader() {},
    get() {},
  } as unknown as Response
  return { ...context, req, res }
}
