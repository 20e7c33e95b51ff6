import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import type { Example, Route } from '../../src/http/route.ts'
import { routes } from '../../src/http/routes/index.ts'
import { keyFor, openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const get = (url: string, query: object = {}) => request(api.app).get(url).query(query)

/** Sends an example of a route as a client would. */
function send(route: Route, { params = {}, query = {}, body, form }: Example) {
  const url = route.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name]!))
  const sent = request(api.app)[route.method](url).set(keyFor(route)).query(query)
  if (!form) return sent.send(body as object | undefined)
  const { data, ...fields } = form
  for (const [name, values] of Object.entries(fields))
    for (const value of [values].flat()) sent.field(name, value)
  return sent.attach('data', Buffer.from(String(data)), 'list.csv')
}

// Those that change households are replayed in households.test.ts, jobs in jobs.test.ts, keys in keys.test.ts, published sets in publications.test.ts, each where it can be carried out.
const answering = routes.filter(
  ({ access, tag }) => access !== 'write' && !['jobs', 'keys', 'publications'].includes(tag),
)
describe.each(answering.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
  '%s',
  (_name, route) => {
    const examples = route.examples.length > 0 ? route.examples : [{ params: { id: 'first home' } }]
    test.each(examples.map((example) => [JSON.stringify(example), example] as const))(
      'answers %s as documented',
      async (_text, example) => {
        const real = example.params?.['id'] ? { ...example, params: { id: api.ids[0]! } } : example
        const { status, headers, body, text } = await send(route, real)
        expect([status, body.errors]).toEqual([200, undefined])
        expect(headers['content-type']).toBe(`${route.media ?? 'application/json'}; charset=utf-8`)
        const json = headers['content-type']!.includes('json')
        expect(route.answer.safeParse(json ? body : (text ?? String(body))).error?.issues ?? []).toEqual([])
      },
    )
  },
)

test('health and readiness', async () => {
  expect((await get('/healthz')).body).toEqual({ status: 'ok' })
  expect((await get('/readyz')).body).toMatchObject({ status: 'ready', gazetteer: { communes: 3321 } })
  api.app.locals['stopping'] = true
  const stopping = await get('/readyz')
  api.app.locals['stopping'] = false
  expect([stopping.status, stopping.body.code]).toEqual([503, 'not-ready'])
})

test.each([
  ['refuses', () => Promise.reject(new Error('away'))],
  ['does not answer', () => new Promise(() => {})],
])('not ready while the database %s; alive all the same', async (_how, alive) => {
  const app = createApp({ ...api.deps, alive })
  const { status, body } = await request(app).get('/readyz')
  expect([status, body.code]).toEqual([503, 'not-ready'])
  expect((await request(app).get('/healthz')).status).toBe(200)
})

