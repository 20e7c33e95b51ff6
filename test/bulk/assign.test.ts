import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import type { FileJobSummary } from '../../src/bulk/fileJob.ts'
import { FileRefused } from '../../src/bulk/files.ts'
import { RESULT_COLUMNS } from '../../src/bulk/result.ts'
import type { StoreWriter } from '../../src/registry/store.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { assign, resultOf, traces } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-assign-'))
let count = 0
let store: StoreWriter
beforeEach(() => {
  store = openWriter(join(folder, `${++count}.db`))
})
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(content: string | Uint8Array): string {
  const path = join(folder, `${++count}.csv`)
  writeFileSync(path, content)
  return path
}
const total = ({ counts }: FileJobSummary) => Object.values(counts).reduce((sum, n) => sum + n, 0)

/** The made-up sample with its rows repeated under other house numbers, so that there are several chunks. */
function sample(times: number): string {
  const [header, ...rows] = readFileSync('seeds/sample-households.csv', 'utf8').trimEnd().split('\n')
  const copies = Array.from({ length: times }, (_, i) => rows.map((row) => row.replace(/^H/, `H${i}`)))
  return [header, ...copies.flat()].join('\n')
}

test('every row comes back in order, with all its cells, one status each', async () => {
  const input = fileOf(
    [
      'id;status;Địa chỉ;Vĩ độ;Kinh độ;ghi chú',
      '1;x;12 Lê Lợi, Phường Bến Thành, Thành phố Hồ Chí Minh;10.7721;106.6983;"a;b"',
      '2;x;12 Lê Lợi, Phường Bến Thành, Thành phố Hồ Chí Minh;10.7721;106.6983;hai',
      '3;x;14 Lê Lợi, Phường Bến Thành, Thành phố Hồ Chí Minh;;;',
      '',
      '4;x;16 Lê Lợi, Phường Bến Thành, Thành phố Hồ Chí Minh;106,6984;10,7722;đổi chỗ',
      '5;x;zzzz qqqq;;;',
      '6;x;"18 Lê Lợi',
      '7;x;20 Lê Lợi',
    ].join('\r\n'),
  )
  const summary = await assign(store, input)
  const rows = resultOf(`${input}.result.csv`, ';')
  expect(Object.keys(rows[0]!)).toEqual([
    'id',
    'status',
    'Địa chỉ',
    'Vĩ độ',
    'Kinh độ',
    'ghi chú',
    ...RESULT_COLUMNS.map((name) => (name === 'status' ? 'result_status' : name)),
  ])
  expect(rows.map((row) => [row['id'], row['result_status']])).toEqual([
    ['1', 'assigned'],
    ['2', 'duplicate'],
    ['3', 'visit'],
    ['4', 'assigned'],
    ['5', 'rejected'],
    ['6;x;"18 Lê Lợi', 'rejected'],
    ['7;x;20 Lê Lợi', 'rejected'],
  ])
  expect(rows[0]).toMatchObject({
    vpostcode: '71009QMCXR8V',
    postcode: '71009',
    latitude: '10.7721',
    longitude: '106.6983',
    precision: 'point',
    commune_code: '26743',
    'ghi chú': 'a;b',
  })
  expect(rows[1]).toMatchObject({ vpostcode: '71009QMCXR8V', household_id: rows[0]!['household_id'] })
  expect(rows[2]).toMatchObject({ vpostcode: '', 'ghi chú': '' })
  expect(rows[2]!['household_id']).toMatch(/^\d{12}$/)
  expect(rows[3]).toMatchObject({ latitude: '10.7722', longitude: '106.6984' })
  expect(rows[3]!['issues']!.split(';')).toEqual(
    expect.arrayContaining(['swapped-coordinates', 'decimal-comma']),
  )
  expect(rows[5]).toMatchObject({ grade: 'D', issues: 'unclosed-quote', household_id: '', vpostcode: '' })
  expect(summary.counts).toEqual({ assigned: 2, duplicate: 1, visit: 1, rejected: 3 })
  expect([summary.rows, summary.blank, total(summary)]).toEqual([7, 1, 7])
  expect(summary.rejected.map(({ line, reason }) => [line, reason]).slice(1)).toEqual([
    [8, 'unclosed-quote'],
    [9, 'too-few-cells'],
  ])
  expect(await store.count()).toBe(3)
})

