import { gzipSync } from 'node:zlib'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { understanding } from '../../src/http/understandingSchema.ts'
import { convertCurrentCode, convertFormerCode } from '../../src/match/convertCode.ts'
import { ISSUES } from '../../src/match/issueCodes.ts'
import { gazetteer, openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const get = (query: object) => request(api.app).get('/v1/convert').query(query)
const post = (body: unknown) =>
  request(api.app)
    .post('/v1/convert')
    .send(body as object)
const postText = (text: string | Buffer, type = 'application/json') =>
  request(api.app)
    .post('/v1/convert')
    .set('Content-Type', type)
    .send(text as string)

describe('texts for people', () => {
  test('issues have theirs in the language asked for, by either method', async () => {
    const address = 'Lê Lợi, Quận 1'
    for (const [language, place] of [
      ['vi', 1],
      ['en', 2],
    ] as const)
      for (const sent of [get({ address }), post({ address })]) {
        const { headers, body } = await sent.set('Accept-Language', language)
        expect([headers['content-language'], headers['vary']]).toEqual([
          language,
          expect.stringContaining('Accept-Language'),
        ])
        expect(body.issues.length).toBeGreaterThan(0)
        for (const { code, message } of body.issues)
          expect(message).toBe(ISSUES[code as keyof typeof ISSUES][place])
      }
  })
})

describe('an address', () => {
  test('of former units leads to the commune of today', async () => {
    const address = '5 Lý Tự Trọng, Phường Bến Nghé, Quận 1, TPHCM'
    for (const { status, body } of [await get({ address }), await post({ address })]) {
      expect(status).toBe(200)
      expect(body).toMatchObject({
        input: address,
        era: 'former',
        former: { commune: { code: '26740' }, district: { code: '760' }, asOf: '2025-06-30' },
        current: { commune: { code: '26740', name: 'Sài Gòn', postcode: '71016' }, province: { code: '79' } },
      })
    }
  })

  test('is read in the era asked for', async () => {
    const address = 'Phường Bến Thành, TPHCM'
    for (const { body } of [await get({ address, era: 'former' }), await post({ address, era: 'former' })])
      expect(body).toMatchObject({ era: 'former', former: { district: { code: '760' } } })
    expect((await get({ address })).body.era).toBe('current')
    expect((await get({ former: '26743', era: 'former' })).body.errors).toEqual([
      { in: 'query', name: 'era', message: 'only goes with address: a code has its era' },
    ])
    expect((await get({ address, era: 'old' })).status).toBe(400)
  })

  test('in a split commune goes where the point lies', async () => {
    const split = gazetteer.formerCommunes.find(
      ({ successors }) => successors.length > 1 && !successors.some(({ takesPopulation }) => takesPopulation),
    )!
    const address = [split, split.district, split.province].map(({ fullName }) => fullName).join(', ')
    expect((await post({ address })).body).toMatchObject({
      grade: 'C',
      candidates: expect.arrayContaining([]),
    })
    for (const { current } of split.successors) {
      const { body } = await post({ address, point: current.inside })
      expect(body.current.commune.code).toBe(current.code)
    }
  })

  test('that nobody can understand is grade D, not an error', async () => {
    const { status, body } = await get({ address: 'xyzzy' })
    expect([status, body.grade, body.current]).toEqual([200, 'D', null])
  })

  test.each(['a'.repeat(501), 'ờ'.repeat(501)])(
    'of more than 500 characters is too long',
    async (address) => {
      for (const response of [get({ address }), post({ address })]) {
        const { status, body } = await response
        expect([status, body.code, body.errors[0].name]).toEqual([413, 'input-too-long', 'address'])
      }
    },
  )

  test('of 500 characters with marks is read, and odd characters break nothing', async () => {
    expect((await post({ address: 'ờ'.repeat(500) })).status).toBe(200)
    for (const address of ['\u0000', '😀, Hà Nội', '\ud800', '"<script>', "' OR 1=1 --", '\n\r\t,,,;'])
      expect([address, (await post({ address: `${address}, Hà Nội` })).status]).toEqual([address, 200])
  })
})

describe('a code', () => {
  test('of a former commune leads to the commune of today', async () => {
    expect((await get({ former: '26740' })).body).toMatchObject({
      former: { commune: { code: '26740', name: 'Bến Nghé' }, asOf: '2025-06-30' },
      current: { commune: { code: '26740', name: 'Sài Gòn' } },
      grade: 'A',
    })
  })

  test('of a commune of today lists what it was made from', async () => {
    const { body } = await get({ current: '26740' })
    expect(body.former).toBeNull()
    expect(body.formerCandidates.map(({ commune }: { commune: { name: string } }) => commune.name)).toContain(
      'Bến Nghé',
    )
    expect(body.current.commune.name).toBe('Sài Gòn')
  })

  test('of every commune of both eras is answered by the official relation', () => {
    for (const former of gazetteer.formerCommunes) {
      const answer = convertFormerCode(former.code, gazetteer)!
      expect(understanding.safeParse(answer).error?.issues ?? []).toEqual([])
      const codes = former.successors.map(({ current }) => current.code).sort()
      const answered =
        answer.candidates.length > 0 ? answer.candidates.map(({ current }) => current) : [answer.current!]
      expect(answered.flatMap(({ commune }) => commune?.code ?? []).sort()).toEqual(codes)
      const taker = former.successors.find(({ takesPopulation }) => takesPopulation)?.current.code
      if (taker) expect(answer.current!.commune!.code).toBe(taker)
      if (codes.length > 1) expect(answer.grade).toBe(taker ? 'B' : 'C')
      if (codes.length > 1) expect(answer.candidates[0]!.current).toEqual(answer.current)
    }
    for (const commune of gazetteer.communes) {
      const { former, formerCandidates } = convertCurrentCode(commune.code, gazetteer)!
      const codes = commune.sources.map((source) => source.former.code).sort()
      const answered = former ? [former] : formerCandidates
      expect(answered.map((place) => place.commune!.code).sort()).toEqual(codes)
    }
  })

  test('with a point has the former communes nearest to it first; the shares stay in order and below 1', async () => {
    // The middle of the streets of each former commune lies nearest to itself.
    const commune = gazetteer.commune('26740')!
    const grounds = commune.sources.flatMap(({ former }) => {
      const ground = gazetteer.groundOf(former, commune)
      return ground ? [{ former, ground }] : []
    })
    expect(grounds.length).toBeGreaterThan(1)
    for (const { former, ground } of grounds) {
      const { body } = await get({ current: '26740', lat: `${ground.lat}`, lon: `${ground.lon}` })
      expect(body.formerCandidates[0].commune.code).toBe(former.code)
      const shares = body.formerCandidates.map(({ confidence }: { confidence: number }) => confidence)
      expect(shares).toEqual([...shares].sort((a, b) => b - a))
      expect(shares.length).toBe(commune.sources.length)
    }
  })

  test('of 2019 that is gone leads on through its successor', async () => {
    const gone = gazetteer.earlierCommunes.find(
      ({ code, successors }) =>
        code && !gazetteer.formerCommune(code) && successors[0]?.successors.length === 1,
    )!
    const { body } = await get({ former: gone.code! })
    expect(body.former).toMatchObject({ commune: { code: gone.code }, asOf: gone.asOf })
    expect(body.current.commune.code).toBe(gone.successors[0]!.successors[0]!.current.code)
  })

  test.each([
    [{ former: '00000' }, 404, 'unknown-unit'],
    [{ current: '00000' }, 404, 'unknown-unit'],
    [{ former: '1' }, 400, 'bad-parameter'],
    [{ current: '26740', lat: '10.7' }, 400, 'missing-parameter'],
    [{ former: '26740', lat: '10.7', lon: '106.7' }, 400, 'bad-parameter'],
    [{ current: 'abcde' }, 400, 'bad-parameter'],
    [{}, 400, 'missing-parameter'],
    [{ former: '26740', current: '26740' }, 400, 'bad-parameter'],
    [{ address: '' }, 400, 'bad-parameter'],
    [{ adress: 'Hà Nội' }, 400, 'unknown-parameter'],
  ])('%o is refused', async (query, status, code) => {
    const { body, ...answer } = await get(query)
    expect([answer.status, body.code]).toEqual([status, code])
  })
})

describe('a body', () => {
  test.each([
    ['{"address": ', 400, 'bad-json'],
    ['', 400, 'missing-parameter'],
    ['"text"', 400, 'bad-json'],
    ['null', 400, 'bad-json'],
    ['[]', 400, 'bad-parameter'],
    ['{}', 400, 'missing-parameter'],
    ['{"address": 5}', 400, 'bad-parameter'],
    ['{"address": null}', 400, 'bad-parameter'],
    ['{"address": " "}', 400, 'bad-parameter'],
    ['{"address": "Hà Nội", "colour": 1}', 400, 'unknown-parameter'],
    ['{"address": "Hà Nội", "__proto__": {"a": 1}}', 400, 'unknown-parameter'],
    ['{"address": "Hà Nội", "point": {"lat": 10}}', 400, 'missing-parameter'],
    ['{"address": "Hà Nội", "point": {"lat": "10", "lon": 106}}', 400, 'bad-parameter'],
    ['{"address": "Hà Nội", "point": {"lat": 91, "lon": 106}}', 400, 'bad-parameter'],
    ['{"address": "Hà Nội", "point": {"lat": 10, "lon": 1e999}}', 400, 'bad-parameter'],
    ['{"address": "Hà Nội", "point": {"lat": 10, "lon": 106, "alt": 1}}', 400, 'unknown-parameter'],
    [`{"address": ${'['.repeat(8_000)}`, 400, 'bad-json'],
    [`{"address": "${'a'.repeat(17_000)}"}`, 413, 'body-too-large'],
  ])('%s', async (text, status, code) => {
    const { body, ...answer } = await postText(text)
    expect([answer.status, body.code]).toEqual([status, code])
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  })

  test('names the field that is wrong, with its place', async () => {
    const { body } = await post({ address: 'Hà Nội', point: { lat: 91, lon: 106, alt: 1 } })
    const names = body.errors.map((error: { in: string; name: string }) => `${error.in} ${error.name}`)
    expect(names.sort()).toEqual(['body point.alt', 'body point.lat'])
  })

  test('that is not UTF-8 is refused', async () => {
    const bytes = Buffer.concat([Buffer.from('{"address": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])
    const socket = request(api.app).post('/v1/convert').set('Content-Type', 'application/json')
    const { status, body } = await socket
      .serialize((value) => value as string)
      .send(bytes as unknown as string)
    expect([status, body.code]).toEqual([400, 'bad-json'])
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1'])(
    'of type %s is refused',
    async (type) => {
      const { status, body } = await postText('{"address": "Ha Noi"}', type)
      expect([status, body.code]).toEqual([415, 'unsupported-media-type'])
    },
  )

  test('that is compressed is refused', async () => {
    const { status, body } = await request(api.app)
      .post('/v1/convert')
      .set({ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
      .serialize((value) => value as string)
      .send(gzipSync('{"address": "Ha Noi"}') as unknown as string)
    expect([status, body.code]).toEqual([415, 'unsupported-media-type'])
  })
})
