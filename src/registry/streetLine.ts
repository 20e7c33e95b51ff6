import * as crypto from 'node:crypto'
import { doorOf, hamletOf, streetOf } from './key.ts'
import type { LineOf, Lines, Run } from './lineStore.ts'
import { plainStreet } from './plainStreet.ts'
import type { HouseholdParts } from './types.ts'

/**
 * The line of a household: a number below 2^53 under which the homes of one street of a commune stand together, in the
 * order of their numbers, odd and even apart, those in alleys after those at the street by the alley's mouth. What names a
 * hamlet and no street stands under the hamlet, in no order.
 *
 *     hash of the street 32 bits | 0 | odd 1 | number at the street 14 | 00000       at the street
 *                                | 1 | number of the mouth 14 | next number 6        in an alley
 *     hash of the hamlet 32 bits | scattered by n 21                                 without a street
 *
 * Hashes of two streets can be equal, and numbers above their bits are as high as these allow: look at the parts.
 */
export interface DoorPlace {
  readonly inAlley: boolean
  /** Of the house, or of the outermost alley. */
  readonly number: number
  /** The number inside the outermost alley; 0 at the street. */
  readonly next: number
}

const DOORS = 2 ** 21
const ALLEY = 2 ** 20
const ODD = 2 ** 19
const MOST_NUMBER = 2 ** 14 - 1
const MOST_NEXT = 2 ** 6 - 1

/** Null for what says nothing of where a street or hamlet is: no point, in doubt, historical, no number in its address. */
export const lineOf: LineOf = ({ n, status, point, review, parts }) => {
  if (!point || status === 'historical' || review.length > 0) return null
  if (!parts.street) return parts.hamlet ? hamletLines(parts.hamlet)[0] + scattered(n) : null
  const place = placeOf(parts)
  return place && streetLine(parts.street) + doorBits(place)
}

/** A sample of a hamlet by its lowest lines is as good as any. */
const scattered = (n: number) => Math.imul(n, 0x9e3779b1) >>> 11

/** Where a door lies along its street; null when its number does not tell. */
export function placeOf(parts: Pick<HouseholdParts, 'houseNumber' | 'alleys'>): DoorPlace | null {
  const { houseNumber = '', alleys } = parts
  // Of most numbers nothing has to be taken apart: "25", "25B", "130/20/14/3".
  const isWhole = !alleys?.length || houseNumber.startsWith(`${alleys[0]!.number}/`)
  const way = isWhole && STARTS.test(houseNumber) ? houseNumber : doorOf(parts)
  const number = Math.min(Number.parseInt(way, 10), MOST_NUMBER)
  if (!(number > 0)) return null
  const cut = way.indexOf('/')
  if (cut < 0) return { inAlley: false, number, next: 0 }
  const next = Number.parseInt(way.slice(cut + 1), 10)
  return { inAlley: true, number, next: next > 0 ? Math.min(next, MOST_NEXT) : 0 }
}
const STARTS = /^[1-9]/

const doorBits = ({ inAlley, number, next }: DoorPlace) =>
  inAlley ? ALLEY + number * 64 + next : (number % 2) * ODD + number * 32

/** The homes of a street around a door: at its number, in its alley from it on and before it, and on each side those below and above. */
export function linesAround(street: string, door: DoorPlace): Run[] {
  const base = streetLine(street)
  const { number, next } = door
  const upTo = (from: number, to: number): Run => ({ lines: [base + from, base + to], downwards: false })
  const downTo = (from: number, to: number): Run => ({ lines: [base + from, base + to], downwards: true })
  const at = (number: number) => doorBits({ inAlley: false, number, next: 0 })
  const own = (number % 2) * ODD
  const other = ODD - own
  const alley = ALLEY + number * 64
  return [
    upTo(at(number), at(number)),
    upTo(alley + next, alley + MOST_NEXT),
    downTo(alley, alley + next - 1),
    downTo(own, at(number) - 1),
    upTo(at(number) + 1, own + ODD - 1),
    downTo(other, other + number * 32),
    upTo(other + number * 32, other + ODD - 1),
  ]
}

/** All homes of a street. */
export function streetLines(street: string): Lines {
  const from = streetLine(street)
  return [from, from + DOORS - 1]
}

/** The homes of a street whose number begins with a number: 12, 120 to 129 ..., each side and those in alleys for themselves. */
export function linesBeginning(street: string, digits: number): Run[] {
  const base = streetLine(street)
  const runs: Run[] = []
  for (let times = 1; digits * times <= MOST_NUMBER; times *= 10) {
    const [low, high] = [digits * times, Math.min(digits * times + times - 1, MOST_NUMBER)]
    const upTo = (from: number, to: number) =>
      runs.push({ lines: [base + from, base + to], downwards: false })
    for (const side of [0, ODD]) upTo(side + low * 32, side + high * 32 + 31)
    upTo(ALLEY + low * 64, ALLEY + high * 64 + MOST_NEXT)
  }
  return runs
}

const streetLine = (street: string) => hash(streets, street, comparedStreet) * DOORS

/** A street as lines compare it, however it is written. */
export const comparedStreet = (street: string | undefined) => streetOf(street && plainStreet(street))

export function hamletLines(hamlet: string): Lines {
  const from = hash(hamlets, hamlet, (name) => `hamlet ${hamletOf(name)}`) * DOORS
  return [from, from + DOORS - 1]
}

/** 32 bits of a name as it is compared. Names repeat from row to row: they are remembered. */
function hash(known: Map<string, number>, name: string, compared: (name: string) => string): number {
  const found = known.get(name)
  if (found !== undefined) return found
  const made = crypto.createHash('sha256').update(compared(name)).digest().readUInt32BE()
  if (known.size >= 10_000) known.clear()
  known.set(name, made)
  return made
}
const streets = new Map<string, number>()
const hamlets = new Map<string, number>()
