import { Gap, type Token } from '../../text/tokens.ts'
import type { Query, Span } from './query.ts'

/** A part of a query, to be read freely or as it stands. */
export interface Part extends Span {
  readonly freely?: true
}

/** One way to part a query into a house number, a street and units. */
export interface Reading {
  readonly house: Span | null
  readonly street: Part | null
  readonly units: readonly Part[]
  /** How natural it is, 0 to 1. */
  readonly weight: number
}

const MOST_READINGS = 60
const MOST_UNITS = 4
const LONGEST = 9

/** Where words part without a comma, and a street behind its units, people rarely write. */
const NO_COMMA = 0.8
const NO_COMMA_BUT_TYPE = 0.97
const STREET_LAST = 0.92

/** Whether a span names anything as it stands, and when it is read freely, as bits. */
export const Names = { nothing: 0, surely: 1, freely: 2 } as const

/**
 * The ways in which the whole of a query can be read, as far as each part can be one. Names do not go over a comma.
 * @param free how many of the parts are to be read freely.
 */
export function readings(
  query: Query,
  street: (span: Span) => number,
  unit: (span: Span) => number,
  free: 0 | 1,
): Reading[] {
  const { tokens } = query
  const found: Reading[] = []
  const units: Part[] = []
  const ends = segmentEnds(tokens)

  const ending = endings(tokens.length)
  const go = (at: number, house: Span | null, named: Part | null, weight: number, left: number): void => {
    if (found.length >= MOST_READINGS) return
    const state = ending.of(at, units.length, named !== null, house !== null, left)
    if (ending.isDead(state)) return
    const before = found.length
    explore(at, house, named, weight, left)
    // What led to no reading once leads to none again.
    if (found.length === before) ending.dies(state)
  }
  const explore = (
    at: number,
    house: Span | null,
    named: Part | null,
    weight: number,
    left: number,
  ): void => {
    if (at >= tokens.length) {
      if (left === 0 && (named || units.length > 0))
        found.push({ house, street: named, units: [...units], weight })
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
        if (is === Names.nothing) continue
        const cost = parted ? 1 : query.unit(span)?.type ? NO_COMMA_BUT_TYPE : NO_COMMA
        units.push(span)
        if ((is & Names.surely) !== 0) go(before, house, named, weight * cost, left)
        units.pop()
        units.push({ ...span, freely: true })
        if ((is & Names.freely) !== 0 && left > 0) go(before, house, named, weight * cost, left - 1)
        units.pop()
      }
    // "hoàn kiếm, thành ph": what comes next is not said yet.
    const begun = at > 0 ? query.typeBegun(at) : 0
    if (begun > 0) go(tokens.length, house, named, weight * (0.5 + 0.4 * begun), left)
  }
  const streetsFrom = (from: number, house: Span | null, weight: number, left: number) => {
    for (let before = Math.min(ends[from]!, from + LONGEST); before > from; before--) {
      const span = { from, before }
      const is = street(span)
      if ((is & Names.surely) !== 0) go(before, house, span, weight, left)
      if ((is & Names.freely) !== 0 && left > 0)
        go(before, house, { ...span, freely: true }, weight, left - 1)
    }
  }
  go(0, null, null, 1, free)
  return found
}

/** From which states no way leads to the end of the query. */
function endings(tokens: number) {
  const dead = new Uint8Array((tokens + 1) * (MOST_UNITS + 1) * 8)
  return {
    of: (at: number, units: number, named: boolean, house: boolean, left: number) =>
      (at * (MOST_UNITS + 1) + units) * 8 + (named ? 4 : 0) + (house ? 2 : 0) + left,
    isDead: (state: number) => dead[state] === 1,
    dies(state: number) {
      dead[state] = 1
    },
  }
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
