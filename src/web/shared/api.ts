import type { Problem } from 'vpostcode/client'
import { language } from './language.ts'
import { ROOT } from './root.ts'
import { shared } from './texts.ts'

/** A refusal of the server, or no answer at all (`code` is then `offline`). The message is for people, in their language. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: string
  /** HTTP; 0 without an answer. */
  readonly status: number
  /** What the server said, with the members of the refusal. */
  readonly problem: Problem | null
  constructor(code: string, status: number, message: string, problem: Problem | null = null) {
    super(message)
    this.code = code
    this.status = status
    this.problem = problem
  }
}

export interface Question {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  query?: Record<string, string | number | boolean | undefined>
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is: a form with a file. */
  form?: FormData
  /** Sent as X-Api-Key. */
  key?: string
  /** The version of a household that is changed. */
  ifMatch?: string
  signal?: AbortSignal
}

export interface Answer<T> {
  data: T
  /** The version of a household: what `ifMatch` takes. */
  etag: string | undefined
}

/**
 * Asks the server, for example `ask<ResolvedCode>('/v1/vpostcodes/71009QMCXR8V')`; the types are those of the client. Throws
 * Refusal, and AbortError when `signal` was used.
 */
export async function ask<T>(path: string, question: Question = {}): Promise<T> {
  return (await askWhole<T>(path, question)).data
}

/** As `ask`, with the ETag of the answer. */
export async function askWhole<T>(path: string, question: Question = {}): Promise<Answer<T>> {
  const response = await askRaw(path, question)
  return { data: (await bodyOf(response)) as T, etag: response.headers.get('ETag') ?? undefined }
}

/** The answer as it comes: for events and files. Throws as `ask` does. */
export async function askRaw(path: string, question: Question = {}): Promise<Response> {
  const response = await send(path, question)
  if (!response.ok) throw await refusalOf(response)
  return response
}

const bodyOf = (response: Response): Promise<unknown> =>
  response.headers.get('Content-Type')?.includes('json') ? response.json() : response.text()

/** The URL of a path of the server, wherever it stands. */
export function urlOf(path: string, query: Question['query'] = {}): URL {
  const url = new URL(path.replace(/^\//, ''), ROOT)
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

async function send(path: string, { method, query, json, form, key, ifMatch, signal }: Question) {
  const headers: Record<string, string> = { 'Accept-Language': language() }
  if (key) headers['X-Api-Key'] = key
  if (ifMatch) headers['If-Match'] = ifMatch
  if (json !== undefined) headers['Content-Type'] = 'application/json'
  const body = form ?? (json === undefined ? undefined : JSON.stringify(json))
  try {
    return await fetch(urlOf(path, query), {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers,
      body,
      signal,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Refusal('offline', 0, shared('offline'))
  }
}

async function refusalOf(response: Response): Promise<Refusal> {
  const { status, headers } = response
  const body = await bodyOf(response)
  const problem = typeof body === 'string' ? null : (body as Problem | null)
  if (status === 429 && problem?.code === 'too-many-requests')
    return new Refusal(problem.code, status, shared('tooMany', { seconds: headers.get('Retry-After') ?? 60 }))
  if (!problem?.code) return new Refusal('server-error', status, shared('failed'))
  const faults = (problem.errors ?? []).map(({ name, message }) => `${name}: ${message}`)
  const detail = [problem.detail, ...faults].filter(Boolean).join('; ')
  return new Refusal(problem.code, status, detail ? `${problem.title}: ${detail}` : problem.title, problem)
}
