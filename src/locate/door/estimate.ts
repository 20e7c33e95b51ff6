import { scaleAt } from '../../geo/flatEarth.ts'
import type { Line } from './line.ts'
import { type Numbering, type Vote, votesFor } from './numbering.ts'

/** A street that can be meant, with what is known of its numbers. */
export interface NumberedLine {
  readonly line: Line
  readonly numbering: Numbering | null
  /** Where it has no numbers: those before and behind it, which may have begun anew. */
  readonly around: Numbering | null
}

/** Where something lies, roughly: a middle (degrees WGS 84) and how far it spreads around that (standard deviation, metres). */
export interface Ground {
  readonly lat: number
  readonly lon: number
  readonly spread: number
}

export interface Estimate {
  readonly line: Line
  /** Row of the likeliest step of the line. */
  readonly step: number
  /** Metres around the step within which nine tenths of the probability lie, more where the map ends before it. */
  readonly radius: number
  /** What told the place; empty when nothing did but the street itself. */
  readonly votes: readonly Vote[]
}

/** Share of the answers in which the numbers mislead: renumbered streets, numbers that begin again at a border. */
const MISLED = 0.15
/** A street with numbers near the one asked for is likelier than its namesake without any. */
const UNNUMBERED = 0.5
/** The part of the probability that a ground leaves to places far from it. */
const OFF_GROUND = 0.1
/** Metres a metre by which a street leaves the straight line where it is not mapped, and the least metres that it runs on there. */
const ASTRAY = 0.5
const RUNS_ON = 300
/** 1 / sqrt(2 pi) */
const NORMAL = 0.4

/**
 * The likeliest place of a number on the streets that can be meant. Every step of them gets a probability: what the numbers
 * say, whether it lies in the commune, how near it is to the former commune. `number` NaN: the street as a whole.
 * Null when there is no street.
 */
export function estimate(
  streets: readonly NumberedLine[],
  number: number,
  ground: Ground | null,
): Estimate | null {
  const all = streets.map((street) => {
    const { line } = street
    // Without a number that of the street is not even asked for.
    const numbering = Number.isNaN(number) ? null : street.numbering
    const votes = numbering ? votesFor(number, numbering) : []
    const weights = likelihood(line, votes, number)
    const around = Number.isNaN(number) ? null : street.around
    const missing = around ? missingMetres(line, votesFor(number, around)) : 0
    if (ground) weighByGround(line, weights, ground)
    let sum = 0
    for (let step = 0; step < line.count; step++) sum += weights[step]!
    return { line, votes, weights, missing, sum }
  })
  const [first] = all
  if (!first) return null
  const best = all.reduce((best, one) => (one.sum > best.sum ? one : best), first)
  const { line, votes, weights, missing, sum } = best
  let before = 0
  let step = 0
  while (step < line.count - 1 && before + weights[step]! < sum / 2) before += weights[step++]!
  const radius = radiusOf(line.x[step]!, line.y[step]!, all) + ASTRAY * line.beyond[step]!
  return { line, step, radius: Math.max(radius, missing), votes }
}

/** Metres behind the end of the line at which the number should lie: so much of the street is not on the map, or bears another name. */
function missingMetres({ along, count }: Line, votes: readonly Vote[]): number {
  const { middle } = middleOf(votes)
  return Math.max(0, along[0]! - middle, middle - along[count - 1]!)
}

/** Where the votes together say it is (metres along), and how certain that is: one by the square of how far off it may be. */
function middleOf(votes: readonly Vote[]): { middle: number; certainty: number } {
  let certainty = 0
  let middle = 0
  for (const vote of votes) {
    const one = 1 / vote.deviation ** 2
    certainty += one
    middle += vote.along * one
  }
  return { middle: middle / certainty, certainty }
}

/** How likely each step is by the numbers and the commune. */
function likelihood(line: Line, votes: readonly Vote[], number: number): Float64Array {
  const { along, weight, beyond, count } = line
  const even = 1 / Math.max(line.to - line.from, 30)
  const weights = new Float64Array(count)
  if (votes.length === 0) {
    const blind = number < MOST_BLIND ? blindly(line, number) : null
    const runsOn = Math.max(RUNS_ON, line.length)
    for (let step = 0; step < count; step++)
      weights[step] =
        UNNUMBERED *
        weight[step]! *
        (blind ? BLIND * even + blind(along[step]!) : even) *
        Math.exp(-beyond[step]! / runsOn)
    return weights
  }
  const { middle, certainty } = middleOf(votes)
  const height = (1 - MISLED) * NORMAL * Math.sqrt(certainty)
  for (let step = 0; step < count; step++) {
    const off = along[step]! - middle
    weights[step] = weight[step]! * (MISLED * even + height * Math.exp(-0.5 * off * off * certainty))
  }
  return weights
}

/** A ground was drawn from the mapped streets: where the map ends it tells no more than at the last mapped step. */
function weighByGround({ lat, lon, count, beyond }: Line, weights: Float64Array, ground: Ground): void {
  const scale = scaleAt(ground.lat)
  const [toX, toY] = [(scale.x * 1e6) / ground.spread, (scale.y * 1e6) / ground.spread]
  const near = (step: number) => {
    const x = (lon[step]! - ground.lon) * toX
    const y = (lat[step]! - ground.lat) * toY
    return OFF_GROUND + Math.exp(-0.5 * (x * x + y * y))
  }
  const first = beyond.indexOf(0)
  const last = beyond.lastIndexOf(0)
  for (let step = 0; step < count; step++) weights[step]! *= near(Math.min(last, Math.max(first, step)))
}

/** Larger numbers do not tell how far they are from the beginning. */
const MOST_BLIND = 2000
/** Metres from the beginning of a street to its first number and from number to number, and how loose that is. */
const FIRST = 50
const A_NUMBER = 3.6
const LOOSE = 0.5
/** The part of the probability that the rule leaves to the whole street. */
const BLIND = 0.3

/**
 * Without any known number: numbers grow from one end, most often from the east to the west (the rules of the ministry of
 * construction, and three quarters of the streets of Ho Chi Minh City).
 */
function blindly({ x, count, length, isOpen }: Line, number: number): ((along: number) => number) | null {
  const eastward = x[count - 1]! - x[0]!
  const [start, end] = isOpen
  // They do not begin where the map ends.
  if (start && end) return null
  const fromStart = start ? 0 : end ? 1 : 1 / (1 + Math.exp((1.2 * eastward) / Math.max(length, 50)))
  const there = FIRST + A_NUMBER * number
  const loose = 60 + LOOSE * A_NUMBER * number
  const height = ((1 - BLIND) * NORMAL) / loose
  const at = (metres: number) => Math.exp(-0.5 * ((metres - there) / loose) ** 2)
  return (along) => height * (fromStart * at(along) + (1 - fromStart) * at(length - along))
}

/** Metres between the rings in which the probability is summed up, and how many there are. */
const RING = 10
const rings = new Float64Array(500)

function radiusOf(
  x: number,
  y: number,
  all: readonly { line: Line; weights: Float64Array; sum: number }[],
): number {
  rings.fill(0)
  let total = 0
  for (const { line, weights, sum } of all) {
    total += sum
    for (let step = 0; step < line.count; step++) {
      const [east, north] = [line.x[step]! - x, line.y[step]! - y]
      const ring = (Math.sqrt(east * east + north * north) / RING) | 0
      rings[ring < rings.length ? ring : rings.length - 1]! += weights[step]!
    }
  }
  let within = 0
  let ring = 0
  while (ring < rings.length && within < 0.9 * total) within += rings[ring++]!
  return ring * RING
}
