import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { utils, write } from '@e965/xlsx'
import { writeXlsx } from 'hucre/xlsx'
import { describe, expect, test } from 'vitest'
import { cellsOf } from '../../../src/bulk/cells.ts'
import { UnreadableFile } from '../../../src/bulk/dialect.ts'
import { openSource } from '../../../src/bulk/open.ts'
import { STRIDE } from '../../../src/bulk/records.ts'
import { numberKind } from '../../../src/bulk/workbook/styles.ts'
import { archiveOf, bookOf, sheetXml } from './make.ts'

async function read(path: string, sheet: string | null = null, skipped = 0, size = 3) {
  const source = await openSource(path, sheet)
  try {
    const rows: string[][] = []
    const lines: number[] = []
    let blank = 0
    for await (const batch of source.batches(skipped, size)) {
      blank += batch.blank
      for (let i = 0; i < batch.table.length; i += STRIDE) {
        rows.push(cellsOf(batch.bytes.toString('utf8', batch.table[i], batch.table[i + 1]), source.delimiter))
        lines.push(batch.table[i + 2]!)
      }
    }
    return { rows, lines, blank, notes: source.notes, sheet: source.sheet }
  } finally {
    source.close()
  }
}
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-xls-'))
const rowsOf = async (path: string) => (await read(path)).rows

