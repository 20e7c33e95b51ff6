import type { AddressParts, CrosswalkId, FormerReading, Validation } from 'vpostcode/client'
import type { Api } from './api.ts'
import type { Values } from './fields.ts'

/** A commune of today that is sure: the shopper chose it, or an earlier answer said it. */
export interface Chosen {
  code: string
  /** What the text said of before July 2025; the code alone does not. */
  former: FormerReading | null
  crosswalks: readonly CrosswalkId[]
  /** The line as it was written, with units in it that would contradict, and what stands in front of them. */
  line: { written: string; place: string } | null
}

export interface Finding {
  answer: Validation
  former: FormerReading | null
  /** Null when the line named another place than the one that was chosen. */
  chosen: Chosen | null
  /** The line alone told it: what stands in the fields of the units is older. */
  byLine: boolean
}

/** Characters of all fields together beyond which the API would refuse. */
const LONGEST = 480

export const isAsked = (values: Values): boolean => {
  const length = Object.values(values).join().length
  return (values.line !== '' || values.commune !== '') && length <= LONGEST
}

/**
 * Asks what the fields say. Where a commune was chosen and the line contradicts it, the line alone is asked: somebody wrote another
 * address over it. Null when the API does not answer.
 */
export async function look(
  api: Pick<Api, 'validate'>,
  values: Values,
  chosen: Chosen | null,
  signal: AbortSignal,
): Promise<Finding | null> {
  const answer = await api.validate(questionOf(values, chosen), signal)
  if (!answer) return null
  if (!chosen) return { answer, former: answer.former, chosen: null, byLine: false }
  if (answer.grade === 'C' || answer.grade === 'D') {
    const other = await api.validate(values.line, signal)
    if (other?.current?.commune) return { answer: other, former: other.former, chosen: null, byLine: true }
  }
  // A code names a commune of today only: which of its parts of before it is, and their ids, the text had said.
  const crosswalks = answer.crosswalks.map(
    (one) =>
      (one.id === null && chosen.crosswalks.find(({ scheme, id }) => scheme === one.scheme && id !== null)) ||
      one,
  )
  return {
    answer: { ...answer, crosswalks },
    former: answer.former ?? chosen.former,
    chosen,
    byLine: false,
  }
}

export function questionOf({ line, commune, district, province }: Values, chosen: Chosen | null) {
  if (chosen) {
    const place = chosen.line?.written === line ? chosen.line.place : line
    return { ...(place && { street: place }), commune: chosen.code }
  }
  if (!commune && !district && !province) return line
  const parts = Object.entries({ street: line, commune, district, province })
  return Object.fromEntries(parts.filter(([, text]) => text)) as AddressParts
}
