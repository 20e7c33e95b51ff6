import { readInput, z } from './params.ts'
import type { Context, Route } from './route.ts'

const NO_INPUT = z.strictObject({})

/** Checks the parts of a request by the schemas of its route, and answers it. Throws a Problem that names what is wrong. */
export async function runRoute(
  route: Route,
  given: { params: object; query: object; body: unknown },
  context: Context,
) {
  const params = route.params ? readInput(route.params, given.params, 'path') : {}
  const query = readInput(route.query ?? NO_INPUT, { ...given.query }, 'query')
  const body = route.body ? readInput(route.body, given.body, 'body') : undefined
  return route.handle({ params, query, body }, context)
}
