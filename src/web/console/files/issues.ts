import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../shared/api.ts'

let known: Promise<Map<string, string>> | null = null

/** The texts of issue codes; empty until they came. */
export function useIssues(): ReadonlyMap<string, string> {
  const [found, setFound] = useState<ReadonlyMap<string, string>>(new Map())
  useEffect(() => {
    known ??= ask<{ issues: { code: string; message: string }[] }>('/v1/issues').then(
      ({ issues }) => new Map(issues.map(({ code, message }) => [code, message])),
    )
    known.then(setFound, () => {
      known = null
    })
  }, [])
  return found
}

/** Codes joined by ";" as sentences. */
export const issueWords = (codes: string, texts: ReadonlyMap<string, string>): string =>
  codes
    .split(';')
    .filter(Boolean)
    .map((code) => texts.get(code) ?? code)
    .join('; ')
