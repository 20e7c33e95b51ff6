import { cellsOf } from '../cells.ts'
import type { Charset } from '../charset.ts'
import { type CsvSource, openCsv } from '../csv.ts'
import { DELIMITERS, EMPTY_FILE, UnreadableFile } from '../dialect.ts'
import { BadOption } from './plan.ts'

/** Columns of a file. */
const MOST_COLUMNS = 500

/** Encodings by the names that clients of addok send. All 8-bit ones are read as windows-1252 (see ../charset.ts). */
const ENCODINGS: Record<string, Charset> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'utf-8-sig': 'utf-8',
  ascii: 'utf-8',
  'us-ascii': 'utf-8',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  'iso-8859-1': 'windows-1252',
  'iso-8859-15': 'windows-1252',
  'latin-1': 'windows-1252',
  latin1: 'windows-1252',
  'windows-1252': 'windows-1252',
  'windows-1258': 'windows-1252',
  cp1252: 'windows-1252',
}

/**
 * A CSV file whose first record is its header. What the options leave open is told from its first bytes. Throws BadOption
 * and UnreadableFile.
 */
export function openWithHeader(
  path: string,
  { encoding, delimiter }: { encoding: string | null; delimiter: string | null },
): { source: CsvSource; header: string[] } {
  const charset = encoding === null ? undefined : ENCODINGS[encoding.toLowerCase().replaceAll('_', '-')]
  if (encoding !== null && !charset)
    throw new BadOption('encoding', { en: 'is not known here', vi: 'không được hỗ trợ ở đây' })
  const known = DELIMITERS.find((one) => one === (delimiter === '\\t' ? '\t' : delimiter))
  if (delimiter !== null && !known)
    throw new BadOption('delimiter', {
      en: 'must be a comma, a semicolon, a tab or |',
      vi: 'phải là dấu phẩy, chấm phẩy, tab hoặc |',
    })
  const source = openCsv(path, { charset, delimiter: known })
  try {
    return { source, header: headerOf(source) }
  } catch (error) {
    source.close()
    throw error
  }
}

function headerOf(source: CsvSource): string[] {
  for (const { bytes, table } of source.batches(0, 1)) {
    if (table.length === 0) continue
    if (table[3] !== 0)
      throw new UnreadableFile({
        en: 'The header is broken: its quotes do not close or it is too long.',
        vi: 'Dòng tiêu đề bị hỏng: dấu ngoặc kép không đóng hoặc dòng quá dài.',
      })
    const header = cellsOf(bytes.toString('utf8', table[0], table[1]), source.delimiter)
    if (header.some((cell) => cell.includes('\ufffd') || cell.includes('\0')))
      throw new UnreadableFile({
        en: 'The header is no text in this encoding.',
        vi: 'Dòng tiêu đề không phải văn bản theo bảng mã này.',
      })
    if (header.length > MOST_COLUMNS)
      throw new UnreadableFile({
        en: `The file has more than ${MOST_COLUMNS} columns.`,
        vi: `Tệp có hơn ${MOST_COLUMNS} cột.`,
      })
    return header
  }
  throw new UnreadableFile(EMPTY_FILE)
}
