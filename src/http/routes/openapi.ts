import { openApiDocument, recordedAnswers } from '../openapi.ts'
import { z } from '../params.ts'
import { defineRoute, type Route } from '../route.ts'

/** The document describes all routes, this one too: it is handed the list, so that no import goes round. */
export function openApiRoute(all: () => readonly Route[]): Route {
  let document: ReturnType<typeof openApiDocument> | undefined
  return defineRoute({
    method: 'get',
    path: '/openapi.json',
    operationId: 'openapi',
    access: 'open',
    tag: 'operations',
    summary: 'This document',
    answer: z.looseObject({ openapi: z.string() }),
    problems: [],
    examples: [{}],
    handle(_input, { settings }) {
      document ??= openApiDocument(all(), settings.version, recordedAnswers())
      return { ...document }
    },
  })
}
