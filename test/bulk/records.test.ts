import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineOf } from '../../src/bulk/cells.ts'
import { encoded } from '../../src/bulk/charset.ts'
import { UnreadableFile } from '../../src/bulk/dialect.ts'
import { MAX_RECORD_BYTES } from '../../src/bulk/records.ts'
import { fileOf, readFile } from './read.ts'

const fixture = (name: string) => readFile(`test/fixtures/${name}`)
const brief = ({ list }: ReturnType<typeof readFile>) =>
  list.map(({ line, fault, cells }) => [line, fault, ...cells])

test.each([
  [',', '\n'],
  [';', '\r\n'],
  ['\t', '\r'],
])('any cells come back as they went in (delimiter %j, line end %j)', (delimiter, end) => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\t', '\n', '\r', ' ', 'ạ'), maxLength: 8 }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 40 }),
      fc.boolean(),
      fc.boolean(),
      (rows, bom, endsWithLineEnd) => {
        // NUL is a fault of its own; a bare CR in the header would decide the line end.
        const clean = rows.map((row) => row.map((text) => text.replaceAll('\0', '')))
        const lines = [['đầu', 'giữa', 'cuối'], ...clean].map((row) => lineOf(row, delimiter))
        const text = (bom ? '\ufeff' : '') + lines.join(end) + (endsWithLineEnd ? end : '')
        const read = readFile(fileOf(text), 5)
        expect(read.delimiter).toBe(delimiter)
        expect(read.bom).toBe(bom)
        expect(read.header).toEqual(['đầu', 'giữa', 'cuối'])
        expect(read.list.map(({ cells }) => cells)).toEqual(clean)
        expect(read.list.every(({ fault }) => fault === '')).toBe(true)
      },
    ),
    { numRuns: 200 },
  )
})

test('any bytes at all are read to the end, every line in a row, a fault or a blank', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', ',', '"', '\n', '\r\n', '""', 'đ', ' '), { maxLength: 300 }),
      (parts) => {
        const text = `x,y\n${parts.join('')}`
        const { list, blank } = readFile(fileOf(text), 3)
        const lines = text.split('\n').slice(1)
        if (lines.at(-1) === '') lines.pop()
        const inside = list.flatMap(({ cells, fault }) =>
          fault ? [] : [cells.join('').split('\n').length - 1],
        )
        expect(list.length + blank + inside.reduce((sum, n) => sum + n, 0)).toBe(lines.length)
        expect(list.map(({ line }) => line)).toEqual(list.map(({ line }) => line).sort((a, b) => a - b))
      },
    ),
    { numRuns: 500 },
  )
})

test('an unclosed quote costs its own line only', () => {
  expect(brief(fixture('unclosed-quote.csv'))).toEqual([
    [2, '', '1', '12 Lê Lợi'],
    [3, 'bad-quotes', '2,"14 Lê Lợi'],
    [4, '', '3', '16 Lê Lợi, Quận 1'],
    [5, '', '4', '18 Lê Lợi'],
    [6, 'unclosed-quote', '5,"20 Lê Lợi'],
    [7, '', '6', '22 Lê Lợi'],
  ])
})

