import type { LegacyEncoding } from '../../text/legacyEncodings.ts'
import { attribute, elements } from './xml.ts'

/** What the look of a cell says about its content. */
export interface CellStyle {
  /** How its number is to be read. */
  number: NumberKind
  /** The old encoding that its font is made for. */
  font: LegacyFont | null
}

export interface LegacyFont {
  encoding: LegacyEncoding
  /** A font that draws small letters as capitals (.VnTimeH). */
  capitals: boolean
}

/**
 * general: the number itself. date, dateTime, time: a day, a moment, hours. dayMonth, monthDay: a day without a year in the
 * order shown; monthName: the same with the month as a name, so that the order is not known. monthYear: a month of a year.
 * { zeros }: that many digits.
 */
export type NumberKind =
  | 'general'
  | 'date'
  | 'dateTime'
  | 'time'
  | 'dayMonth'
  | 'monthDay'
  | 'monthName'
  | 'monthYear'
  | { zeros: number }

/** Styles of a workbook by their number, out of its part styles.xml. */
export function readStyles(xml: string): CellStyle[] {
  const formats = new Map<number, string>()
  for (const { tag } of elements(xml, 'numFmt'))
    formats.set(Number(attribute(tag, 'numFmtId')), attribute(tag, 'formatCode') ?? '')
  const [fontList] = elements(xml, 'fonts')
  const fonts = fontList
    ? [...elements(fontList.content, 'font')].map(({ content }) => {
        const [name] = elements(content, 'name')
        return legacyFont(name ? attribute(name.tag, 'val') : null)
      })
    : []
  const [cells] = elements(xml, 'cellXfs')
  if (!cells) return []
  return [...elements(cells.content, 'xf')].map(({ tag }) => {
    const id = Number(attribute(tag, 'numFmtId') ?? 0)
    return {
      number: BUILT_IN[id] ?? numberKind(formats.get(id) ?? ''),
      font: fonts[Number(attribute(tag, 'fontId') ?? 0)] ?? null,
    }
  })
}

/** Fonts of old encodings are named for them: .VnTime, .VnArialH; VNI-Times. */
export function legacyFont(name: string | null): LegacyFont | null {
  if (!name) return null
  if (/^\.vn/i.test(name)) return { encoding: 'tcvn3', capitals: /h$/i.test(name) && !/graph$/i.test(name) }
  return /^vni[- ]/i.test(name) ? { encoding: 'vni', capitals: false } : null
}

const BUILT_IN: Record<number, NumberKind> = {
  14: 'date',
  15: 'date',
  16: 'monthName',
  17: 'monthYear',
  18: 'time',
  19: 'time',
  20: 'time',
  21: 'time',
  22: 'dateTime',
  45: 'time',
  46: 'time',
  47: 'time',
}

/** Characters of a format code that are looked at; Excel's own bound. */
const MOST_CODE = 255

/** What a format code makes of a number. */
export function numberKind(code: string): NumberKind {
  // Without texts in quotes, escaped letters, colours and locales; only the first section, which is for positive numbers.
  const plain = code
    .slice(0, MOST_CODE)
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .split(';')[0]!
    .toLowerCase()
  if (/^0{2,}$/.test(plain)) return { zeros: plain.length }
  if (/general|[#0?]/.test(plain.replace(/s+\.0+/g, 's'))) return 'general'
  const time = /[hs]|am\/pm/.test(plain)
  const year = /[ye]/.test(plain)
  const day = plain.indexOf('d')
  const month = plain.search(time ? /m{3,}|(?<![hs:].*)m(?!.*[hs:])/ : /m/)
  if (day < 0 && !year) return time || month >= 0 ? (month >= 0 && !time ? 'monthName' : 'time') : 'general'
  if (time) return 'dateTime'
  if (day < 0) return 'monthYear'
  if (year) return 'date'
  if (month < 0 || /mmm/.test(plain)) return 'monthName'
  return day < month ? 'dayMonth' : 'monthDay'
}
