import { expect, test } from 'vitest'
import { typedDate } from '../../src/bulk/excelDates.ts'
import { findHeader } from '../../src/bulk/header.ts'
import { openInput } from '../../src/bulk/input.ts'
import { prepareChunk } from '../../src/bulk/prepare.ts'
import { load } from '../../src/gazetteer/load.ts'
import { fileOf } from './read.ts'

const gazetteer = load()

/** What is found out about a file, and its rows as they are understood. */
async function look(content: string | Uint8Array, map: string[] = []) {
  const input = fileOf(content)
  const opened = await openInput({ input, output: `${input}.out`, map, gazetteer }, [])
  try {
    const lines = []
    for await (const batch of opened.batches()) lines.push(...prepareChunk(batch, opened.shape, gazetteer))
    const fields = Object.fromEntries(
      Object.entries(opened.columns).map(([field, column]) => [field, opened.header[column]]),
    )
    return { ...opened, fields, lines }
  } finally {
    opened.close()
  }
}
const table = (rows: string) => rows.split('\n').map((row) => row.split('|'))

test.each([
  ['at the top', 'STT|Địa chỉ|Ghi chú\n1|12 Lê Lợi, Quận 1|', 1, 'STT|Địa chỉ|Ghi chú'],
  [
    'below titles and empty cells',
    'UBND PHƯỜNG BẾN NGHÉ||\nDANH SÁCH HỘ||\n|Tháng 6 năm 2024|\nSTT|Chủ hộ|Địa chỉ\n1|A|12 Lê Lợi',
    4,
    'STT|Chủ hộ|Địa chỉ',
  ],
  [
    'merged over two lines',
    'STT|Chủ hộ|Địa chỉ|||Tọa độ|\n||Số nhà|Đường|Phường/Xã|Vĩ độ|Kinh độ\n1|A|12|Lê Lợi|Bến Nghé|10.7|106.6',
    2,
    'STT|Chủ hộ|Số nhà|Đường|Phường/Xã|Vĩ độ|Kinh độ',
  ],
  [
    'merged below titles, the same name in two groups, column numbers under it',
    'DANH SÁCH|||||\nSTT|Địa chỉ cũ||Địa chỉ mới||\n|Phường|Tỉnh|Phường|Tỉnh|\n(1)|(2)|(3)|(4)|(5)|\n1|A|B|C|D|',
    4,
    'STT|Địa chỉ cũ Phường|Địa chỉ cũ Tỉnh|Địa chỉ mới Phường|Địa chỉ mới Tỉnh',
  ],
  [
    'above ticks',
    'Địa chỉ|Nhà|Đất|Nước|Điện\n12 Lê Lợi|x|x|x|x\n14 Lê Lợi|x||x|',
    1,
    'Địa chỉ|Nhà|Đất|Nước|Điện',
  ],
  ['odd but a header', 'Cột A|Cột B\nđỏ|xanh', 1, 'Cột A|Cột B'],
  ['missing', '12 Lê Lợi, Quận 1|10.77123\n14 Lê Lợi, Quận 1|10.77124', 0, 'column_1|column_2'],
])('a header %s', (_, rows, skipped, header) => {
  expect(findHeader(table(rows))).toMatchObject({ skipped, cells: header.split('|') })
})

test('columns are found by their cells where no header says it', async () => {
  const rows = gazetteer.communes
    .slice(100, 140)
    .map((commune, i) =>
      [
        `KH${i}`,
        `Nguyễn Văn ${'ABCDEFGH'[i % 8]}`,
        `${i + 1} Trần Hưng Đạo, ${commune.fullName}, ${commune.province.fullName}`,
        commune.inside.lon,
        commune.inside.lat,
      ].join('\t'),
    )
  const odd = await look(`Mã KH\tKhách\tNơi giao\ta\tb\n${rows.join('\n')}`)
  expect(odd.fields).toEqual({ address: 'Nơi giao', lat: 'b', lon: 'a' })
  expect(odd.notes.join()).toContain('"Nơi giao" is taken for address by its cells')
  const none = await look(rows.join('\n'))
  expect(none.fields).toEqual({ address: 'column_3', lat: 'column_5', lon: 'column_4' })
  expect(none.lines).toHaveLength(40)
})

test('units in columns of their own are found by their cells, places of birth are not', async () => {
  const rows = gazetteer.formerCommunes
    .slice(0, 4000)
    .filter((_, i) => i % 100 === 0)
    .map(({ name, district, province }, i) => `${i};${name};${district.name};${province.name};Hà Nội`)
  const { fields } = await look(`k;a;b;c;Quê quán\n${rows.join('\n')}`)
  expect(fields).toMatchObject({ commune: 'a', province: 'c' })
  expect(Object.values(fields)).not.toContain('Quê quán')
})

