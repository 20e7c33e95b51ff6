import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Express } from 'express'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { changesRoute } from '../../src/http/routes/changes.ts'
import { prepareEntry } from '../../src/pipeline.ts'
import { ChangeRefused } from '../../src/registry/life/refused.ts'
import { openLife } from '../../src/registry/life.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import { openBeside, openWriter } from '../../src/store/sqlite/open.ts'
import { gazetteer, openTestApi, type TestApi } from './support.ts'

interface Change {
  province: string
  number: number
  kind: string
  householdId: string
  household: { id: string } | null
  changed: string[]
  actor: string
  reason: string | null
}
interface Page {
  changes: Change[]
  next: string
  more: boolean
}

const by = { actor: 'lan', reason: 'test' }
const draft = (address: string, point?: { lat: number; lon: number }) =>
  prepareEntry({ address }, point && { ...point, source: 'given', accuracy: 5 }, gazetteer).draft!

async function page(app: Express, query: object = {}, key = 'server'): Promise<Page> {
  const { status, body } = await request(app).get('/v1/changes').set('X-Api-Key', key).query(query)
  expect([status, body.code]).toEqual([200, undefined])
  expect(changesRoute.answer.safeParse(body).error?.issues).toBeUndefined()
  return body
}

/** A household as the feed tells it. */
async function householdOf(app: Express, id: string) {
  const { body } = await request(app).get(`/v1/households/${id}`).set('X-Api-Key', 'server')
  const { lists: _, ...household } = body
  return household
}

/** All that there is after a cursor, page by page, with the cursor behind each page. */
async function all(app: Express, query: { since?: string; limit?: string; province?: string }, key?: string) {
  const changes: Change[] = []
  const cursors: string[] = []
  for (let since = query.since; ; since = cursors.at(-1)!) {
    const found = await page(app, { ...query, ...(since ? { since } : {}) }, key)
    changes.push(...found.changes)
    cursors.push(found.next)
    if (!found.more) return { changes, cursors }
  }
}

/** What a follower of the feed knows in the end. */
const copyOf = (changes: readonly Change[]) => {
  const copy = new Map<string, unknown>()
  for (const { householdId, household } of changes)
    if (household) copy.set(householdId, household)
    else copy.delete(householdId)
  return copy
}
const numbersOf = (changes: readonly Change[]) => {
  const numbers: Record<string, number[]> = {}
  for (const { province, number } of changes) {
    numbers[province] ??= []
    numbers[province].push(number)
  }
  return numbers
}

