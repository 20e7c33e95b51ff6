import type { AddressParts, SearchResult, Validation } from 'vpostcode/client'
import type { Language } from '../shared/language.ts'

/** Milliseconds: nobody waits longer than this for the API. A later answer is taken as long as nothing was changed. */
export const PATIENCE = 800
/** Milliseconds after which a question is given up. */
const GIVEN_UP = 8_000
/** Milliseconds until a failed API is asked again: doubled each time, up to the second one. */
const FIRST_PAUSE = 2_000
const LONGEST_PAUSE = 60_000

export interface Source {
  /** Where the API is, with a slash at its end. */
  base: string
  /** A browser key of this page, '' without one. */
  key: string
  language: Language
}

/**
 * The two questions that a checkout asks. Nothing here throws: an answer that does not come is null, and the form goes on as
 * one without help. After a failure the API is left alone for a while, then `onBack` says that it may be asked again.
 */
export class Api {
  private readonly source: () => Source
  private readonly onBack: () => void
  private failures = 0
  private awayUntil = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(source: () => Source, onBack: () => void) {
    this.source = source
    this.onBack = onBack
  }

  /** It failed a moment ago and is not asked now. */
  get away(): boolean {
    return Date.now() < this.awayUntil
  }

  /** What an unfinished address can become. */
  suggest(q: string, signal: AbortSignal): Promise<SearchResult | null> {
    return this.ask('v1/search', { q, limit: 5, autocomplete: true }, signal)
  }

  /** What an address says, and what is missing. */
  validate(address: string | AddressParts, signal: AbortSignal): Promise<Validation | null> {
    return this.ask('v1/validate', { address }, signal)
  }

  /** Asks nothing any more. */
  close(): void {
    clearTimeout(this.timer)
  }

  private async ask<T>(path: string, question: object, signal: AbortSignal): Promise<T | null> {
    if (this.away || signal.aborted) return null
    const { base, key, language } = this.source()
    const limit = new AbortController()
    const stop = () => limit.abort()
    signal.addEventListener('abort', stop)
    const timer = setTimeout(stop, GIVEN_UP)
    try {
      // In a body: URLs are kept by proxies and browsers.
      const response = await fetch(base + path, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'Accept-Language': language,
          ...(key && { 'X-Api-Key': key }),
        },
        body: JSON.stringify(question),
        credentials: 'omit',
        signal: limit.signal,
      })
      if (response.ok) {
        const answer = (await response.json()) as T
        this.failures = 0
        return answer
      }
      // A question that this API will never answer says nothing of the next one.
      if (response.status < 500 && ![401, 403, 404, 408, 429].includes(response.status)) return null
      if (response.status === 401 || response.status === 403)
        console.warn(`vpostcode-address: ${base} refused the key of this page (${response.status})`)
      this.leave(Number(response.headers.get('Retry-After')) * 1_000)
    } catch {
      if (!signal.aborted) this.leave(0)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
    return null
  }

  private leave(asked: number): void {
    const pause = Math.max(asked || 0, Math.min(FIRST_PAUSE * 2 ** this.failures, LONGEST_PAUSE))
    this.failures++
    this.awayUntil = Date.now() + pause
    clearTimeout(this.timer)
    this.timer = setTimeout(this.onBack, pause)
  }
}
