/** The columns of a work list, in the order of the sheet; the first four are ours, the others are filled in. */
export const HEADER = [
  'Mã hộ',
  'Số của cơ quan',
  'Địa chỉ',
  'Thôn, tổ',
  'Kết quả',
  'Địa chỉ đúng',
  'Vĩ độ',
  'Kinh độ',
  'Sai số (m)',
  'Mã người khảo sát',
  'Ngày',
] as const

/** How a work list is to be filled in; stands above the printed sheet. */
const HINT =
  'Kết quả: "đúng" nếu địa chỉ đúng, "sửa" và ghi địa chỉ đúng, "không có" nếu không có hộ này. Tọa độ đo tại chỗ: ghi vĩ độ, ' +
  'kinh độ, sai số, mã người khảo sát (không ghi tên) và ngày. Không ghi tên, số điện thoại hay số giấy tờ của chủ hộ.'

/** The id in two groups, so that no spreadsheet takes it for a number. */
export const groupedId = (id: string) => `${id.slice(0, 6)} ${id.slice(6)}`

/** A4 sheet to print and fill in by hand; asks for nothing outside. */
export function printable(title: string, place: string, rows: readonly (readonly string[])[]): string {
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
<h1>Danh sách hộ cần khảo sát: ${escaped(title)}</h1>
<p>${escaped(place)}: ${rows.length} hộ. ${escaped(HINT)}</p>
<table><thead>${row(HEADER, 'th')}</thead><tbody>
${rows.map((cells) => row(cells, 'td')).join('\n')}
</tbody></table>
<div class="sign"><span>Ngày ...... tháng ...... năm ........</span><span>Xác nhận của UBND xã, phường</span></div>
</body></html>
`
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
