import { existsSync, readFileSync } from 'node:fs'
import { openApiDocument, recordedAnswers } from '../openapi.ts'
import { z } from '../params.ts'
import { defineRoute, type Route } from '../route.ts'

/** The document that the build wrote into dist/. */
const BUILT = new URL('../../openapi.json', import.meta.url)
let document: object | undefined

/** The document of these routes, made or read once. Run from src/ there is none that was built. */
function documentOf(routes: readonly Route[], version: string): object {
  document ??= existsSync(BUILT)
    ? (JSON.parse(readFileSync(BUILT, 'utf8')) as object)
    : openApiDocument(routes, version, recordedAnswers())
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
    handle: (_input, { settings }) => documentOf(all(), settings.version) as { openapi: string },
  })
}
