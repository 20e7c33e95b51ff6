import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '../../src/http/routes/index.ts'
import { CALLERS, openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

interface Feature {
  geometry: { coordinates: [number, number] }
  properties: Record<string, unknown> & { label: string; score: number; geocoding: { type: string } }
}
const get = (path: string, query: object) => request(api.app).get(path).query(query)
const search = async (q: string, more: object = {}): Promise<Feature[]> => {
  const { status, body } = await get('/v1/search', { q, ...more })
  expect([q, status, body.errors]).toEqual([q, 200, undefined])
  return body.features
}
const labels = async (q: string, more: object = {}) =>
  (await search(q, more)).map(({ properties }) => properties.label)

const schema = JSON.parse(readFileSync(new URL('geocodejson.schema.json', import.meta.url), 'utf8'))
const isGeocodeJson = new Ajv({ strict: true, strictTuples: false, allowUnionTypes: true }).compile(schema)

describe('geocodejson 0.1.0', () => {
  const examples = routes
    .filter(({ method, path }) => method === 'get' && /^\/v1\/(search|structured|reverse)$/.test(path))
    .flatMap(({ path, examples }) => examples.map(({ query }) => [path, query!] as const))

  test.each(examples)('%s %j answers as the schema says, with something', async (path, query) => {
    const { body } = await get(path, query)
    expect([isGeocodeJson(body), isGeocodeJson.errors]).toEqual([true, null])
    expect(body.features.length).toBeGreaterThan(0)
  })

  test('answers name the licence and the notice of the street layers that they may come from', async () => {
    const answers = [
      await get('/v1/search', { q: '12 Lê Lợi, Bến Nghé, Quận 1' }),
      await get('/v1/reverse', { lat: '10.7743', lon: '106.7012' }),
    ]
    for (const { body } of answers)
      expect(body.geocoding).toMatchObject({
        licence: expect.stringContaining('ODbL 1.0'),
        attribution: expect.stringContaining('(c) OpenStreetMap contributors'),
      })
  })

  test.each([
    ['a house', '14 Hàng Trống, phường Hoàn Kiếm, Hà Nội', 'housenumber', 'house'],
    ['a street', 'Lê Lợi, Quận 1', 'street', 'street'],
    ['a hamlet', 'thôn Đông Tảo, xã Đông Tảo, Hưng Yên', 'locality', 'locality'],
    ['a commune', 'Phường Bến Thành, TPHCM', 'municipality', 'city'],
    ['a province', 'Hà Nội', 'municipality', 'state'],
    ['nothing', 'zzz qqq', undefined, undefined],
  ])('%s is one too', async (_name, q, type, geocodingType) => {
    const { body } = await get('/v1/search', { q })
    expect([isGeocodeJson(body), isGeocodeJson.errors]).toEqual([true, null])
    const [first] = body.features as Feature[]
    expect([first?.properties['type'], first?.properties.geocoding.type]).toEqual([type, geocodingType])
  })

  test.each([
    { type: 'FeatureCollection', features: [] },
    { type: 'FeatureCollection', geocoding: { version: '0.1' }, features: [] },
    {
      type: 'FeatureCollection',
      geocoding: { version: '0.1.0' },
      features: [{ type: 'Feature', geometry: { type: 'Point', coordinates: [21, 105] }, properties: {} }],
    },
    {
      type: 'FeatureCollection',
      geocoding: { version: '0.1.0' },
      features: [
        {
          type: 'Feature',
          geometry: { type: 'Point', coordinates: [21.02, 105.85] },
          properties: { geocoding: { type: 'city' } },
        },
      ],
    },
  ])('the schema refuses what is none (%#)', (body) => {
    expect(isGeocodeJson(body)).toBe(false)
  })
})

describe('GET /v1/search', () => {
  test('a registered household with its code', async () => {
    const [home, ...others] = await search('14 Hàng Trống, phường Hoàn Kiếm, Hà Nội')
    expect(others).toEqual([])
    expect(home).toMatchObject({
      geometry: { coordinates: [105.84942, 21.03135] },
      properties: {
        label: '14 Hàng Trống, Phường Hoàn Kiếm, Thành phố Hà Nội',
        type: 'housenumber',
        id: api.ids[2],
        name: '14 Hàng Trống',
        housenumber: '14',
        street: 'Hàng Trống',
        city: 'Phường Hoàn Kiếm',
        citycode: '00070',
        state: 'Thành phố Hà Nội',
        context: 'Phường Hoàn Kiếm, Thành phố Hà Nội',
        vpostcode: api.codes[2],
        precision: 'household',
        accuracy: 10,
        grade: 'A',
      },
    })
    expect(home!.properties.score).toBeGreaterThan(0.9)
  })

  test('a flat is found with its number, and its label does not say what lies behind the door', async () => {
    const [flat] = await search('phòng 301, 12 Hàng Trống, phường Hoàn Kiếm, Hà Nội')
    expect(flat!.properties['id']).toBe(api.ids[0])
    // Its id may have these digits by chance.
    expect(JSON.stringify({ ...flat!.properties, id: '' })).not.toContain('301')
  })

  test('a household in one of several communes that the text can mean comes first', async () => {
    const [first, second] = await search('14 Hàng Trống, Quận Hoàn Kiếm, Hà Nội')
    expect([first!.properties['id'], first!.properties['grade']]).toEqual([api.ids[2], 'C'])
    expect(second!.properties['type']).toBe('street')
  })

  test('a street of the province that is likelier comes before the commune of its name', async () => {
    const [first, ...others] = await search('Nguyễn Huệ, Huế')
    expect([first!.properties['street'], first!.properties['state']]).toEqual(['Nguyễn Huệ', 'Thành phố Huế'])
    expect(others.map(({ properties }) => properties['city'])).toContain('Xã Nguyễn Huệ')
  })

  test('the mapped house of one of several communes has no code: the commune is a question', async () => {
    const asked = '27 Cao Bá Quát, Quận Ba Đình, Hà Nội'
    const [house] = await search(asked)
    expect(house!.properties).toMatchObject({ grade: 'C', precision: 'building', vpostcode: null })
    const sure = await search(asked.replace('Quận', 'Phường'))
    expect(sure[0]!.properties).toMatchObject({
      precision: 'building',
      vpostcode: expect.stringMatching(/^11120/),
    })
  })

  test('a household without a known place stands where its street and number put it and has no code', async () => {
    const [home] = await search('90 Lê Duẩn, phường Cửa Nam, Hà Nội')
    expect(home!.properties).toMatchObject({
      type: 'housenumber',
      id: api.ids[3],
      vpostcode: null,
    })
    expect(['interpolated', 'street']).toContain(home!.properties['precision'])
    expect(home!.properties['accuracy']).toBeGreaterThan(100)
  })

  test('a house that is not registered stands on its street, with the error that this has and no code', async () => {
    const [street] = await search('99 hang trong, phuong hoan kiem, ha noi')
    const { precision, evidence, accuracy, vpostcode } = street!.properties
    expect(['interpolated', 'street']).toContain(precision)
    expect(evidence).toContainEqual({ kind: 'street', text: 'Hàng Trống', layer: 'osm-hcmc-hanoi' })
    expect(vpostcode).toBeNull()
    // The street is 350 m long.
    const [lon, lat] = street!.geometry.coordinates
    expect(Math.abs(lat! - 21.0303)).toBeLessThan(0.003)
    expect(Math.abs(lon! - 105.8496)).toBeLessThan(0.003)
    expect(accuracy).toBeLessThan(600)
  })

  test('an ambiguous text answers every candidate with its confidence, likelier first', async () => {
    const found = await search('Lê Lợi, Quận 1')
    expect(found.map(({ properties }) => properties['city'])).toEqual([
      'Phường Bến Thành',
      'Phường Sài Gòn',
      'Phường Cầu Ông Lãnh',
      'Phường Tân Định',
    ])
    const scores = found.map(({ properties }) => properties.score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(new Set(found.map(({ properties }) => properties['district']))).toEqual(new Set(['Quận 1']))
  })

  test('a commune before July 2025 answers the one of today and says which was asked for', async () => {
    const [found] = await search('Phường Bến Nghé, Quận 1, TPHCM')
    expect(found!.properties).toMatchObject({
      city: 'Phường Sài Gòn',
      citycode: '26740',
      oldcity: 'Phường Bến Nghé',
      oldcitycode: '26740',
      district: 'Quận 1',
    })
  })

  test.each([
    ['a Vpostcode', () => api.codes[2]!, 'housenumber'],
    ['a household id', () => api.ids[2]!, 'housenumber'],
    ['a code that nobody has', () => '71009-qmcx r8v', 'locality'],
    ['a plus code', () => '7P28QMCX+R8V', 'locality'],
    ['a postcode', () => '71009', 'municipality'],
  ])('%s leads to its place', async (_name, q, type) => {
    const [found] = await search(q())
    expect(found!.properties['type']).toBe(type)
    const { id } = found!.properties
    if (type === 'housenumber') expect(id).toBe(api.ids[2])
    else expect(found!.properties['citycode']).toBe('26743')
  })

  test('two flats in one cell are both answered to their code', async () => {
    const found = await search(api.codes[0]!)
    expect(found.map(({ properties }) => properties['id']).sort()).toEqual(api.ids.slice(0, 2).sort())
  })

  test.each([
    [{ type: 'street' }, ['street']],
    [{ type: 'municipality' }, ['municipality']],
    [{ type: 'locality' }, []],
    [{ type: 'housenumber' }, ['housenumber']],
    [{ citycode: '00070' }, ['housenumber']],
    [{ citycode: '00004' }, []],
  ])('%j filters', async (filter, types) => {
    const found = await search('14 Hàng Trống, phường Hoàn Kiếm, Hà Nội', filter)
    expect(found.map(({ properties }) => properties['type'])).toEqual(types)
  })

  test('a filter says where the address is when the text does not', async () => {
    expect(await labels('Lê Lợi', { postcode: '71009' })).toEqual([
      'Lê Lợi, Phường Bến Thành, Thành phố Hồ Chí Minh',
    ])
    expect(await labels('14 hang trong', { citycode: '00070', type: 'housenumber' })).toEqual([
      '14 Hàng Trống, Phường Hoàn Kiếm, Thành phố Hà Nội',
    ])
    expect(await labels('Bến Thành 71009')).toEqual(['Phường Bến Thành, Thành phố Hồ Chí Minh'])
  })

  test('a point brings the nearer candidates forward and gives the distance', async () => {
    const far = await search('phường Tân Định')
    expect(far[0]!.properties['citycode']).toBe('26737')
    const xaTanDinh = far.find(({ properties }) => properties['state'] === 'Tỉnh Khánh Hòa')!
    const [lon, lat] = xaTanDinh.geometry.coordinates
    const near = await search('phường Tân Định', { lat, lon })
    expect(near[0]!.properties['state']).toBe('Tỉnh Khánh Hòa')
    expect(near[0]!.properties['distance']).toBe(0)
    expect(far[0]!.properties['distance']).toBeUndefined()
  })

  test('a point changes nothing of a sure answer', async () => {
    const [home] = await search('14 Hàng Trống, phường Hoàn Kiếm, Hà Nội', { lat: '10.77', lon: '106.7' })
    expect(home!.properties['id']).toBe(api.ids[2])
    expect(home!.properties['distance']).toBeGreaterThan(1_000_000)
  })

  test('limit', async () => {
    expect(await search('Lê Lợi')).toHaveLength(5)
    expect(await search('Lê Lợi', { limit: '2' })).toHaveLength(2)
    expect((await search('Lê Lợi', { limit: '20' })).length).toBeGreaterThan(5)
  })

  test('no phone of the text comes back in a label', async () => {
    const found = await search('99 Hàng Trống, phường Hoàn Kiếm, Hà Nội, 0912345678')
    expect(found).toHaveLength(1)
    expect(JSON.stringify(found)).not.toContain('0912345678')
  })
})

describe('autocomplete', () => {
  test.each([
    ['ha n', 'Thành phố Hà Nội'],
    ['hà n', 'Thành phố Hà Nội'],
    ['bến th', 'Phường Bến Thành, Thành phố Hồ Chí Minh'],
    ['ben th', 'Phường Bến Thành, Thành phố Hồ Chí Minh'],
    ['P. ben th', 'Phường Bến Thành, Thành phố Hồ Chí Minh'],
    ['bến ngh', 'Phường Bến Nghé, Quận 1 (nay Phường Sài Gòn), Thành phố Hồ Chí Minh'],
    ['quận 1', 'Quận 1 (nay Phường Cầu Ông Lãnh), Thành phố Hồ Chí Minh'],
    ['12 Hàng Trống, hoàn', '12 Hàng Trống, Phường Hoàn Kiếm, Thành phố Hà Nội'],
    ['phường Hoàn Kiếm, hàng trô', 'Hàng Trống, Phường Hoàn Kiếm, Thành phố Hà Nội'],
    ['hàng trô, phường Hoàn Kiếm', 'Hàng Trống, Phường Hoàn Kiếm, Thành phố Hà Nội'],
  ])('"%s" becomes %s', async (q, label) => {
    expect((await labels(q, { autocomplete: '1' }))[0]).toBe(label)
  })

  test('marks that were typed decide before those that were not', async () => {
    const [first] = await labels('Ba Tô', { autocomplete: '1' })
    expect(first).toMatch(/^Xã Ba Tô, /)
    const [other] = await labels('Ba Tơ', { autocomplete: '1' })
    expect(other).toMatch(/^Xã Ba Tơ, /)
  })

  test('streets of the commune that a filter names, with the household of the number', async () => {
    expect(await labels('hàng tr', { autocomplete: '1', citycode: '00070' })).toEqual(
      expect.arrayContaining(['Hàng Trống, Phường Hoàn Kiếm, Thành phố Hà Nội']),
    )
    const [home] = await search('14 hàng trố', { autocomplete: '1', citycode: '00070' })
    expect(home!.properties['id']).toBe(api.ids[2])
  })

  test('without it an unfinished name is no name', async () => {
    expect(await labels('bến ngh')).toEqual([])
    expect(await labels('bến ngh', { autocomplete: '0' })).toEqual([])
  })

  test('nothing is offered twice', async () => {
    const found = await search('hoàn kiếm', { autocomplete: '1', limit: '20' })
    const ids = found.map(({ properties }) => properties['id'])
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('the number that was typed stays, also where the house is not registered', async () => {
    const [first] = await search('37 chau lo', { autocomplete: '1' })
    expect(first!.properties).toMatchObject({
      label: '37 Châu Long, Phường Ba Đình, Thành phố Hà Nội',
      type: 'street',
      housenumber: '37',
      street: 'Châu Long',
      grade: null,
    })
  })

  test('a street of which only the district before July 2025 is known', async () => {
    const [first] = await search('le loi, tp vinh', { autocomplete: '1' })
    expect(first!.properties).toMatchObject({
      id: '412_le-loi',
      type: 'street',
      district: 'Thành phố Vinh',
      state: 'Tỉnh Nghệ An',
      precision: 'none',
      geocoding: { type: 'street' },
    })
    expect(first!.properties['city']).toBeUndefined()
  })

  test('scores fall', async () => {
    for (const q of ['h', 'le loi', 'hoan kiem', 'nguyen trai, q5']) {
      const scores = (await search(q, { autocomplete: '1', limit: '20' })).map(
        ({ properties }) => properties.score,
      )
      expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    }
  })

  test('the place of the person brings what is near forward', async () => {
    const [far] = await search('tran phu', { autocomplete: '1' })
    const [near] = await search('tran phu', { autocomplete: '1', lat: '12.24', lon: '109.19' })
    expect(far!.properties.label).not.toBe(near!.properties.label)
    expect(near!.properties['district']).toBe('Thành phố Nha Trang')
  })

  test.each(['p', 'đ', ',', '12', '12,', ' , a', '()', '😀'])('"%s" is answered', async (q) => {
    await search(q, { autocomplete: '1' })
  })
})

describe('an answer leads back to its place', () => {
  const asked = [
    'h',
    'ha n',
    'bến th',
    'bến ngh',
    'quận 1',
    'quan 9',
    'p13 q10',
    'thu duc',
    '12 hang trong hoan kiem',
    'le loi',
    'le loi, tp vinh',
    'nguyen van linh, da nang',
    '130/20 le van sy q3',
    'duong 3/2',
    'tran phu',
    'binh duong',
  ]
  test.each(asked)('by its id: "%s"', async (q) => {
    for (const { properties } of await search(q, { autocomplete: '1' })) {
      const found = await search(properties['id'] as string)
      expect(found.map((one) => one.properties['id'])).toContain(properties['id'])
    }
  })

  test.each(asked)('by its label: "%s"', async (q) => {
    for (const { properties } of await search(q, { autocomplete: '1' })) {
      const found = await search(properties.label, { limit: '20' })
      const key = (id: unknown) => String(id).split('_')[1]
      // Where only the street of a number is known, search answers the street.
      const street = (id: unknown) => String(id).split('_').slice(0, 2).join('_')
      // Of a street in a district before July 2025: that street in the communes of today that it can lie in.
      const same = found.filter(({ properties: { id, district } }) =>
        properties['city'] || properties['type'] === 'municipality'
          ? street(id) === street(properties['id'])
          : key(id) === key(properties['id']) && district === properties['district'],
      )
      expect([properties.label, same.length > 0]).toEqual([properties.label, true])
    }
  })

  test.each([
    '00_x',
    '26743_',
    '26743___le-loi',
    '99999_le-loi',
    '999',
    '999_le-loi',
    '26743_LE-LOI',
    '7_le-loi',
  ])('what only looks like an id is a text: "%s"', async (q) => {
    expect((await search(q)).map(({ properties }) => properties['id'])).not.toContain(q)
  })
})

describe('GET /v1/structured', () => {
  const structured = async (query: object): Promise<Feature[]> =>
    (await get('/v1/structured', query)).body.features

  test('parts lead where their text leads', async () => {
    const [home] = await structured({
      housenumber: '14',
      street: 'Hàng Trống',
      city: 'Phường Hoàn Kiếm',
      state: 'Hà Nội',
    })
    expect(home!.properties['id']).toBe(api.ids[2])
  })

  test('a postcode names the commune', async () => {
    const [street] = await structured({ street: 'Lê Lợi', postcode: '71009' })
    expect(street!.properties).toMatchObject({ type: 'street', citycode: '26743' })
    const [commune] = await structured({ postcode: '71009' })
    expect(commune!.properties['id']).toBe('26743')
  })

  test('units of before July 2025', async () => {
    const [found] = await structured({ city: 'Phường 7', district: 'Quận 3', state: 'TPHCM' })
    expect(found!.properties).toMatchObject({
      city: 'Phường Xuân Hòa',
      oldcity: 'Phường 7',
      district: 'Quận 3',
    })
  })

  test('the order of the parts is not that of the query', async () => {
    const one = await structured({ state: 'Hà Nội', street: 'Hàng Trống', district: 'Hoàn Kiếm' })
    const other = await structured({ street: 'Hàng Trống', district: 'Hoàn Kiếm', state: 'Hà Nội' })
    expect(one).toEqual(other)
    expect(one[0]!.properties['citycode']).toBe('00070')
  })
})

describe('refusals', () => {
  const long = 'a'.repeat(501)
  test.each([
    ['/v1/search', {}, 400, 'missing-parameter', ['q']],
    ['/v1/search', { q: '' }, 400, 'bad-parameter', ['q']],
    ['/v1/search', { q: '  ' }, 400, 'bad-parameter', ['q']],
    ['/v1/search', { q: long }, 413, 'input-too-long', ['q']],
    ['/v1/search', { q: ['a', 'b'] }, 400, 'bad-parameter', ['q']],
    ['/v1/search', { q: 'a', limit: '21' }, 400, 'bad-parameter', ['limit']],
    ['/v1/search', { q: 'a', limit: '0' }, 400, 'bad-parameter', ['limit']],
    ['/v1/search', { q: 'a', autocomplete: 'yes' }, 400, 'bad-parameter', ['autocomplete']],
    ['/v1/search', { q: 'a', type: 'poi' }, 400, 'bad-parameter', ['type']],
    ['/v1/search', { q: 'a', postcode: '7100' }, 400, 'bad-parameter', ['postcode']],
    ['/v1/search', { q: 'a', citycode: 'x' }, 400, 'bad-parameter', ['citycode']],
    ['/v1/search', { q: 'a', lat: '10' }, 400, 'missing-parameter', ['lon']],
    ['/v1/search', { q: 'a', lat: 'x', lon: 'y' }, 400, 'bad-parameter', ['lat', 'lon']],
    ['/v1/search', { q: 'a', colour: 'red' }, 400, 'unknown-parameter', ['colour']],
    ['/v1/structured', {}, 400, 'missing-parameter', ['city']],
    ['/v1/structured', { street: ' ' }, 400, 'missing-parameter', ['city']],
    ['/v1/structured', { street: long }, 413, 'input-too-long', ['street']],
    [
      '/v1/structured',
      { city: 'a'.repeat(400), street: 'b'.repeat(400) },
      413,
      'input-too-long',
      ['street', 'city'],
    ],
    ['/v1/structured', { q: 'a' }, 400, 'unknown-parameter', ['q']],
    ['/v1/structured', { city: 'a', postcode: 'x' }, 400, 'bad-parameter', ['postcode']],
    ['/v1/structured', { city: 'a', limit: 'many' }, 400, 'bad-parameter', ['limit']],
    ['/v1/reverse', { lat: '21', lon: '105', type: 'poi' }, 400, 'bad-parameter', ['type']],
  ])('%s %j', async (path, query, status, code, names) => {
    const answer = await get(path, query)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.body.errors.map(({ name }: { name: string }) => name)).toEqual(names)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  })

  test('bytes that are no UTF-8', async () => {
    const { status, body } = await request(api.app).get('/v1/search?q=%ff%fe')
    expect([status, body.code]).toEqual([400, 'malformed-url'])
  })

  test('browser keys may search, and no key is needed', async () => {
    const [origin] = CALLERS['browser']!.key!.origins
    const asked = get('/v1/search', { q: 'Hà Nội' }).set('X-Api-Key', 'browser')
    expect((await asked.set('Origin', origin!)).status).toBe(200)
    expect((await get('/v1/search', { q: 'Hà Nội' }).set('X-Api-Key', 'nobody')).status).toBe(401)
  })
})

describe('GET /v1/reverse', () => {
  test('type', async () => {
    const at = { lat: '21.0312', lon: '105.8493' }
    const types = async (more: object) =>
      (await get('/v1/reverse', { ...at, ...more })).body.features.map(
        ({ properties }: Feature) => properties['type'],
      )
    expect(await types({ limit: '2' })).toEqual(['housenumber', 'housenumber'])
    expect(await types({ type: 'housenumber', limit: '1' })).toEqual(['housenumber'])
    expect(await types({ type: 'municipality' })).toEqual(['municipality'])
    expect(new Set(await types({ type: 'street' }))).toEqual(new Set(['street']))
  })
})

test('how well each text was understood is counted; codes and names that are being typed are no texts', async () => {
  const own = await openTestApi()
  const ask = (path: string, query: object) => request(own.app).get(path).query(query)
  for (const q of ['14 Hàng Trống, phường Hoàn Kiếm, Hà Nội', 'xyzzy', '71009', 'Lê Lợi, Quận 1'])
    expect((await ask('/v1/search', { q })).status).toBe(200)
  await ask('/v1/search', { q: 'ben th', autocomplete: '1' })
  await ask('/v1/structured', { city: 'Phường Bến Thành', state: 'TP Hồ Chí Minh' })
  const counted = (await own.deps.metrics.text()).match(/^vpostcode_grades_total.*$/gm)?.toSorted()
  expect(counted).toEqual([
    'vpostcode_grades_total{route="/v1/search",grade="A"} 1',
    'vpostcode_grades_total{route="/v1/search",grade="C"} 1',
    'vpostcode_grades_total{route="/v1/search",grade="D"} 1',
    'vpostcode_grades_total{route="/v1/structured",grade="A"} 1',
  ])
  await own.close()
})

describe('a street that is named alone', () => {
  const asked = async (q: string, more: object = {}) => {
    const { body } = await get('/v1/search', { q, limit: '20', ...more })
    return {
      codes: body.issues.map(({ code }: { code: string }) => code),
      found: body.features.map(({ properties: { type, label, grade } }: Feature) => ({ type, label, grade })),
    }
  }

  test.each(['Lê Văn Sỹ', 'đ. Lê Văn Sĩ', 'le van sy'])(
    '"%s" is answered by the places that have it',
    async (q) => {
      const { codes, found } = await asked(q)
      expect(codes).toContain('province-missing')
      expect(found.length).toBeLessThanOrEqual(20)
      expect(found.map(({ label }: Feature['properties']) => label)).toContain(
        'Lê Văn Sỹ, Phường Phú Nhuận, Thành phố Hồ Chí Minh',
      )
      for (const { grade } of found) expect(grade).toBe('C')
    },
  )

  test('is asked for by its type where communes bear its name, and stands among them without', async () => {
    const streets = await asked('Lê Lợi', { type: 'street' })
    expect(new Set(streets.found.map(({ type }: { type: string }) => type))).toEqual(new Set(['street']))
    const all = await asked('Lê Lợi')
    const types = new Set(all.found.map(({ type }: { type: string }) => type))
    expect(types).toEqual(new Set(['street', 'municipality']))
  })

  test('bears the number that stands before it, and the nearest come first', async () => {
    const [first] = (await asked('12 Lê Lợi')).found
    expect(first.label).toMatch(/^12 Lê Lợi, /)
    const [near] = (await asked('Lê Lợi', { type: 'street', lat: '16.46', lon: '107.59' })).found
    expect(near.label).toContain('Thành phố Huế')
  })

  test.each(['xin chào', 'áo thun nam', '12 Nguyễn Văn Xyz'])('"%s" is still not understood', async (q) => {
    expect(await asked(q)).toEqual({ codes: ['not-understood'], found: [] })
  })
})

describe('asked in a body', () => {
  const post = (body: object) => request(api.app).post('/v1/search').send(body)

  test('it answers what the same question in a URL does', async () => {
    const { body } = await post({
      q: 'hàng tr',
      autocomplete: true,
      limit: 2,
      point: { lat: 21.03, lon: 105.85 },
    })
    const same = await get('/v1/search', {
      q: 'hàng tr',
      autocomplete: '1',
      limit: '2',
      lat: '21.03',
      lon: '105.85',
    })
    expect(body.features.length).toBe(2)
    expect(body).toEqual(same.body)
    const filtered = await post({ q: 'Lê Lợi', citycode: '26743', type: 'street' })
    expect(filtered.body.features[0].properties).toMatchObject({ citycode: '26743', type: 'street' })
  })

  test('what is wrong is said of the body', async () => {
    const refused = async (body: object) => {
      const { status, body: problem } = await post(body)
      return [status, problem.code, problem.errors?.[0]?.in]
    }
    expect(await refused({ q: ' ' })).toEqual([400, 'bad-parameter', 'body'])
    expect(await refused({ q: 'x'.repeat(501) })).toEqual([413, 'input-too-long', 'body'])
    expect(await refused({ q: 'Lê Lợi', limit: 21 })).toEqual([400, 'bad-parameter', 'body'])
    expect(await refused({})).toEqual([400, 'missing-parameter', 'body'])
  })
})
