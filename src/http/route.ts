import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import type { Access, Caller } from '../access/caller.ts'
import type { Counts } from '../access/counts.ts'
import type { KeyStore } from '../access/store.ts'
import type { LoadedGazetteer } from '../gazetteer/load.ts'
import type { CoverageReader } from '../registry/coverage/store.ts'
import type { Life } from '../registry/life.ts'
import type { Registry } from '../registry/registry.ts'
import type { Crosswalks } from './crosswalks.ts'
import type { BulkDesk } from './jobs/desk.ts'
import type { Metrics } from './metrics.ts'
import type { z } from './params.ts'
import type { ProblemCode } from './problems.ts'

/** What the API reads of the registry. */
export type HouseholdReader = Pick<
  Registry,
  | 'ids'
  | 'household'
  | 'versioned'
  | 'atAddress'
  | 'atCode'
  | 'byExternalId'
  | 'knownCodes'
  | 'oldCodes'
  | 'oldPostcodes'
  | 'nearest'
  | 'idsNear'
  | 'onStreet'
  | 'hasHomes'
  | 'numbersBeginning'
  | 'hamlet'
  | 'list'
  | 'listsOf'
  | 'history'
  | 'changes'
  | 'queue'
  | 'reviewCase'
  | 'successors'
>

/** Finds who a key belongs to; asked for every request that brings one, so it must not wait for a disk. The key has any form. */
export interface KeyReader {
  /** Null for a key that is not known, or is revoked or has expired. */
  callerOf(key: string): Caller | null
}

/** What every handler gets, built once by the caller; no backend is named here. */
export interface Deps {
  gazetteer: LoadedGazetteer
  households: HouseholdReader
  /** What a person does to households. Throws ChangeRefused, and the problem `busy` when no turn came. */
  life: Life
  coverage: CoverageReader
  keys: KeyReader
  /** Where administrators make and end keys. */
  keyStore: KeyStore
  crosswalks: Crosswalks
  counts: Counts
  log: Logger
  metrics: Metrics
  settings: AppSettings
  /** Asks the database; rejected while that is away. */
  alive(): Promise<unknown>
  /** Work on files that clients send. */
  bulk: BulkDesk
  /** What is noted now of a copy of a registry elsewhere; absent for a registry of its own. */
  copy?(): string
  /** The folder of the published sets, which need not be there, and the public name of the registry. */
  published: { folder: string; registry: string }
}

export interface AppSettings {
  /** Of the engine, as /readyz tells it. */
  version: string
  /** Of the database. */
  schema: number
  /** Who is answered at /metrics. */
  metrics: 'open' | 'loopback' | 'off'
  /** Requests a minute of one client address without a key; 0 = as many as it likes. */
  publicPerMinute: number
  /** Whom to believe where a request comes from, as express's "trust proxy" has it: hops, or addresses; 0 = nobody. */
  trustProxy: number | string[]
  /** Raster tiles of the operator's choice under the map of the pages. */
  tiles?: { url: string; notice: string }
}

export interface Context extends Deps {
  caller: Caller
  /**
   * Counts `n` more requests against the quota of the caller; the one that came is counted already. Throws
   * `too-many-requests` when it has not so many left, and counts nothing then.
   */
  spend(n: number): void
  req: Request
  res: Response
}

export const SENT = Symbol('sent')

/** One operation of the API. The router, the OpenAPI document and the tests all read this. */
export interface Route<P = unknown, Q = unknown, B = unknown, A = unknown> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As OpenAPI writes it: /v1/units/{code}. */
  path: string
  operationId: string
  access: Access
  tag:
    | 'codes'
    | 'places'
    | 'units'
    | 'addresses'
    | 'households'
    | 'publications'
    | 'jobs'
    | 'keys'
    | 'operations'
  summary: string
  description?: string
  /** Strict objects: an unknown parameter is an error that names it. Absent = none are known. */
  params?: z.ZodType<P>
  query?: z.ZodType<Q>
  /** Of a body in JSON, which is read before the handler is called. */
  body?: z.ZodType<B>
  /** Of that body at most; 16 kB when not given. */
  bodyBytes?: number
  /** Media types of a body that the handler reads itself from `req`, and bounds. */
  raw?: readonly string[]
  /** Of a form (multipart/form-data) that the handler reads itself: its fields, for the documentation. */
  form?: z.ZodType
  answer: z.ZodType<A>
  /** Of the answer when it is not JSON: then it is a string that is sent as it stands. */
  media?: string
  /** Of the answer; 200 when not given. */
  status?: 200 | 201 | 202 | 204
  /** It has an ETag, and answers 304 to one that is sent back as If-None-Match. */
  tagged?: true
  /** It is a file: Range and If-Range are heard. */
  ranges?: true
  /** The problems of this route beside those that every route can answer with. */
  problems: ProblemCode[]
  /** Requests that answer 200 wherever the real gazetteer is loaded; tests replay them. */
  examples: Example[]
  /** `SENT`: the handler wrote to `res` itself, as a stream does. */
  handle(
    input: { params: P; query: Q; body: B },
    context: Context,
  ): A | typeof SENT | Promise<A | typeof SENT>
}

export interface Example {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
  /** Fields of a form; `data` or `file` is the text of its file. */
  form?: Record<string, string | string[]>
}

/** Infers the types of a route's inputs and answer from its schemas. */
export function defineRoute<P, Q, B, A>(route: Route<P, Q, B, A>): Route {
  return route as Route
}
