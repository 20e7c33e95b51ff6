import type { CoverageDay, CoverageLine } from '../registry/coverage/coverage.ts'
import { lineOf } from './cells.ts'

/** A cell of `coverage`, for CSV and for people. */
export type Cell = string | number | null

/** Of two counts, with two decimals; null where there is no whole. */
export const percent = (part: number, whole: number | null) =>
  whole ? Math.round((10_000 * part) / whole) / 100 : null
/** Of a share. */
export const asPercent = (share: number | undefined) =>
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
  findings: day.findings,
  findings_by_then: day.findingsByThen,
})

/** Lines or days as CSV; only the columns when there are none. */
export function coverageCsv<Row>(rows: readonly Row[], cells: (row: Row) => Record<string, Cell>): string {
  const columns = Object.keys(cells(rows[0] ?? ({} as Row)))
  const lines = rows.map((row) => Object.values(cells(row)).map((cell) => String(cell ?? '')))
  return [columns, ...lines].map((line) => `${lineOf(line, ',')}\n`).join('')
}
