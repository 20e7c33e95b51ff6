import { scaleAt } from '../../geo/flatEarth.ts'
import type { Line } from './line.ts'
import { type Numbering, type Vote, votesFor } from './numbering.ts'

/** A street that can be meant, with what is known of its numbers. */
export interface NumberedLine {
  readonly line: Line
  readonly numbering: Numbering | null
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
  /** Metres around the step within which nine tenths of the probability lie. */
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
    if (ground) weighByGround(line, weights, ground)
    let sum = 0
    for (let step = 0; step < line.count; step++) sum += weights[step]!
    return { line, votes, weights, sum }
  })
  const [first] = all
  if (!first) return null
  const best = all.reduce((best, one) => (one.sum > best.sum ? one : best), first)
  const { line, votes, weights, sum } = best
  let before = 0
  let step = 0
  while (step < line.count - 1 && before + weights[step]! < sum / 2) before += weights[step++]!
  return { line, step, radius: radiusOf(line.x[step]!, line.y[step]!, all), votes }
}

/** How likely each step is by the numbers and the commune. */
function likelihood(line: Line, votes: readonly Vote[], number: number): Float64Array {
  const { along, weight, count } = line
  const even = 1 / Math.max(line.to - line.from, 30)
  const weights = new Float64Array(count)
  if (votes.length === 0) {
    const blind = number < MOST_BLIND ? blindly(line, number) : null
    for (let step = 0; step < count; step++)
      weights[step] = UNNUMBERED * weight[step]! * (blind ? BLIND * even + blind(along[step]!) : even)
    return weights
  }
  let certainty = 0
  let middle = 0
  for (const vote of votes) {
    const one = 1 / vote.deviation ** 2
    certainty += one
    middle += vote.along * one
  }
  middle /= certainty
  const height = (1 - MISLED) * NORMAL * Math.sqrt(certainty)
  for (let step = 0; step < count; step++) {
    const off = along[step]! - middle
    weights[step] = weight[step]! * (MISLED * even + height * Math.exp(-0.5 * off * off * certainty))
  }
  return weights
}

function weighByGround({ lat, lon, count }: Line, weights: Float64Array, ground: Ground): void {
  const scale = scaleAt(ground.lat)
  const [toX, toY] = [(scale.x * 1e6) / ground.spread, (scale.y * 1e6) / ground.spread]
  for (let step = 0; step < count; step++) {
    const x = (lon[step]! - ground.lon) * toX
    const y = (lat[step]! - ground.lat) * toY
    weights[step]! *= OFF_GROUND + Math.exp(-0.5 * (x * x + y * y))
  }
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
function blindly({ x, count, length }: Line, number: number): (along: number) => number {
  const eastward = x[count - 1]! - x[0]!
  const fromStart = 1 / (1 + Math.exp((1.2 * eastward) / Math.max(length, 50)))
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
