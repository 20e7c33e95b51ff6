import type { NumberKind } from './styles.ts'

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const DAY = 86_400_000

/**
 * A number of a cell as text: no digit lost, none made up (10.772100000000001 is 10.7721), dates as 2025-02-03, without a year
 * as 3-Feb, without a day as Feb-68. `base1904` = days are counted from 1904.
 */
export function numberText(raw: string, kind: NumberKind, base1904: boolean): string {
  const value = Number(raw)
  if (raw.trim() === '' || !Number.isFinite(value)) return raw
  if (kind === 'general') return plain(raw, value)
  if (typeof kind === 'object')
    return Number.isInteger(value) && value >= 0
      ? plain(raw, value).padStart(kind.zeros, '0')
      : plain(raw, value)
  // Above the year 9999 and below zero it is no date.
  if (value < 0 || value >= 2_958_466) return plain(raw, value)
  // Serial 60 is the 29 February 1900 that never was; days before it count from one day later.
  const days = base1904 ? value + 1462 : value < 60 ? value + 1 : value
  const moment = new Date(Math.round((days - 25_569) * DAY))
  const iso = moment.toISOString()
  const [day, month] = [moment.getUTCDate(), moment.getUTCMonth()]
  switch (kind) {
    case 'date':
      return iso.slice(0, 10)
    case 'dateTime':
      return iso.slice(0, 16).replace('T', ' ')
    case 'time':
      return iso.slice(11, 19)
    case 'dayMonth':
      return `${day}/${month + 1}`
    case 'monthDay':
      return `${month + 1}/${day}`
    case 'monthName':
      return `${day}-${MONTHS[month]}`
    case 'monthYear':
      return `${MONTHS[month]}-${String(moment.getUTCFullYear() % 100).padStart(2, '0')}`
  }
}

function plain(raw: string, value: number): string {
  if (/^-?\d{1,15}$/.test(raw)) return raw
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(BigInt(value))
  return String(Number(value.toPrecision(15)))
}
