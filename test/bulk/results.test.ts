import { randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { FileRefused } from '../../src/bulk/files.ts'
import { isFormula } from '../../src/bulk/guard.ts'
import type { FileJobStart } from '../../src/bulk/job.ts'
import { RESULT_COLUMNS } from '../../src/bulk/result.ts'
import { writeXlsx } from '../../src/bulk/workbook/write.ts'
import { load } from '../../src/gazetteer/load.ts'
import { openLife } from '../../src/registry/life.ts'
import type { StoreWriter } from '../../src/registry/store.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { assign, resultOf } from './run.ts'
import { bookOf } from './workbook/make.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-results-'))
let count = 0
let store: StoreWriter
beforeEach(() => {
  store = openWriter(join(folder, `${++count}.db`))
})
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(content: string | Uint8Array, extension = 'csv'): string {
  const path = join(folder, `${++count}.${extension}`)
  writeFileSync(path, content)
  return path
}

const INPUT =
  'id,Địa chỉ,Vĩ độ,Kinh độ,ghi chú\n' +
  '1,"12 Lê Lợi, Phường Bến Thành, Thành phố Hồ Chí Minh",10.7721,106.6983,"=HYPERLINK(""http://x"")"\n' +
  '2,"14 Lê Lợi, Phường Bến Thành, Thành phố Hồ Chí Minh",,,a & b < c\n' +
  '3,zzzz qqqq,,,+84 901 234 567\n'

test('a result as GeoJSON: points in order, a row without a place has none, texts stay texts', async () => {
  const input = fileOf(INPUT)
  const output = `${input}.geojson`
  await assign(store, input, { output })
  const { type, features } = JSON.parse(readFileSync(output, 'utf8'))
  expect(type).toBe('FeatureCollection')
  expect(features).toHaveLength(3)
  expect(features[0]).toMatchObject({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [106.6983, 10.7721] },
    properties: {
      id: '1',
      'ghi chú': '=HYPERLINK("http://x")',
      status: 'assigned',
      latitude: 10.7721,
      grade: 'A',
    },
  })
  expect(features[2]).toMatchObject({ geometry: null, properties: { status: 'rejected', vpostcode: null } })
  expect(existsSync(`${output}.part`)).toBe(false)
  // The same again replaces it.
  expect((await assign(store, input, { output })).counts).toEqual({ unchanged: 2, rejected: 1 })
})

test('a result as NDJSON, chosen by --format', async () => {
  const input = fileOf(INPUT)
  const output = `${input}.out`
  await assign(store, input, { output, format: 'ndjson' })
  const lines = readFileSync(output, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ id, status }) => [id, status])).toEqual([
    ['1', 'assigned'],
    ['2', 'visit'],
    ['3', 'rejected'],
  ])
  expect(Object.keys(lines[0])).toEqual(['id', 'Địa chỉ', 'Vĩ độ', 'Kinh độ', 'ghi chú', ...RESULT_COLUMNS])
  await assign(store, input, { output, format: 'ndjson' })
})

test('a result as XLSX: text cells for texts, number cells for numbers; another program reads it', async () => {
  const input = fileOf(INPUT)
  const output = `${input}.xlsx`
  await assign(store, input, { output })
  const { sheets } = await readXlsx(readFileSync(output))
  const [header, first, second] = sheets[0]!.rows
  expect(header).toEqual(['id', 'Địa chỉ', 'Vĩ độ', 'Kinh độ', 'ghi chú', ...RESULT_COLUMNS])
  expect(first).toContain('=HYPERLINK("http://x")')
  expect(first![header!.indexOf('latitude')]).toBe(10.7721)
  expect(second).toContain('a & b < c')
  await assign(store, input, { output })
  // And our own reader: a result is an input like any other.
  expect((await assign(store, output, { output: `${output}.csv` })).rows).toBe(3)
})

// Where there is no /dev/full (not on Linux) nothing else fails like a full disk.
test.skipIf(!existsSync('/dev/full'))(
  'no space left while the result is made into another format: it fails, and the job goes on afterwards',
  async () => {
    const input = fileOf(INPUT)
    for (const name of ['xlsx', 'geojson']) {
      const output = `${input}.${name}`
      symlinkSync('/dev/full', `${output}.part.rendered`)
      await expect(assign(store, input, { output })).rejects.toThrow(/ENOSPC/)
      expect(readdirSync(dirname(output)).filter((file) => file.startsWith(basename(output)))).toEqual([
        `${basename(output)}.part`,
      ])
      let resumedAt = 0
      const onStart = (start: FileJobStart) => {
        resumedAt = start.resumedAt
      }
      expect(await assign(store, input, { output, onStart })).toMatchObject({ ending: 'done', rows: 3 })
      expect(resumedAt).toBe(3)
      expect(existsSync(output)).toBe(true)
    }
    // A sheet that is larger than what is written at once.
    const rows = Array.from({ length: 200 }, () =>
      Array.from({ length: 100 }, () => [randomUUID(), randomUUID()]),
    )
    await expect(writeXlsx('/dev/full', { header: ['a', 'b'], numbers: new Set(), rows })).rejects.toThrow(
      /ENOSPC/,
    )
  },
)

