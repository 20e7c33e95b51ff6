import { ISSUES, type IssueCode } from '../match/issueCodes.ts'
import type { Issue } from '../match/types.ts'
import { type Language, languageOf } from './problems.ts'
import type { Context } from './route.ts'

/** The language of the texts of an answer; its headers say so. Vietnamese when the client prefers it, else English. */
export function answerLanguage({ req, res }: Context): Language {
  const language = languageOf(req)
  res.set('Content-Language', language)
  res.vary('Accept-Language')
  return language
}

/** Issues with their text for people. */
export function inWords(issues: readonly Issue[], language: Language) {
  return issues.map(({ code, part, given, used, severity }) => {
    const [, vi, en] = ISSUES[code as IssueCode]
    return { code, part, given, used, severity, message: language === 'vi' ? vi : en }
  })
}
