import { isUtf8 } from 'node:buffer'
import { fstatSync, readSync } from 'node:fs'
import { cellsOf } from './cells.ts'
import { type Position, readBatches, STRIDE, scanRecords } from './records.ts'

/** How a CSV file is written. */
export interface Dialect {
  bom: boolean
  /** '' when the file has one column and no delimiter: then a line is a cell. */
  delimiter: ',' | ';' | '\t' | ''
  /** The byte of `delimiter`, -1 when there is none. */
  delimiterByte: number
  /** Lines end in CR alone. */
  bareCr: boolean
}

/** A file that cannot be read at all; the message says why and what to do. */
export class UnreadableFile extends Error {
  override name = 'UnreadableFile'
}

export interface Opening {
  dialect: Dialect
  header: string[]
  /** Where the first row begins. */
  rows: Position
}

const SAMPLE = 64 * 1024
const SAMPLE_RECORDS = 50

/** Looks at the beginning of an open file: refuses what is no UTF-8 CSV, finds the dialect and reads the header. */
export function open(fd: number): Opening {
  const size = fstatSync(fd).size
  const head = Buffer.alloc(Math.min(size, SAMPLE))
  readSync(fd, head, 0, head.length, 0)
  refuse(head)
  const bom = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf
  const text = bom ? head.subarray(3) : head
  if (text.every((byte) => byte <= 32)) throw new UnreadableFile('The file is empty: it has no header line.')
  const lf = text.indexOf(10)
  const cr = text.indexOf(13)
  const bareCr = cr >= 0 && (lf < 0 || lf > cr + 1)
  const dialect = { bom, bareCr, ...delimiterOf(text, bareCr, size <= SAMPLE) }
  for (const batch of readBatches(fd, dialect, { offset: bom ? 3 : 0, line: 1 }, 1)) {
    const [start, end, line, fault] = batch.table
    if (end === undefined) continue
    const bytes = batch.bytes.subarray(start, end)
    if (fault)
      throw new UnreadableFile(
        `The header in line ${line} is broken: its quotes do not close or it is too long.`,
      )
    if (!isUtf8(bytes)) {
      throw new UnreadableFile(
        'The header is not UTF-8 text. Save the file as "CSV UTF-8" and run the command again.',
      )
    }
    return { dialect, header: cellsOf(bytes.toString(), dialect.delimiter), rows: batch.next }
  }
  throw new UnreadableFile('The file is empty: it has no header line.')
}

const FORMATS: [name: string, magic: number[]][] = [
  ['an Excel workbook (XLSX) or another ZIP archive', [0x50, 0x4b, 3, 4]],
  ['an old Excel workbook (XLS)', [0xd0, 0xcf, 0x11, 0xe0]],
  ['UTF-16 text', [0xff, 0xfe]],
  ['UTF-16 text', [0xfe, 0xff]],
  ['a gzip archive', [0x1f, 0x8b]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46]],
]

function refuse(head: Buffer): void {
  const format = FORMATS.find(([, magic]) => magic.every((byte, i) => head[i] === byte))?.[0]
  // A stray NUL breaks a row; many are UTF-16 without a mark or no text at all.
  const nuls = head.subarray(0, 4096).filter((byte) => byte === 0).length
  const what = format ?? (nuls > 16 ? 'binary data or UTF-16 text' : null)
  if (what)
    throw new UnreadableFile(
      `The file is ${what}, not CSV text. Save it as "CSV UTF-8" and run the command again.`,
    )
}

/** The delimiter that most records of the sample hold as often as the header; ties go to the one that cuts more cells. */
function delimiterOf(
  text: Buffer,
  bareCr: boolean,
  whole: boolean,
): Pick<Dialect, 'delimiter' | 'delimiterByte'> {
  let best = { delimiter: '' as Dialect['delimiter'], delimiterByte: -1 }
  let bestScore = 0
  for (const delimiter of [',', ';', '\t'] as const) {
    const dialect = { bom: false, bareCr, delimiter, delimiterByte: delimiter.charCodeAt(0) }
    const table: number[] = []
    scanRecords(text, 0, 1, dialect, whole, SAMPLE_RECORDS, table)
    const widths: number[] = []
    for (let i = 0; i < table.length; i += STRIDE) {
      if (table[i + 3] === 0)
        widths.push(cellsOf(text.toString('latin1', table[i], table[i + 1]), delimiter).length)
    }
    const width = widths[0] ?? 1
    if (width < 2) continue
    const score = widths.filter((other) => other === width).length / widths.length + width / 10_000
    if (score > bestScore) {
      bestScore = score
      best = { delimiter, delimiterByte: delimiter.charCodeAt(0) }
    }
  }
  return best
}