test('CSV cells that a spreadsheet would run bear an apostrophe, and the row says so', async () => {
  const input = fileOf(INPUT)
  await assign(store, input)
  const rows = resultOf(`${input}.result.csv`)
  expect(rows[0]!['ghi chú']).toBe('\'=HYPERLINK("http://x")')
  expect(rows[0]!['issues']).toContain('formula-guarded')
  expect(rows[2]!['ghi chú']).toBe('+84 901 234 567')
  expect(['=1+1', '@SUM(A1)', '-2+3+cmd', '+A1', '\tx'].every(isFormula)).toBe(true)
  expect(['-', '-10.5', '+84 (28) 123', 'a=b', '10', ''].some(isFormula)).toBe(false)
})

test("somebody else's file is not written over in any format", async () => {
  const input = fileOf(INPUT)
  for (const name of ['a.xlsx', 'a.geojson', 'a.ndjson']) {
    const output = join(folder, name)
    writeFileSync(output, '{"type":"FeatureCollection","features":[]}')
    await expect(assign(store, input, { output })).rejects.toThrow(FileRefused)
  }
  const book = await bookOf({ sheets: [{ name: 'a', rows: [['Sổ của tôi']] }] })
  await expect(assign(store, input, { output: book })).rejects.toThrow(FileRefused)
})

test('killed after the rendering: what it was made from is still there, the next run ends as if nothing had been', async () => {
  const input = fileOf(INPUT)
  const output = `${input}.geojson`
  const dying = { ...store, finishJob: () => Promise.reject(new Error('killed')) }
  await expect(assign(dying, input, { output })).rejects.toThrow('killed')
  const before = readFileSync(output, 'utf8')
  const summary = await assign(store, input, { output })
  expect([summary.ending, summary.rowsNow]).toEqual(['done', 0])
  expect(readFileSync(output, 'utf8')).toBe(before)
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
})

