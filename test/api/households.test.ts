import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Express } from 'express'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { household } from '../../src/http/households/view.ts'
import type { Route } from '../../src/http/route.ts'
import { householdChangeRoutes } from '../../src/http/routes/householdChanges.ts'
import { householdRoute } from '../../src/http/routes/households.ts'
import { problem } from '../../src/http/schemas.ts'
import { openLife } from '../../src/registry/life.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import { openBeside, openWriter } from '../../src/store/sqlite/open.ts'
import { gazetteer, openTestApi, type TestApi } from './support.ts'

let api: TestApi
let saigon: string
const HCM = { street: 'Lê Lợi', commune: 'phường Bến Thành', province: 'TP Hồ Chí Minh' }
async function open() {
  const api = await openTestApi()
  const [id] = await api.assign([{ ...HCM, houseNumber: '12', lat: '10.7721', lon: '106.6983' }], 'saigon')
  return { api, saigon: id! }
}
beforeAll(async () => {
  ;({ api, saigon } = await open())
})
afterAll(() => api.close())

const get = (url: string, key?: string, app: Express = api.app) => {
  const asked = request(app).get(url)
  return key ? asked.set('X-Api-Key', key) : asked
}
const etagOf = async (id: string, key = 'staff', app: Express = api.app) =>
  (await get(`/v1/households/${id}`, key, app)).headers['etag']!
interface Sent {
  key?: string
  etag?: string | null
  app?: Express
  method?: Route['method']
}
/** A change as a clerk sends it: what was read before it, unless another ETag (or null: none) is given. */
async function change(
  id: string,
  under: string,
  body: object,
  { key = 'staff', etag, app = api.app, method = 'post' }: Sent = {},
) {
  const tag = etag === undefined ? await etagOf(id, 'staff', app) : etag
  const sent = request(app)[method](`/v1/households/${id}${under}`).set('X-Api-Key', key)
  if (tag !== null) sent.set('If-Match', tag)
  return sent.send(body)
}
const register = (body: object, key = 'staff', app: Express = api.app) =>
  request(app).post('/v1/households').set('X-Api-Key', key).send(body)
const told = ({ status, body }: request.Response) => [status, body.code]

describe('GET /v1/households/{id} by who asks', () => {
  test('without a key, and for a courier, the public view', async () => {
    for (const key of [undefined, 'courier']) {
      const { status, body } = await get(`/v1/households/${api.ids[2]}`, key)
      expect([status, household.safeParse(body).success]).toEqual([200, true])
      expect(JSON.stringify(body)).not.toContain('HK-14')
    }
  })

  test('with a server key, or a staff key of its communes, all that is known', async () => {
    for (const key of ['server', 'staff', 'staff:01']) {
      const { status, body } = await get(`/v1/households/${api.ids[2]}`, key)
      expect([status, householdRoute.answer.safeParse(body).error?.issues]).toEqual([200, undefined])
      expect(body).toMatchObject({
        externalIds: [{ scheme: 'office', value: 'HK-14' }],
        point: { source: 'given' },
        text: expect.stringContaining('Hàng Trống'),
        review: [],
      })
    }
  })

  test('with the lists that it came from', async () => {
    const [id] = await api.assign([{ address: 'thôn Đông Tảo, xã Khoái Châu, Hưng Yên' }], 'hamlets.csv')
    expect((await get(`/v1/households/${id}`, 'server')).body.lists).toEqual(['hamlets.csv'])
    expect((await get(`/v1/households/${id}`)).body.lists).toBeUndefined()
  })

  test('a staff key of other communes gets nothing', async () => {
    for (const under of ['', '/history'])
      expect(told(await get(`/v1/households/${api.ids[0]}${under}`, 'staff:79'))).toEqual([
        403,
        'outside-scope',
      ])
  })

  test('the two views have two ETags, and a cache is told to keep them apart', async () => {
    const [full, open] = [
      await get(`/v1/households/${api.ids[0]}`, 'server'),
      await get(`/v1/households/${api.ids[0]}`),
    ]
    expect(full.headers['etag']).not.toBe(open.headers['etag'])
    expect(full.headers['vary']).toMatch(/Authorization, X-Api-Key/)
    const again = await get(`/v1/households/${api.ids[0]}`, 'server').set(
      'If-None-Match',
      full.headers['etag']!,
    )
    expect(again.status).toBe(304)
  })
})

