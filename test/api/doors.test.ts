import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { metresBetween, scaleAt } from '../../src/geo/flatEarth.ts'
import type { RowFields } from '../../src/pipeline/row.ts'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
const commune = () => api.deps.gazetteer.commune('00070')!

/** Number n of a street that no map has: 4 m apart, the odd ones on one side, the even ones 14 m across. */
function truth(number: number) {
  const { lat, lon } = commune().inside
  const scale = scaleAt(lat)
  const along = 4 * number
  return {
    lat: lat + (number % 2 ? 7 : -7) / scale.y / 1e6,
    lon: lon + along / scale.x / 1e6,
  }
}
const address = (number: number | string): RowFields => ({
  houseNumber: String(number),
  street: 'Đường Không Bản Đồ',
  commune: 'phường Hoàn Kiếm',
  province: 'Hà Nội',
})

beforeAll(async () => {
  api = await openTestApi()
  const odd = Array.from({ length: 40 }, (_, i) => 2 * i + 1)
  const rows = odd.map((number): RowFields => {
    const { lat, lon } = truth(number)
    return { ...address(number), lat: lat.toFixed(6), lon: lon.toFixed(6) }
  })
  const alley = truth(33)
  rows.push({ ...address('44/3'), lat: (alley.lat - 0.0004).toFixed(6), lon: alley.lon.toFixed(6) })
  await api.assign(rows, 'odd')
})
afterAll(() => api.close())

const asked = (number: number | string) => `${number} Đường Không Bản Đồ, phường Hoàn Kiếm, thành phố Hà Nội`

test('the even side of a street of which the odd one is registered is found within 15 m', async () => {
  const errors: number[] = []
  for (const number of [6, 20, 38, 52, 70]) {
    const { body } = await request(api.app)
      .get('/v1/search')
      .query({ q: asked(number) })
    const [first] = body.features
    expect(first.properties).toMatchObject({
      type: 'housenumber',
      housenumber: String(number),
      precision: 'interpolated',
      vpostcode: null,
      turns: [String(number)],
      evidence: [
        { kind: 'household', text: String(number - 1), layer: null },
        { kind: 'household', text: String(number + 1), layer: null },
      ],
    })
    const [lon, lat] = first.geometry.coordinates
    errors.push(metresBetween(truth(number), { lat, lon }))
    expect(errors.at(-1)).toBeLessThan(first.properties.accuracy)
  }
  expect(Math.max(...errors)).toBeLessThan(15)
})

test('a checkout is told the same', async () => {
  const { body } = await request(api.app)
    .post('/v1/validate')
    .send({ address: asked(20) })
  expect(body).toMatchObject({
    vpostcode: null,
    point: { precision: 'interpolated', turns: ['20'] },
    verdict: { geocodeGranularity: 'PREMISE_PROXIMITY' },
  })
})

test('a door in an alley of which one is registered is beside that', async () => {
  const { body } = await request(api.app)
    .get('/v1/search')
    .query({ q: asked('44/9') })
  expect(body.features[0].properties).toMatchObject({
    precision: 'alley',
    turns: ['44', '9'],
    evidence: [{ kind: 'household', text: '44/3' }],
  })
})

test('a mapped house number that nobody registered is a known place: it has a code', async () => {
  const { body } = await request(api.app)
    .get('/v1/search')
    .query({ q: '59 phố Quốc Tử Giám, phường Văn Miếu - Quốc Tử Giám, Hà Nội' })
  const [{ properties }] = body.features
  expect(properties).toMatchObject({
    type: 'housenumber',
    precision: 'building',
    vpostcode: expect.stringMatching(/^\d{5}/),
  })
  const again = await request(api.app).get('/v1/search').query({ q: properties.id })
  expect(again.body.features[0].properties).toMatchObject({ id: properties.id, precision: 'building' })
})

describe('registered homes a few doors away', () => {
  const reverse = async (number: number, query: object = {}) => {
    const { lat, lon } = truth(number)
    const { body } = await request(api.app)
      .get('/v1/reverse')
      .query({ lat: lat.toFixed(6), lon: lon.toFixed(6), ...query })
    return body.features[0].properties
  }

  test('tell the street that no map has, and the number between them', async () => {
    expect(await reverse(34, { radius: 5, type: 'street' })).toMatchObject({
      type: 'street',
      // "Bản Đồ" is read as a hamlet.
      street: 'Đường Không',
      precision: 'interpolated',
      estimate: { housenumber: '33', parity: 'odd', between: ['33', '35'] },
      evidence: [{ kind: 'household' }, { kind: 'household' }],
    })
  })

  test('in a file too, where an estimated number is told as one', { timeout: 120_000 }, async () => {
    const { lat, lon } = truth(34)
    const { text } = await request(api.app)
      .post('/v1/reverse/csv')
      .set('authorization', 'Bearer server')
      .attach('data', Buffer.from(`latitude,longitude\n${lat},${lon}\n10.77417,106.70355\n`), 'points.csv')
    expect(text).toContain('khoảng')
  })
})

test('a household in a hamlet is named with it', async () => {
  const { lat, lon } = commune().inside
  const q = '3 thôn Phú Mới, phường Hoàn Kiếm, Hà Nội'
  await api.assign([{ address: q, lat: lat.toFixed(6), lon: lon.toFixed(6) }], 'hamlet')
  const { body } = await request(api.app).get('/v1/search').query({ q })
  expect(body.features[0].properties.label).toBe('3 thôn Phú Mới, Phường Hoàn Kiếm, Thành phố Hà Nội')
})

describe('while a house number is typed', () => {
  const typed = async (q: string) => {
    const { body } = await request(api.app)
      .get('/v1/search')
      .query({ q, autocomplete: '1', citycode: '00070', limit: '8' })
    return body.features.map(({ properties }: { properties: unknown }) => properties)
  }
  beforeAll(async () => {
    const street = { street: 'Hàng Trống', commune: 'phường Hoàn Kiếm', province: 'Hà Nội' }
    const at = (i: number) => ({ lat: (21.030123 + i * 4e-5).toFixed(6), lon: '105.850117' })
    const rows = [70, 700, 702, 74, 78].map((n, i) => ({ ...street, houseNumber: String(n), ...at(i) }))
    await api.assign(rows, 'typed')
  })

  test('registered homes whose number begins with it follow the one that was typed', async () => {
    const found = await typed('70 hàng trống')
    expect(found.slice(0, 3).map(({ housenumber }: { housenumber: string }) => housenumber)).toEqual([
      '70',
      '700',
      '702',
    ])
    expect(found[0]).toMatchObject({ precision: 'household', id: expect.stringMatching(/^\d{12}$/) })
  })

  test('a number that nobody has stands between its registered neighbours', async () => {
    const [first] = await typed('76 hàng trống')
    expect(first).toMatchObject({
      id: '00070_hang-trong_76',
      type: 'housenumber',
      precision: 'interpolated',
      evidence: [
        { kind: 'household', text: '74' },
        { kind: 'household', text: '78' },
      ],
    })
  })
})
