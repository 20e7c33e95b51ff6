import { writeFileSync } from 'node:fs'
import { lineOf } from '../cells.ts'
import { guarded } from '../guard.ts'
import { writeXlsx } from '../workbook/write.ts'

/** How lists of households that people fill in on site are written: CSV, XLSX and a sheet to print. */

/** The id in two groups, so that no spreadsheet takes it for a number. */
export const groupedId = (id: string) => `${id.slice(0, 6)} ${id.slice(6)}`

/** A name as a part of a file name. */
export const slug = (name: string) =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60) || 'khong-ro'

/** Writes PATH.csv, PATH.xlsx and PATH.html, for their owner only, in the order in which one walks. */
export async function writeSheet(path: string, sheet: Sheet, rows: string[][]): Promise<void> {
  // By text, numbers as numbers.
  const address = sheet.header.indexOf('Địa chỉ')
  rows.sort(
    (a, b) => a[address]!.localeCompare(b[address]!, 'vi', { numeric: true }) || (a[0]! < b[0]! ? -1 : 1),
  )
  const lines = [sheet.header, ...rows].map((cells) => `${lineOf(cells.map(guarded), ',')}\r\n`)
  // A byte order mark: Excel reads the accents.
  writeFileSync(`${path}.csv`, `\ufeff${lines.join('')}`, { mode: 0o600 })
  await writeXlsx(`${path}.xlsx`, { header: sheet.header, numbers: new Set(), rows: [rows] })
  writeFileSync(`${path}.html`, printable(sheet, rows), { mode: 0o600 })
}

/** The words of a sheet. */
export interface Sheet {
  header: readonly string[]
  /** "Danh sách hộ cần khảo sát: ...", the place, and how it is to be filled in. */
  title: string
  place: string
  hint: string
  /** Who signs. */
  signed: string
}

/** A4 sheet to print and fill in by hand; asks for nothing outside. */
function printable(
  { header, title, place, hint, signed }: Sheet,
  rows: readonly (readonly string[])[],
): string {
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  return `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>${escaped(`${title} - ${place}`)}</title><style>
@page { size: A4 landscape; margin: 10mm }
body { font: 9pt "Times New Roman", serif }
h1 { font-size: 13pt; margin: 0 }
table { border-collapse: collapse; width: 100% }
thead { display: table-header-group }
tr { break-inside: avoid }
th, td { border: 0.5pt solid #000; padding: 2pt; height: 18pt; text-align: left; vertical-align: top }
td:first-child { white-space: nowrap }
.sign { display: flex; justify-content: space-between; margin-top: 8mm }
</style></head><body>
<h1>${escaped(title)}</h1>
<p>${escaped(place)}: ${rows.length} hộ. ${escaped(hint)}</p>
<table><thead>${row(header, 'th')}</thead><tbody>
${rows.map((cells) => row(cells, 'td')).join('\n')}
</tbody></table>
<div class="sign"><span>Ngày ...... tháng ...... năm ........</span><span>${escaped(signed)}</span></div>
</body></html>
`
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