test('the result is written as the input was: delimiter and mark', async () => {
  const input = fileOf('\ufeffaddress\tlat\tlng\n12 Lê Lợi, Phường Bến Thành, TPHCM\t10.7721\t106.6983\n')
  await assign(store, input)
  const text = readFileSync(`${input}.result.csv`, 'utf8')
  expect(text.startsWith('\ufeffaddress\tlat\tlng\tstatus\t')).toBe(true)
  expect(text.split('\n')[1]).toMatch(/^12 Lê Lợi, Phường Bến Thành, TPHCM\t10.7721\t106.6983\tassigned\t/)
})

test('rows with bytes that are no text are rejected by line, the others pass', async () => {
  const good = 'x,12 Lê Lợi Phường Bến Thành TPHCM'
  const input = fileOf(
    Buffer.concat([
      Buffer.from(`id,address\n${good}\nx,`),
      Buffer.from([0xc4, 0x4f, 0xff]),
      Buffer.from(`\nx,12 L\0ê Lợi\n${good},,,\n${good},more\n`),
    ]),
  )
  const { rejected, counts } = await assign(store, input)
  expect(rejected).toEqual([
    { line: 3, reason: 'invalid-utf8' },
    { line: 4, reason: 'nul-byte' },
    { line: 6, reason: 'too-many-cells' },
  ])
  expect(counts.rejected).toBe(3)
  const rows = resultOf(`${input}.result.csv`)
  expect(rows.length).toBe(5)
  expect(rows[1]!['id']).toBe('x,\ufffdO\ufffd')
  expect(rows[2]!['id']).toBe('x,12 L\ufffdê Lợi')
})

test('the sample twice: everything new, then nothing new', async () => {
  const input = fileOf(sample(1))
  const first = await assign(store, input)
  const again = await assign(store, input)
  expect(total(first)).toBe(1000)
  expect(total(again)).toBe(1000)
  expect(again.counts.assigned ?? 0).toBe(0)
  expect(again.counts.visit ?? 0).toBe(0)
  expect(again.counts.rejected).toBe(first.counts.rejected)
  expect(again.counts.duplicate).toBe(first.counts.duplicate)
  expect(again.counts.updated ?? 0).toBe(0)
})

test('threads and no threads give the same', { timeout: 120_000 }, async () => {
  const input = fileOf(sample(6))
  const other = openWriter(join(folder, 'threads.db'))
  await assign(store, input)
  const alone = await traces(store, `${input}.result.csv`)
  await assign(other, input, { threads: 2 })
  expect(await traces(other, `${input}.result.csv`)).toEqual(alone)
  await other.close()
})

test('stopped after any chunk and started again: the same as an undisturbed run', {
  timeout: 120_000,
}, async () => {
  const input = fileOf(sample(4))
  const other = openWriter(join(folder, 'stopped.db'))
  await assign(store, input)
  const undisturbed = await traces(store, `${input}.result.csv`)
  rmSync(`${input}.result.csv`)
  const resumed: number[] = []
  const notice = {
    onStart: ({ resumedAt }: { resumedAt: number }) => void resumed.push(resumedAt),
    stop: () => true,
  }
  for (let i = 1; i <= 3; i++) {
    const summary = await assign(other, input, notice)
    expect([summary.ending, summary.rows, total(summary)]).toEqual(['paused', i * 1000, i * 1000])
    expect(existsSync(`${input}.result.csv`)).toBe(false)
    // What a kill leaves behind the last committed chunk.
    writeFileSync(`${input}.result.csv.part`, 'half a li', { flag: 'a' })
  }
  const last = await assign(other, input, notice)
  expect([last.ending, last.rows, last.rowsNow]).toEqual(['done', 4000, 1000])
  expect(resumed).toEqual([0, 1000, 2000, 3000])
  expect(await traces(other, `${input}.result.csv`)).toEqual(undisturbed)
  await other.close()
})

test('with duplicates: what the rows of a file say twice waits for a person, also when the run was killed looking', async () => {
  const lines = sample(2).trimEnd().split('\n')
  const commune = 'Phường Hoàn Kiếm,,Thành phố Hà Nội'
  lines.push(
    `T1,36 phố Hàng Trống,${commune},21.028700,105.852300,`,
    `T2,36 phố Hàng Trốngg,${commune},21.028730,105.852310,`,
  )
  const input = fileOf(`${lines.join('\n')}\n`)
  const dying = {
    ...store,
    transaction: ((work) =>
      store.transaction((tx) =>
        work({ ...tx, writeDoubts: () => Promise.reject(new Error('killed')) }),
      )) as typeof store.transaction,
  }
  await expect(assign(dying, input, { duplicates: true })).rejects.toThrow('killed')
  expect(await store.doubts(null, 10)).toEqual([])
  const summary = await assign(store, input, { duplicates: true })
  expect([summary.ending, summary.rows, summary.rowsNow]).toEqual(['done', 2002, 0])
  const open = await store.doubts(null, 1000)
  const texts = await Promise.all(
    open.map(async ({ n, other }) =>
      (await store.households([n, other ?? n])).map(({ text }) => text.split(',')[0]),
    ),
  )
  expect(texts).toContainEqual(['36 phố Hàng Trống', '36 phố Hàng Trốngg'])
  expect(summary.duplicates?.found.duplicate).toBe(open.filter(({ kind }) => kind === 'duplicate').length)
  expect(summary.duplicates?.households).toBe(await store.count())
  // Nobody asked: nothing is looked for.
  const other = openWriter(join(folder, 'quiet.db'))
  expect((await assign(other, input)).duplicates).toBe(null)
  expect(await other.doubts(null, 10)).toEqual([])
  await other.close()
})

