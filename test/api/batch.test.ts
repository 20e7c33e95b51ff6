import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const send = (body: unknown, key: string | null = 'server') => {
  const sent = request(api.app).post('/v1/batch')
  return (key ? sent.set('X-Api-Key', key) : sent).send(body as object)
}
const get = (path: string) => ({ method: 'GET', path })
interface Answer {
  id: string | null
  status: number
  body: Record<string, unknown>
}
const answersOf = async (requests: unknown[], key = 'server'): Promise<Answer[]> => {
  const { status, body } = await send({ requests }, key)
  expect([status, body.code]).toEqual([200, undefined])
  return body.answers
}

test('each request is answered in its place as by itself', async () => {
  const address = { address: 'Lê Lợi, Quận 1' }
  const paths = [
    '/v1/vpostcodes/71009QMCXR8V',
    `/v1/vpostcodes/${encodeURIComponent('71009 qmcx r8v')}`,
    '/v1/vpostcodes?lat=10.7721&lon=106.6983',
    '/v1/units?q=b%E1%BA%BFn+ngh%C3%A9&era=former',
    '/v1/units/26740?era=current',
    '/v1/postcodes/71009',
    '/v1/convert?former=26740',
    '/v1/reverse?lat=21.0312&lon=105.8493',
    `/v1/households/${api.ids[0]}`,
    '/v1/units/99999',
    '/v1/units?limit=1&limit=2',
  ]
  const answers = await answersOf([
    ...paths.map((path, i) => ({ id: `no ${i}`, ...get(path) })),
    { method: 'POST', path: '/v1/validate', body: address },
  ])
  expect(answers.map(({ id }) => id)).toEqual([...paths.map((_, i) => `no ${i}`), null])
  for (const [i, path] of paths.entries()) {
    const alone = await request(api.app).get(path).set('X-Api-Key', 'server')
    const { requestId: _, ...body } = alone.body
    const { requestId: __, ...batched } = answers[i]!.body
    expect([path, answers[i]!.status, batched]).toEqual([path, alone.status, body])
  }
  const alone = await request(api.app).post('/v1/validate').set('X-Api-Key', 'server').send(address)
  expect(answers.at(-1)).toEqual({ id: null, status: 200, body: alone.body })
})

test('one that is refused has its problem, and the others their answers', async () => {
  const answers = await answersOf([
    get('/v1/units/26740'),
    get('/v1/units?colour=red'),
    get('/v1/units/%zz'),
    get('/v1/units?q=%ff'),
    { method: 'POST', path: '/v1/validate' },
    { method: 'POST', path: '/v1/validate', body: { address: 7 } },
    { method: 'POST', path: '/v1/validate', body: { address: 'a'.repeat(501) } },
    get('/v1/households/482910573624'),
  ])
  expect(answers.map(({ status, body }) => [status, body['code']])).toEqual([
    [200, '26740'],
    [400, 'unknown-parameter'],
    [400, 'malformed-url'],
    [400, 'malformed-url'],
    [400, 'missing-parameter'],
    [400, 'bad-parameter'],
    [413, 'input-too-long'],
    [400, 'mistyped-household-id'],
  ])
})

test('nothing that writes, streams, nests or stands outside is asked for in a batch', async () => {
  const answers = await answersOf([
    { method: 'POST', path: '/v1/batch', body: { requests: [] } },
    { method: 'POST', path: '/v1/households', body: {} },
    get('/v1/changes'),
    get('/v1/units/26740/boundary'),
    get('/v1/vpostcodes/71009QMCXR8V/qr.svg'),
    get('/healthz'),
    get('/v1/nothing'),
    get('/v1/units/'),
    get('//v1/units'),
    get('http://example.com/v1/units'),
    get(''),
    { method: 'POST', path: '/v1/search/csv', body: {} },
  ])
  expect(new Set(answers.map(({ status, body }) => `${status} ${body['code']}`))).toEqual(
    new Set(['404 not-in-a-batch']),
  )
})