describe('GET /v1/households', () => {
  const find = (query: object, key = 'server') => get('/v1/households', key).query(query)
  const idsOf = (answer: request.Response) => answer.body.households.map(({ id }: { id: string }) => id)

  test('by code, number, address and place', async () => {
    expect(idsOf(await find({ vpostcode: api.codes[2] }))).toEqual([api.ids[2]])
    expect(idsOf(await find({ externalId: 'HK-14' }))).toEqual([api.ids[2]])
    expect(idsOf(await find({ externalId: 'HK-14', scheme: 'digital-address' }))).toEqual([])
    expect(idsOf(await find({ address: '14 Hàng Trống, phường Hoàn Kiếm, Hà Nội' }))).toEqual([api.ids[2]])
    expect(idsOf(await find({ lat: '21.03135', lon: '105.84942', radius: '5' }))).toEqual([api.ids[2]])
    expect(idsOf(await find({ lat: '21.03135', lon: '105.84942', limit: '1' }))).toEqual([api.ids[2]])
  })

  test('a staff key finds what lies inside its scope', async () => {
    expect(idsOf(await find({ externalId: 'HK-14' }, 'staff:79'))).toEqual([])
    expect(idsOf(await find({ externalId: 'HK-14' }, 'staff:01'))).toEqual([api.ids[2]])
    expect(idsOf(await find({}, 'staff:79'))).toEqual([saigon])
    expect(told(await find({ province: '01' }, 'staff:79'))).toEqual([403, 'outside-scope'])
    expect(told(await find({ commune: '00070' }, 'staff:79'))).toEqual([403, 'outside-scope'])
  })

  test('pages lead through all households of the country, a province, a commune, each once', async () => {
    const all = async (query: object, key: string) => {
      const found: string[] = []
      let cursor: string | null = null
      let pages = 0
      do {
        const { status, body }: request.Response = await find(
          { ...query, limit: '1', ...(cursor ? { cursor } : {}) },
          key,
        )
        expect(status).toBe(200)
        found.push(...body.households.map(({ id }: { id: string }) => id))
        cursor = body.next
      } while (cursor && pages++ < 100)
      return found.sort()
    }
    const country = await all({}, 'server')
    expect(country).toEqual(expect.arrayContaining([...api.ids, saigon]))
    expect([country.length, new Set(country).size]).toEqual(Array(2).fill(await api.store.count()))
    expect(await all({ province: '01' }, 'server')).toEqual([...api.ids].sort())
    expect(await all({ commune: '00070' }, 'staff:01')).toEqual(api.ids.slice(0, 3).sort())
    expect(await all({ status: 'verified' }, 'server')).toEqual([])
    expect(await all({ status: 'provisional', province: '79' }, 'staff:79')).toEqual([saigon])
  })

  test('what waits for a person, page by page, inside the scope of the key', async () => {
    const own = await openTestApi()
    const doubtful = ['12', '16', '18'].map((houseNumber) => ({
      address: `${houseNumber} Hàng Trống, Phường Không Có, Quận Hoàn Kiếm, Hà Nội`,
    }))
    const waiting = await own.assign(doubtful, 'doubtful')
    const ask = (query: object, key: string) =>
      request(own.app).get('/v1/households').query(query).set('X-Api-Key', key)
    const everything = (await ask({ limit: '100' }, 'staff:01')).body.households
    const inReview = everything.filter(({ review }: { review: string[] }) => review.length > 0)
    expect(inReview.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(waiting))
    const found: string[] = []
    let cursor: string | null = null
    do {
      const query: object = { waits: 'review', limit: '1', ...(cursor ? { cursor } : {}) }
      const { body }: request.Response = await ask(query, 'staff:01')
      found.push(...body.households.map(({ id }: { id: string }) => id))
      cursor = body.next
    } while (cursor)
    expect(found.sort()).toEqual(inReview.map(({ id }: { id: string }) => id).sort())
    expect((await ask({ waits: 'review', limit: '100' }, 'staff:79')).body.households).toEqual([])
    expect((await ask({ waits: 'nothing' }, 'staff:01')).body.code).toBe('bad-parameter')
    expect((await ask({ waits: 'review', externalId: 'HK-14' }, 'staff:01')).body.code).toBe('bad-parameter')
    await own.close()
  })

  test('refuses what does not go together, foreign cursors and units that are none', async () => {
    const { next } = (await find({ province: '01', limit: '1' })).body
    for (const [query, status, code] of [
      [{ vpostcode: api.codes[0], externalId: 'HK-14' }, 400, 'bad-parameter'],
      [{ externalId: 'HK-14', province: '01' }, 400, 'bad-parameter'],
      [{ scheme: 'office' }, 400, 'bad-parameter'],
      [{ lon: '105' }, 400, 'bad-parameter'],
      [{ lat: '21.02' }, 400, 'missing-parameter'],
      [{ lat: 'x', lon: '105.8' }, 400, 'bad-parameter'],
      [{ vpostcode: 'nonsense' }, 400, 'bad-parameter'],
      [{ limit: '0' }, 400, 'bad-parameter'],
      [{ limit: '101' }, 400, 'bad-parameter'],
      [{ status: 'gone' }, 400, 'bad-parameter'],
      [{ cursor: 'nonsense' }, 400, 'bad-cursor'],
      [
        { cursor: next.replace(/.$/, (last: string) => (last === 'A' ? 'B' : 'A')), province: '01' },
        400,
        'bad-cursor',
      ],
      [{ cursor: next, province: '79' }, 400, 'bad-cursor'],
      [{ cursor: 'x'.repeat(301) }, 400, 'bad-parameter'],
      [{ province: '98' }, 404, 'unknown-unit'],
      [{ commune: '99999' }, 404, 'unknown-unit'],
      [{ commune: '00070', province: '79' }, 404, 'unknown-unit'],
      [{ address: 'a'.repeat(501) }, 413, 'input-too-long'],
      [{ address: ' ' }, 400, 'bad-parameter'],
      [{ address: 'xin chao' }, 422, 'unusable-address'],
    ] as const)
      expect([query, ...told(await find(query))]).toEqual([query, status, code])
    expect(told(await get('/v1/households'))).toEqual([401, 'key-needed'])
    for (const key of ['courier', 'browser']) expect(told(await find({}, key))).toEqual([403, 'not-allowed'])
  })
})

