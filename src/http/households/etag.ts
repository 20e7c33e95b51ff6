import type { Response } from 'express'
import { Problem } from '../problems.ts'

/**
 * An ETag names the version of a household (see versionOf) and, as two views of it stand under one address, which one it is.
 * If-Match asks for the version alone.
 */
export type View = 'full' | 'public'

export function setEtag(res: Response, version: string, view: View): void {
  res.set('ETag', `"${version}.${view}"`)
  res.set('Cache-Control', 'private, no-cache')
}

const MOST = 10

/**
 * The versions of an If-Match. A proxy that compresses marks an ETag as weak (W/): the version is the same. Throws a Problem
 * when the header is missing, is `*` (which would let one clerk overwrite another) or cannot be read.
 */
export function readIfMatch(header: string | undefined): string[] {
  const tags = (header ?? '')
    .split(',', MOST + 1)
    .map((tag) => /^\s*(?:W\/)?"([^".]{1,60})(?:\.\w{1,10})?"\s*$/.exec(tag)?.[1])
  if (tags.length > MOST || tags.some((tag) => tag === undefined)) throw new Problem('precondition-required')
  return tags as string[]
}
