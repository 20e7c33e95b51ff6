import request from 'supertest'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { observationRoute } from '../../src/http/routes/observations.ts'
import { queue, reviewCase } from '../../src/registry/review/queue.ts'
import { gazetteer, openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())
afterEach(() => void vi.useRealTimers())

const HERE = { lat: 21.0312, lon: 105.8493 }
/** 220 m to the north. */
const THERE = { lat: 21.0332, lon: 105.8493 }

const observe = (id: string, body: object, key = 'courier', own: TestApi = api) =>
  request(own.app).post(`/v1/households/${id}/observations`).set('X-Api-Key', key).send(body)
const findingsOf = async (own: TestApi) => {
  const entries = await queue(own.store, own.deps.households.ids, {
    place: null,
    reason: 'observed',
    limit: 100,
  })
  return entries.map(({ household, doubts }) => [
    household.id,
    doubts[0]!.reason,
    doubts[0]!.score,
    doubts[0]!.metres ?? 'unknown',
  ])
}
const later = (seconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })

test('what fits the registry is kept as evidence and changes nothing', async () => {
  const own = await openTestApi()
  const [id] = own.ids as [string]
  const before = await own.deps.households.versioned(id)
  for (const [body, key] of [
    [{ found: 'right', point: { ...HERE, accuracy: 12 } }, 'courier'],
    [{ found: 'unknown' }, 'staff:01'],
  ] as const) {
    const answer = await observe(id, body, key, own)
    expect([answer.status, answer.body]).toEqual([200, { household: id, found: body.found, finding: null }])
    expect(observationRoute.answer.safeParse(answer.body).success).toBe(true)
  }
  expect(await findingsOf(own)).toEqual([])
  expect(await own.deps.households.versioned(id)).toEqual(before)
  const [household] = await own.store.households([1])
  const { observations } = await reviewCase(own.store, own.deps.households.ids, household!, gazetteer)
  expect(observations).toMatchObject([
    { actor: 'rider', found: 'right', point: { ...HERE, accuracy: 12 } },
    { actor: 'clerk of Ha Noi', found: 'unknown', point: null },
  ])
  await own.close()
})

describe('what contradicts waits for a clerk', () => {
  test('gone, moved, or right but elsewhere; in the list of reviews, and counted in the coverage', async () => {
    const own = await openTestApi()
    const [gone, moved, far] = own.ids as [string, string, string]
    for (const [id, body, finding] of [
      [gone, { found: 'gone' }, 'observed-gone'],
      [moved, { found: 'moved' }, 'observed-elsewhere'],
      [far, { found: 'right', point: THERE }, 'observed-elsewhere'],
    ] as const)
      expect((await observe(id, body, 'courier', own)).body.finding).toBe(finding)
    const found = await findingsOf(own)
    expect(found.map(([id, reason]) => [id, reason]).sort()).toEqual(
      [
        [gone, 'observed-gone'],
        [moved, 'observed-elsewhere'],
        [far, 'observed-elsewhere'],
      ].sort(),
    )
    expect(found.find(([id]) => id === far)![3]).toBeGreaterThan(190)
    const { body } = await request(own.app).get('/v1/coverage?by=total')
    expect(body.lines[0].findings).toBe(3)
    await own.close()
  })

  test('the more keys say so the likelier; of one key the last counts, and takes its own word back', async () => {
    const own = await openTestApi()
    const [id] = own.ids as [string]
    await observe(id, { found: 'gone' }, 'courier', own)
    expect(await findingsOf(own)).toMatchObject([[id, 'observed-gone', 0.5, expect.anything()]])
    await observe(id, { found: 'moved', point: THERE }, 'staff', own)
    expect(await findingsOf(own)).toMatchObject([[id, 'observed-elsewhere', 0.75, expect.anything()]])
    later(11)
    await observe(id, { found: 'right' }, 'staff', own)
    expect(await findingsOf(own)).toMatchObject([[id, 'observed-gone', 0.5, expect.anything()]])
    await observe(id, { found: 'right' }, 'courier', own)
    expect(await findingsOf(own)).toEqual([])
    await own.close()
  })

  test('a decision closes it, undo opens it again, and what is seen later opens it anew', async () => {
    const own = await openTestApi()
    const { life } = own.deps
    const [id] = own.ids as [string]
    const by = { actor: 'lan', reason: 'called them' }
    await observe(id, { found: 'gone' }, 'courier', own)
    await life.decide(by, id, { kind: 'keep', others: [] })
    expect(await findingsOf(own)).toEqual([])
    await life.undo(by, id)
    expect(await findingsOf(own)).toHaveLength(1)
    await life.decide(by, id, { kind: 'keep', others: [] })
    // Looking through the commune again does not bring it back, nor does a courier who finds it right.
    await own.store.transaction((tx) => tx.writeDoubts({ provinceCode: '01', communeCode: '00070' }, [], 5))
    await observe(id, { found: 'right' }, 'staff:01', own)
    expect(await findingsOf(own)).toEqual([])
    later(11)
    expect((await observe(id, { found: 'moved' }, 'staff', own)).body.finding).toBe('observed-elsewhere')
    // What was seen before the decision is over.
    expect(await findingsOf(own)).toMatchObject([[id, 'observed-elsewhere', 0.5, expect.anything()]])
    const last = (await own.deps.households.history(id)).at(-1)!
    expect(last).toMatchObject({ kind: 'update', changed: ['cleared'], reason: 'observed', actor: 'clerk' })
    await own.close()
  })

  test('a retired household has no finding, an erased one no observations', async () => {
    const own = await openTestApi()
    const { life } = own.deps
    const [one, two] = own.ids as [string, string]
    for (const id of [one, two]) await observe(id, { found: 'gone', point: HERE }, 'courier', own)
    await life.retire({ actor: 'lan', reason: 'gone' }, one)
    await life.erase({ actor: 'lan', reason: 'asked for' }, two)
    expect(await findingsOf(own)).toEqual([])
    expect(await own.store.observationsOf(1)).toHaveLength(1)
    expect(await own.store.observationsOf(2)).toEqual([])
    const answer = await observe(one, { found: 'right' }, 'staff', own)
    expect(answer.body).toMatchObject({ status: 409, refusal: 'historical' })
    expect(answer.body.households).toEqual([one])
    await own.close()
  })
})