test('GET /v1/households/{id}/history: events with the household as it stood after each', async () => {
  const own = await open()
  const id = own.api.ids[0]!
  const asked = { app: own.api.app }
  await change(id, '', { address: '16 Hàng Trống, phường Hoàn Kiếm, Hà Nội' }, { ...asked, method: 'patch' })
  await change(id, '/confirm', { reason: 'seen' }, asked)
  const { status, body } = await get(`/v1/households/${id}/history`, 'staff:01', own.api.app)
  expect(status).toBe(200)
  expect(body.total).toBe(3)
  expect(body.events).toMatchObject([
    { kind: 'insert', changed: [], household: { parts: { houseNumber: '12' } } },
    { kind: 'update', actor: 'clerk', household: { parts: { houseNumber: '16' } } },
    { kind: 'update', changed: [], reason: 'seen', household: { parts: { houseNumber: '16' } } },
  ])
  expect(body.events[1].changed).toContain('parts')
  const last = await get(`/v1/households/${id}/history?limit=1`, 'staff:01', own.api.app)
  expect([last.body.total, last.body.events.length, last.body.events[0].reason]).toEqual([3, 1, 'seen'])
  expect(told(await get(`/v1/households/${id}/history`, undefined, own.api.app))).toEqual([401, 'key-needed'])
  await own.api.close()
})

test('a scoped key is not shown how a household stood outside its scope', async () => {
  const own = await open()
  const asked = { app: own.api.app }
  const address = '16 Hàng Trống, phường Hoàn Kiếm, Hà Nội'
  const point = { lat: 21.0316, lon: 105.8491 }
  const moved = await change(own.saigon, '', { address, point }, { ...asked, method: 'patch' })
  expect(moved.status).toBe(200)
  const seenBy = async (key: string) =>
    (await get(`/v1/households/${own.saigon}/history`, key, own.api.app)).body.events.map(
      ({ household }: { household: { province: { code: string } } | null }) =>
        household?.province.code ?? null,
    )
  expect(await seenBy('staff')).toEqual(['79', '01'])
  expect(await seenBy('staff:01')).toEqual([null, '01'])
  await own.api.close()
})