describe('GET /v1/vpostcodes?lat=&lon=', () => {
  test('encodes a point', async () => {
    const { body } = await get('/v1/vpostcodes', { lat: '10.7721', lon: '106.6983' })
    expect(body).toMatchObject({
      lat: 10.7721,
      lon: 106.6983,
      vpostcode: '71009QMCXR8V',
      formatted: '71009 QMCX R8V',
      plusCode: '7P28QMCX+R8V',
      postcode: '71009',
      commune: { code: '26743', fullName: 'Phường Bến Thành' },
      province: { code: '79' },
      issues: [],
    })
  })

  test.each([
    [{ lat: '106.6983', lon: '10.7721' }, ['swapped-coordinates']],
    [{ lat: '10,7721', lon: '106,6983' }, ['decimal-comma']],
  ])('repairs %o and says so', async (query, issues) => {
    const { body } = await get('/v1/vpostcodes', query)
    expect(body.vpostcode).toBe('71009QMCXR8V')
    expect(body.issues.map(({ code }: { code: string }) => code)).toEqual(issues)
  })

  test('names the neighbour near a border', async () => {
    const { boundaries, communes } = api.deps.gazetteer
    const benThanh = api.deps.gazetteer.commune('26743')!
    let lon = 106.6983
    while (boundaries.communeAt(10.7721, lon) === benThanh.index) lon += 0.00005
    const { body } = await get('/v1/vpostcodes', { lat: '10.7721', lon: String(lon - 0.0002) })
    const other = communes[boundaries.communeAt(10.7721, lon)]!
    expect(body.commune.code).toBe('26743')
    expect(body.neighbours[0].metres).toBeLessThanOrEqual(50)
    expect(body.neighbours.map(({ code }: { code: string }) => code)).toContain(other.code)
    expect(body.issues[0]).toMatchObject({ code: 'near-border', used: body.neighbours[0].code })
  })

  test.each([
    ['London', '51.5', '-0.12'],
    ['the sea', '15.9', '109.9'],
    ['Phnom Penh', '11.55', '104.92'],
    ['0, 0', '0', '0'],
  ])('%s is outside coverage', async (_name, lat, lon) => {
    const { status, body } = await get('/v1/vpostcodes', { lat, lon })
    expect([status, body.code]).toEqual([404, 'outside-coverage'])
  })

  test.each([
    [{}, 'missing-parameter', ['lat', 'lon']],
    [{ lat: '10.7721' }, 'missing-parameter', ['lon']],
    [{ lat: '', lon: '' }, 'bad-parameter', ['lat', 'lon']],
    [{ lat: 'ten', lon: '106' }, 'bad-parameter', ['lat', 'lon']],
    [{ lat: '1191234', lon: '603456' }, 'bad-parameter', ['lat', 'lon']],
    [{ lat: '10.7721', lon: '1'.repeat(65) }, 'bad-parameter', ['lon']],
  ])('refuses %o', async (query, code, names) => {
    const { status, body } = await get('/v1/vpostcodes', query)
    expect([status, body.code]).toEqual([400, code])
    expect(body.errors.map(({ name }: { name: string }) => name)).toEqual(names)
  })
})

describe('GET /v1/vpostcodes/{code}', () => {
  test('a registered code is current and tells its homes apart', async () => {
    expect(api.codes[0]).toBe(api.codes[1])
    const { body } = await get(`/v1/vpostcodes/${api.codes[0]!.toLowerCase()}`)
    expect(body).toMatchObject({ status: 'current', vpostcode: api.codes[0], commune: { name: 'Hoàn Kiếm' } })
    expect(Math.abs(body.lat - 21.0312)).toBeLessThan(0.000014)
    expect(Math.abs(body.lon - 105.8493)).toBeLessThan(0.000017)
    expect(body.households.map(({ id }: { id: string }) => id).sort()).toEqual(api.ids.slice(0, 2).sort())
    const units = body.households.map(({ unit }: { unit: object }) => JSON.stringify(unit))
    expect(new Set(units).size).toBe(2)
  })

  test('blanks, hyphens and the plus sign may stand in it, escaped or not', async () => {
    for (const text of ['71009%20qmcx%20r8v', '71009-QMCX-R8V', '71009QMCX+R8V', '71009QMCX%2BR8V'])
      expect((await get(`/v1/vpostcodes/${text}`)).body).toMatchObject({ vpostcode: '71009QMCXR8V' })
  })

  test('a mistyped code gets the registered one first', async () => {
    const meant = api.codes[2]!
    const { status, body } = await get(`/v1/vpostcodes/${meant.slice(0, 11)}O`)
    expect([status, body.status, body.reason]).toEqual([200, 'mistyped', 'outside-alphabet'])
    expect(body.suggestions[0]).toMatchObject({ vpostcode: meant, registered: true })
    expect(body.suggestions.length).toBeLessThanOrEqual(10)
  })

  test('a code replaced by another leads to it', async () => {
    const before = api.codes[2]!
    const moved = { address: '14 Hàng Trống, Hoàn Kiếm, Hà Nội', lat: '21.03155', lon: '105.84942' }
    await api.assign([{ ...moved, externalId: 'HK-14' }], 'homes')
    const { body: household } = await get(`/v1/households/${api.ids[2]}`)
    expect(household.vpostcode).not.toBe(before)
    const { body } = await get(`/v1/vpostcodes/${before}`)
    expect(body).toMatchObject({
      status: 'superseded',
      superseded: [{ vpostcode: before, householdId: api.ids[2], current: household.vpostcode }],
      lat: expect.closeTo(21.03155, 4),
    })
  })

  test('a text too long to be a code is refused', async () => {
    const { status, body } = await get(`/v1/vpostcodes/${'7'.repeat(65)}`)
    expect([status, body.code, body.errors[0].name]).toEqual([400, 'bad-parameter', 'code'])
  })
})

