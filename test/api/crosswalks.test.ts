import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openCrosswalks } from '../../src/http/crosswalks.ts'
import type { Crosswalk, CrosswalkEntry } from '../../src/registry/crosswalks/store.ts'
import { gazetteer, openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const entry = (
  era: 'current' | 'former',
  code: string,
  id: string,
  name = `name of ${id}`,
): CrosswalkEntry => ({
  era,
  code,
  id,
  name,
})
/** Loads these schemes in the place of all others. */
async function loadSchemes(...schemes: [scheme: string, entries: CrosswalkEntry[]][]) {
  for (const { scheme } of await api.store.crosswalks())
    await api.store.transaction((tx) => tx.removeCrosswalk(scheme))
  for (const [scheme, entries] of schemes) {
    const crosswalk: Crosswalk = { scheme, asOf: '2026-10-01', loadedAt: 1, entries }
    await api.store.transaction((tx) => tx.writeCrosswalk(crosswalk))
  }
  const { crosswalks, close } = await openCrosswalks(api.store, () => {})
  Object.assign(api.deps.crosswalks, crosswalks)
  await close()
}

const validated = async (address: string) =>
  (await request(api.app).post('/v1/validate').send({ address })).body.crosswalks
const converted = async (query: object) =>
  (await request(api.app).get('/v1/convert').query(query)).body.crosswalks
const unit = async (code: string, era: string) =>
  (await request(api.app).get(`/v1/units/${code}`).query({ era })).body.units[0].crosswalks
const BEN_NGHE = '5 Lý Tự Trọng, Phường Bến Nghé, Quận 1, TPHCM'
const given = { asOf: '2026-10-01', reason: null }
const none = (scheme: string, reason: string) => ({
  scheme,
  asOf: '2026-10-01',
  id: null,
  name: null,
  unit: null,
  reason,
})

test('nothing is loaded: the lists are empty', async () => {
  expect([
    await validated(BEN_NGHE),
    await converted({ current: '26740' }),
    await unit('26740', 'current'),
  ]).toEqual([[], [], []])
  expect((await request(api.app).get('/readyz')).body.crosswalks).toEqual([])
})

test('/readyz tells which are loaded, of which date and since when', async () => {
  await loadSchemes(['new', [entry('current', '26740', 'W1')]], ['old', [entry('former', '26740', '7')]])
  expect((await request(api.app).get('/readyz')).body.crosswalks).toEqual(
    ['new', 'old'].map((scheme) => ({ scheme, asOf: '2026-10-01', loadedAt: '1970-01-01T00:00:00.001Z' })),
  )
})

describe('a scheme of units of today', () => {
  beforeAll(() =>
    loadSchemes([
      'new',
      [
        entry('current', '26740', 'W1', 'P. Sài Gòn (mới)'),
        entry('current', '26743', 'W2'),
        entry('current', '79', 'P1'),
      ],
    ]),
  )

  test('gives id and exact name of the commune that an address is in, whichever era it names', async () => {
    const saigon = [
      {
        scheme: 'new',
        ...given,
        id: 'W1',
        name: 'P. Sài Gòn (mới)',
        unit: { era: 'current', code: '26740' },
      },
    ]
    expect(await validated(BEN_NGHE)).toEqual(saigon)
    expect(await validated('5 Lý Tự Trọng, phường Sài Gòn, TP HCM')).toEqual(saigon)
    expect(await converted({ address: BEN_NGHE })).toEqual(saigon)
    expect(await converted({ former: '26740' })).toEqual(saigon)
    const posted = await request(api.app).post('/v1/convert').send({ address: BEN_NGHE })
    expect(posted.body.crosswalks).toEqual(saigon)
  })

  test('gives the reason where there is none', async () => {
    expect(await validated('14 Hàng Trống, phường Hoàn Kiếm, Hà Nội')).toEqual([none('new', 'not-listed')])
    expect(await validated('12 Lê Lợi, Phường 1, TP HCM')).toEqual([none('new', 'not-listed')])
    expect(await validated('Lê Lợi, Quận 1, TP HCM')).toEqual([none('new', 'several')])
    expect(await validated('xyzzy')).toEqual([none('new', 'unit-unknown')])
    expect(await validated('Tỉnh Quảng Trị')).toEqual([none('new', 'unit-unknown')])
  })

  test('answers for units of either era', async () => {
    expect(await unit('79', 'current')).toMatchObject([{ id: 'P1' }])
    expect(await unit('26740', 'former')).toMatchObject([
      { id: 'W1', unit: { era: 'current', code: '26740' } },
    ])
    expect(await unit('760', 'former')).toEqual([none('new', 'not-listed')])
    const { body } = await request(api.app).get('/v1/units').query({ q: 'ben thanh' })
    expect(body.units[0]).toMatchObject({ code: '26743', crosswalks: [{ scheme: 'new', id: 'W2' }] })
  })
})

describe('a scheme of units of before July 2025', () => {
  const whole = gazetteer.communes.find(({ sources }) => sources.length === 1 && sources[0]!.whole)!
  const split = gazetteer.formerCommunes.find(({ successors }) => successors.length > 2)!
  const formers = ['26740', split.code, whole.sources[0]!.former.code]
  beforeAll(() =>
    loadSchemes([
      'old',
      [
        ...formers.map((code) => entry('former', code, `F${code}`)),
        ...gazetteer.formerCommunes
          .filter(({ code, district }) => district.code === '001' && !formers.includes(code))
          .map(({ code }) => entry('former', code, `F${code}`)),
      ],
    ]),
  )

  test('gives the former unit that the text names, also of one that was split', async () => {
    expect(await validated(BEN_NGHE)).toMatchObject([
      { id: 'F26740', unit: { era: 'former', code: '26740' } },
    ])
    expect(await converted({ former: split.code })).toMatchObject([{ id: `F${split.code}` }])
  })

  test('of a commune of today gives the one that it came from, or says that there are several', async () => {
    expect(await converted({ current: whole.code })).toMatchObject([
      { id: `F${whole.sources[0]!.former.code}` },
    ])
    expect(await unit(whole.code, 'current')).toMatchObject([{ id: `F${whole.sources[0]!.former.code}` }])
    // Most of Ba Dinh came from communes of the district 001, which are all listed.
    expect(await validated('1 Hoàng Hoa Thám, phường Ba Đình, Hà Nội')).toEqual([none('old', 'several')])
    expect(await unit('00004', 'current')).toEqual([none('old', 'several')])
    expect(await unit('26743', 'current')).toEqual([none('old', 'not-listed')])
  })
})

test('a scheme of both eras answers by the units of today first; two schemes each by their own', async () => {
  await loadSchemes(
    ['both', [entry('current', '26743', 'N'), entry('former', '26740', 'O')]],
    ['provinces', [entry('former', '79', 'HCM'), entry('former', '74', 'BD')]],
  )
  expect(await validated('1 Lê Lợi, phường Bến Thành, TP HCM')).toMatchObject([
    { id: 'N' },
    { scheme: 'provinces', id: 'HCM' },
  ])
  expect(await validated(BEN_NGHE)).toMatchObject([
    { id: 'O' },
    { id: 'HCM', unit: { era: 'former', code: '79' } },
  ])
})

test('what is loaded or removed is seen within a second, and answers that were kept are asked for anew', async () => {
  await loadSchemes()
  const { headers } = await request(api.app).get('/v1/units/26743')
  const { crosswalks, close } = await openCrosswalks(api.store, () => {})
  const names = () => crosswalks.schemes.map(({ scheme }) => scheme)
  expect(names()).toEqual([])
  const crosswalk = { scheme: 'late', asOf: null, loadedAt: 1, entries: [entry('current', '26743', 'L')] }
  await api.store.transaction((tx) => tx.writeCrosswalk(crosswalk))
  await vi.waitFor(() => expect(names()).toEqual(['late']), { timeout: 1_000 })
  Object.assign(api.deps.crosswalks, crosswalks)
  const again = await request(api.app).get('/v1/units/26743').set('If-None-Match', headers['etag']!)
  expect([again.status, again.body.units[0].crosswalks[0].id]).toEqual([200, 'L'])
  await api.store.transaction((tx) => tx.removeCrosswalk('late'))
  await vi.waitFor(() => expect(names()).toEqual([]), { timeout: 1_000 })
  await close()
})

test('while the database cannot be asked the crosswalks stay, and that is told once', async () => {
  vi.useFakeTimers()
  let broken = false
  const told: unknown[] = []
  const store = {
    crosswalksVersion: async () => {
      if (broken) throw new Error('locked')
      return 1
    },
    crosswalks: async () => [{ scheme: 'a', asOf: null, loadedAt: 1, entries: [] }],
  }
  const { crosswalks, close } = await openCrosswalks(store, (error) => told.push(error))
  broken = true
  await vi.advanceTimersByTimeAsync(2_000)
  expect([crosswalks.schemes.length, told.length]).toEqual([1, 1])
  await close()
  vi.useRealTimers()
})
