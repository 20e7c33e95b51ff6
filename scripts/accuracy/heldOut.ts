import { accuracyOf, type Class } from '../../src/locate/door/accuracy.ts'
import { drawsFor } from '../households/random.ts'
import type { LocatedRow } from './located.ts'

const SEED = 20_250_701
/** Fewer rows of a kind in a half tell nothing of nine in ten. */
const LEAST_ROWS = 25
/** The part of the true places that an error is to reach. */
const WITHIN = 0.9
/** Metres and factors that are tried. */
const LEASTS = [...steps(0, 400, 10), ...steps(450, 1_000, 50), ...steps(1_100, 3_000, 100)]
const TIMES = steps(0, 3, 0.05)

/** A row as the fit sees it: what its kind measures (metres), and how far the answer is from the true place. */
interface Measured {
  readonly kind: Class
  readonly numbered: boolean
  readonly measure: number
  readonly metres: number
  readonly told: number
  readonly isFirst: boolean
}

/** What comes of fitting the errors on one half of the rows, of one kind of answer. */
export interface HeldOut {
  readonly kind: string
  readonly rows: number
  /** Shares inside the error: of the second half, fitted on the first, and the other way round. */
  readonly inside: readonly [number, number]
  readonly together: number
  /** The same of the error that is told. */
  readonly told: number
}

/**
 * How the errors do on rows that they were not fitted to: each row falls into one of two halves by a seeded draw, a line as in
 * accuracy.ts is fitted to each half of a kind by itself (the pinball loss of the ninth decile), and tried on the other half.
 */
export function heldOut(rows: readonly LocatedRow[]): HeldOut[] {
  const kinds = new Map<string, Measured[]>()
  for (const [i, row] of rows.entries()) {
    const one = measured(row, drawsFor(SEED, i).chance(0.5))
    const name = one.numbered ? `${one.kind}, street with a number for a name` : one.kind
    kinds.set(name, [...(kinds.get(name) ?? []), one])
  }
  const tests: Test[] = []
  for (const [kind, list] of [...kinds].sort((a, b) => b[1].length - a[1].length)) {
    const halves = [list.filter(({ isFirst }) => isFirst), list.filter(({ isFirst }) => !isFirst)] as const
    if (halves.some(({ length }) => length < LEAST_ROWS)) continue
    const tried = ([0, 1] as const).map((half) => {
      const [least, times] = fitted(halves[half])
      return halves[1 - half]!.map((row) => Number(row.metres <= least + times * row.measure))
    })
    const told = list.map((row) => Number(row.metres <= row.told))
    tests.push({ kind, second: tried[0]!, first: tried[1]!, told })
  }
  const all: Test = {
    kind: '**all of these**',
    second: tests.flatMap(({ second }) => second),
    first: tests.flatMap(({ first }) => first),
    told: tests.flatMap(({ told }) => told),
  }
  return [all, ...tests].map(({ kind, second, first, told }) => ({
    kind,
    rows: told.length,
    inside: [mean(second), mean(first)],
    together: mean([...second, ...first]),
    told: mean(told),
  }))
}

/** Of each row of a half, whether it lies inside: 0 or 1. */
interface Test {
  readonly kind: string
  readonly second: readonly number[]
  readonly first: readonly number[]
  readonly told: readonly number[]
}

/** The measure is taken back out of the error that is told. */
function measured({ door, metres }: LocatedRow, isFirst: boolean): Measured {
  const kind = door.by
  const numbered =
    accuracyOf(kind, 0, true) !== accuracyOf(kind, 0) &&
    door.evidence.some((one) => one.kind === 'street' && /\d/.test(one.text))
  const least = accuracyOf(kind, 0, numbered)
  const times = (accuracyOf(kind, 1e6, numbered) - least) / 1e6
  const measure = times > 0 ? Math.max(0, (door.accuracy - least) / times) : 0
  return { kind, numbered, measure, metres, told: door.accuracy, isFirst }
}

/** The line that nine in ten rows lie under, by the least pinball loss. */
function fitted(rows: readonly Measured[]): [least: number, times: number] {
  let best: [number, number] = [0, 0]
  let lowest = Number.POSITIVE_INFINITY
  for (const times of rows.some(({ measure }) => measure > 0) ? TIMES : [0])
    for (const least of LEASTS) {
      let loss = 0
      for (const { metres, measure } of rows) {
        const over = metres - least - times * measure
        loss += over > 0 ? WITHIN * over : (WITHIN - 1) * over
      }
      if (loss >= lowest) continue
      lowest = loss
      best = [least, times]
    }
  return best
}

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: Math.round((to - from) / by) + 1 }, (_, i) => from + i * by)
}
