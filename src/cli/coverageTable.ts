import type { CoverageDay, CoverageLine, MeasuredError } from '../registry/coverage/coverage.ts'

/** The columns of `coverage`, for CSV and for people. */
export type Cell = string | number | null

const percent = (part: number, whole: number | null) =>
  whole ? Math.round((10_000 * part) / whole) / 100 : null
const asPercent = (share: number | undefined) =>
  share === undefined ? null : Math.round(share * 10_000) / 100

export const lineCells = (line: CoverageLine): Record<string, Cell> => ({
  code: line.code,
  name: line.name,
  province_code: line.provinceCode,
  province_name: line.provinceName,
  expected: line.expected,
  households: line.households,
  coded: line.coded,
  visit: line.visit,
  review: line.review,
  verified: line.verified,
  coded_percent: percent(line.coded, line.expected),
  verified_percent: percent(line.verified, line.coded),
  sampled: line.sampled,
  checked: line.checked,
  wrong: line.wrong,
  error_percent: asPercent(line.error?.share),
  error_low_percent: asPercent(line.error?.low),
  error_high_percent: asPercent(line.error?.high),
  findings: line.findings,
})

export const dayCells = (day: CoverageDay): Record<string, Cell> => ({
  day: day.day,
  households: day.households,
  coded: day.coded,
  visit: day.visit,
  review: day.review,
  verified: day.verified,
  households_by_then: day.householdsByThen,
  coded_by_then: day.codedByThen,
  verified_by_then: day.verifiedByThen,
  expected: day.expected,
  visit_by_then: day.visitByThen,
  review_by_then: day.reviewByThen,
  coded_percent_by_then: percent(day.codedByThen, day.expected),
  verified_percent_by_then: percent(day.verifiedByThen, day.codedByThen),
  sampled: day.sampled,
  checked: day.checked,
  wrong: day.wrong,
  sampled_by_then: day.sampledByThen,
  checked_by_then: day.checkedByThen,
  wrong_by_then: day.wrongByThen,
  error_percent_by_then: asPercent(day.errorByThen?.share),
  error_low_percent_by_then: asPercent(day.errorByThen?.low),
  error_high_percent_by_then: asPercent(day.errorByThen?.high),
})

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
