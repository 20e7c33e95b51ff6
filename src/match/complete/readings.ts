import { Gap, type Token } from '../../text/tokens.ts'
import type { Query, Span } from './query.ts'

/** One way to part a query into a house number, a street and units. */
export interface Reading {
  readonly house: Span | null
  readonly street: Span | null
  readonly units: readonly Span[]
  /** How natural it is, 0 to 1. */
  readonly weight: number
}

const MOST_READINGS = 60
const MOST_UNITS = 4
const LONGEST = 7

/** Where words part without a comma, and a street behind its units, people rarely write. */
const NO_COMMA = 0.8
const NO_COMMA_BUT_TYPE = 0.97
const STREET_LAST = 0.92

/** Whether a span names anything as it stands, or only when it is read more freely. */
export type Names = 'surely' | 'freely' | 'nothing'

/**
 * The ways in which the whole of a query can be read, as far as each part can be one. Names do not go over a comma.
 * @param free how many of the parts are to be read freely.
 */
export function readings(
  query: Query,
  street: (span: Span) => Names,
  unit: (span: Span) => Names,
  free: 0 | 1,
): Reading[] {
  const { tokens } = query
  const found: Reading[] = []
  const units: Span[] = []
  const ends = segmentEnds(tokens)

  const go = (at: number, house: Span | null, named: Span | null, weight: number, left: number): void => {
    if (found.length >= MOST_READINGS) return
    if (at === tokens.length) {
      if (left === 0) found.push({ house, street: named, units: [...units], weight })
      return
    }
    const parted = at === 0 || tokens[at]!.gap >= Gap.comma || house?.before === at
    const last = Math.min(ends[at]!, at + LONGEST)
    if (!named) {
      const behind = units.length > 0 ? STREET_LAST * (parted ? 1 : NO_COMMA) : 1
      if (!house) {
        const end = query.houseEnd(at)
        if (end > at && end < tokens.length)
          streetsFrom(end, { from: at, before: end }, weight * behind, left)
      }
      streetsFrom(at, house, weight * behind, left)
    }
    if (units.length < MOST_UNITS)
      for (let before = last; before > at; before--) {
        const span = { from: at, before }
        const is = unit(span)
        if (is === 'nothing' || (is === 'freely' && left === 0)) continue
        const cost = parted ? 1 : query.unit(span)!.type ? NO_COMMA_BUT_TYPE : NO_COMMA
        units.push(span)
        go(before, house, named, weight * cost, is === 'freely' ? left - 1 : left)
        units.pop()
      }
  }
  const streetsFrom = (from: number, house: Span | null, weight: number, left: number) => {
    for (let before = Math.min(ends[from]!, from + LONGEST); before > from; before--) {
      const span = { from, before }
      const is = street(span)
      if (is === 'surely') go(before, house, span, weight, left)
      else if (is === 'freely' && left > 0) go(before, house, span, weight, left - 1)
    }
  }
  go(0, null, null, 1, free)
  return found
}

/** For each token where its part between commas ends. */
function segmentEnds(tokens: readonly Token[]): number[] {
  const ends: number[] = new Array(tokens.length)
  let end = tokens.length
  for (let i = tokens.length - 1; i >= 0; i--) {
    ends[i] = end
    if (tokens[i]!.gap >= Gap.comma) end = i
  }
  return ends
}
