import type { Counts } from '../registry/jobStore.ts'
import { quoted } from './cells.ts'
import { type FileJobSummary, runFileJob } from './fileJob.ts'
import type { FileJobOptions } from './job.ts'
import { LineSink } from './lineSink.ts'
import type { PreparedLine } from './prepare.ts'
import { UNIT_COLUMNS } from './result.ts'

/** Writes each row of a file with its units of both eras to the result file; only rejected rows have a status. */
export const convertFile = (options: FileJobOptions): Promise<FileJobSummary> =>
  runFileJob(options, {
    kind: 'convert',
    columns: UNIT_COLUMNS,
    sink: ({ at, file, delimiter }) =>
      new LineSink(at, file, (lines, counts) => unitLines(lines, delimiter, counts)),
  })

/** The lines of the result; adds to `counts` how many were rejected. */
export const unitLines = (lines: readonly PreparedLine[], delimiter: string, counts: Counts): string =>
  lines.map((line) => unitLine(line, delimiter, counts)).join('')

function unitLine(
  { input, answer, issues, rejected }: PreparedLine,
  delimiter: string,
  counts: Counts,
): string {
  if (rejected) counts.rejected = (counts.rejected ?? 0) + 1
  return `${input}${delimiter}${answer}${delimiter}${quoted(issues.join(';'), delimiter)}\n`
}
