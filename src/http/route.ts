import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import type { Gazetteer } from '../gazetteer/types.ts'
import type { Registry } from '../registry/registry.ts'
import type { z } from './params.ts'
import type { ProblemCode } from './problems.ts'

/** What the API reads of the registry. */
export type HouseholdReader = Pick<
  Registry,
  'household' | 'atAddress' | 'atCode' | 'knownCodes' | 'oldCodes' | 'oldPostcodes' | 'nearest'
>

/** What every handler gets, built once by the caller; no backend is named here. */
export interface Deps {
  gazetteer: Gazetteer
  households: HouseholdReader
  log: Logger
  /** `version` of the engine, as /readyz tells it. */
  settings: { version: string }
}

export interface Context extends Deps {
  req: Request
  res: Response
}

/** One operation of the API. The router, the OpenAPI document and the tests all read this. */
export interface Route<P = unknown, Q = unknown, B = unknown, A = unknown> {
  method: 'get' | 'post'
  /** As OpenAPI writes it: /v1/units/{code}. */
  path: string
  operationId: string
  tag: 'codes' | 'places' | 'units' | 'addresses' | 'households' | 'operations'
  summary: string
  description?: string
  /** Strict objects: an unknown parameter is an error that names it. Absent = none are known. */
  params?: z.ZodType<P>
  query?: z.ZodType<Q>
  body?: z.ZodType<B>
  answer: z.ZodType<A>
  /** The problems of this route beside those that every route can answer with. */
  problems: ProblemCode[]
  /** Requests that answer 200 wherever the real gazetteer is loaded; tests replay them. */
  examples: Example[]
  handle(input: { params: P; query: Q; body: B }, context: Context): A | Promise<A>
}

export interface Example {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
}

/** Infers the types of a route's inputs and answer from its schemas. */
export function defineRoute<P, Q, B, A>(route: Route<P, Q, B, A>): Route {
  return route as Route
}
