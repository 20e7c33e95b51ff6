import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import type { StoreWriter } from '../../src/registry/store.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { assign, resultOf, traces } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-scope-'))
let count = 0
let store: StoreWriter
beforeEach(() => {
  store = openWriter(join(folder, `${++count}.db`))
})
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(rows: string[]): string {
  const path = join(folder, `${++count}.csv`)
  writeFileSync(path, `${['Mã hộ,Địa chỉ,lat,lng', ...rows].join('\n')}\n`)
  return path
}
const gazetteer = load()
const inHaNoi = ({ provinceCode }: { provinceCode: string }) => provinceCode === '01'

const HA_NOI = '"12 Hàng Trống, phường Hoàn Kiếm, Hà Nội",21.0287,105.8523'
const HCMC = '"12 Lê Lợi, Phường Bến Thành, TPHCM",10.7721,106.6983'

test('rows outside are rejected with a reason, stored nowhere, and stand in the file of rejected rows', async () => {
  const input = fileOf([`a,${HCMC}`, `b,${HA_NOI}`, `c,${HCMC}`])
  const { counts, rejects } = await assign(store, input, { within: inHaNoi })
  expect(counts).toEqual({ assigned: 1, rejected: 2 })
  const rows = resultOf(`${input}.result.csv`)
  expect(rows.map((row) => [row['status'], row['household_id'], row['vpostcode'], row['issues']])).toEqual([
    ['rejected', '', '', expect.stringMatching(/outside-scope$/)],
    ['assigned', expect.stringMatching(/^\d{12}$/), expect.any(String), expect.not.stringMatching(/outside/)],
    ['rejected', '', '', expect.stringMatching(/outside-scope$/)],
  ])
  expect(readFileSync(rejects!, 'utf8')).toBe(`Mã hộ,Địa chỉ,lat,lng\na,${HCMC}\nc,${HCMC}\n`)
  expect([await store.count(), await store.events('79', 0, 9)]).toEqual([1, []])
  expect(await store.byExternalId('office', 'a')).toBeNull()
})

test('a row inside that means a household outside changes nothing there and learns nothing of it', async () => {
  await assign(store, fileOf([`a,${HCMC}`, `b,"14 Lê Lợi, Phường Bến Thành, TPHCM",,`]), { list: 'before' })
  const before = [await store.households([1, 2]), await store.events('79', 0, 9)]
  // The number of a household of Ho Chi Minh City, at a place that would be a correction of its address.
  const input = fileOf([`b,"Số 5 Lê Lợi, Hà Nội",,`, `x,"14 Lê Lợi, Phường Bến Thành, TPHCM",10.772,106.698`])
  const { counts } = await assign(store, input, { within: inHaNoi })
  expect(Object.keys(counts).sort()).toEqual(['rejected', 'review'])
  expect([await store.households([1, 2]), await store.events('79', 0, 9)]).toEqual(before)
})

test('a household that stands outside is not led to by a row whose text alone would be read inside', async () => {
  // A former commune that was split: the text names it only, a point has placed the household in one of its parts.
  const text = '"Số 7 đường Người Trực, Phường Xuân La, Quận Tây Hồ, Hà Nội"'
  const guessed = fileOf([`a,${text},,`])
  await assign(store, guessed, { list: 'guess' })
  const guess = (await store.households([1]))[0]!.communeCode
  const { successors } = gazetteer.formerCommunes.find(({ code }) => code === '00103')!
  const other = successors.map(({ current }) => current).find(({ code }) => code !== guess)!
  const placed = openWriter(join(folder, `${++count}.db`))
  const { lat, lon } = other.inside
  await assign(placed, fileOf([`a,${text},${lat},${lon}`]), { list: 'placed' })
  const [home] = await placed.households([1])
  expect([home!.communeCode, home!.communeCode === guess]).toEqual([other.code, false])

  const within = ({ communeCode }: { communeCode: string }) => communeCode !== other.code
  expect((await assign(placed, guessed, { list: 'guess', within })).counts).toEqual({ rejected: 1 })
  const [row] = resultOf(`${guessed}.result.csv`)
  expect([row!['household_id'], row!['vpostcode'], row!['commune_code']]).toEqual(['', '', guess])
  expect([await placed.households([1]), await placed.count()]).toEqual([[home], 1])
  expect((await assign(placed, guessed, { list: 'guess' })).counts).toEqual({ unchanged: 1 })
})

test('a load that was stopped keeps its scope: registry and result equal those of an undisturbed one', async () => {
  const [header, ...rows] = readFileSync('seeds/sample-households.csv', 'utf8').trimEnd().split('\n')
  const copies = [0, 1, 2].flatMap((i) => rows.map((row) => row.replace(/^H/, `H${i}`)))
  const input = join(folder, 'many.csv')
  writeFileSync(input, [header, ...copies].join('\n'))
  const within = inHaNoi
  const { counts } = await assign(store, input, { within })
  const calm = await traces(store, `${input}.result.csv`)
  expect([counts.rejected! > 100, counts.rejected! < 2_900]).toEqual([true, true])
  const { households } = calm.registry as { households: { provinceCode: string }[] }
  expect(households.filter((household) => !within(household))).toEqual([])
  rmSync(`${input}.result.csv`)
  const other = openWriter(join(folder, 'stopped.db'))
  await assign(other, input, { within, stop: () => true })
  await assign(other, input, { within })
  expect(await traces(other, `${input}.result.csv`)).toEqual(calm)
})

test('only the first rows are read when a limit is given, whatever the chunks', async () => {
  const input = fileOf(
    Array.from({ length: 2_500 }, (_, i) => `${i},"${i} Lê Lợi, Phường Bến Thành, TPHCM",,`),
  )
  const { rows } = await assign(store, input, { rows: 1_200 })
  expect([rows, resultOf(`${input}.result.csv`).length, await store.count()]).toEqual([1_200, 1_200, 1_200])
})