describe('GET /v1/reverse', () => {
  test('gives the nearest households with their distance', async () => {
    const { body } = await get('/v1/reverse', { lat: '21.0312', lon: '105.8493', radius: '60' })
    expect(body.features.length).toBe(3)
    const distances = body.features.map(
      ({ properties }: { properties: { distance: number } }) => properties.distance,
    )
    expect(distances).toEqual([...distances].sort((a, b) => a - b))
    expect(body.features[0]).toMatchObject({
      geometry: { type: 'Point', coordinates: [105.8493, 21.0312] },
      properties: {
        type: 'housenumber',
        street: 'Hàng Trống',
        housenumber: '12',
        city: 'Phường Hoàn Kiếm',
        distance: 0,
      },
    })
    expect(api.ids).toContain(body.features[0].properties.id)
    expect(body.place).toMatchObject({ vpostcode: api.codes[0], commune: { name: 'Hoàn Kiếm' } })
    expect(body.geocoding).toMatchObject({ version: '0.1.0', query: '21.0312,105.8493' })
  })

  test('limit and radius bound the list', async () => {
    const at = { lat: '21.0312', lon: '105.8493' }
    expect((await get('/v1/reverse', { ...at, limit: '1' })).body.features.length).toBe(1)
    expect((await get('/v1/reverse', { ...at, radius: '5' })).body.features.length).toBe(2)
  })

  test('gives all households that stand where the nearest one does, whatever the limit', async () => {
    const at = { lat: '21.0312', lon: '105.8493' }
    const { body } = await get('/v1/reverse', { ...at, limit: '1' })
    expect(body.features.length).toBe(1)
    // Two flats; the house beside them stands 21 m off.
    expect([...body.building].sort()).toEqual(api.ids.slice(0, 2).sort())
    expect((await get('/v1/reverse', { lat: '10.7721', lon: '106.6983' })).body.building).toEqual([])
  })

  test('gives the street where no household is near, with the number that a house there should have', async () => {
    const { body } = await get('/v1/reverse', { lat: '10.77417', lon: '106.70355' })
    const [{ properties }] = body.features
    expect(properties).toMatchObject({ type: 'street', precision: 'interpolated', vpostcode: null })
    expect(properties.housenumber).toBeUndefined()
    expect(properties.label).toMatch(`khoảng ${properties.estimate.housenumber} ${properties.street}`)
    expect(properties.estimate.between.length).toBeGreaterThan(0)
    expect(body.place.commune.code).toBe(properties.citycode)
  })

  test('gives both streets of a corner, less sure of each', async () => {
    const at = { lat: '10.7721', lon: '106.6983' }
    const { body } = await get('/v1/reverse', at)
    const streets = body.features.map(
      ({ properties }: { properties: { street: string } }) => properties.street,
    )
    expect(streets.slice(0, 2)).toEqual(['Công Trường Quách Thị Trang', 'Lê Lợi'])
    const [{ properties }] = body.features
    expect(properties.score).toBeLessThan(0.5)
    expect((await get('/v1/reverse', { ...at, type: 'municipality' })).body.features.length).toBe(1)
  })

  test('gives the commune where nothing else is near', async () => {
    const { body } = await get('/v1/reverse', { lat: '21.5', lon: '103.9' })
    expect(body.features).toMatchObject([
      {
        geometry: { coordinates: [103.9, 21.5] },
        properties: { type: 'municipality', precision: 'commune' },
      },
    ])
  })

  test('gives the commune with the code of the point when that is asked for', async () => {
    const { body } = await get('/v1/reverse', { lat: '10.7721', lon: '106.6983', type: 'municipality' })
    expect(body.features).toMatchObject([
      {
        geometry: { coordinates: [106.6983, 10.7721] },
        properties: {
          type: 'municipality',
          citycode: '26743',
          postcode: '71009',
          vpostcode: '71009QMCXR8V',
          precision: 'commune',
          geocoding: { type: 'city' },
        },
      },
    ])
  })

  test.each([
    ['51.5', '-0.12'],
    ['15.9', '109.9'],
  ])('says that %s, %s is outside coverage', async (lat, lon) => {
    const { status, body } = await get('/v1/reverse', { lat, lon })
    expect([status, body.features, body.place]).toEqual([200, [], null])
    expect(body.issues).toMatchObject([{ code: 'outside-coverage', severity: 'warning' }])
  })

  test.each([
    [{ limit: '21' }, 'limit'],
    [{ limit: '0' }, 'limit'],
    [{ radius: '2001' }, 'radius'],
    [{ radius: '-1' }, 'radius'],
    [{ radius: '' }, 'radius'],
  ])('refuses %o', async (query, name) => {
    const { status, body } = await get('/v1/reverse', { lat: '21.0312', lon: '105.8493', ...query })
    expect([status, body.code, body.errors[0].name]).toEqual([400, 'bad-parameter', name])
  })
})