test('an unclosed quote far from the end of the file is found by the bound on lines', () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i},12 Lê Lợi`)
  rows[10] = '10,"12 Lê Lợi'
  const { list } = readFile(fileOf(`id,address\n${rows.join('\n')}\n`))
  expect(list.length).toBe(5000)
  expect(list.filter(({ fault }) => fault).map(({ line, fault }) => [line, fault])).toEqual([
    [12, 'unclosed-quote'],
  ])
})

test('quotes inside quotes that are not doubled', () => {
  expect(brief(fixture('quote-inside-quotes.csv'))).toEqual([
    [2, 'bad-quotes', '1,"Quán "Ba Tèo", số 5"'],
    [3, '', '2', 'Quán "Ba Tèo", số 5'],
    [4, '', '3', 'Quán "Ba Tèo" số 5'],
  ])
})

test('line ends inside quotes keep the physical line numbers', () => {
  expect(brief(fixture('line-end-in-quotes.csv'))).toEqual([
    [2, '', '1', '12 Lê Lợi\r\nPhường Bến Nghé'],
    [4, '', '2', '14 Lê Lợi'],
    [6, '', '3', '16 Lê Lợi'],
  ])
})

test('a line without end is cut off, counted once, and reading goes on behind it', () => {
  for (const size of [MAX_RECORD_BYTES + 1, 3_000_000]) {
    const { list } = readFile(fileOf(`id,address\n1,a\n2,${'x'.repeat(size)}\n3,c\n`))
    expect(list.map(({ line, fault }) => [line, fault])).toEqual([
      [2, ''],
      [3, 'too-long'],
      [4, ''],
    ])
    expect(list[1]!.cells[0]!.length).toBe(MAX_RECORD_BYTES)
  }
  const end = readFile(fileOf(`id,address\n1,a\n2,${'x'.repeat(3_000_000)}`))
  expect(end.list.map(({ fault }) => fault)).toEqual(['', 'too-long'])
})

test('empty lines are no rows', () => {
  const read = readFile(fileOf('\r\n\r\nid;address\r\n\r\n1;a\r\n   \r\n2;b\r\n\r\n'))
  expect(read.header).toEqual(['id', 'address'])
  expect(brief(read)).toEqual([
    [5, '', '1', 'a'],
    [7, '', '2', 'b'],
  ])
  expect(read.blank).toBe(3)
})

test('a file of one column needs no quotes around commas', () => {
  const read = readFile(fileOf('Địa chỉ\n12 Lê Lợi, Quận 1\n"14 Lê Lợi, Quận 1"\n'))
  expect(read.delimiter).toBe('')
  expect(brief(read)).toEqual([
    [2, '', '12 Lê Lợi, Quận 1'],
    [3, '', '14 Lê Lợi, Quận 1'],
  ])
})

test('the delimiter is the one that the rows agree on', () => {
  const read = readFile(fileOf('Số nhà, đường;Phường\n12 Lê Lợi;Bến Nghé\n1, 2 và 3 Lê Lợi;Bến Nghé\n'))
  expect(read.delimiter).toBe(';')
  expect(read.header).toEqual(['Số nhà, đường', 'Phường'])
})

const LETTERS = 'Địa chỉ;Số\n12 Lê Lợi, Phường Bến Nghé;“a” €\n'
test.each([
  ['UTF-16 LE with a mark', Buffer.from(`\ufeff${LETTERS}`, 'utf16le'), 'utf-16le', true],
  ['UTF-16 LE without a mark', Buffer.from(LETTERS, 'utf16le'), 'utf-16le', false],
  ['UTF-16 BE with a mark', Buffer.from(`\ufeff${LETTERS}`, 'utf16le').swap16(), 'utf-16be', true],
  ['UTF-16 BE without a mark', Buffer.from(LETTERS, 'utf16le').swap16(), 'utf-16be', false],
  ['UTF-8', Buffer.from(LETTERS), 'utf-8', false],
])('%s is read', (_, content, charset, bom) => {
  const read = readFile(fileOf(content))
  expect(read).toMatchObject({ charset, bom, delimiter: ';', header: ['Địa chỉ', 'Số'] })
  expect(brief(read)).toEqual([[2, '', '12 Lê Lợi, Phường Bến Nghé', '“a” €']])
})

test('8-bit text is read as Windows-1252, its old letters are told later', () => {
  const read = readFile(fileOf(encoded('§Þa chØ;“Sè”\n12 Lª Lîi;€ 5\n', 'windows-1252')))
  expect(read).toMatchObject({ charset: 'windows-1252', header: ['§Þa chØ', '“Sè”'] })
  expect(brief(read)).toEqual([[2, '', '12 Lª Lîi', '€ 5']])
})

test('UTF-16 larger than any block comes through whole', () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => `${i},Phường Bến Nghé ${'ộ'.repeat(i % 50)}`)
  const read = readFile(fileOf(Buffer.from(`id,address\n${rows.join('\n')}\n`, 'utf16le')), 1000)
  expect(read.list.map(({ cells }) => cells.join())).toEqual(rows)
})

test.each([
  ['sep=|\nid|a,b\n1|2\n', '|'],
  ['sep=;\r\nid;a,b\r\n1;2\r\n', ';'],
  ['id|a, b\n1|2\n', '|'],
])('the delimiter of %j is %j', (content, delimiter) => {
  const read = readFile(fileOf(content))
  expect(read.delimiter).toBe(delimiter)
  expect(read.header[0]).toBe('id')
  expect(read.list[0]).toMatchObject({ line: content.startsWith('sep') ? 3 : 2, cells: ['1', '2'] })
})

test.each([
  ['another zip archive', Buffer.from('PK\x03\x04rest'), /ZIP archive/],
  ['a PDF', '%PDF-1.7', /PDF/],
  ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), /gzip/],
  ['binary data', Buffer.alloc(500), /binary data/],
  ['empty', '', /empty/],
  ['blank lines only', '\ufeff\r\n \r\n', /empty/],
] as [string, string | Uint8Array, RegExp][])('refused up front: %s', (_, content, message) => {
  const path = fileOf(content)
  expect(() => readFile(path)).toThrow(UnreadableFile)
  expect(() => readFile(path)).toThrow(message)
})

test('a header alone is a file without rows', () => {
  expect(readFile(fileOf('id,address')).list).toEqual([])
})
