import request from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reviewCaseRoute, reviewQueueRoute } from '../../src/http/routes/review.ts'
import { gazetteer, openTestApi, type TestApi } from './support.ts'

/** A former commune of Ha Noi that was split, and a text in it that names no street known on the map. */
const SPLIT = gazetteer.formerCommune('00103')!
const text = (number: number) =>
  `Số ${number} đường Không Tên, ${SPLIT.fullName}, ${SPLIT.district.fullName}, Hà Nội`
const PARTS = SPLIT.successors.map(({ current }) => current.code)

let api: TestApi
let ids: string[]
beforeAll(async () => {
  api = await openTestApi()
  ids = await api.assign(
    [1, 2, 3, 4, 5, 6].map((n) => ({ address: text(n) })),
    'doubtful',
  )
})
afterAll(() => api.close())

const get = (url: string, key = 'staff') => request(api.app).get(url).set('X-Api-Key', key)
const caseOf = (id: string, key = 'staff') => get(`/v1/households/${id}/review`, key)
async function decide(id: string, body: object, { key = 'staff', etag = '' } = {}) {
  const tag = etag || (await caseOf(id)).headers['etag']!
  return request(api.app)
    .post(`/v1/households/${id}/decide`)
    .set({ 'X-Api-Key': key, 'If-Match': tag })
    .send(body)
}
const told = ({ status, body }: request.Response) => [status, body.code]
const waiting = async (query = '', key = 'staff') =>
  (await get(`/v1/review${query}`, key)).body.entries.map(
    (entry: { household: { id: string } }) => entry.household.id,
  ) as string[]

test('the queue has what waits, inside the places of the key', async () => {
  const { status, body } = await get('/v1/review')
  expect([status, reviewQueueRoute.answer.safeParse(body).error?.issues]).toEqual([200, undefined])
  expect(body.entries[0]).toMatchObject({ reasons: ['split-commune'], doubts: [] })
  expect(new Set(await waiting())).toEqual(new Set(ids))
  expect((await waiting('?reason=split-commune&limit=2')).length).toBe(2)
  expect((await get('/v1/review?limit=2')).body.more).toBe(true)
  expect(await waiting('?reason=duplicate')).toEqual([])
  expect(new Set(await waiting('', 'staff:01'))).toEqual(new Set(ids))
  expect(await waiting('', 'staff:79')).toEqual([])
  expect(await waiting('?province=79')).toEqual([])
  expect(told(await get('/v1/review?province=01', 'staff:79'))).toEqual([403, 'outside-scope'])
  expect(told(await get('/v1/review?province=99'))).toEqual([404, 'unknown-unit'])
  for (const query of ['?reason=hunger', '?limit=501'])
    expect(told(await get(`/v1/review${query}`))).toEqual([400, 'bad-parameter'])
  expect(told(await request(api.app).get('/v1/review'))).toEqual([401, 'key-needed'])
  expect(told(await get('/v1/review', 'courier'))).toEqual([403, 'not-allowed'])
})

test('a case has the parts of the text in place, and the communes that it can mean with their points', async () => {
  const { status, body, headers } = await caseOf(ids[0]!)
  expect([status, reviewCaseRoute.answer.safeParse(body).error?.issues]).toEqual([200, undefined])
  expect(headers['etag']).toMatch(/^".+\.full"$/)
  const parts = body.spans.map(
    ({ part, start, end, text }: { part: string; start: number; end: number; text: string }) => {
      expect(body.household.text.slice(start, end)).toBe(text)
      return part
    },
  )
  expect(parts).toEqual(['houseNumber', 'street', 'units', 'units', 'units'])
  const communes = body.candidates.map(({ communeCode }: { communeCode: string }) => communeCode)
  expect([...communes].sort()).toEqual([...PARTS].sort())
  for (const { communeCode, lat, lon } of body.candidates)
    expect(gazetteer.communes[gazetteer.boundaries.communeAt(lat, lon)]!.code).toBe(communeCode)
  expect(told(await caseOf(ids[0]!, 'staff:79'))).toEqual([403, 'outside-scope'])
  expect(told(await caseOf('100000000008'))).toEqual([404, 'unknown-household'])
  expect(told(await caseOf('1'))).toEqual([400, 'mistyped-household-id'])
})

test('a decision is carried out once, by who read the household as it is, and can be undone', async () => {
  const id = ids[0]!
  const etag = (await caseOf(id)).headers['etag']!
  const commune = PARTS.find((code) => code !== undefined)!
  const done = await decide(id, { decision: 'commune', commune }, { etag })
  expect([done.status, done.body.household.review, done.body.household.communeCode]).toEqual([
    200,
    [],
    commune,
  ])
  expect(await waiting()).not.toContain(id)
  expect(told(await decide(id, { decision: 'keep' }, { etag }))).toEqual([412, 'changed-meanwhile'])
  const undone = await request(api.app)
    .post(`/v1/households/${id}/undo`)
    .set({ 'X-Api-Key': 'staff', 'If-Match': done.headers['etag']! })
    .send({ reason: 'slip' })
  expect(undone.body.household.review).toEqual(['split-commune'])
  expect(await waiting()).toContain(id)
})

