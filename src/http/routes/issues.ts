import { ISSUES } from '../../match/issueCodes.ts'
import { answerLanguage } from '../language.ts'
import { z } from '../params.ts'
import { isKnown } from '../reference.ts'
import { defineRoute, SENT } from '../route.ts'
import { severity } from '../schemas.ts'

export const issuesRoute = defineRoute({
  method: 'get',
  path: '/v1/issues',
  operationId: 'listIssues',
  tagged: true,
  access: 'read',
  tag: 'addresses',
  summary: 'Every issue code with its text, in the language of Accept-Language',
  description: 'What stands in `issues`, in the column `issues` of results and in what waits in review.',
  answer: z.strictObject({
    issues: z.array(
      z.strictObject({
        code: z.string(),
        severity,
        message: z.string(),
      }),
    ),
  }),
  problems: [],
  examples: [{}],
  handle(_input, context) {
    const language = answerLanguage(context)
    if (isKnown(context, language)) return SENT
    return {
      issues: Object.entries(ISSUES).map(([code, [severity, vi, en]]) => ({
        code,
        severity,
        message: language === 'vi' ? vi : en,
      })),
    }
  },
})
