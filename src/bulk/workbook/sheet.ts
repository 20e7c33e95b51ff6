import { convertFont } from './fonts.ts'
import { numberText } from './numbers.ts'
import { type SharedStrings, textOf } from './sharedStrings.ts'
import type { CellStyle } from './styles.ts'
import { streamElements, unescaped } from './xml.ts'

/** A row of a sheet: its number from 1, and its cells as text. */
export interface SheetRow {
  row: number
  cells: string[]
}

export interface SheetContext {
  strings: SharedStrings
  styles: readonly CellStyle[]
  base1904: boolean
}

/** Cells to the right of this column are not read: lists of households have some dozens. */
export const MOST_COLUMNS = 1024

/** The rows of a sheet, some at a time, in the order of the file. Empty rows may be missing. */
export async function* sheetRows(
  source: AsyncIterable<Buffer>,
  context: SheetContext,
): AsyncGenerator<SheetRow[]> {
  let last = 0
  for await (const elements of streamElements(source, 'row')) {
    const rows: SheetRow[] = []
    for (const xml of elements) {
      const number = NUMBER.exec(xml.slice(0, xml.indexOf('>')))
      last = number ? Number(number[1]) : last + 1
      rows.push({ row: last, cells: cellsOf(xml, context) })
    }
    yield rows
  }
}

const NUMBER = /\sr="(\d{1,7})"/
const CELL = /<(\w+:)?c(?=[\s/>])([^<>]*)>/g
const VALUE = /<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)</

function cellsOf(xml: string, { strings, styles, base1904 }: SheetContext): string[] {
  const cells: string[] = []
  let next = 0
  CELL.lastIndex = 0
  for (let found = CELL.exec(xml); found; found = CELL.exec(xml)) {
    const tag = found[2]!
    const column = columnOf(tag) ?? next
    next = column + 1
    if (tag.endsWith('/')) continue
    const from = CELL.lastIndex
    const end = found[1] ? `</${found[1]}c>` : '</c>'
    const to = xml.indexOf(end, from)
    // A cell that does not end is the end of a broken row: looking on from each that begins behind it would take hours.
    if (to < 0) break
    CELL.lastIndex = to + end.length
    if (column >= MOST_COLUMNS) continue
    const content = xml.slice(from, to)
    const type = letterAttribute(tag, 't')
    const style = styles[Number(letterAttribute(tag, 's') || 0)]
    let text: string
    if (type === 'inlineStr') text = textOf(content)
    else {
      const value = VALUE.exec(content)?.[1] ?? ''
      if (type === 's') text = strings.get(Number(value))
      else if (type === '' || type === 'n') text = numberText(value, style?.number ?? 'general', base1904)
      else if (type === 'b') text = value === '1' ? 'TRUE' : 'FALSE'
      else if (type === 'd') text = value.replace(/T00:00:00(?:\.0+)?Z?$/, '')
      else text = unescaped(value)
    }
    while (cells.length < column) cells.push('')
    cells[column] = style?.font ? convertFont(text, style.font) : text
  }
  return cells
}

/** The value of an attribute of one letter; '' when it is not there. */
function letterAttribute(tag: string, name: string): string {
  const at = tag.indexOf(` ${name}="`)
  return at < 0 ? '' : tag.slice(at + 4, tag.indexOf('"', at + 4))
}

/** "C7" is column 2; null without a reference. */
function columnOf(tag: string): number | null {
  const at = tag.indexOf(' r="')
  if (at < 0) return null
  let column = 0
  for (let i = at + 4; ; i++) {
    const code = tag.charCodeAt(i)
    if (!(code >= 65 && code <= 90)) return column - 1
    column = column * 26 + code - 64
  }
}