test.each(['\u0000', 'a\u0007b', 'a\u202eb', 'a\u200bb', 'a\ud800b'])(
  'what cannot be printed is no reason: %j',
  async (reason) => {
    const answer = await change(api.ids[1]!, '/confirm', { reason })
    expect(told(answer)).toEqual([400, 'bad-parameter'])
    expect(JSON.stringify(answer.body)).toContain('cannot be printed')
  },
)

test('of an address only what can be seen is stored; half a character is refused', async () => {
  const own = await open()
  const [id, app] = [own.api.ids[0]!, own.api.app]
  const correct = (address: unknown) => change(id, '', { address }, { app, method: 'patch' })
  const answer = await correct('16\u0000Hàng\u202e Trống\u200b, phường Hoàn Kiếm, Hà Nội')
  expect(answer.body.household.text).toBe('16 Hàng Trống, phường Hoàn Kiếm, Hà Nội')
  const fields = { commune: 'phường Hoàn Kiếm', province: 'Hà Nội', street: 'Hàng\u202e Trống' }
  const inFields = await correct({ ...fields, houseNumber: '18', unit: 'phòng\u0007301\u200b' })
  expect(inFields.body.household.text).toMatch(/^phòng 301, (Số )?18 Hàng Trống, /)
  for (const address of ['16 Hàng \ud800Trống, Hà Nội', { ...fields, street: '\udc00' }])
    expect(told(await correct(address))).toEqual([400, 'bad-parameter'])
  await own.api.close()
})

describe('every change, as its example shows it', () => {
  /** What has to be done before, so that the change can be carried out. */
  const BEFORE: Record<string, (own: TestApi) => Promise<unknown>> = {
    reinstateHousehold: (own) => change(own.ids[0]!, '/retire', { reason: 'gone' }, { app: own.app }),
    removeExternalId: (own) =>
      change(own.ids[0]!, '/external-ids', { scheme: 'office', value: 'HK-12' }, { app: own.app }),
  }
  test.each(householdChangeRoutes.map((route) => [route.operationId, route] as const))(
    '%s',
    async (name, route) => {
      const own = await openTestApi()
      await BEFORE[name]?.(own)
      const other = name === 'removeExternalId' ? 'HK-12' : 'HK-14'
      const text = JSON.stringify(route.examples[0]!.body)
        .replace('100000000008', own.ids[1]!)
        .replace('HK-14', other)
      const body = JSON.parse(text)
      const answer = route.path.includes('{id}')
        ? await change(own.ids[0]!, route.path.split('{id}')[1]!, body, {
            app: own.app,
            key: 'staff:01',
            method: route.method,
          })
        : await register(body, 'staff:01', own.app)
      expect([answer.status, answer.body.refusal ?? answer.body.code]).toEqual([
        route.status ?? 200,
        undefined,
      ])
      expect(route.answer.safeParse(answer.body).error?.issues ?? []).toEqual([])
      const { id } = answer.body.household
      if (route.status === 201) expect(answer.headers['location']).toBe(`/v1/households/${id}`)
      const now = await get(`/v1/households/${id}`, 'staff:01', own.app)
      const { lists: _, ...shown } = now.body
      expect([shown, now.headers['etag']]).toEqual([answer.body.household, answer.headers['etag']])
      const { events } = (await get(`/v1/households/${id}/history`, 'staff:01', own.app)).body
      expect(events.at(-1)).toMatchObject({ actor: 'clerk of Ha Noi', reason: body.reason ?? null })
      for (const { id } of answer.body.related)
        expect((await get(`/v1/households/${id}/history`, 'server', own.app)).body.events.at(-1).actor).toBe(
          'clerk of Ha Noi',
        )
      await own.close()
    },
  )
})