test('every kind of decision does what the command does', async () => {
  const inside = gazetteer.commune(PARTS[1]!)!.inside
  const [, byPoint, merged, apart, rejected, kept] = ids as [string, string, string, string, string, string]
  const placed = await decide(byPoint, { decision: 'point', point: { ...inside, accuracy: 5 } })
  expect(placed.body.household).toMatchObject({ review: [], communeCode: PARTS[1], point: inside })
  expect(placed.body.household.vpostcode).toHaveLength(12)
  expect((await decide(merged, { decision: 'merge', into: byPoint })).status).toBe(200)
  expect((await get(`/v1/households/${merged}`)).body).toMatchObject({
    status: 'historical',
    successors: [byPoint],
  })
  const told = await decide(apart, { decision: 'distinct', others: [byPoint] })
  expect(told.body.household.cleared).toEqual([{ doubt: 'duplicate', other: byPoint }])
  expect((await decide(rejected, { decision: 'reject' })).body.household.status).toBe('historical')
  expect((await decide(kept, { decision: 'keep' })).body.household.review).toEqual([])
})

test('the places of candidates are those of the address in each commune, not their middles', async () => {
  const [id] = await api.assign(
    [{ address: '13 Hàng Trống, phường Cửa Nam, quận Hoàn Kiếm, Hà Nội' }],
    'streets',
  )
  const { body } = await caseOf(id!)
  expect(body.candidates.map(({ precision }: { precision: string }) => precision)).toContain('interpolated')
  for (const { communeCode, lat, lon, precision, accuracy } of body.candidates) {
    const { inside } = gazetteer.commune(communeCode)!
    expect([communeCode, typeof precision, accuracy > 0]).toEqual([communeCode, 'string', true])
    if (precision !== 'commune') expect([lat, lon]).not.toEqual([inside.lat, inside.lon])
  }
})

test('a finding names the other household only to a key whose scope holds it', async () => {
  const [here] = await api.assign([{ address: '3 Hàng Trống, phường Hoàn Kiếm, Hà Nội' }], 'pair')
  const [there] = await api.assign([{ address: '3 Đồng Khởi, Phường Sài Gòn, TP. Hồ Chí Minh' }], 'pair far')
  const n = (id: string) => api.deps.households.ids.nOf(id)!
  const pair = { n: n(here!), other: n(there!), kind: 'duplicate' as const }
  await api.store.transaction(async (tx) => {
    const here = { provinceCode: '01', communeCode: '00070' }
    const found = { ...pair, score: 0.9, reason: 'same-door', metres: 4 }
    await tx.writeDoubts(here, [found], Date.now())
  })
  const others = async (url: string, key: string) => {
    const { body } = await get(url, key)
    const entries = body.entries ?? [body]
    return entries
      .filter(({ household }: { household: { id: string } }) => household.id === here)
      .flatMap(({ doubts }: { doubts: { other: string | null }[] }) => doubts.map(({ other }) => other))
  }
  for (const url of ['/v1/review?province=01', `/v1/households/${here}/review`])
    expect([await others(url, 'staff'), await others(url, 'staff:01')]).toEqual([[there], [null]])
})

test('a key of thousands of communes lets others be answered between two of them', async () => {
  const { app } = api
  let ticks = 0
  const counting = setInterval(() => ticks++, 0)
  const { body } = await request(app).get('/v1/review').set('X-Api-Key', 'staff of all communes')
  clearInterval(counting)
  expect(body.entries.length).toBeGreaterThan(0)
  expect(ticks).toBeGreaterThan(3)
})

test('a clerk keeps a household beside one of another office, which is not asked about', async () => {
  const homes = (await api.assign([{ address: text(20), externalId: 'first' }], 'home'))[0]!
  const away = { lat: 10.7755, lon: 106.7035 }
  const corrected = await request(api.app)
    .patch(`/v1/households/${homes}`)
    .set({ 'X-Api-Key': 'staff', 'If-Match': (await caseOf(homes)).headers['etag']! })
    .send({ address: '45 Đồng Khởi, Phường Sài Gòn, TP. Hồ Chí Minh', point: away })
  expect(corrected.status).toBe(200)
  const [id] = (await api.assign([{ address: text(20), externalId: 'second' }], 'home again')) as [string]
  const alike = async (key: string) =>
    (await caseOf(id, key)).body.alike.map((other: { id: string }) => other.id)
  expect([await alike('staff'), await alike('staff:01')]).toEqual([[homes], []])
  const kept = await decide(id, { decision: 'keep' }, { key: 'staff:01' })
  expect([kept.status, kept.body.code, kept.body.household?.review]).toEqual([200, undefined, []])
})

test('what does not go together is refused and named', async () => {
  const [id] = await api.assign([{ address: text(9) }], 'more')
  const faults = async (body: object) => {
    const { status, body: problem } = await decide(id!, body)
    return [status, ...problem.errors.map((error: { name: string }) => error.name)]
  }
  expect(await faults({ decision: 'commune' })).toEqual([400, 'commune'])
  expect(await faults({ decision: 'point', point: null })).toEqual([400, 'point'])
  expect(await faults({ decision: 'merge', others: ['100000000008'] })).toEqual([400, 'into', 'others'])
  expect(await faults({ decision: 'reject', commune: '00070' })).toEqual([400, 'commune'])
  expect(await faults({ decision: 'burn' })).toEqual([400, 'decision'])
  expect(told(await decide(id!, { decision: 'commune', commune: '99999' }))).toEqual([409, 'refused'])
  expect(told(await decide(id!, { decision: 'keep' }, { key: 'server' }))).toEqual([403, 'not-allowed'])
  expect(told(await decide(id!, { decision: 'keep' }, { key: 'staff:79' }))).toEqual([403, 'outside-scope'])
})
