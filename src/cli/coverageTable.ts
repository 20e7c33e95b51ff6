import { asPercent, type Cell, percent } from '../bulk/coverageCsv.ts'
import type { CoverageDay, CoverageLine, MeasuredError } from '../registry/coverage/coverage.ts'

/** A table for people: names to the left, numbers to the right. The last row stands apart when it is a total. */
export function table(rows: readonly Record<string, Cell>[], hasTotal: boolean): string {
  const columns = Object.keys(rows[0] ?? {})
  const texts = [columns, ...rows.map((row) => columns.map((name) => String(row[name] ?? '-')))]
  const widths = columns.map((_, i) => Math.max(...texts.map((cells) => cells[i]!.length)))
  const lines = texts.map((cells) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  )
  const rule = '-'.repeat(lines[0]?.length ?? 0)
  lines.splice(1, 0, rule)
  if (hasTotal) lines.splice(-1, 0, rule)
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** What a row of the table shows of a place. */
export const placeRow = (line: CoverageLine): Record<string, Cell> => ({
  place: line.name || '(commune unknown)',
  expected: line.expected,
  coded: line.coded,
  'coded %': percent(line.coded, line.expected),
  visit: line.visit,
  review: line.review,
  findings: line.findings,
  verified: line.verified,
  'verified %': percent(line.verified, line.coded),
  sampled: line.sampled,
  checked: line.checked,
  wrong: line.wrong,
  ...errorCell(line.error),
})

/** What a row of the table shows of a day: what stood at its end. */
export const dayRow = (day: CoverageDay): Record<string, Cell> => ({
  day: day.day,
  expected: day.expected,
  coded: day.codedByThen,
  'coded %': percent(day.codedByThen, day.expected),
  visit: day.visitByThen,
  review: day.reviewByThen,
  verified: day.verifiedByThen,
  'verified %': percent(day.verifiedByThen, day.codedByThen),
  sampled: day.sampledByThen,
  checked: day.checkedByThen,
  wrong: day.wrongByThen,
  ...errorCell(day.errorByThen),
})

const errorCell = (error: MeasuredError | null) => ({
  'error % (95 %)': error && `${asPercent(error.share)} (${asPercent(error.low)} - ${asPercent(error.high)})`,
})
