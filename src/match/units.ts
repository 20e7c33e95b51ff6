import { nameIndex } from '../gazetteer/names.ts'
import type { Gazetteer } from '../gazetteer/types.ts'
import { type Line, overlaps, type TokenSpan } from '../parse/line.ts'
import { findMentions } from '../parse/mentions.ts'
import type { Parts } from '../parse/parts.ts'
import { type Decision, decide, type PointHint } from './decide.ts'
import { findReadings, type Reading, restates } from './readings.ts'

/** Which era a caller knows a text to be in; by default it is decided from the text. */
export type ForcedEra = 'current' | 'former'

/** The units that a line names, and the tokens that name them. `parts` holds what is already known for something else. */
export function matchUnits(
  line: Line,
  parts: Parts,
  gazetteer: Gazetteer,
  point: PointHint | null,
  era: ForcedEra | undefined,
): Omit<Decision, 'reading'> & { used: TokenSpan[] } {
  const index = nameIndex(gazetteer)
  const mentions = findMentions(line, index).filter(({ from, to }) => {
    for (let i = from; i < to; i++) if (!parts.free(i)) return false
    return true
  })
  const explained = line.tokens.map((_, i) => !parts.free(i))
  const readings = findReadings(line, mentions, explained, index).filter(
    (reading) => era === undefined || isOfEra(reading, era),
  )
  const { reading, ...decision } = decide(line, readings, index, gazetteer, point)
  if (!reading) return { ...decision, used: [] }
  const used: TokenSpan[] = [reading.commune, reading.district, reading.province].filter(
    (unit) => unit !== null,
  )
  // What names the same place once more ("Phường 12, Phường 12", "... nay là phường Hòa Hưng") is explained as well.
  const first = Math.min(...used.map(({ from }) => from))
  for (const mention of mentions)
    if ((mention.typeWord !== null || mention.from > first) && !used.some((span) => overlaps(span, mention)))
      if (mention.senses.some((sense) => restates(reading, sense, index))) used.push(mention)
  return { ...decision, used }
}

function isOfEra({ commune, district }: Reading, era: ForcedEra): boolean {
  if (era === 'former') return !commune?.sense.current
  return !district && (!commune || commune.sense.current !== null)
}
