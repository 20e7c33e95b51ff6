import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { bytesOf, type Charset, charsetOf } from './charset.ts'
import { type Dialect, dialectOf, EMPTY_FILE, UnreadableFile } from './dialect.ts'
import { type Batch, type Position, readBatches, STRIDE } from './records.ts'
import type { Source } from './source.ts'

/** A text file is read without waiting. */
export interface CsvSource extends Source {
  batches(skipped: number, rows: number): Iterable<Batch>
}

const SAMPLE = 64 * 1024

/** What is known of how a text file is written; the rest is told from its first bytes. */
export interface CsvWriting {
  charset?: Charset | undefined
  delimiter?: Dialect['delimiter'] | undefined
}

/** A text file as a source of records. Throws `UnreadableFile` for what is no text. */
export function openCsv(path: string, known: CsvWriting = {}): CsvSource {
  const fd = openSync(path, 'r')
  try {
    return source(fd, known)
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function source(fd: number, known: CsvWriting): CsvSource {
  const { size } = fstatSync(fd)
  const head = Buffer.alloc(Math.min(size, SAMPLE))
  readSync(fd, head, 0, head.length, 0)
  refuse(head)
  const found = charsetOf(head)
  const charset = known.charset ?? found.charset
  const mark = charset === found.charset ? found.mark : 0
  const bytes = bytesOf(fd, charset)
  const text = Buffer.alloc(SAMPLE)
  const from = charset === 'utf-8' ? mark : 0
  const sample = text.subarray(0, bytes.read(text, from))
  if (sample.every((byte) => byte <= 32)) throw new UnreadableFile(EMPTY_FILE)
  const { dialect, skip } = dialectOf(sample, size <= SAMPLE, known.delimiter)
  const first: Position = { offset: from + skip, line: skip > 0 ? 2 : 1 }
  const after = (records: number): Position => {
    let position = first
    for (let left = records; left > 0; ) {
      const { value } = readBatches(bytes, dialect, position, left).next()
      if (!value) break
      left -= value.table.length / STRIDE
      position = value.next
    }
    return position
  }
  return {
    delimiter: dialect.delimiter,
    bom: mark > 0,
    charset,
    sheet: null,
    sheets: [],
    notes: charset === 'utf-8' ? [] : [`the file is written in ${NAMES[charset]}`],
    head(skipped) {
      const text = Buffer.alloc(after(skipped).offset - from)
      bytes.read(text, from)
      return text.toString()
    },
    *batches(skipped, rows) {
      for (const batch of readBatches(bytes, dialect, after(skipped), rows))
        yield { ...batch, next: { ...batch.next, offset: bytes.fileOffset(batch.next.offset) } }
    },
    close: () => closeSync(fd),
  }
}

const NAMES = { 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16', 'windows-1252': 'an 8-bit encoding' } as const

const FORMATS: [en: string, vi: string, magic: string][] = [
  ['a ZIP archive or another document', 'tệp nén ZIP hoặc tài liệu khác', 'PK\x03\x04'],
  ['a gzip archive', 'tệp nén gzip', '\x1f\x8b'],
  ['a PDF document', 'tài liệu PDF', '%PDF'],
  ['a picture', 'tệp ảnh', '\x89PNG'],
  ['a picture', 'tệp ảnh', '\xff\xd8\xff'],
  ['a 7z archive', 'tệp nén 7z', '7z\xbc\xaf'],
  ['a RAR archive', 'tệp nén RAR', 'Rar!'],
  ['a web page', 'trang web', '<!DOCTYPE html'],
  ['a web page', 'trang web', '<html'],
]

function refuse(head: Buffer): void {
  const start = head.toString('latin1', 0, 16).toLowerCase()
  const format = FORMATS.find(([, , magic]) => start.startsWith(magic.toLowerCase()))
  const nuls = head.subarray(0, 4096).filter((byte) => byte === 0).length
  const text = charsetOf(head).charset.startsWith('utf-16') || nuls <= 16
  if (format || !text) {
    const [en, vi] = format ?? ['binary data', 'dữ liệu nhị phân']
    throw new UnreadableFile({
      en: `The file is ${en} and no table that can be read. Save it as "CSV UTF-8" or XLSX and try again.`,
      vi: `Tệp là ${vi}, không phải bảng đọc được. Hãy lưu tệp dưới dạng "CSV UTF-8" hoặc XLSX rồi thử lại.`,
    })
  }
}