describe('If-Match', () => {
  const confirm = (etag: string | null) =>
    change(api.ids[1]!, '/confirm', { reason: `seen ${Math.random()}` }, { etag })

  test('is needed, and must name a version', async () => {
    for (const etag of [null, '*', '', 'nonsense', '"', 'W/*', Array(12).fill('"a"').join()])
      expect([etag, ...told(await confirm(etag))]).toEqual([etag, 428, 'precondition-required'])
  })

  test('of a version before is refused, also when the change since changed no field', async () => {
    const etag = await etagOf(api.ids[1]!)
    expect((await confirm(etag)).status).toBe(200)
    expect(await etagOf(api.ids[1]!)).not.toBe(etag)
    expect(told(await confirm(etag))).toEqual([412, 'changed-meanwhile'])
    expect(told(await confirm('"1-zzzz.full"'))).toEqual([412, 'changed-meanwhile'])
  })

  test('is read as either view and as a list; a weak one never matches', async () => {
    expect((await confirm(await etagOf(api.ids[1]!, 'courier'))).status).toBe(200)
    expect((await confirm(`"other", ${await etagOf(api.ids[1]!)}`)).status).toBe(200)
    expect(told(await confirm(`W/${await etagOf(api.ids[1]!)}`))).toEqual([412, 'changed-meanwhile'])
    expect((await confirm(`W/"other", ${await etagOf(api.ids[1]!)}`)).status).toBe(200)
  })

  test('of two clerks at once one is carried out', async () => {
    const etag = await etagOf(api.ids[1]!)
    const both = await Promise.all([confirm(etag), confirm(etag)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412])
  })

  test('of two clerks at two servers of one database one is carried out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vpostcode-clerks-'))
    const path = join(folder, 'registry.db')
    await openWriter(path).close()
    const servers = [openBeside(path), openBeside(path)].map((store) => ({
      store,
      app: createApp({
        ...api.deps,
        households: openRegistry(store),
        life: openLife({ store, gazetteer, engineVersion: 'test' }),
      }),
    }))
    const [one, two] = servers as [(typeof servers)[0], (typeof servers)[0]]
    const { body } = await register(
      { address: '5 Lê Lợi, phường Bến Thành, TP Hồ Chí Minh' },
      'staff',
      one.app,
    )
    const { id } = body.household
    for (let round = 0; round < 5; round++) {
      const etag = await etagOf(id, 'staff', two.app)
      const tries = await Promise.all(
        servers.map(({ app }, i) =>
          change(
            id,
            '',
            { address: `${round}${i} Lê Lợi, phường Bến Thành, TP Hồ Chí Minh` },
            { etag, app, method: 'patch' },
          ),
        ),
      )
      expect(tries.map(({ status }) => status).sort()).toEqual([200, 412])
      const won = tries.find(({ status }) => status === 200)!
      const now = await get(`/v1/households/${id}`, 'staff', one.app)
      expect(now.body.parts).toEqual(won.body.household.parts)
    }
    for (const { store } of servers) await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
})

describe('the scope of a staff key', () => {
  const HANOI = '30 Hàng Trống, phường Hoàn Kiếm, Hà Nội'
  const SAIGON = '30 Lê Lợi, phường Bến Thành, TP Hồ Chí Minh'
  const unchanged = async (id: string, work: () => Promise<unknown>) => {
    const before = await etagOf(id)
    await work()
    expect(await etagOf(id)).toBe(before)
  }

  test('holds for the household that is changed', async () => {
    for (const { path, method, examples, access } of householdChangeRoutes.filter(({ path }) =>
      path.includes('{id}'),
    )) {
      expect(access).toBe('write')
      await unchanged(api.ids[0]!, async () => {
        const answer = await change(api.ids[0]!, path.split('{id}')[1]!, examples[0]!.body as object, {
          key: 'staff:79',
          method,
        })
        expect([path, ...told(answer)]).toEqual([path, 403, 'outside-scope'])
      })
    }
  })

  test('holds for the address that is written', async () => {
    expect(told(await register({ address: HANOI }, 'staff:79'))).toEqual([403, 'outside-scope'])
    await unchanged(saigon, async () => {
      expect(
        told(await change(saigon, '', { address: HANOI }, { key: 'staff:79', method: 'patch' })),
      ).toEqual([403, 'outside-scope'])
      const parts = [{ address: SAIGON }, { address: HANOI }]
      expect(told(await change(saigon, '/split', { parts, reason: 'two' }, { key: 'staff:79' }))).toEqual([
        403,
        'outside-scope',
      ])
    })
  })

  test('holds for the other households of a change', async () => {
    const other = api.ids[0]!
    for (const [under, body] of [
      ['/merge', { households: [other], reason: 'one home' }],
      ['/retire', { successors: [other], reason: 'replaced' }],
      ['/alternative', { of: other }],
    ] as const)
      await unchanged(saigon, async () => {
        const answer = await change(saigon, under, body, { key: 'staff:79' })
        expect([under, ...told(answer)]).toEqual([under, 403, 'outside-scope'])
      })
  })

  test('holds for what an undo would bring back to another commune, and for what it would touch', async () => {
    const own = await open()
    const { app } = own.api
    const moved = own.saigon
    await change(moved, '', { address: HANOI }, { app, method: 'patch' })
    expect(told(await change(moved, '/undo', { reason: 'back' }, { app, key: 'staff:01' }))).toEqual([
      403,
      'outside-scope',
    ])
    expect((await change(moved, '/undo', { reason: 'back' }, { app })).status).toBe(200)
    await own.api.close()
  })

  test('hides the households in the way that lie outside it', async () => {
    const taken = {
      address: '5 Lê Lợi, phường Bến Thành, TP Hồ Chí Minh',
      externalIds: [{ scheme: 'office', value: 'HK-14' }],
    }
    const inside = await register(taken, 'staff')
    expect(inside.body).toMatchObject({ status: 409, refusal: 'external-id-taken', households: [api.ids[2]] })
    const outside = await register(taken, 'staff:79')
    expect(outside.body).toMatchObject({ status: 409, refusal: 'external-id-taken' })
    expect(outside.body.households).toBeUndefined()
  })
})