describe('GET /v1/units', () => {
  test('lists the provinces of both eras', async () => {
    expect((await get('/v1/units')).body).toMatchObject({ total: 34 })
    expect((await get('/v1/units', { era: 'former', limit: '200' })).body.units.length).toBe(63)
  })

  test('lists what stands directly under a parent', async () => {
    const { body } = await get('/v1/units', { parent: '79', limit: '200' })
    expect(body.total).toBe(168)
    expect(body.units.every((unit: { level: string }) => unit.level === 'commune')).toBe(true)
    const { body: districts } = await get('/v1/units', { parent: '79', era: 'former' })
    expect(districts.units.every((unit: { level: string }) => unit.level === 'district')).toBe(true)
    const { body: communes } = await get('/v1/units', { parent: '760', era: 'former' })
    expect(communes.units.map(({ name }: { name: string }) => name)).toContain('Bến Nghé')
  })

  test('finds names with and without accents, the same name first', async () => {
    for (const q of ['bến thành', 'ben thanh', 'PHUONG BEN THANH'])
      expect((await get('/v1/units', { q })).body.units[0]).toMatchObject({
        code: '26743',
        postcode: '71009',
      })
    expect((await get('/v1/units', { q: 'Hà Nội' })).body.units[0]).toMatchObject({
      code: '01',
      level: 'province',
    })
    expect((await get('/v1/units', { q: '!!!' })).body).toEqual({ total: 0, units: [] })
  })

  test('keeps to a level', async () => {
    const { body } = await get('/v1/units', { era: 'former', level: 'district', limit: '1' })
    expect(body).toMatchObject({ total: 696, units: [{ level: 'district' }] })
  })

  test.each([
    [{ parent: '98' }, 404, 'unknown-unit'],
    [{ parent: '760' }, 404, 'unknown-unit'],
    [{ parent: '7' }, 400, 'bad-parameter'],
    [{ era: 'old' }, 400, 'bad-parameter'],
    [{ level: 'ward' }, 400, 'bad-parameter'],
    [{ q: ' ' }, 400, 'bad-parameter'],
    [{ q: 'a'.repeat(101) }, 400, 'bad-parameter'],
  ])('refuses %o', async (query, status, code) => {
    const { body, ...answer } = await get('/v1/units', query)
    expect([answer.status, body.code]).toEqual([status, code])
  })
})

