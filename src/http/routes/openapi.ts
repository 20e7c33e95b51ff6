import { openApiDocument, recordedAnswers } from '../openapi.ts'
import { z } from '../params.ts'
import { defineRoute, type Route } from '../route.ts'

const documents = new WeakMap<readonly Route[], ReturnType<typeof openApiDocument>>()

/** The document of these routes, made once: it takes a moment. */
export function documentOf(routes: readonly Route[], version: string): ReturnType<typeof openApiDocument> {
  let document = documents.get(routes)
  if (!document) {
    document = openApiDocument(routes, version, recordedAnswers())
    documents.set(routes, document)
  }
  return document
}

/** The document describes all routes, this one too: it is handed the list, so that no import goes round. */
export function openApiRoute(all: () => readonly Route[]): Route {
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
    handle: (_input, { settings }) => ({ ...documentOf(all(), settings.version) }),
  })
}
