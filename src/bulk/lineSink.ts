import type { Counts, Job } from '../registry/jobStore.ts'
import type { ResultFile } from './files.ts'
import type { PreparedLine } from './prepare.ts'
import { addCounts, noteLines, type Sink, skipper, type Tally } from './pump.ts'

type Render = (lines: readonly PreparedLine[], counts: Counts) => string | Promise<string>

/** Writes prepared lines to the result file; nothing is registered. */
export class LineSink implements Sink {
  readonly summary: Tally
  readonly skips: Sink['skips']
  readonly #file: ResultFile
  readonly #render: Render

  /** `at`: how far the work was. `render` makes the text of the lines and counts their statuses. */
  constructor(at: Job, file: ResultFile, render: Render) {
    this.#file = file
    this.#render = render
    this.skips = skipper(at.rowsDone)
    this.summary = { rows: at.rowsDone, counts: { ...at.counts }, blank: 0, rejected: [] }
  }

  async commit(lines: readonly PreparedLine[]): Promise<void> {
    const counts: Counts = {}
    this.#file.append(await this.#render(lines, counts))
    addCounts(this.summary.counts, counts)
    noteLines(this.summary, lines)
  }
}
