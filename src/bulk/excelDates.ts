import type { Columns, Field } from './columns.ts'

/**
 * "3/2" typed into a sheet becomes a date and then reads "3-Feb", "02-Mar" or "03/02/2025". In a column of house numbers or
 * streets it is what was typed.
 */

/** How the dates were typed: day first as in Viet Nam, or month first. */
export type DateOrder = 'day-month' | 'month-day'

/** Fields in which a cell that is nothing but a date is no date. */
const FIELDS: readonly Field[] = ['houseNumber', 'street', 'unit', 'address', 'hamlet']

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const MONTH = `(${MONTHS.join('|')})[a-z]*|(?:thg|tháng)\\s*(\\d{1,2})`
const DAY_MONTH = new RegExp(`^(\\d{1,2})[- ](?:${MONTH})$`, 'i')
const MONTH_YEAR = new RegExp(`^(?:${MONTH})[- ](\\d{2})$`, 'i')
/** ISO, as workbooks are read, and as dates are shown here. */
const WHOLE = /^(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})\/(\d{1,2})\/((?:19|20)\d\d))(?:[ T]00:00(?::00)?)?$/

/** What was typed where a cell is nothing but a date that a spreadsheet made; null for any other cell. */
export function typedDate(cell: string, order: DateOrder): string | null {
  if (cell.length > 20 || !/^\d|^[a-z]{3}/i.test(cell)) return null
  const short = DAY_MONTH.exec(cell)
  if (short) return pair(Number(short[1]), monthOf(short[2], short[3]), order)
  const monthYear = MONTH_YEAR.exec(cell)
  // No 68th day or month: the program took it for a year.
  if (monthYear) return `${monthOf(monthYear[1], monthYear[2])}/${Number(monthYear[3])}`
  const whole = WHOLE.exec(cell)
  if (!whole) return null
  const year = Number(whole[1] ?? whole[6])
  // Shown with slashes it reads in the order in which it was typed.
  const typed = whole[1]
    ? pair(Number(whole[3]), Number(whole[2]), order)
    : `${Number(whole[4])}/${Number(whole[5])}`
  // A date without a year got that of the day on which it was typed; a third part below 100 became a year.
  return year >= TYPING_YEARS ? typed : `${typed}/${year % 100}`
}

/** Spreadsheets of this age and younger are read. */
const TYPING_YEARS = 2005

const pair = (day: number, month: number, order: DateOrder) =>
  order === 'day-month' ? `${day}/${month}` : `${month}/${day}`

const monthOf = (name: string | undefined, number: string | undefined) =>
  number === undefined ? MONTHS.indexOf(name!.toLowerCase()) + 1 : Number(number)

/**
 * The order in which dates were typed, by what stayed text in the same columns: "25/3" stays where months come first,
 * "3/25" where days do. Day first where nothing tells.
 */
export function dateOrderOf(rows: readonly (readonly string[])[], columns: Columns): DateOrder {
  let dayFirst = 0
  let monthFirst = 0
  for (const row of rows)
    for (const field of FIELDS) {
      const found = /^(\d{1,2})\/(\d{1,2})$/.exec(row[columns[field] ?? -1]?.trim() ?? '')
      if (!found) continue
      const [a, b] = [Number(found[1]), Number(found[2])]
      if (a > 12 && a <= 31 && b >= 1 && b <= 12) monthFirst++
      if (b > 12 && b <= 31 && a >= 1 && a <= 12) dayFirst++
    }
  return monthFirst > dayFirst ? 'month-day' : 'day-month'
}

/** Puts back what was typed into the cells of an address; true when there was something. */
export function restoreDates(cells: string[], columns: Columns, order: DateOrder): boolean {
  let restored = false
  for (const field of FIELDS) {
    const column = columns[field]
    const typed = column === undefined ? null : typedDate(cells[column] ?? '', order)
    if (typed === null) continue
    cells[column!] = typed
    restored = true
  }
  return restored
}