const LEGACY =
  'Hä tªn,§Þa chØ\nNguyÔn V¨n ¶nh,"12 Lª Lîi, Ph­êng BÕn Thµnh, QuËn 1, TP. Hå ChÝ Minh"\nTrÇn Nam,"5 ngâ 12 Chïa Béc, phêng Quang Trung, quËn §èng §a, Hµ Néi"\n'
test.each([
  ['8-bit', Buffer.from(LEGACY, 'latin1')],
  ['UTF-8', LEGACY],
])('a TCVN3 table in %s: header, cells and result are Unicode, and it is said', async (_, content) => {
  const { header, fields, lines, notes } = await look(content)
  expect(header).toEqual(['Họ tên', 'Địa chỉ'])
  expect(fields).toEqual({ address: 'Địa chỉ' })
  expect(notes.join()).toContain('written in tcvn3 and converted: Họ tên, Địa chỉ')
  expect(lines.map(({ input }) => input)).toEqual([
    'Nguyễn Văn ảnh,"12 Lê Lợi, Phường Bến Thành, Quận 1, TP. Hồ Chí Minh"',
    'Trần Nam,"5 ngõ 12 Chùa Bộc, phường Quang Trung, quận Đống Đa, Hà Nội"',
  ])
  expect(lines[0]!.issues).toContain('converted-from-tcvn3')
  expect(lines[0]!.draft).toMatchObject({ text: '12 Lê Lợi, Phường Bến Thành, Quận 1, TP. Hồ Chí Minh' })
})

test('one column of VNI in a Unicode table', async () => {
  const { lines, notes } = await look(
    'Họ tên,Địa chỉ\nNguyễn Ảnh,"12 Leâ Lôïi, Phöôøng Beán Thaønh, Quaän 1, TP.HCM"\nĐỗ Bé,"14 Leâ Lôïi, Phöôøng Beán Thaønh, Quaän 1"\n',
  )
  expect(notes.join()).toContain('written in vni and converted: Địa chỉ')
  expect(lines[0]!.input).toContain('Nguyễn Ảnh,"12 Lê Lợi, Phường Bến Thành')
})

test('UTF-16 with semicolons, titles and a header below them', async () => {
  const { fields, lines } = await look(
    Buffer.from(
      '\ufeffDANH SÁCH;;\r\nSTT;Địa chỉ;Mã hộ\r\n1;12 Lê Lợi, Phường Bến Thành, Quận 1;H1\r\n',
      'utf16le',
    ),
  )
  expect(fields).toEqual({ address: 'Địa chỉ', externalId: 'Mã hộ' })
  expect(lines).toMatchObject([{ line: 3, rejected: null }])
})

test.each([
  ['3-Feb', '3/2', '2/3'],
  ['03-Thg2', '3/2', '2/3'],
  ['2025-02-03', '3/2', '2/3'],
  ['03/02/2025', '3/2', '3/2'],
  ['Feb-68', '2/68', '2/68'],
  ['2003-05-12', '12/5/3', '5/12/3'],
  ['3/2', null, null],
  ['12 Feb Street', null, null],
  ['1925', null, null],
])('a cell %s was typed as %s where days come first, as %s where months do', (cell, day, month) => {
  expect(typedDate(cell, 'day-month')).toBe(day)
  expect(typedDate(cell, 'month-day')).toBe(month)
})

test('dates of house numbers and streets are put back, birthdays stay', async () => {
  const { lines } = await look(
    'Số nhà,Đường,Phường,Quận,Tỉnh,Ngày sinh\n15-Mar,3-Feb,Phường 12,Quận 10,TP.HCM,3-Feb\n3/25,3-Feb,Phường 12,Quận 10,TP.HCM,3-Feb\n',
  )
  expect(lines.map(({ input }) => input)).toEqual([
    '15/3,3/2,Phường 12,Quận 10,TP.HCM,3-Feb',
    '3/25,3/2,Phường 12,Quận 10,TP.HCM,3-Feb',
  ])
  expect(lines[0]!.issues).toContain('date-restored')
  expect(lines[0]!.draft!.parts).toMatchObject({ houseNumber: '15/3', street: '3/2' })
})

test('what stayed text tells that months came first', async () => {
  const { lines } = await look(
    'Số nhà,Đường,Phường,Quận\n25/3,Lê Lợi,Bến Thành,Quận 1\n5-Mar,Lê Lợi,Bến Thành,Quận 1\n',
  )
  expect(lines[1]!.input).toBe('3/5,Lê Lợi,Bến Thành,Quận 1')
})