test('the key decides as for requests by themselves: households outside a scope are refused', async () => {
  const path = `/v1/households/${api.ids[0]}`
  const codes = async (key: string) => (await answersOf([get(path)], key)).map(({ status }) => status)
  expect([await codes('staff:01'), await codes('staff:79')]).toEqual([[200], [403]])
})

test('texts come in the language of the batch', async () => {
  const { body, headers } = await send({
    requests: [
      { method: 'POST', path: '/v1/validate', body: { address: 'Lê Lợi, Quận 1' } },
      get('/v1/units/99999'),
    ],
  }).set('Accept-Language', 'vi')
  expect(headers['content-language']).toBe('vi')
  expect(body.answers[0].body.ask[1].question).toBe('Số nhà là gì?')
  expect(body.answers[1].body.title).toBe('Không có đơn vị hành chính mang mã này')
})

test('each request counts against the quota', async () => {
  const spent: number[] = []
  const counting = {
    ...api.deps.counts,
    take: (_name: string, n: number) => {
      spent.push(n)
      return { taken: n < 50, left: 1 }
    },
  }
  const before = api.deps.counts
  Object.assign(api.deps, { counts: counting })
  try {
    expect((await send({ requests: Array(40).fill(get('/v1/postcodes/71')) })).status).toBe(200)
    expect(spent).toEqual([1, 39])
    const refused = await send({ requests: Array(60).fill(get('/v1/postcodes/71')) })
    expect([refused.status, refused.body.code]).toEqual([429, 'too-many-requests'])
  } finally {
    Object.assign(api.deps, { counts: before })
  }
})

describe('refused as a whole', () => {
  test.each<[string, unknown, number, string]>([
    ['no body', undefined, 415, 'unsupported-media-type'],
    ['no requests', {}, 400, 'missing-parameter'],
    ['an empty list', { requests: [] }, 400, 'bad-parameter'],
    ['too many', { requests: Array(101).fill(get('/v1/units')) }, 400, 'bad-parameter'],
    ['no list', { requests: get('/v1/units') }, 400, 'bad-parameter'],
    ['an unknown field', { requests: [{ ...get('/v1/units'), headers: {} }] }, 400, 'unknown-parameter'],
    ['another method', { requests: [{ method: 'DELETE', path: '/v1/units' }] }, 400, 'bad-parameter'],
    ['no path', { requests: [{ method: 'GET' }] }, 400, 'missing-parameter'],
    ['a long path', { requests: [get(`/v1/units?q=${'a'.repeat(8_200)}`)] }, 400, 'bad-parameter'],
    ['a long id', { requests: [{ id: 'i'.repeat(101), ...get('/v1/units') }] }, 400, 'bad-parameter'],
    ['a huge body', { requests: [get('/v1/units')], x: 'x'.repeat(270_000) }, 413, 'body-too-large'],
  ])('%s', async (_name, body, status, code) => {
    const answer = await send(body)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  test.each([
    [null, 401, 'key-needed'],
    ['nobody', 401, 'unknown-key'],
    ['courier', 403, 'not-allowed'],
  ])('with the key %s', async (key, status, code) => {
    const answer = await send({ requests: [get('/v1/units')] }, key)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  test('bytes that are not UTF-8', async () => {
    const answer = await request(api.app)
      .post('/v1/batch')
      .set('X-Api-Key', 'server')
      .set('Content-Type', 'application/json')
      .serialize((bytes) => bytes)
      .send(Buffer.from([0x7b, 0xff, 0x7d]))
    expect([answer.status, answer.body.code]).toEqual([400, 'bad-json'])
  })
})

test('answers that grow too large end the batch: the rest is to be asked for again', async () => {
  const requests = Array(100).fill(get('/v1/units?level=commune&limit=200'))
  const { body, headers } = await send({ requests })
  expect(headers['retry-after']).toBe('5')
  const answers: Answer[] = body.answers
  const full = answers.findIndex(({ status }) => status === 503)
  expect(answers).toHaveLength(100)
  expect(full).toBeGreaterThan(10)
  expect(answers.slice(full).every(({ body }) => body['code'] === 'batch-full')).toBe(true)
})