describe('refusals', () => {
  const HOUSE = {
    address: '14 Hàng Trống, phường Hoàn Kiếm, Hà Nội',
    point: { lat: 21.03135, lon: 105.84942 },
  }

  test('of the registry: the rule, what is in the way, and a text in both languages', async () => {
    const vi = await register(HOUSE).set('Accept-Language', 'vi')
    expect(problem.safeParse(vi.body).error?.issues).toBeUndefined()
    expect(vi.body).toMatchObject({
      status: 409,
      code: 'refused',
      refusal: 'address-taken',
      households: [api.ids[2]],
      detail: 'địa chỉ này đã thuộc một hộ khác',
    })
    expect((await register(HOUSE)).body.detail).toBe('another household has this address')
  })

  test('the same registration once more, with a number: refused with the household of the first', async () => {
    const entry = {
      address: 'thôn Đông Tảo, xã Khoái Châu, Hưng Yên',
      externalIds: [{ scheme: 'office', value: 'KC-1' }],
    }
    const first = await register(entry)
    expect(first.status).toBe(201)
    const second = await register(entry)
    expect(second.body).toMatchObject({
      status: 409,
      refusal: 'external-id-taken',
      households: [first.body.household.id],
    })
  })

  test('what can be mended by sending something else is 422', async () => {
    const id = api.ids[0]!
    const far = { lat: 10.7721, lon: 106.6983 }
    for (const [under, body, refusal] of [
      ['/move', { point: far }, 'point-far-from-commune'],
      ['/external-ids', { scheme: 'digital-address', value: '12' }, 'bad-external-id'],
      ['/external-ids', { scheme: 'office', value: 'A\u200b1' }, 'bad-external-id'],
      ['/merge', { households: [id], reason: 'x' }, 'same-household'],
      [
        '/split',
        { parts: [{ address: '12 Hàng Trống, phường Hoàn Kiếm, Hà Nội' }], reason: 'x' },
        'too-few-parts',
      ],
    ] as const) {
      const { body: refused } = await change(id, under, body)
      expect([under, refused.status, refused.code, refused.refusal]).toEqual([
        under,
        422,
        'unusable-change',
        refusal,
      ])
    }
    const doubtful = await change(id, '', { address: '12 Lê Lợi, Quận 1' }, { method: 'patch' })
    expect(doubtful.body).toMatchObject({
      code: 'unusable-change',
      refusal: 'address-in-doubt',
      reasons: expect.arrayContaining([expect.any(String)]),
    })
    const unread = await register({ address: 'xin chao' })
    expect(unread.body).toMatchObject({
      status: 422,
      code: 'unusable-address',
      reasons: [expect.any(String)],
    })
  })

  test('what depends on the registry is 409, an id that nobody has 404', async () => {
    const id = api.ids[0]!
    const nobody = api.deps.households.ids.idOf(5_000)
    for (const [under, body, refusal] of [
      ['/reinstate', { reason: 'x' }, 'not-historical'],
      ['/external-ids/remove', { scheme: 'office', value: 'none' }, 'external-id-missing'],
      ['/merge', { households: [nobody], reason: 'x' }, 'unknown-household'],
      ['/move', {}, 'nothing-changed'],
    ] as const) {
      const { body: refused } = await change(id, under, body)
      expect([under, refused.status, refused.code, refused.refusal]).toEqual([under, 409, 'refused', refusal])
    }
    expect(told(await change(nobody, '/confirm', { reason: 'x' }, { etag: '"1-a"' }))).toEqual([
      404,
      'unknown-household',
    ])
    expect(told(await change('123', '/confirm', { reason: 'x' }, { etag: '"1-a"' }))).toEqual([
      400,
      'mistyped-household-id',
    ])
  })

  test('other roles may not write', async () => {
    for (const key of ['server', 'courier', 'browser'])
      for (const answer of [
        await register(HOUSE, key),
        await change(api.ids[0]!, '/confirm', { reason: 'x' }, { key }),
      ])
        expect([key, ...told(answer)]).toEqual([key, 403, 'not-allowed'])
    expect(told(await request(api.app).post('/v1/households').send(HOUSE))).toEqual([401, 'key-needed'])
  })

  test('bodies of a wrong form name what is wrong', async () => {
    const point = { lat: 21.0313, lon: 105.8492 }
    for (const [body, name] of [
      [{}, 'address'],
      [{ address: 5 }, 'address'],
      [{ address: '' }, 'address'],
      [{ address: {} }, 'address'],
      [{ address: { colour: 'red' } }, 'address'],
      [{ ...HOUSE, colour: 'red' }, 'colour'],
      [{ ...HOUSE, point: { lat: 105.8, lon: 21.02 } }, 'point.lat'],
      [{ ...HOUSE, point: { lat: 48.8, lon: 2.3 } }, 'point'],
      [{ ...HOUSE, point: { lat: 0, lon: 0 } }, 'point'],
      [{ ...HOUSE, point: { lat: '21', lon: 105 } }, 'point.lat'],
      [{ ...HOUSE, point: { ...point, accuracy: 0 } }, 'point.accuracy'],
      [{ ...HOUSE, point: { ...point, accuracy: 1001 } }, 'point.accuracy'],
      [{ ...HOUSE, point: { ...point, surveyed: true } }, 'point.accuracy'],
      [{ ...HOUSE, reason: ' ' }, 'reason'],
      [{ ...HOUSE, reason: 'x'.repeat(501) }, 'reason'],
      [{ ...HOUSE, externalIds: [{ scheme: 'office' }] }, 'externalIds.0.value'],
      [{ ...HOUSE, externalIds: Array(21).fill({ scheme: 'office', value: 'x' }) }, 'externalIds'],
    ] as const) {
      const answer = await register(body)
      expect([body, answer.status, answer.body.errors?.map(({ name }: { name: string }) => name)]).toEqual([
        body,
        400,
        expect.arrayContaining([expect.stringContaining(name)]),
      ])
    }
    expect(told(await register({ address: 'a'.repeat(501) }))).toEqual([413, 'input-too-long'])
    expect(told(await register({ address: 'a'.repeat(20_000) }))).toEqual([413, 'body-too-large'])
    const id = api.ids[0]!
    for (const [under, body] of [
      ['/confirm', {}],
      ['/merge', { households: [], reason: 'x' }],
      ['/merge', { households: ['1'], reason: 'x' }],
      ['/merge', { households: Array(101).fill(id), reason: 'x' }],
      ['/alternative', {}],
      ['/alternative', { of: '482910573628' }],
      ['/split', { parts: 'x', reason: 'x' }],
      ['/move', { access: { lat: 1, lon: 1 } }],
      ['/verify', { point: null }],
    ] as const)
      expect([under, (await change(id, under, body)).status]).toEqual([under, 400])
  })

  test('a point abroad is refused, whatever else is in doubt', async () => {
    for (const address of ['12 Lê Lợi, Quận 1', 'thôn 5, Hà Nội', '12 Hàng Trống, phường Hoàn Kiếm, Hà Nội'])
      for (const lat of [24.4, 23.9]) {
        const { body } = await register({ address, point: { lat, lon: 105 } })
        expect([address, lat, body.code]).toEqual([address, lat, 'unusable-change'])
      }
  })

  test('a point far from the commune of the text is entered and waits for a decision', async () => {
    const { status, body } = await register({
      address: '77 Hàng Trống, phường Hoàn Kiếm, Hà Nội',
      point: { lat: 10.7721, lon: 106.6983 },
    })
    expect([status, body.household.review, body.household.vpostcode]).toEqual([
      201,
      ['point-far-from-commune'],
      null,
    ])
  })
})
