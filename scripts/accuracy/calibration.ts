import { wilson } from '../../src/registry/coverage/wilson.ts'
import type { Sample } from './report.ts'

/** Answers taken together: what they said on average, and how many of them held. */
export interface Bin {
  readonly what: string
  readonly n: number
  /** Mean confidence. */
  readonly said: number
  readonly right: number
  /** Wilson's 95 % interval of the share that held. */
  readonly interval: [low: number, high: number]
}

/** What answers said beside what held, by confidence and by grade. */
export interface Reliability {
  readonly of: string
  readonly byConfidence: Bin[]
  readonly byGrade: Bin[]
}

const EDGES = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.000001]

/** The halves of the labelled rows apart, and split communes (where no text alone decides) by themselves. */
export function reliability(samples: readonly Sample[]): Reliability[] {
  const held = samples.filter(({ heldBack }) => heldBack)
  const whole = (list: readonly Sample[]) => list.filter(({ split }) => !split)
  return [
    tables('held-back half, outside split communes', whole(held)),
    tables(
      'held-back half, split communes',
      held.filter(({ split }) => split),
    ),
    tables('half used for fitting, outside split communes', whole(samples.filter((one) => !one.heldBack))),
  ]
}

function tables(of: string, samples: readonly Sample[]): Reliability {
  const byConfidence = EDGES.slice(0, -1).map((from, k) => {
    const to = EDGES[k + 1]!
    return bin(
      `${from.toFixed(2)} to ${Math.min(to, 1).toFixed(2)}`,
      samples.filter(({ confidence }) => confidence >= from && confidence < to),
    )
  })
  const byGrade = ['A', 'B', 'C'].map((grade) =>
    bin(
      grade,
      samples.filter((sample) => sample.grade === grade),
    ),
  )
  return {
    of,
    byConfidence: byConfidence.filter(({ n }) => n > 0),
    byGrade: byGrade.filter(({ n }) => n > 0),
  }
}

function bin(what: string, samples: readonly Sample[]): Bin {
  const n = samples.length
  const right = samples.filter((sample) => sample.right).length
  const said = samples.reduce((sum, { confidence }) => sum + confidence, 0) / n
  return { what, n, said, right: right / n, interval: wilson(right, n) }
}
