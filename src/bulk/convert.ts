import { quoted } from './cells.ts'
import { ResultFile } from './files.ts'
import { type InputOptions, openInput } from './input.ts'
import type { PreparedLine } from './prepare.ts'
import { type PumpOptions, pump, type Sink } from './pump.ts'
import { STRIDE } from './records.ts'
import { UNIT_COLUMNS } from './result.ts'

export interface ConvertSummary {
  finished: boolean
  rows: number
  rejected: number
  blank: number
  output: string
}

/**
 * Writes each row of a CSV file with its units of both eras to the result file; nothing is registered, and a stopped run
 * begins again. Throws as `assignFile` does.
 */
export async function convertFile(options: InputOptions & PumpOptions): Promise<ConvertSummary> {
  const source = await openInput(options, UNIT_COLUMNS)
  try {
    const { delimiter, output } = source
    const file = ResultFile.create(output, source.firstLine)
    const summary = { rows: 0, rejected: 0, blank: 0 }
    const sink: Sink = {
      summary,
      skips: ({ table }) => table.length < STRIDE,
      async commit(lines) {
        file.append(lines.map((line) => unitLine(line, delimiter)).join(''))
        summary.rows += lines.length
        summary.rejected += lines.filter(({ rejected }) => rejected).length
      },
    }
    try {
      const finished = await pump(source, sink, options)
      if (finished) {
        source.requireUnchanged()
        file.finish()
      }
      return { ...summary, finished, output }
    } finally {
      file.close()
    }
  } finally {
    source.close()
  }
}

const unitLine = ({ input, answer, issues }: PreparedLine, delimiter: string) =>
  `${input}${delimiter}${answer}${delimiter}${quoted(issues.join(';'), delimiter)}\n`