test.each([
  ['too short', (part: string) => truncateSync(part, 5000)],
  [
    'edited',
    (part: string) => {
      const [header, ...lines] = readFileSync(part, 'utf8').split('\n')
      writeFileSync(part, [header, 'a word too much', ...lines].join('\n'))
    },
  ],
])('an unfinished result that is %s: the file is loaded anew and says so', async (_, spoil) => {
  const input = fileOf(sample(3))
  await assign(store, input, { stop: () => true })
  spoil(`${input}.result.csv.part`)
  const notes: string[] = []
  const summary = await assign(store, input, { onStart: (start) => void notes.push(...start.notes) })
  expect(notes.join()).toMatch(/unfinished result .* is gone or was changed/)
  expect([summary.rows, total(summary)]).toEqual([3000, 3000])
  expect(resultOf(`${input}.result.csv`).length).toBe(3000)
  expect((await store.listJobs(9)).map(({ state }) => state)).toEqual(['done', 'failed'])
})

test('killed between the last chunk and the end of the job: the result stands as it is', async () => {
  const input = fileOf(sample(1))
  const dying = { ...store, finishJob: () => Promise.reject(new Error('killed')) }
  await expect(assign(dying, input)).rejects.toThrow('killed')
  const before = readFileSync(`${input}.result.csv`, 'utf8')
  const summary = await assign(store, input)
  expect([summary.ending, summary.rows, summary.rowsNow]).toEqual(['done', 1000, 0])
  expect(readFileSync(`${input}.result.csv`, 'utf8')).toBe(before)
  expect((await store.listJobs(9)).map(({ state }) => state)).toEqual(['done'])
})

test("nobody's file is written over", async () => {
  const input = fileOf('address\n12 Lê Lợi, Phường Bến Thành, TPHCM\n')
  const letter = fileOf('Dear sirs')
  await expect(assign(store, input, { output: letter })).rejects.toThrow(FileRefused)
  await expect(assign(store, input, { output: input })).rejects.toThrow(/over its own input/)
  await expect(assign(store, input, { output: join(folder, 'no', 'where.csv') })).rejects.toThrow(/no folder/)
  await expect(assign(store, join(folder, 'missing.csv'))).rejects.toThrow(/no file/)
  await expect(assign(store, folder)).rejects.toThrow(/not an ordinary file/)
  expect(readFileSync(letter, 'utf8')).toBe('Dear sirs')
  await assign(store, input)
  const again = await assign(store, input)
  expect(again.counts).toEqual({ unchanged: 1 })
  expect(await store.listJobs(9)).toHaveLength(2)
})

test('a header alone gives a result of a header', async () => {
  const input = fileOf('address,lat,lon\n')
  const summary = await assign(store, input)
  expect([summary.ending, summary.rows]).toEqual(['done', 0])
  expect(readFileSync(`${input}.result.csv`, 'utf8')).toBe(`address,lat,lon,${RESULT_COLUMNS.join(',')}\n`)
})

test('a misspelled street is the same house, a street of another name is another one', async () => {
  const texts = (...streets: string[]) =>
    ['Địa chỉ', ...streets.map((street) => `"12 ${street}, Phường Vĩnh Tuy, Hà Nội"`)].join('\n')
  const first = fileOf(texts('Hàm Long'))
  await assign(store, first)
  // There are streets of the second name, none of them here.
  const second = fileOf(texts('Hàm Lonng', 'Hàm Rồng'))
  await assign(store, second)
  const [known] = resultOf(`${first}.result.csv`)
  const [typo, other] = resultOf(`${second}.result.csv`)
  const id = known!['household_id']
  expect(typo).toMatchObject({ status: 'unchanged', household_id: id, issues: 'street-repaired' })
  expect(other).toMatchObject({ status: 'visit', issues: '' })
  expect(other!['household_id']).not.toBe(id)
})