describe('GET /v1/units/{code}', () => {
  test('a code of both eras answers both, or the one asked for', async () => {
    const { body } = await get('/v1/units/26740')
    expect(body.units.map(({ era, name }: Record<string, string>) => [era, name])).toEqual([
      ['current', 'Sài Gòn'],
      ['former', 'Bến Nghé'],
    ])
    expect((await get('/v1/units/26740', { era: 'former' })).body.units).toMatchObject([{ name: 'Bến Nghé' }])
  })

  test('history runs both ways', async () => {
    const { sources } = (await get('/v1/units/26740', { era: 'current' })).body.units[0]
    expect(sources.map(({ name }: { name: string }) => name)).toContain('Bến Nghé')
    const { successors } = (await get('/v1/units/26740', { era: 'former' })).body.units[0]
    expect(successors).toMatchObject([{ era: 'current', name: 'Sài Gòn', postcode: '71016' }])
    const { body: province } = await get('/v1/units/74', { era: 'former' })
    expect(province.units[0]).toMatchObject({
      name: 'Bình Dương',
      successors: [{ code: '79', era: 'current', whole: true }],
    })
    const { body: district } = await get('/v1/units/760', { era: 'former' })
    expect(district.units[0].successors.length).toBeGreaterThan(1)
  })

  test('an island district is the source of the commune that it became', async () => {
    const lySon = api.deps.gazetteer.districts.find(({ name }) => name === 'Lý Sơn')!
    const { body } = await get(`/v1/units/${lySon.becameCommune!.code}`, { era: 'current' })
    expect(body.units[0].sources).toMatchObject([{ level: 'district', name: 'Lý Sơn', whole: true }])
  })

  test('changes of type after July 2025 are told', async () => {
    const changed = api.deps.gazetteer.communes.find(({ typeChange }) => typeChange !== null)!
    const { body } = await get(`/v1/units/${changed.code}`, { era: 'current' })
    expect(body.units[0].typeChange).toEqual(changed.typeChange)
  })

  test('communes gone before June 2025 are found by their old code and by their successor', async () => {
    const gone = api.deps.gazetteer.earlierCommunes.find(({ code, name }) => code && name === '7')!
    const { body } = await get(`/v1/units/${gone.code}`)
    expect(body.earlier).toContainEqual(expect.objectContaining({ code: gone.code, fullName: gone.fullName }))
    const { body: successor } = await get(`/v1/units/${gone.successors[0]!.code}`, { era: 'former' })
    expect(successor.units[0].earlier.map(({ code }: { code: string }) => code)).toContain(gone.code)
  })

  test.each([
    ['98', 404, 'unknown-unit'],
    ['99999', 404, 'unknown-unit'],
    ['1', 400, 'bad-parameter'],
    ['abc', 400, 'bad-parameter'],
    ['26740x', 400, 'bad-parameter'],
  ])('refuses %s', async (code, status, problem) => {
    const { body, ...answer } = await get(`/v1/units/${code}`)
    expect([answer.status, body.code]).toEqual([status, problem])
  })
  test('refuses a code that the other era has', async () => {
    expect((await get('/v1/units/760', { era: 'current' })).body.code).toBe('unknown-unit')
  })
})

describe('GET /v1/postcodes/{code}', () => {
  test('five digits name a commune, two a province', async () => {
    expect((await get('/v1/postcodes/71009')).body).toMatchObject({
      commune: { code: '26743' },
      province: { code: '79' },
    })
    expect((await get('/v1/postcodes/10')).body).toMatchObject({ commune: null, province: { code: '01' } })
  })

  test('an old one leads to the communes of today that had it, with its dates; 304 until that changes', async () => {
    const old = {
      postcode: '71999',
      communeCode: '26740',
      from: '2018-01-01',
      until: '2025-08-24',
      source: 'list of 2018',
    }
    const { headers } = await get('/v1/postcodes/71009')
    const kept = () => get('/v1/postcodes/71009').set('If-None-Match', headers['etag']!)
    expect((await kept()).status).toBe(304)
    await api.store.transaction((tx) =>
      tx.writePostcodes([
        old,
        { ...old, communeCode: '26743', from: null, until: null, source: 'another' },
        { ...old, postcode: '71009' },
        { ...old, postcode: '71009', communeCode: '26743' },
      ]),
    )
    const { status, body } = await get('/v1/postcodes/71999')
    expect([status, body]).toMatchObject([
      200,
      { postcode: '71999', status: 'old', commune: null, province: { code: '79' } },
    ])
    const { from, until, source } = old
    expect(body.before).toMatchObject([
      { commune: { code: '26740' }, province: { code: '79' }, from, until, source },
      { commune: { code: '26743' }, from: null, until: null, source: 'another' },
    ])
    const now = await kept()
    expect([now.status, now.body.status, now.body.commune.code]).toEqual([200, 'current', '26743'])
    // Not what the commune says of itself.
    expect(now.body.before.map(({ commune }: { commune: { code: string } }) => commune.code)).toEqual([
      '26740',
    ])
  })

  test('an unknown one with a known prefix names the province', async () => {
    const { status, body } = await get('/v1/postcodes/71998')
    expect([status, body.code]).toEqual([404, 'unknown-postcode'])
    expect(body.detail).toContain('Hồ Chí Minh')
  })

  test.each([
    ['99999', 404, 'unknown-postcode'],
    ['123', 400, 'bad-parameter'],
    ['7100９', 400, 'bad-parameter'],
  ])('refuses %s', async (code, status, problem) => {
    const { body, ...answer } = await get(`/v1/postcodes/${encodeURIComponent(code)}`)
    expect([answer.status, body.code]).toEqual([status, problem])
  })
})