test('at a household that others replaced the courier is led on to those that live', async () => {
  const own = await openTestApi()
  const [first, second, last] = own.ids as [string, string, string]
  const by = { actor: 'lan', reason: 'one home' }
  await own.deps.life.retire(by, first, [second])
  await own.deps.life.retire(by, second, [last])
  const { body } = await request(own.app).get(`/v1/households/${first}`).set('X-Api-Key', 'courier')
  expect([body.status, body.successors]).toEqual(['historical', [second]])
  const answer = await observe(first, { found: 'right' }, 'courier', own)
  expect(answer.body).toMatchObject({
    status: 409,
    code: 'refused',
    refusal: 'historical',
    households: [last],
  })
  await own.close()
})

test('one key tells of one household once in ten seconds', async () => {
  const [, , id, other] = api.ids as [string, string, string, string]
  expect((await observe(id, { found: 'right' })).status).toBe(200)
  const again = await observe(id, { found: 'gone' })
  expect([again.status, again.body.code, again.headers['retry-after']]).toEqual([
    429,
    'observed-just-now',
    '10',
  ])
  expect((await observe(other, { found: 'right' })).status).toBe(200)
  expect((await observe(id, { found: 'right' }, 'staff')).status).toBe(200)
  later(11)
  expect((await observe(id, { found: 'right' })).status).toBe(200)
})

test('refuses other roles, other communes, texts and points that are none', async () => {
  const [id] = api.ids as [string]
  const right = { found: 'right' }
  for (const [answer, status, code] of [
    [await observe(id, right, 'server'), 403, 'not-allowed'],
    [await observe(id, right, 'browser'), 403, 'not-allowed'],
    [await observe(id, right, 'staff:79'), 403, 'outside-scope'],
    [await request(api.app).post(`/v1/households/${id}/observations`).send(right), 401, 'key-needed'],
    [await observe('123', right), 400, 'mistyped-household-id'],
    [await observe(api.deps.households.ids.idOf(9_000), right), 404, 'unknown-household'],
    [await observe(id, {}), 400, 'missing-parameter'],
    [await observe(id, { found: 'eaten' }), 400, 'bad-parameter'],
    [await observe(id, { ...right, note: 'gọi 0912345678' }), 400, 'unknown-parameter'],
    [await observe(id, { ...right, point: { lat: 105.8, lon: 21 } }), 400, 'bad-parameter'],
    [await observe(id, { ...right, point: { lat: 48.8, lon: 2.3 } }), 400, 'bad-parameter'],
    [await observe(id, { ...right, point: { ...HERE, accuracy: 5000 } }), 400, 'bad-parameter'],
    [await observe(id, { ...right, point: { ...HERE, name: 'x' } }), 400, 'unknown-parameter'],
  ] as const)
    expect([answer.status, answer.body.code]).toEqual([status, code])
})
