import type { AssignRow, Outcome } from '../registry/assign.ts'
import type { AssignRun } from '../registry/assignRun.ts'
import type { Counts, Job, Reach } from '../registry/store.ts'
import type { ResultFile } from './files.ts'
import type { PreparedLine } from './prepare.ts'
import { addCounts, noteLines, type Sink, skipper, type Tally } from './pump.ts'
import { resultLine } from './result.ts'

/** Commits prepared lines chunk by chunk: registry, result file and job step forward together. */
export class RegistrySink implements Sink {
  readonly summary: Tally
  readonly skips: Sink['skips']
  readonly #run: AssignRun
  readonly #file: ResultFile
  readonly #delimiter: string
  readonly #isRegistered: (n: number) => boolean

  /** `at`: how far the work was. Households that are not registered are answered without their id. */
  constructor(
    run: AssignRun,
    file: ResultFile,
    delimiter: string,
    at: Job,
    isRegistered = (_n: number) => true,
  ) {
    this.#run = run
    this.#file = file
    this.#delimiter = delimiter
    this.#isRegistered = isRegistered
    this.skips = skipper(at.rowsDone)
    this.summary = { rows: at.rowsDone, counts: { ...at.counts }, blank: 0, rejected: [] }
  }

  async commit(lines: readonly PreparedLine[], reach: Reach): Promise<void> {
    const { summary } = this
    const rows: AssignRow[] = []
    for (const [i, { draft }] of lines.entries()) if (draft) rows.push({ draft, row: summary.rows + i + 1 })
    const counts: Counts = {}
    await this.#run.commit(rows, (outcomes) => {
      // The result is on disk before the registry commits: what is acknowledged is in both, what is cut off in neither.
      this.#file.append(this.#render(lines, outcomes, counts))
      return { firstRow: summary.rows + 1, rows: lines.length, outBytes: this.#file.length, counts, reach }
    })
    addCounts(summary.counts, counts)
    noteLines(summary, lines)
  }

  #render(lines: readonly PreparedLine[], outcomes: readonly Outcome[], counts: Counts): string {
    let text = ''
    let next = 0
    for (const line of lines) {
      const outcome = line.draft ? outcomes[next++]! : null
      if (outcome && !this.#isRegistered(outcome.n)) outcome.household.id = ''
      const status = outcome?.status ?? 'rejected'
      counts[status] = (counts[status] ?? 0) + 1
      text += resultLine(line, outcome, this.#delimiter)
    }
    return text
  }
}