describe('GET /v1/households/{id}', () => {
  test('answers what the public may know', async () => {
    const { body } = await get(`/v1/households/${api.ids[0]}`)
    expect(body).toMatchObject({
      id: api.ids[0],
      status: 'provisional',
      vpostcode: api.codes[0],
      commune: { name: 'Hoàn Kiếm' },
      point: { lat: 21.0312, lon: 105.8493 },
      parts: { houseNumber: '12', street: 'Hàng Trống' },
    })
    for (const secret of ['text', 'key', 'externalIds', 'review', 'grade'])
      expect(body).not.toHaveProperty(secret)
  })

  test('a household without a known place has no code', async () => {
    expect((await get(`/v1/households/${api.ids[3]}`)).body).toMatchObject({
      vpostcode: null,
      formatted: null,
      point: null,
    })
  })

  test('a household of which only the province is known says so', async () => {
    const own = await openTestApi()
    const [id] = await own.assign([{ address: 'Số 5 đường Không Tên, Hà Nội' }], 'provinces')
    const { status, body } = await request(own.app).get(`/v1/households/${id}`)
    expect([status, body]).toMatchObject([
      200,
      {
        communeCode: null,
        commune: null,
        province: { code: '01' },
        vpostcode: null,
        parts: { houseNumber: '5' },
      },
    ])
    await own.close()
  })

  test('a household in a commune that only a newer table holds still answers', async () => {
    const { versioned } = api.deps.households
    const own = await openTestApi({
      versioned: async () => {
        const known = (await versioned(api.ids[0]!))!
        return { ...known, household: { ...known.household, communeCode: '99998', provinceCode: '98' } }
      },
    })
    const { status, body } = await request(own.app).get(`/v1/households/${api.ids[0]}`)
    expect([status, body]).toMatchObject([
      200,
      { communeCode: '99998', commune: null, province: null, vpostcode: api.codes[0] },
    ])
    await own.close()
  })

  test('an unchanged household answers 304 to its ETag', async () => {
    const url = `/v1/households/${api.ids[0]}`
    const { etag } = (await get(url)).headers
    expect(etag).toMatch(/^"[\w-]+\.public"$/)
    expect((await get(url).set('If-None-Match', etag!)).status).toBe(304)
    expect((await get(url).set('If-None-Match', '"other"')).status).toBe(200)
  })

  test('says why an id cannot be one', async () => {
    const id = api.ids[0]!
    const wrong = id.slice(0, 11) + ((Number(id[11]) + 1) % 10)
    for (const [text, message] of [
      [wrong, 'has a mistyped digit'],
      ['12345', 'must be twelve digits'],
      [`${id}0`, 'must be twelve digits'],
      ['71009QMCXR8V', 'must be twelve digits'],
    ]) {
      const { status, body } = await get(`/v1/households/${text}`)
      expect([status, body.code, body.errors[0].message]).toEqual([400, 'mistyped-household-id', message])
    }
  })

  test('an id that nobody has is not found', async () => {
    const { status, body } = await get(`/v1/households/${unusedId()}`)
    expect([status, body.code]).toEqual([404, 'unknown-household'])
  })
})

/** A well-formed id: twelve digits with a right check digit. */
function unusedId(): string {
  const digits = '10000000000'
  const taken = new Set(api.ids)
  for (let last = 0; ; last++) {
    const body = String(Number(digits) + last)
    let sum = 0
    for (let i = 0; i < 11; i++) {
      const double = (10 - i) % 2 === 0 ? Number(body[i]) * 2 : Number(body[i])
      sum += double > 9 ? double - 9 : double
    }
    const id = body + ((10 - (sum % 10)) % 10)
    if (!taken.has(id)) return id
  }
}

test('GET /v1/issues: every code with its text, in the language asked for', async () => {
  const ask = async (language: string) =>
    (await get('/v1/issues').set('Accept-Language', language)).body.issues as {
      code: string
      message: string
    }[]
  const [vi, en] = [await ask('vi'), await ask('en')]
  const of = (list: typeof vi, code: string) => list.find((one) => one.code === code)?.message
  expect(of(vi, 'commune-missing')).toBe('Không nêu xã, phường')
  expect(of(en, 'commune-missing')).toBe('No commune is named')
  expect(vi.map(({ code }) => code)).toEqual(en.map(({ code }) => code))
})
