import type { Gazetteer } from '../gazetteer/types.ts'
import type { AssignRow, Outcome } from '../registry/assign.ts'
import type { AssignRun } from '../registry/assignRun.ts'
import type { Counts, Job, Reach } from '../registry/jobStore.ts'
import type { Place } from '../registry/types.ts'
import type { ResultFile } from './files.ts'
import type { Neighbours } from './neighbours.ts'
import type { PreparedLine } from './prepare.ts'
import { addCounts, noteLines, type Sink, skipper, type Tally } from './pump.ts'
import { resultLine } from './result.ts'

/** Communes with their provinces, each once. */
export type Places = Map<string, Place>

export function notePlace(places: Places, { provinceCode, communeCode }: Place): void {
  const name = provinceCode + communeCode
  if (!places.has(name)) places.set(name, { provinceCode, communeCode })
}

export interface RegistrySinkOptions {
  gazetteer: Gazetteer
  /** Households that are not registered are answered without their id. */
  isRegistered?(n: number): boolean
  /** Where rows may lead to; everywhere when not given. The others are rejected. */
  within?(place: Place): boolean
  neighbours: Neighbours
  /** Is to hold the communes that the rows led to. */
  places?: Places
}

/** Commits prepared lines chunk by chunk: registry, result file and job step forward together. */
export class RegistrySink implements Sink {
  readonly summary: Tally
  readonly skips: Sink['skips']
  readonly #run: AssignRun
  readonly #file: ResultFile
  readonly #delimiter: string
  readonly #options: RegistrySinkOptions

  /** `at`: how far the work was. */
  constructor(run: AssignRun, file: ResultFile, delimiter: string, at: Job, options: RegistrySinkOptions) {
    this.#run = run
    this.#file = file
    this.#delimiter = delimiter
    this.#options = options
    this.skips = skipper(at.rowsDone)
    this.summary = { rows: at.rowsDone, counts: { ...at.counts }, blank: 0, rejected: [] }
  }

  async commit(lines: readonly PreparedLine[], reach: Reach): Promise<void> {
    const { summary } = this
    const { within } = this.#options
    const rows = rowsOf(lines, summary.rows, within)
    await this.#options.neighbours.place(lines)
    const counts: Counts = {}
    await this.#run.commit(rows, (outcomes) => {
      // The result is on disk before the registry commits: what is acknowledged is in both, what is cut off in neither.
      this.#file.append(rendered(lines, outcomes, counts, this.#delimiter, this.#options))
      return { firstRow: summary.rows + 1, rows: lines.length, outBytes: this.#file.length, counts, reach }
    })
    addCounts(summary.counts, counts)
    noteLines(summary, lines)
  }
}

/** Rejects the lines that lead where nothing may be written; the rest is what the registry decides on. */
export function rowsOf(
  lines: readonly PreparedLine[],
  before: number,
  within: RegistrySinkOptions['within'],
): AssignRow[] {
  for (const line of lines) if (line.draft && within?.(line.draft) === false) putOutside(line)
  return lines.flatMap(({ draft }, i) => (draft ? [{ draft, row: before + i + 1 }] : []))
}

/** The lines of the result, and of each status how many there are (added to `counts`). */
export function rendered(
  lines: readonly PreparedLine[],
  outcomes: readonly Outcome[],
  counts: Counts,
  delimiter: string,
  { isRegistered, places, gazetteer }: Pick<RegistrySinkOptions, 'isRegistered' | 'places' | 'gazetteer'>,
): string {
  let text = ''
  let next = 0
  for (const line of lines) {
    let outcome = line.draft ? outcomes[next++]! : null
    if (outcome?.status === 'rejected') {
      putOutside(line)
      outcome = null
    }
    if (outcome && places) notePlace(places, outcome.household)
    if (outcome && isRegistered && !isRegistered(outcome.n)) outcome.household.id = ''
    const status = outcome?.status ?? 'rejected'
    counts[status] = (counts[status] ?? 0) + 1
    text += resultLine(line, outcome, delimiter, gazetteer)
  }
  return text
}

/** Rejects a line whose household lies, or would lie, where nothing may be written. */
function putOutside(line: PreparedLine): void {
  line.draft = null
  line.rejected = 'outside-scope'
  line.issues.push('outside-scope')
}
