import { type Language, languageOf } from './problems.ts'
import type { Context } from './route.ts'

/** The language of the texts of an answer; its headers say so. Vietnamese when the client prefers it, else English. */
export function answerLanguage({ req, res }: Context): Language {
  const language = languageOf(req)
  res.set('Content-Language', language)
  res.vary('Accept-Language')
  return language
}
