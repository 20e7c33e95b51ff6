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
const WEAK = {
  en: 'If-Match compares strongly: a weak ETag (W/), as proxies make that compress, never matches',
  vi: 'If-Match so khớp chặt: ETag yếu (W/), như máy chủ trung gian nén nội dung tạo ra, không bao giờ khớp',
}

/**
 * The versions of an If-Match. A weak tag (W/) never matches: If-Match compares strongly (RFC 9110, section 13.1.1). Throws a
 * Problem when the header is missing, is `*` (which would let one clerk overwrite another) or cannot be read, and when all
 * its tags are weak.
 */
export function readIfMatch(header: string | undefined): string[] {
  const tags = (header ?? '')
    .split(',', MOST + 1)
    .map((tag) => /^\s*(W\/)?"([^".]{1,60})(?:\.\w{1,10})?"\s*$/.exec(tag))
  if (tags.length > MOST || tags.some((tag) => tag === null)) throw new Problem('precondition-required')
  const strong = tags.flatMap((tag) => (tag![1] ? [] : [tag![2]!]))
  if (strong.length === 0) throw new Problem('changed-meanwhile', { detail: WEAK })
  return strong
}
