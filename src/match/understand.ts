import { nameIndex } from '../gazetteer/names.ts'
import type { Gazetteer } from '../gazetteer/types.ts'
import { inInput, readLine } from '../parse/line.ts'
import { Parts } from '../parse/parts.ts'
import { readParts } from '../parse/readParts.ts'
import { codes, country, postcode } from '../parse/rules/codes.ts'
import { contacts } from '../parse/rules/contacts.ts'
import type { PointHint } from './decide.ts'
import type { Understanding } from './types.ts'
import { type ForcedEra, matchUnits } from './units.ts'

/** Longer texts are no addresses. UTF-16 code units. */
export const MAX_INPUT = 500

/** A text above MAX_INPUT: refused, never cut. */
export class InputTooLong extends Error {
  readonly length: number
  constructor(length: number) {
    super(`the text has ${length} characters; at most ${MAX_INPUT} are read`)
    this.name = 'InputTooLong'
    this.length = length
  }
}

export interface UnderstandOptions {
  /** Read the units in this era only; by default the era is decided from the text. */
  era?: ForcedEra
  /** Where it is, degrees WGS 84: decides between several communes, replaces none that the text names. */
  point?: PointHint | null
}

/**
 * What a text says: its units in both eras, its parts, what is doubtful and what is private.
 * @throws InputTooLong above 500 characters.
 */
export function understandText(
  text: string,
  gazetteer: Gazetteer,
  options: UnderstandOptions = {},
): Understanding {
  if (text.length > MAX_INPUT) throw new InputTooLong(text.length)
  const line = readLine(text, nameIndex(gazetteer).syllables)
  const parts = new Parts(line)
  codes(parts)
  const hidden = contacts(parts)
  country(parts)
  postcode(parts)
  const { used, ...units } = matchUnits(line, parts, gazetteer, options.point ?? null, options.era)
  for (const { from, to } of used) parts.add('units', from, to)
  const { components, unresolved } = readParts(parts)
  return {
    input: text,
    components,
    ...units,
    private: hidden.map((span) => ({ kind: span.kind, ...inInput(line, span) })),
    unresolved: unresolved.map((span) => inInput(line, span)),
  }
}

/** The text without its private spans: what may be stored. */
export function withoutPrivate({ input, private: spans }: Pick<Understanding, 'input' | 'private'>): string {
  let kept = ''
  let at = 0
  for (const { start, end } of spans) {
    kept += input.slice(at, start)
    at = end
  }
  return (kept + input.slice(at))
    .replace(/\s+/g, ' ')
    .replace(/^[\s,;:-]+|[\s,;:-]+$/g, '')
    .replace(/(,\s*){2,}/g, ', ')
}
