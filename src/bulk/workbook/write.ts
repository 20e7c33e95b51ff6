import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Of all entries: the same rows give the same bytes, whoever writes them. */
const MADE = { mtime: new Date(2000, 0, 1), forceDosTimestamp: true }

/** Excel's own bound. Further rows go to further sheets. */
const MOST_ROWS = 1_048_576
const MOST_CHARACTERS = 32_767

export interface Columns {
  header: readonly string[]
  /** Columns whose cells are written as numbers. */
  numbers: ReadonlySet<number>
  rows: Iterable<string[][]> | AsyncIterable<string[][]>
  /** Rows of a sheet with its header. */
  mostRows?: number
}

/**
 * Writes a workbook row by row. Texts are cells of text, so that no spreadsheet runs them; a text above Excel's bound is cut
 * there. Memory holds some rows.
 */
export async function writeXlsx(path: string, columns: Columns): Promise<void> {
  const { default: yazl } = await import('yazl')
  const zip = new yazl.ZipFile()
  const written = pipeline(zip.outputStream, createWriteStream(path, { mode: 0o600 }))
  // It can fail (no space left) while a sheet is being made.
  const failed = written.then(() => new Promise<never>(() => {}))
  failed.catch(() => {})
  const rows = new Rows(columns.rows)
  try {
    let sheets = 0
    do {
      const name = `xl/worksheets/sheet${++sheets}.xml`
      const part = Readable.from(sheetXml(rows, columns), { objectMode: false, highWaterMark: 1024 * 1024 })
      const taken = new Promise<void>((resolve, reject) => {
        part.once('end', resolve).once('error', reject)
        zip.addReadStream(part, name, { ...MADE, compressionLevel: 3 })
      })
      await Promise.race([taken, failed])
    } while (!(await rows.ended()))
    for (const [name, content] of Object.entries(parts(sheets)))
      zip.addBuffer(Buffer.from(content), name, MADE)
    zip.end()
    await written
  } catch (error) {
    zip.outputStream.unpipe()
    throw error
  } finally {
    await rows.close()
  }
}

/** Some rows at a time, with a look whether more come. */
class Rows {
  readonly #source: Iterator<string[][]> | AsyncIterator<string[][]>
  #next: IteratorResult<string[][]> | null = null

  constructor(source: Iterable<string[][]> | AsyncIterable<string[][]>) {
    this.#source = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  }

  async ended(): Promise<boolean> {
    this.#next ??= await this.#source.next()
    return this.#next.done === true
  }

  /** At most `most` rows; null at the end. */
  async take(most: number): Promise<string[][] | null> {
    if (await this.ended()) return null
    const rows = this.#next!.value as string[][]
    this.#next = rows.length > most ? { done: false, value: rows.slice(most) } : null
    return rows.length > most ? rows.slice(0, most) : rows
  }

  async close(): Promise<void> {
    await this.#source.return?.()
  }
}

const NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'

async function* sheetXml(
  rows: Rows,
  { header, numbers, mostRows = MOST_ROWS }: Columns,
): AsyncGenerator<string> {
  yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet ${NS}><sheetData>${rowXml(header, new Set())}`
  let room = mostRows - 1
  for (let some = await rows.take(room); some; some = room > 0 ? await rows.take(room) : null) {
    room -= some.length
    let xml = ''
    for (const row of some) xml += rowXml(row, numbers)
    yield xml
  }
  yield '</sheetData></worksheet>'
}

function rowXml(cells: readonly string[], numbers: ReadonlySet<number>): string {
  let xml = '<row>'
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!
    if (cell === '') xml += '<c/>'
    else if (numbers.has(i)) xml += `<c><v>${cell}</v></c>`
    else xml += `<c t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`
  }
  return `${xml}</row>`
}

const SPECIAL = /[&<>\p{Cc}\ufffe\uffff]|_x[\dA-F]{4}_/iu
const CONTROL = /(?![\t\n])[\p{Cc}\ufffe\uffff]/gu

function escaped(text: string): string {
  const short = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text
  if (!SPECIAL.test(short)) return short
  return short
    .replace(/_(?=x[\dA-F]{4}_)/gi, '_x005F_')
    .replace(CONTROL, (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

function parts(sheets: number): Record<string, string> {
  const all = Array.from({ length: sheets }, (_, i) => i + 1)
  const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
  const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  return {
    'xl/workbook.xml': `${xml}<workbook ${NS} xmlns:r="${relation}"><sheets>${all
      .map((n) => `<sheet name="Sheet${n}" sheetId="${n}" r:id="rId${n}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all
      .map(
        (n) => `<Relationship Id="rId${n}" Type="${relation}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
      )
      .join('')}</Relationships>`,
    '_rels/.rels': `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    '[Content_Types].xml': `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>${all
      .map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${type}.worksheet+xml"/>`)
      .join('')}</Types>`,
  }
}
