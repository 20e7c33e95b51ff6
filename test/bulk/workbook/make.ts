import { createWriteStream, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import yazl from 'yazl'

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-book-'))
let count = 0

/** Writes an archive of these parts and answers its path. */
export async function archiveOf(parts: Record<string, string | Buffer>): Promise<string> {
  const path = join(folder, `${++count}.xlsx`)
  const zip = new yazl.ZipFile()
  for (const [name, content] of Object.entries(parts))
    zip.addBuffer(Buffer.from(content), name, { compress: content.length > 100 })
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(path))
  return path
}

const NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'

/** A cell: a text, a number, or its XML without the reference. */
export type Cell = string | number | { xml: string }

const letters = (column: number): string =>
  column < 26 ? String.fromCharCode(65 + column) : letters(Math.floor(column / 26) - 1) + letters(column % 26)
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function cellXml(cell: Cell, ref: string): string {
  if (cell === '') return ''
  if (typeof cell === 'number') return `<c r="${ref}"><v>${cell}</v></c>`
  if (typeof cell === 'string') return `<c r="${ref}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`
  return cell.xml.replace('<c', `<c r="${ref}"`)
}

export const sheetXml = (rows: Cell[][]) =>
  `<?xml version="1.0"?><worksheet ${NS}><sheetData>${rows
    .map(
      (row, y) =>
        `<row r="${y + 1}">${row.map((cell, x) => cellXml(cell, `${letters(x)}${y + 1}`)).join('')}</row>`,
    )
    .join('')}</sheetData></worksheet>`

export interface Book {
  sheets: { name: string; rows: Cell[][]; state?: string }[]
  /** Texts that `<c t="s">` cells point to, as XML of their items. */
  strings?: string[]
  /** The style sheet; the others are the default. */
  styles?: string
  workbookPr?: string
  parts?: Record<string, string | Buffer>
}

/** Writes a workbook and answers its path. */
export function bookOf({ sheets, strings, styles = '', workbookPr = '', parts = {} }: Book): Promise<string> {
  return archiveOf({
    'xl/workbook.xml': `<workbook ${NS} xmlns:r="r"><workbookPr ${workbookPr}/><sheets>${sheets
      .map(
        ({ name, state }, i) =>
          `<sheet name="${escaped(name)}" sheetId="${i + 1}" ${state ? `state="${state}"` : ''} r:id="rId${i + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${sheets
      .map((_, i) => `<Relationship Id="rId${i + 1}" Type="x" Target="worksheets/sheet${i + 1}.xml"/>`)
      .join('')}</Relationships>`,
    ...Object.fromEntries(sheets.map(({ rows }, i) => [`xl/worksheets/sheet${i + 1}.xml`, sheetXml(rows)])),
    ...(strings
      ? { 'xl/sharedStrings.xml': `<sst ${NS}>${strings.map((si) => `<si>${si}</si>`).join('')}</sst>` }
      : {}),
    ...(styles ? { 'xl/styles.xml': `<styleSheet ${NS}>${styles}</styleSheet>` } : {}),
    ...parts,
  })
}
