import request from 'supertest'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { coverageRoute } from '../../src/http/routes/coverage.ts'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
  await api.store.transaction((tx) => tx.writeTargets([{ communeCode: '00070', households: 10 }]))
})
afterAll(() => api.close())
afterEach(() => void vi.useRealTimers())

const get = (query: object = {}) => request(api.app).get('/v1/coverage').query(query)
const lines = async (query: object) => {
  const { status, body } = await get(query)
  expect([status, coverageRoute.answer.safeParse(body).error?.issues]).toEqual([200, undefined])
  return body
}
/** An answer is kept for a while. */
function later() {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6_000 })
}

const HOAN_KIEM = {
  expected: 10,
  households: 3,
  coded: 3,
  visit: 0,
  review: 0,
  verified: 0,
  findings: 0,
  error: null,
}

test('provinces, the communes of a province or of all, one commune day by day, and all in one line', async () => {
  const provinces = await lines({})
  expect([provinces.by, provinces.lines.length]).toEqual(['province', 34])
  expect(provinces.lines[0]).toMatchObject({ ...HOAN_KIEM, code: '01', households: 4, visit: 1 })
  const communes = await lines({ province: '01' })
  expect([communes.by, communes.lines.length]).toEqual(['commune', 126])
  expect(communes.lines.find(({ code }: { code: string }) => code === '00070')).toMatchObject(HOAN_KIEM)
  const all = await lines({ by: 'commune' })
  expect(all.lines.length).toBe(3321)
  expect(all.lines.filter(({ households }: { households: number }) => households > 0)).toHaveLength(2)
  const { by, days } = await lines({ commune: '00070' })
  const byThen = { householdsByThen: 3, codedByThen: 3, findingsByThen: 0, errorByThen: null }
  expect([by, days]).toMatchObject(['day', [{ households: 3, ...byThen }]])
  expect((await lines({ by: 'total' })).lines).toMatchObject([{ code: 'VN', households: 4, expected: 10 }])
  expect((await lines({ by: 'total', commune: '00070' })).lines).toMatchObject([
    { code: '00070', ...HOAN_KIEM },
  ])
  expect((await lines({ by: 'province', province: '79' })).lines).toMatchObject([
    { code: '79', households: 0 },
  ])
})

test('follows what is done, with the findings that wait, a few seconds later', async () => {
  const before = await lines({ by: 'total' })
  await api.assign(
    [{ address: '1 Lê Lợi, phường Bến Thành, TP Hồ Chí Minh', lat: '10.7721', lon: '106.6983' }],
    'more',
  )
  const finding = { kind: 'numbering', n: 5, other: null, score: 1, reason: 'far', metres: 900 } as const
  const place = { provinceCode: '79', communeCode: '26743' }
  await api.store.transaction((tx) => tx.writeDoubts(place, [finding], Date.now()))
  later()
  const [line] = (await lines({ by: 'total' })).lines
  expect(line).toMatchObject({ households: before.lines[0].households + 1, findings: 1 })
  expect((await lines({ province: '79', by: 'day' })).days).toMatchObject([
    { households: 1, findings: 1, findingsByThen: 1 },
  ])
  const id = api.deps.households.ids.idOf(5)
  await api.deps.life.decide({ actor: 'lan' }, id, { kind: 'keep', others: [] })
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6_000 })
  expect((await lines({ by: 'total' })).lines[0]).toMatchObject({ findings: 0 })
})

test('days: the latest so many, with what stood at their end', async () => {
  const day = (n: number) => Date.UTC(2026, 0, n, 5)
  for (const n of [2, 3, 4]) {
    vi.useFakeTimers({ toFake: ['Date'], now: day(n) })
    await api.assign([{ address: `${n} Trần Phú, phường Hải Châu, Đà Nẵng` }], 'days')
  }
  const { days } = await lines({ province: '48', by: 'day', days: '2' })
  expect(
    days.map(({ day, visitByThen }: { day: string; visitByThen: number }) => [day, visitByThen]),
  ).toEqual([
    ['2026-01-03', 2],
    ['2026-01-04', 3],
  ])
})

test('as CSV, by parameter or by Accept, with the columns of the command', async () => {
  for (const asked of [get({ format: 'csv' }), get().set('Accept', 'text/csv')]) {
    const { status, headers, text } = await asked
    expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(text).toMatch(/^code,name,province_code,province_name,expected,households,coded,/)
    expect(text.trimEnd().split('\n')).toHaveLength(35)
  }
  const days = await get({ format: 'csv', commune: '00070' })
  expect(days.text).toMatch(/^day,households,.*,findings,findings_by_then\n\d{4}-\d{2}-\d{2},3,3,0,/)
  const none = await get({ format: 'csv', commune: '00004' })
  expect(none.text).toMatch(/^day,households/)
  expect((await get({ format: 'json' }).set('Accept', 'text/csv')).headers['content-type']).toMatch(/json/)
})

test('who has the answer is told so', async () => {
  const { headers } = await get({ by: 'total' })
  expect(headers['cache-control']).toBe('public, max-age=5')
  const again = await get({ by: 'total' }).set('If-None-Match', headers['etag']!)
  expect([again.status, again.text]).toEqual([304, ''])
})

test('what cannot be meant is refused; who may only search gets no counts', async () => {
  for (const [query, status, code] of [
    [{ province: '98' }, 404, 'unknown-unit'],
    [{ commune: '99999' }, 404, 'unknown-unit'],
    [{ commune: '00070', province: '79' }, 404, 'unknown-unit'],
    [{ province: 'Hà Nội' }, 400, 'bad-parameter'],
    [{ by: 'week' }, 400, 'bad-parameter'],
    [{ days: '0' }, 400, 'bad-parameter'],
    [{ days: '9999' }, 400, 'bad-parameter'],
    [{ format: 'xml' }, 400, 'bad-parameter'],
    [{ colour: 'red' }, 400, 'unknown-parameter'],
    [{ by: ['day', 'total'] }, 400, 'bad-parameter'],
  ] as const) {
    const answer = await get(query)
    expect([query, answer.status, answer.body.code]).toEqual([query, status, code])
  }
  for (const key of ['browser', 'courier'])
    expect((await get().set('X-Api-Key', key)).body.code).toBe('not-allowed')
})