describe('GET /v1/changes', () => {
  let api: TestApi
  beforeAll(async () => {
    api = await openTestApi()
    const { life } = api.deps
    const [first, second, third] = api.ids as [string, string, string]
    await life.correct(by, first, draft('16 Hàng Trống, phường Hoàn Kiếm, Hà Nội'))
    await life.confirm(by, first)
    await life.correct(
      by,
      second,
      draft('5 Lê Lợi, phường Bến Thành, TP Hồ Chí Minh', { lat: 10.7721, lon: 106.6983 }),
    )
    await life.addExternalId(by, third, { scheme: 'digital-address', value: '1234567890' })
    await life.erase({ actor: 'lan', reason: 'asked for' }, third)
  })
  afterAll(() => api.close())
  const get = (query: object, key = 'server') =>
    request(api.app).get('/v1/changes').set('X-Api-Key', key).query(query)
  const full = (id: string) => householdOf(api.app, id)

  test('tells every event once, numbered without a gap in each province, with the household after it', async () => {
    const { changes } = await all(api.app, {})
    expect(numbersOf(changes)).toEqual({ '01': [1, 2, 3, 4, 5, 6, 7, 8], '79': [1] })
    const [corrected] = changes.filter(
      ({ kind, householdId }) => kind === 'update' && householdId === api.ids[0],
    )
    expect(corrected).toMatchObject({
      actor: 'lan',
      reason: 'test',
      household: { parts: { houseNumber: '16' } },
    })
    expect(corrected!.changed).toContain('parts')
    for (const [id, household] of copyOf(changes)) expect(household).toEqual(await full(id))
  })

  test('pages of any size give the same, and every cursor leads to the same rest again and again', async () => {
    const whole = (await all(api.app, {})).changes
    for (const limit of ['1', '2', '5']) {
      const { changes, cursors } = await all(api.app, { limit })
      expect(changes).toEqual(whole)
      for (const [i, since] of cursors.entries()) {
        const rest = await all(api.app, { since })
        expect(rest.changes).toEqual(whole.slice((i + 1) * Number(limit)))
      }
    }
    const end = await page(api.app, { since: 'now' })
    expect([end.changes, end.more]).toEqual([[], false])
    expect((await page(api.app, { since: end.next })).changes).toEqual([])
    expect((await page(api.app)).next).toBe(end.next)
  })

  test('events of an erased household are blank', async () => {
    const { changes } = await all(api.app, {})
    const erased = changes.filter(({ householdId }) => householdId === api.ids[2])
    expect(erased.map(({ kind }) => kind)).toEqual(['insert', 'update', 'erase'])
    for (const { household } of erased)
      expect(household).toMatchObject({ text: '', parts: {}, point: null, externalIds: [], vpostcode: null })
    expect(JSON.stringify(erased)).not.toMatch(/1234567890|HK-14|"reason":"test"/)
  })

  test('a staff key gets its places, and is told who left them', async () => {
    const hanoi = (await all(api.app, {}, 'staff:01')).changes
    expect(numbersOf(hanoi)).toEqual({ '01': [1, 2, 3, 4, 5, 6, 7, 8], '79': [1] })
    const left = hanoi.find(({ province }) => province === '79')!
    expect(left).toMatchObject({ householdId: api.ids[1], household: null, kind: 'update' })
    expect(JSON.stringify(left)).not.toContain('Lê Lợi')
    const saigon = (await all(api.app, {}, 'staff:79')).changes
    expect(saigon.map(({ householdId, household }) => [householdId, household?.id])).toEqual([
      [api.ids[1], api.ids[1]],
    ])
    // The same places by a parameter.
    expect((await all(api.app, { province: '01', limit: '2' })).changes).toEqual(hanoi)
    const copy = copyOf(hanoi)
    expect([...copy.keys()].sort()).toEqual([api.ids[0], api.ids[2], api.ids[3]].sort())
  })

  test('refuses cursors that it never gave for this question', async () => {
    const { next } = await page(api.app, { limit: '1' })
    const other = await openTestApi()
    const foreign = await page(other.app, { limit: '1' })
    await other.close()
    const bad = (query: object, key?: string) =>
      get(query, key).then(({ status, body }) => [status, body.code])
    for (const since of ['nonsense', '0', next.slice(0, -2), `${next}AA`, foreign.next])
      expect([since, ...(await bad({ since }))]).toEqual([since, 400, 'bad-cursor'])
    expect(await bad({ since: next, province: '01' })).toEqual([400, 'bad-cursor'])
    expect(await bad({ since: next }, 'staff:01')).toEqual([400, 'bad-cursor'])
    expect(await bad({ since: next }, 'staff')).toEqual([200, undefined])
  })

  test('refuses other roles and bad parameters', async () => {
    for (const [query, key, status, code] of [
      [{}, 'courier', 403, 'not-allowed'],
      [{}, 'browser', 403, 'not-allowed'],
      [{ province: '79' }, 'staff:01', 403, 'outside-scope'],
      [{ province: '98' }, 'server', 404, 'unknown-unit'],
      [{ province: 'Hà Nội' }, 'server', 400, 'bad-parameter'],
      [{ limit: '0' }, 'server', 400, 'bad-parameter'],
      [{ limit: '1001' }, 'server', 400, 'bad-parameter'],
      [{ limit: 'x' }, 'server', 400, 'bad-parameter'],
      [{ since: 'x'.repeat(1001) }, 'server', 400, 'bad-parameter'],
      [{ after: '1' }, 'server', 400, 'unknown-parameter'],
    ] as const) {
      const answer = await get(query, key)
      expect([query, key, answer.status, answer.body.code]).toEqual([query, key, status, code])
    }
    expect((await request(api.app).get('/v1/changes')).status).toBe(401)
  })
})

test('a follower misses nothing while two stores write at once, and ends with a copy of the registry', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpostcode-feed-'))
  const path = join(folder, 'registry.db')
  const writers = [openWriter(path), openBeside(path)]
  const reader = openBeside(path)
  const api = await openTestApi()
  const registry = openRegistry(reader)
  const app = createApp({ ...api.deps, households: registry })

  const communes = [
    'phường Hoàn Kiếm, Hà Nội',
    'phường Bến Thành, TP Hồ Chí Minh',
    'phường Hải Châu, Đà Nẵng',
  ]
  let writing = writers.length
  const ids: string[] = []
  const work = writers.map(async (store, w) => {
    const life = openLife({ store, gazetteer, engineVersion: 'test' })
    for (let i = 0; i < 60; i++) {
      const address = `${w + 1}${i} Lê Lợi, ${communes[i % 3]}`
      const [made] = await life.register(by, { draft: draft(address) })
      ids.push(made!.id)
      // Half of the work moves households of both writers between provinces.
      const other = ids[(i * 7 + w) % ids.length]!
      await life
        .correct(by, other, draft(`${w + 1}${i}B Lê Lợi, ${communes[(i + 1) % 3]}`))
        .catch((error) => {
          if (!(error instanceof ChangeRefused)) throw error
        })
    }
    writing--
  })
  const changes: Change[] = []
  let since: string | undefined
  let polls = 0
  for (let more = true; more || writing > 0; polls++) {
    const found = await page(app, { limit: String(1 + (polls % 7)), ...(since ? { since } : {}) })
    changes.push(...found.changes)
    since = found.next
    more = found.more
  }
  await Promise.all(work)
  changes.push(...(await all(app, { since: since! })).changes)

  expect(polls).toBeGreaterThan(20)
  const numbers = numbersOf(changes)
  expect(Object.keys(numbers).sort()).toEqual(['01', '48', '79'])
  for (const list of Object.values(numbers)) expect(list).toEqual(list.map((_, i) => i + 1))
  expect(changes.length).toBeGreaterThan(180)
  const copy = copyOf(changes)
  expect([...copy.keys()].sort()).toEqual([...ids].sort())
  for (const [id, household] of copy) {
    expect(household).toEqual(await householdOf(app, id))
  }
  // What was followed is what a replay from zero gives.
  expect(copyOf((await all(app, { limit: '1000' })).changes)).toEqual(copy)

  await api.close()
  for (const store of [reader, ...writers]) await store.close()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)
