import type { Understanding } from '../../src/match/types.ts'

/** A row that was answered wrong, for reading. */
export interface Failure {
  readonly text: string
  readonly expected: string
  readonly got: string
}

/** An answer of which it is known whether what it says is right: its commune, or its province where it stops there. */
export interface Sample {
  readonly grade: Understanding['grade']
  readonly confidence: number
  readonly right: boolean
  /** The label says that the text's former commune was split: no text alone decides it. */
  readonly split: boolean
  /** In the half that is held back: what is fitted (beliefs, points, limits of grades) may be fitted on the other half only. */
  readonly heldBack: boolean
}

export class Report {
  readonly samples: Sample[] = []
  private readonly counts = new Map<string, { n: number; right: number }>()
  private readonly failed = new Map<string, Failure[]>()

  score(
    figure: string,
    right: boolean,
    text: string,
    expected: string,
    answer: Understanding | string,
  ): void {
    const count = this.counts.get(figure) ?? { n: 0, right: 0 }
    this.counts.set(figure, { n: count.n + 1, right: count.right + (right ? 1 : 0) })
    if (right) return
    const failures = this.failed.get(figure) ?? []
    failures.push({ text, expected, got: typeof answer === 'string' ? answer : brief(answer) })
    this.failed.set(figure, failures)
  }

  /** @param province code of the current province of the label. */
  sample(
    { input, grade, confidence, current }: Understanding,
    communeRight: boolean,
    province: string,
    split = false,
  ): void {
    if (!current) return
    const right = current.commune ? communeRight : current.province.code === province
    this.samples.push({ grade, confidence, right, split, heldBack: isHeldBack(input) })
  }

  count(figure: string): { n: number; right: number } {
    return this.counts.get(figure) ?? { n: 0, right: 0 }
  }

  /** Failures of every figure whose id begins with `prefix`. */
  failures(prefix: string): [string, Failure[]][] {
    return [...this.failed].filter(([id]) => id === prefix || id.startsWith(`${prefix}.`))
  }
}

const SEED = 20250701

/** Half of all texts, by a hash (FNV-1a) of the text. */
function isHeldBack(text: string): boolean {
  let hash = 0x811c9dc5 ^ SEED
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return ((hash >>> 16) & 1) === 1
}

/** An answer on one line. */
function brief(answer: Understanding): string {
  const { grade, confidence, era, current, former, candidates, components } = answer
  const names = [former?.commune, former?.district, former?.province].map((unit) => unit?.fullName ?? '-')
  const others = candidates
    .slice(1, 4)
    .map((one) => `${one.current.commune?.fullName}, ${one.current.province.fullName} ${one.confidence}`)
  return [
    `${grade} ${confidence} ${era}: ${current?.commune?.fullName ?? '-'}, ${current?.province.fullName ?? '-'}`,
    former ? `former ${names.join(', ')}` : '',
    others.length > 0 ? `also ${others.join('; ')}` : '',
    JSON.stringify(components),
  ]
    .filter(Boolean)
    .join(' | ')
}