describe('XLSX', () => {
  test('texts, numbers, gaps and empty rows, with the numbers of their rows', async () => {
    const path = await bookOf({
      sheets: [
        {
          name: 'Hộ',
          rows: [['Tên', 'Địa chỉ', 'Số'], [], ['A & <B>', '', 5], ['x\ny', '"12", Lê Lợi', 1.5]],
        },
      ],
    })
    expect(await read(path)).toMatchObject({
      rows: [
        ['Tên', 'Địa chỉ', 'Số'],
        ['A & <B>', '', '5'],
        ['x\ny', '"12", Lê Lợi', '1.5'],
      ],
      lines: [1, 3, 4],
      blank: 1,
    })
    expect((await read(path, null, 2)).rows).toEqual([['x\ny', '"12", Lê Lợi', '1.5']])
  })

  /** Each begins 100,000 times and never ends: looking for the end from each of them took minutes. */
  test.each([
    ['cells', sheetXml([['A'], [{ xml: '<c t="inlineStr"><is>'.repeat(100_000) }]]), ''],
    ['values', sheetXml([['A'], [{ xml: `<c>${'<v '.repeat(100_000)}</c>` }]]), ''],
    ['texts', sheetXml([['A']]), `<sst><si>${'<r><t>'.repeat(100_000)}</si></sst>`],
    ['phonetic hints', sheetXml([['A']]), `<sst><si>${'<rPh>'.repeat(100_000)}</si></sst>`],
  ])('%s without end take no longer than others', { timeout: 10_000 }, async (_, sheet, shared) => {
    const parts = { 'xl/worksheets/sheet1.xml': sheet, 'xl/sharedStrings.xml': shared }
    const path = await bookOf({ sheets: [{ name: 'S', rows: [] }], parts })
    expect((await rowsOf(path))[0]).toEqual(['A'])
  })

  test('shared texts of one run and of several, without phonetic hints', async () => {
    const path = await bookOf({
      sheets: [
        {
          name: 'a',
          rows: [
            [
              { xml: '<c t="s"><v>1</v></c>' },
              { xml: '<c t="s"><v>0</v></c>' },
              { xml: '<c t="s"><v>9</v></c>' },
            ],
          ],
        },
      ],
      strings: [
        '<t xml:space="preserve"> Lê &amp; Lợi_x000A_</t>',
        '<r><t>Bến </t></r><r><rPr><b/></rPr><t>Thành</t></r><rPh><t>x</t></rPh>',
      ],
    })
    expect(await rowsOf(path)).toEqual([['Bến Thành', ' Lê & Lợi\n', '']])
  })

  test('no digit is lost and none is made up', async () => {
    const path = await bookOf({
      sheets: [
        {
          name: 'a',
          rows: [
            [
              { xml: '<c><v>1</v></c>' },
              { xml: '<c><v>79123456789012</v></c>' },
              { xml: '<c><v>7.9123456789E+13</v></c>' },
              { xml: '<c><v>10.772100000000002</v></c>' },
              { xml: '<c s="1"><v>901234567</v></c>' },
              { xml: '<c t="b"><v>1</v></c>' },
              { xml: '<c t="e"><v>#N/A</v></c>' },
              { xml: '<c t="str"><f>A1&amp;"x"</f><v>12/3</v></c>' },
            ],
          ],
        },
      ],
      styles:
        '<numFmts><numFmt numFmtId="164" formatCode="0000000000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>',
    })
    expect(await rowsOf(path)).toEqual([
      ['1', '79123456789012', '79123456789000', '10.7721', '0901234567', 'TRUE', '#N/A', '12/3'],
    ])
  })

  test.each([
    ['General', 'general'],
    ['#,##0.00', 'general'],
    ['dd/mm/yyyy', 'date'],
    ['[$-42A]dd mmmm yyyy', 'date'],
    ['d/m', 'dayMonth'],
    ['mm/dd', 'monthDay'],
    ['d-mmm', 'monthName'],
    ['mmm-yy', 'monthYear'],
    ['hh:mm:ss', 'time'],
    ['[h]:mm', 'time'],
    ['dd/mm/yyyy hh:mm', 'dateTime'],
    ['"ngày "0', 'general'],
    ['@', 'general'],
  ])('the format %s is %s', (code, kind) => {
    expect(numberKind(code)).toBe(kind)
  })

  test('dates by their formats, counted from 1900 or 1904', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="d/m"/></numFmts>' +
      '<cellXfs><xf numFmtId="14"/><xf numFmtId="16"/><xf numFmtId="17"/><xf numFmtId="164"/><xf numFmtId="22"/></cellXfs>'
    const cell = (style: number, value: number) => ({ xml: `<c s="${style}"><v>${value}</v></c>` })
    const rows = [
      [
        cell(0, 45691),
        cell(1, 45691),
        cell(2, 24868),
        cell(3, 45691),
        cell(4, 45691.5),
        cell(0, 1),
        cell(0, 61),
      ],
    ]
    expect(await rowsOf(await bookOf({ sheets: [{ name: 'a', rows }], styles }))).toEqual([
      ['2025-02-03', '3-Feb', 'Jan-68', '3/2', '2025-02-03 12:00', '1900-01-01', '1900-03-01'],
    ])
    const old = await bookOf({
      sheets: [{ name: 'a', rows: [[cell(0, 44229)]] }],
      styles,
      workbookPr: 'date1904="1"',
    })
    expect(await rowsOf(old)).toEqual([['2025-02-03']])
  })

  test('fonts of TCVN3 and VNI give their texts away, by cell and by run', async () => {
    const path = await bookOf({
      sheets: [
        {
          name: 'a',
          rows: [
            [
              { xml: '<c s="1" t="s"><v>0</v></c>' },
              { xml: '<c s="2" t="s"><v>1</v></c>' },
              { xml: '<c s="3" t="s"><v>2</v></c>' },
              { xml: '<c s="0" t="s"><v>3</v></c>' },
              { xml: '<c s="1" t="s"><v>4</v></c>' },
            ],
          ],
        },
      ],
      strings: [
        '<t>Phó Linh</t>',
        '<t>hµ néi</t>',
        '<t>Sôn Vó</t>',
        '<r><rPr><rFont val=".VnTime"/></rPr><t>Phó </t></r><r><rPr><rFont val="Arial"/></rPr><t>Thọ</t></r>',
        '<t>Phường Bến Thành</t>',
      ],
      styles:
        '<fonts><font><name val="Arial"/></font><font><name val=".VnTime"/></font><font><name val=".VnTimeH"/></font><font><name val="VNI-Times"/></font></fonts>' +
        '<cellXfs><xf fontId="0"/><xf fontId="1"/><xf fontId="2"/><xf fontId="3"/></cellXfs>',
    })
    expect(await rowsOf(path)).toEqual([['Phú Linh', 'HÀ NỘI', 'Sơn Vĩ', 'Phú Thọ', 'Phường Bến Thành']])
  })

  test('parts with a prefix, rows without numbers, cells without references', async () => {
    const path = await bookOf({
      sheets: [{ name: 'a', rows: [] }],
      parts: {
        'xl/worksheets/sheet1.xml':
          '<?xml version="1.0"?><x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c><x:c/><x:c><x:v>2</x:v></x:c></x:row><x:row/></x:sheetData></x:worksheet>',
      },
    })
    expect(await read(path)).toMatchObject({ rows: [['a', '', '2']], lines: [1] })
  })

  test('of several sheets the one with a header of addresses is read, or the one that is asked for', async () => {
    const path = await bookOf({
      sheets: [
        { name: 'Bìa', rows: [['DANH SÁCH'], ['Năm', 2024]] },
        { name: 'Ẩn', rows: [['STT', 'Địa chỉ', 'Phường', 'Tỉnh']], state: 'hidden' },
        {
          name: 'Hộ dân',
          rows: [
            ['STT', 'Địa chỉ'],
            [1, '12 Lê Lợi'],
          ],
        },
      ],
    })
    expect(await read(path)).toMatchObject({ sheet: 'Hộ dân', notes: [expect.stringContaining('not "Bìa"')] })
    expect(await read(path, 'Bìa')).toMatchObject({ rows: [['DANH SÁCH'], ['Năm', '2024']], notes: [] })
    expect(await read(path, '2')).toMatchObject({ sheet: 'Ẩn' })
    await expect(read(path, 'Nhà')).rejects.toThrow('no sheet "Nhà". The sheets: "Bìa", "Ẩn", "Hộ dân"')
  })

  test('thousands of rows as another program writes them', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => [i, `Phường ${i % 100}`, `12/${i} Lê Lợi`, i / 4])
    const book = await writeXlsx({ sheets: [{ name: 'a', rows }] })
    const path = join(folder, 'hucre.xlsx')
    writeFileSync(path, book)
    expect((await read(path, null, 0, 1000)).rows).toEqual(rows.map((row) => row.map(String)))
  })

  const bomb = Buffer.alloc(80 * 1024 * 1024, 'a')
  test.each([
    ['no archive behind the mark', async () => Buffer.from('PK\x03\x04rest'), /broken/],
    ['an archive that is cut off', async (good: Buffer) => good.subarray(0, good.length - 30), /broken/],
    ['a damaged part', async (good: Buffer) => damaged(good), /broken/],
  ])('refused: %s', async (_, spoil, message) => {
    const { readFileSync } = await import('node:fs')
    const good = readFileSync(
      await bookOf({
        sheets: [{ name: 'a', rows: Array.from({ length: 400 }, (_, i) => [`Lê Lợi ${i * 7919}`]) }],
      }),
    )
    const path = join(folder, 'bad.xlsx')
    writeFileSync(path, await spoil(good))
    await expect(read(path)).rejects.toThrow(UnreadableFile)
    await expect(read(path)).rejects.toThrow(message)
  })

  test.each([
    ['another archive', { 'word/document.xml': '<a/>' }, /no workbook/],
    ['a bomb', { 'xl/workbook.xml': bomb }, /too large when unpacked/],
    [
      'thousands of parts',
      Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`p${i}`, ''])),
      /more than 2000 parts/,
    ],
    [
      'a document type',
      {
        'xl/workbook.xml': '<workbook><sheets><sheet name="a" r:id="r"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels': '<Relationship Id="r" Target="s.xml"/>',
        'xl/s.xml': `<!DOCTYPE x [<!ENTITY a "aaaa">]>${sheetXml([['&a;']])}`,
      },
      /document types/,
    ],
    [
      'a row without end',
      {
        'xl/workbook.xml': '<workbook><sheets><sheet name="a" r:id="r"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels': '<Relationship Id="r" Target="s.xml"/>',
        'xl/s.xml': Buffer.concat([Buffer.from('<worksheet><row r="1"><c><v>'), randomText(6_000_000)]),
      },
      /too large/,
    ],
  ])('refused: %s', async (_, parts, message) => {
    const path = await archiveOf(parts)
    await expect(read(path)).rejects.toThrow(UnreadableFile)
    await expect(read(path)).rejects.toThrow(message)
  })
})