test.each([
  ['UTF-8 with a mark and CRLF', (text: string) => Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`)],
  ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 BE', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
])('rejected rows come out as they went in: %s', async (_, write) => {
  const head = 'DANH SÁCH;;\nSTT;Địa chỉ;Ghi chú\n'
  const bad = ['2;zzzz qqqq;="x', '4;"qqqq, wwww";']
  const rows = [
    '1;12 Lê Lợi, Phường Bến Thành, Quận 1;',
    bad[0],
    '3;14 Lê Lợi, Phường Bến Thành, Quận 1;',
    bad[1],
  ]
  const input = fileOf(write(`${head}${rows.join('\n')}\n`))
  const summary = await assign(store, input)
  expect(summary.rejects).toBe(`${input}.rejects.csv`)
  expect(readFileSync(summary.rejects!).equals(write(`${head}${bad.join('\n')}\n`))).toBe(true)
  expect(statSync(summary.rejects!).mode & 0o077).toBe(0)

  // Corrected and loaded again: all rows are in.
  const good = ['2;16 Lê Lợi, Phường Bến Thành, Quận 1;', '4;18 Lê Lợi, Phường Bến Thành, Quận 1;']
  writeFileSync(summary.rejects!, write(`${head}${good.join('\n')}\n`))
  expect((await assign(store, summary.rejects!)).counts).toEqual({ visit: 2 })
})

test('rejected rows of TCVN3 come out in TCVN3', async () => {
  const head = 'STT,§Þa chØ\n'
  const input = fileOf(
    Buffer.from(`${head}1,"12 Lª Lîi, Ph­êng BÕn Thµnh, QuËn 1"\n2,§Æng V¨n NghÜa qqq\n`, 'latin1'),
  )
  const { rejects } = await assign(store, input)
  expect(readFileSync(rejects!, 'latin1')).toBe(`${head}2,§Æng V¨n NghÜa qqq\n`)
})

test('rejected rows of a workbook are a workbook', async () => {
  const input = await bookOf({
    sheets: [
      {
        name: 'a',
        rows: [['DANH SÁCH'], ['STT', 'Địa chỉ'], [1, '12 Lê Lợi, Phường Bến Thành, Quận 1'], [2, 'zzzz']],
      },
    ],
  })
  const summary = await assign(store, input)
  expect([summary.rows, summary.counts]).toEqual([2, { visit: 1, rejected: 1 }])
  expect(summary.rejects).toBe(`${input}.rejects.xlsx`)
  const { sheets } = await readXlsx(readFileSync(summary.rejects!))
  expect(sheets[0]!.rows).toEqual([
    ['STT', 'Địa chỉ'],
    ['2', 'zzzz'],
  ])
})

test('rejects that are being corrected are not written over; without rejects there is no file', async () => {
  const input = fileOf(INPUT)
  const first = await assign(store, input)
  writeFileSync(first.rejects!, 'corrected by hand')
  const second = await assign(store, input)
  expect(second.rejects).toBe(`${input}.rejects.2.csv`)
  expect(readFileSync(first.rejects!, 'utf8')).toBe('corrected by hand')
  const named = await assign(store, input, { rejects: join(folder, 'mine.csv') })
  expect(named.rejects).toBe(join(folder, 'mine.csv'))
  const good = await assign(store, fileOf('address\n12 Lê Lợi, Phường Bến Thành, TPHCM\n'))
  expect(good.rejects).toBe(null)
})

test('a profile keeps what columns hold, for the same headers in any order', async () => {
  const profile = join(folder, 'profile.json')
  const rows = 'x,"12 Lê Lợi, Phường Bến Thành, TPHCM",zzz\n'
  await assign(store, fileOf(`p,q,r\n${rows}`), { map: ['q=address'], saveProfile: profile })
  await assign(store, fileOf(`id,địa chỉ\n1,"14 Lê Lợi, Phường Bến Thành, TPHCM"\n`), {
    saveProfile: profile,
  })
  const seen: object[] = []
  const onStart = ({ columns, notes }: { columns: object; notes: string[] }) =>
    void seen.push({ columns, notes })
  await assign(store, fileOf('R,Q,P\nzzz,"12 Lê Lợi, Phường Bến Thành, TPHCM",x\n'), { profile, onStart })
  await assign(store, fileOf(`p,q,r\n${rows}`), { profile, map: ['p=externalId'], onStart })
  expect(seen).toEqual([
    { columns: { address: 1 }, notes: ['columns as the profile says'] },
    { columns: { address: 1, externalId: 0 }, notes: ['columns as the profile says'] },
  ])
  const other = fileOf('address\n12 Lê Lợi, Phường Bến Thành, TPHCM\n')
  await assign(store, other, { profile, onStart })
  expect(seen[2]).toMatchObject({ notes: ['the profile has nothing on these headers'] })
  for (const bad of ['{', '{"profiles":[{"header":["a"],"columns":{"address":7}}]}']) {
    await expect(assign(store, other, { profile: fileOf(bad, 'json') })).rejects.toThrow(/profile .* is no/)
  }
})

test('a workbook of more rows than a sheet may hold goes on in the next sheet', async () => {
  const path = join(folder, 'long.xlsx')
  const rows = [0, 1, 2].map((k) => Array.from({ length: 40 }, (_, i) => [String(40 * k + i)]))
  await writeXlsx(path, { header: ['n'], numbers: new Set([0]), rows, mostRows: 51 })
  const { sheets } = await readXlsx(readFileSync(path))
  expect(sheets.map((sheet) => sheet.rows.length)).toEqual([51, 51, 21])
  expect(sheets[1]!.rows.slice(0, 2)).toEqual([['n'], [50]])
})

test('a row whose household a person put elsewhere answers that commune and that place, not those of its text', async () => {
  const input = fileOf(INPUT)
  await assign(store, input)
  const [first] = resultOf(`${input}.result.csv`)
  const by = { actor: 'lan', reason: 'seen on site' }
  await openLife({ store, gazetteer: load(), engineVersion: 'test' }).decide(by, first!['household_id']!, {
    kind: 'commune',
    communeCode: '26740',
    point: null,
  })
  await assign(store, input, { output: `${input}.again.csv` })
  const [moved, other] = resultOf(`${input}.again.csv`)
  expect(moved).toMatchObject({
    status: 'unchanged',
    commune_code: '26740',
    commune_name: 'Phường Sài Gòn',
    province_code: '79',
    postcode: '71016',
    vpostcode: '',
    latitude: '',
    precision: 'none',
    grade: 'A',
  })
  expect(other).toMatchObject({ status: 'unchanged', commune_code: '26743', precision: 'interpolated' })
})

test('a row of which only the province is known answers the same when it is loaded again', async () => {
  const input = fileOf('Địa chỉ\n"Số 5 đường Không Tên, Hà Nội"\n')
  await assign(store, input)
  await assign(store, input, { output: `${input}.again.csv` })
  const units = ['commune_code', 'commune_name', 'province_code', 'province_name', 'grade'] as const
  const [[first], [again]] = [`${input}.result.csv`, `${input}.again.csv`].map((path) => resultOf(path)) as [
    Record<string, string>[],
    Record<string, string>[],
  ]
  expect(first).toMatchObject({ status: 'review', commune_code: '', province_code: '01' })
  expect(again!['status']).toBe('unchanged')
  for (const name of units) expect([name, again![name]]).toEqual([name, first![name]])
})
