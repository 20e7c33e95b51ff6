import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enclosedKm2 } from '../../src/geo/flatEarth.ts'
import { gazetteer, openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const get = (url: string, query: object = {}) => request(api.app).get(url).query(query)

type Ring = [number, number][]
interface Boundary {
  bbox: [number, number, number, number]
  properties: { code: string; era: string; fullName: string; areaKm2: number }
  geometry: { coordinates: Ring[][] }
}
async function boundary(code: string, query: object = {}): Promise<Boundary> {
  const { status, text } = await get(`/v1/units/${code}/boundary`, query)
  expect([code, status]).toEqual([code, 200])
  return JSON.parse(text)
}

/** Even-odd over all rings, as RFC 7946 readers do it. */
function holds({ geometry }: Boundary, { lat, lon }: { lat: number; lon: number }): boolean {
  let inside = false
  for (const ring of geometry.coordinates.flat())
    for (let i = 1; i < ring.length; i++) {
      const [[x0, y0], [x1, y1]] = [ring[i - 1]!, ring[i]!]
      if (y0 > lat !== y1 > lat && lon < x0 + ((x1 - x0) * (lat - y0)) / (y1 - y0)) inside = !inside
    }
  return inside
}

describe('GET /v1/units?q=', () => {
  const names = async (query: object) =>
    (await get('/v1/units', query)).body.units.map(({ fullName }: { fullName: string }) => fullName)

  test('finds by the beginning of any word, with or without accents and type word', async () => {
    for (const q of ['bến ngh', 'ben ngh', 'BẾN NGHÉ', 'phuong ben nghe', 'nghé'])
      expect([q, await names({ q, era: 'former', limit: '5' })]).toEqual([
        q,
        expect.arrayContaining(['Phường Bến Nghé']),
      ])
    expect(await names({ q: 'ến nghé', era: 'former' })).toEqual([])
  })

  test('names equal to the words come before those that begin with them, those with the marks first', async () => {
    expect((await names({ q: 'hà nội' }))[0]).toBe('Thành phố Hà Nội')
    const found = await names({ q: 'ba tô', limit: '3' })
    expect(found.slice(0, 2)).toEqual(['Xã Ba Tô', 'Xã Ba Tơ'])
    expect((await names({ q: 'ba tơ', limit: '3' })).slice(0, 2)).toEqual(['Xã Ba Tơ', 'Xã Ba Tô'])
  })

  test('answers what looking at every unit answers', async () => {
    const { total } = (await get('/v1/units', { q: 'tan', limit: '1' })).body
    const words = (text: string) => ` ${text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()}`
    const all = [...gazetteer.provinces, ...gazetteer.communes].filter((unit) =>
      [unit.fullName, ...('otherNames' in unit ? unit.otherNames : [])].some((name) =>
        words(name).includes(' tan'),
      ),
    )
    expect(total).toBe(all.length)
  })

  test('within a province and a level', async () => {
    expect(await names({ q: 'ben', parent: '79' })).toContain('Phường Bến Thành')
    expect(await names({ q: 'ben', level: 'province' })).toEqual([])
  })
})

describe('GET /v1/units/{code}', () => {
  test('a province has the area, box and centre of its communes, and a point inside', async () => {
    const [hue] = (await get('/v1/units/46', { era: 'current' })).body.units
    const communes = gazetteer.communes.filter(({ province }) => province.code === '46')
    const area = communes.reduce((sum, { declaredKm2 }) => sum + declaredKm2, 0)
    expect(hue.areaKm2).toBeCloseTo(area, 1)
    const [west, south, east, north] = hue.bbox
    for (const { lat, lon } of [hue.centroid, hue.inside])
      expect(lat > south && lat < north && lon > west && lon < east).toBe(true)
    expect(
      gazetteer.communes[gazetteer.boundaries.communeAt(hue.inside.lat, hue.inside.lon)]!.province.code,
    ).toBe('46')
  })

  test('a former unit has a place where communes of today are exactly it', async () => {
    const [oldHcmc] = (await get('/v1/units/79', { era: 'former' })).body.units
    expect(oldHcmc.areaKm2).toBeGreaterThan(2_000)
    const crossed = gazetteer.formerCommunes.find(
      ({ successors }) => successors.length === 1 && successors[0]!.current.sources.length > 1,
    )!
    const [former] = (await get(`/v1/units/${crossed.code}`, { era: 'former' })).body.units
    expect([former.areaKm2, former.centroid, former.inside, former.bbox]).toEqual([null, null, null, null])
  })
})

describe('GET /v1/units/{code}/boundary', () => {
  test('counts as one request for every 20 communes, and is made once for all who ask', async () => {
    const own = await openTestApi({ settings: { publicPerMinute: 20 } })
    const ask = () => request(own.app).get('/v1/units/01/boundary?by=commune')
    // Ha Noi has 126 communes: 7 requests.
    const [first, second] = await Promise.all([ask(), ask()])
    expect([first!.status, second!.status, first!.text === second!.text]).toEqual([200, 200, true])
    const known = await ask().set('If-None-Match', first!.headers['etag']!)
    expect([known.status, known.headers['ratelimit']]).toEqual([304, expect.stringContaining('r=5')])
    const third = await ask()
    expect([third.status, third.body.code]).toEqual([429, 'too-many-requests'])
    expect((await request(own.app).get('/v1/units/26743/boundary')).status).toBe(200)
    await own.close()
  })

  const communes = gazetteer.communes.filter((_, i) => i % 60 === 0)

  test('contains the inside point of the commune and no other one; its box holds it tightly', async () => {
    for (const commune of communes) {
      const found = await boundary(commune.code)
      const other = communes.find((one) => one !== commune)!
      expect([commune.code, holds(found, commune.inside), holds(found, other.inside)]).toEqual([
        commune.code,
        true,
        false,
      ])
      for (const [i, edge] of found.bbox.entries())
        expect(Math.abs(edge - commune.bbox[i]!)).toBeLessThan(0.001)
    }
  })

  test('its rings are closed, exterior ones anticlockwise, holes clockwise', async () => {
    const withHole = ['26743', '92', ...communes.slice(0, 20).map(({ code }) => code)]
    for (const code of withHole)
      for (const polygon of (await boundary(code)).geometry.coordinates)
        for (const [i, ring] of polygon.entries()) {
          expect(ring[0]).toEqual(ring.at(-1))
          const flat = ring.slice(1).flatMap(([lon, lat]) => [lon * 1e6, lat * 1e6])
          expect(Math.sign(enclosedKm2(flat))).toBe(i === 0 ? 1 : -1)
        }
  })

  test('encloses the declared area to 1 % in the middle of all communes, to 10 % in most', async () => {
    const off: number[] = []
    for (const { code, declaredKm2 } of communes) {
      const { areaKm2 } = (await boundary(code)).properties
      off.push(Math.abs(areaKm2 / declaredKm2 - 1))
    }
    off.sort((a, b) => a - b)
    expect(off[Math.floor(off.length / 2)]).toBeLessThan(0.01)
    expect(off.filter((part) => part > 0.1).length / off.length).toBeLessThan(0.06)
  })

  test('of a province it is the union of its communes', async () => {
    const { properties, geometry } = await boundary('01')
    const sum = gazetteer.communes
      .filter(({ province }) => province.code === '01')
      .reduce((km2, { declaredKm2 }) => km2 + declaredKm2, 0)
    expect(geometry.coordinates.map((polygon) => polygon.length)).toEqual([1])
    expect(properties.areaKm2 / sum).toBeCloseTo(1, 2)
  })

  test('of a former unit it is that of the communes of today which are exactly it', async () => {
    const former = await boundary('760', { era: 'former' })
    expect(former.properties).toMatchObject({ era: 'former', fullName: 'Quận 1' })
    const benNghe = gazetteer.commune('26740')!.inside
    expect(holds(former, benNghe)).toBe(true)
    const { status, body } = await get('/v1/units/26740/boundary', { era: 'former' })
    expect([status, body.code]).toEqual([404, 'unknown-boundary'])
  })

  test('is not sent again to whom has it', async () => {
    const first = await get('/v1/units/26743/boundary')
    expect(first.headers['cache-control']).toBe('public, max-age=604800')
    const again = await get('/v1/units/26743/boundary').set('If-None-Match', first.headers['etag']!)
    expect([again.status, again.text]).toEqual([304, ''])
  })

  test('the communes of a province as one collection for drawing: each near its own border, common borders alike', async () => {
    const { status, text } = await get('/v1/units/01/boundary', { by: 'commune' })
    const { type, features } = JSON.parse(text) as { type: string; features: Boundary[] }
    const communes = gazetteer.communes.filter(({ province }) => province.code === '01')
    expect([status, type, features.map(({ properties }) => properties.code)]).toEqual([
      200,
      'FeatureCollection',
      communes.map(({ code }) => code),
    ])
    const edges = new Map<string, number>()
    for (const [i, one] of features.entries()) {
      expect([communes[i]!.code, holds(one, communes[i]!.inside)]).toEqual([communes[i]!.code, true])
      for (const ring of one.geometry.coordinates.flat())
        for (let at = 1; at < ring.length; at++) {
          const edge = [ring[at - 1]!.join(), ring[at]!.join()].sort().join(' ')
          edges.set(edge, (edges.get(edge) ?? 0) + 1)
        }
    }
    const common = [...edges.values()].filter((n) => n === 2).length
    expect(common / edges.size).toBeGreaterThan(0.6)
    expect(text.length).toBeLessThan(700_000)
  })

  test.each([
    ['/v1/units/99999/boundary', {}, 404, 'unknown-unit'],
    ['/v1/units/760/boundary', { era: 'current' }, 404, 'unknown-unit'],
    ['/v1/units/2674/boundary', {}, 400, 'bad-parameter'],
    ['/v1/units/26743/boundary', { era: 'modern' }, 400, 'bad-parameter'],
    ['/v1/units/26743/boundary', { tolerance: '1' }, 400, 'unknown-parameter'],
  ])('%s %o is refused', async (url, query, status, code) => {
    const answer = await get(url, query)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.headers['cache-control']).toBeUndefined()
  })
})

test.each(['/v1/units', '/v1/units/26740', '/v1/units?q=ben'])(
  '%s answers 304 to whom has it',
  async (url) => {
    const { headers } = await get(url)
    expect(headers['cache-control']).toBe('public, max-age=3600')
    const again = await get(url).set('If-None-Match', headers['etag']!)
    expect([again.status, again.text]).toEqual([304, ''])
  },
)
