import type { Sample } from './report.ts'

export interface Bin {
  readonly from: number
  readonly to: number
  readonly n: number
  readonly said: number
  readonly right: number
}

const EDGES = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.000001]

/** For each band of confidence: what the answers said on average, and how many of them were right. Empty bands are left out. */
export function calibration(samples: readonly Sample[]): Bin[] {
  return EDGES.slice(0, -1).flatMap((from, k) => {
    const to = EDGES[k + 1]!
    const inside = samples.filter(({ confidence }) => confidence >= from && confidence < to)
    if (inside.length === 0) return []
    const mean = (value: (sample: Sample) => number) =>
      inside.reduce((sum, sample) => sum + value(sample), 0) / inside.length
    const said = mean(({ confidence }) => confidence)
    return [
      { from, to: Math.min(to, 1), n: inside.length, said, right: mean(({ right }) => (right ? 1 : 0)) },
    ]
  })
}
