import { cellsOf } from './cells.ts'
import { isKnownHeader } from './header.ts'
import { STRIDE, scanRecords } from './records.ts'

/** How a CSV text is written. */
export interface Dialect {
  /** '' when the file has one column and no delimiter: then a line is a cell. */
  delimiter: (typeof DELIMITERS)[number] | ''
  /** The byte of `delimiter`, -1 when there is none. */
  delimiterByte: number
  /** Lines end in CR alone. */
  bareCr: boolean
}

export const DELIMITERS = [',', ';', '\t', '|'] as const

/** A file that cannot be read at all; the message says why and what to do. `vi` = the same in Vietnamese, for who uploads. */
export class UnreadableFile extends Error {
  override name = 'UnreadableFile'
  readonly vi: string
  constructor({ en, vi }: { en: string; vi: string }) {
    super(en)
    this.vi = vi
  }
}

export const EMPTY_FILE = {
  en: 'The file is empty: it has no header line.',
  vi: 'Tệp rỗng: không có dòng tiêu đề.',
}

const SAMPLE_RECORDS = 50
/** Excel's own line that names the delimiter. */
const SEP = /^"?sep=(.)"?\r?\n/i

/**
 * The dialect of a text by its beginning; `whole` = that is all of it. `skip` = bytes of a line that only says the delimiter.
 * `known` is a delimiter that somebody has told.
 */
export function dialectOf(
  head: Buffer,
  whole: boolean,
  known?: Dialect['delimiter'],
): { dialect: Dialect; skip: number } {
  const lf = head.indexOf(10)
  const cr = head.indexOf(13)
  const bareCr = cr >= 0 && (lf < 0 || lf > cr + 1)
  const sep = SEP.exec(head.toString('latin1', 0, 16))
  const said = DELIMITERS.find(
    (delimiter) => delimiter === sep?.[1] || (sep?.[1] === 't' && delimiter === '\t'),
  )
  if (sep && said) return { dialect: { bareCr, ...written(known || said) }, skip: sep[0].length }
  if (known) return { dialect: { bareCr, ...written(known) }, skip: 0 }
  return { dialect: { bareCr, ...delimiterOf(head, bareCr, whole) }, skip: 0 }
}

const written = (delimiter: (typeof DELIMITERS)[number]) => ({
  delimiter,
  delimiterByte: delimiter.charCodeAt(0),
})

/** The delimiter that most records of the sample hold equally often; ties go to the one that cuts more cells. */
function delimiterOf(
  text: Buffer,
  bareCr: boolean,
  whole: boolean,
): Pick<Dialect, 'delimiter' | 'delimiterByte'> {
  let best = { delimiter: '' as Dialect['delimiter'], delimiterByte: -1 }
  let bestScore = 0
  for (const delimiter of DELIMITERS) {
    const dialect = { bareCr, ...written(delimiter) }
    const table: number[] = []
    scanRecords(text, 0, 1, dialect, whole, SAMPLE_RECORDS, table)
    const widths: number[] = []
    let header = false
    for (let i = 0; i < table.length; i += STRIDE) {
      if (table[i + 3] !== 0) continue
      const cells = cellsOf(text.toString('utf8', table[i], table[i + 1]), delimiter)
      widths.push(cells.length)
      header ||= cells.filter(isKnownHeader).length > 1
    }
    const width = commonest(widths.filter((cells) => cells > 1))
    // Commas in the rows of one column are no delimiters; below titles a header must be seen.
    if (width < 2 || (widths[0]! < 2 && !header)) continue
    // The header counts more than a row, unless it stands below titles.
    const same = widths.filter((other) => other === width).length + (widths[0] === width ? 1 : 0)
    const score = same / (widths.length + 1) + width / 10_000
    if (score > bestScore) {
      bestScore = score
      best = written(delimiter)
    }
  }
  return best
}

function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  let best = 0
  for (const [value, count] of counts) if (count > (counts.get(best) ?? 0)) best = value
  return best
}