function randomText(size: number): Buffer {
  const text = Buffer.alloc(size)
  for (let i = 0, seed = 1; i < size; i++) {
    seed = (seed * 1103515245 + 12345) % 2147483648
    text[i] = 97 + ((seed >> 16) % 26)
  }
  return text
}

function damaged(good: Buffer): Buffer {
  const bad = Buffer.from(good)
  // Inside the packed bytes of the last parts, in front of the list of parts.
  const list = bad.lastIndexOf(Buffer.from('PK\x01\x02'), bad.lastIndexOf(Buffer.from('PK\x05\x06')) - 200)
  bad.fill(0x55, Math.floor(list * 0.7), Math.floor(list * 0.7) + 60)
  return bad
}

describe('XLS', () => {
  const book = {
    SheetNames: ['Bìa', 'Hộ'],
    Sheets: {
      Bìa: utils.aoa_to_sheet([['x']]),
      Hộ: utils.aoa_to_sheet([
        ['Địa chỉ', 'Số', 'Ngày'],
        ['12 Lê Lợi', 79123456789012, { t: 'n', v: 45691, z: 'd-mmm' }],
        [],
        ['14 Lê Lợi', 10.7721, ''],
      ]),
    },
  }
  test('an old workbook gives its sheet of addresses', async () => {
    const path = join(folder, 'old.xls')
    writeFileSync(path, write(book, { type: 'buffer', bookType: 'biff8' }))
    expect(await read(path)).toMatchObject({
      sheet: 'Hộ',
      rows: [
        ['Địa chỉ', 'Số', 'Ngày'],
        ['12 Lê Lợi', '79123456789012', '3-Feb'],
        ['14 Lê Lợi', '10.7721', ''],
      ],
      lines: [1, 2, 4],
    })
  })

  test('what only begins like one is refused', async () => {
    const path = join(folder, 'no.xls')
    writeFileSync(path, Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), randomText(3000)]))
    await expect(read(path)).rejects.toThrow(/old workbook \(XLS\) cannot be read/)
  })

  test('text files have no sheets to choose from', async () => {
    const path = join(folder, 'a.csv')
    writeFileSync(path, 'a,b\n')
    await expect(read(path, 'Hộ')).rejects.toThrow(/no workbook/)
  })
})
