import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openKeyRing } from '../../src/access/keyRing.ts'
import type { KeyStore } from '../../src/access/store.ts'
import { keyRoutes } from '../../src/http/routes/keys.ts'
import { openKeys, openWriter } from '../../src/store/sqlite/open.ts'
import { openTestApi, type TestApi } from './support.ts'

/** The routes over a real store of keys. */
let folder: string
let keys: KeyStore
let api: TestApi
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vpostcode-keys-'))
  const file = join(folder, 'keys.db')
  await openWriter(file).close()
  keys = openKeys(file)
  api = await openTestApi({ keyStore: keys })
})
afterAll(async () => {
  await api.close()
  await keys.close()
  rmSync(folder, { recursive: true })
})

const get = (url: string, key = 'admin') => request(api.app).get(url).set('X-Api-Key', key)
const post = (url: string, body: object = {}, key = 'admin') =>
  request(api.app).post(url).set('X-Api-Key', key).send(body)
const told = ({ status, body }: request.Response) => [status, body.code]
let admins = 0
const addAdmin = (name: string) =>
  keys.addKey(
    {
      prefix: 'vp_admin_',
      hash: new Uint8Array(32).fill(++admins),
      role: 'admin',
      name,
      origins: [],
      scope: [],
      perMinute: 600,
      createdAt: Date.now(),
      expiresAt: null,
    },
    'test',
  )
const LAN = { role: 'staff', name: 'Lan', scope: ['01'] }

test('a key is made, shown this once, works, is rotated and revoked; the log has all of it and no secret', async () => {
  const made = await post('/v1/keys', LAN)
  expect(made.status).toBe(201)
  expect(made.headers['cache-control']).toBe('no-store')
  expect(made.body.key).toMatchObject({ id: 1, state: 'valid', scope: ['01'], perMinute: 60_000 })
  const ring = await openKeyRing(keys, () => {})
  expect(ring.callerOf(made.body.secret)).toMatchObject({ role: 'staff', name: 'Lan', scope: ['01'] })
  expect(told(await post('/v1/keys', LAN))).toEqual([409, 'key-refused'])

  const rotated = await post('/v1/keys/1/rotate', { overlap: 2 })
  expect([rotated.status, rotated.body.key.id]).toEqual([201, 2])
  expect(rotated.body.secret).not.toBe(made.body.secret)
  expect(told(await post('/v1/keys/1/rotate'))).toEqual([409, 'key-refused'])
  const revoked = await post('/v1/keys/2/revoke')
  expect([revoked.status, revoked.body.state]).toEqual([200, 'revoked'])

  const list = await get('/v1/keys')
  expect(list.body.keys.map(({ state }: { state: string }) => state)).toEqual(['replaced', 'revoked'])
  const { body } = await get('/v1/keys/events')
  expect(body.events.map(({ kind, actor }: { kind: string; actor: string }) => [kind, actor])).toEqual([
    ['create', 'administrator'],
    ['rotate', 'administrator'],
    ['revoke', 'administrator'],
  ])
  expect((await get('/v1/keys/events?after=2')).body.events.length).toBe(1)
  for (const answer of [list, { text: JSON.stringify(body) }]) {
    expect(answer.text).not.toContain(made.body.secret.slice(20))
    expect(answer.text).not.toContain('hash')
  }
})

describe('refused', () => {
  test('to everybody but administrators, who may touch no household', async () => {
    for (const route of keyRoutes) {
      const url = route.path.replace('{id}', '1')
      for (const key of ['staff', 'server', 'courier', 'browser'])
        expect(told(await request(api.app)[route.method](url).set('X-Api-Key', key).send({}))).toEqual([
          403,
          'not-allowed',
        ])
      expect(told(await request(api.app)[route.method](url).send({}))).toEqual([401, 'key-needed'])
    }
    for (const url of ['/v1/households', `/v1/households/${api.ids[0]}`, '/v1/review', '/v1/changes'])
      expect(told(await get(url))).toEqual([403, 'not-allowed'])
    expect(told(await post('/v1/households', { address: 'x' }))).toEqual([403, 'not-allowed'])
  })

  test.each([
    [{ ...LAN, role: 'admin' }, 400, 'bad-parameter'],
    [{ role: 'staff', name: 'Mai' }, 422, 'unusable-key'],
    [{ role: 'staff', name: '  ', scope: ['01'] }, 422, 'unusable-key'],
    [{ role: 'staff', name: 'Mai', scope: ['99'] }, 422, 'unusable-key'],
    [{ role: 'server', name: 'Mai', expires: '2020-01-01' }, 422, 'unusable-key'],
  ])('%o', async (body, status, code) => {
    expect(told(await post('/v1/keys', body))).toEqual([status, code])
  })

  test("a key that is not there, and an administrator's", async () => {
    expect(told(await post('/v1/keys/77/revoke'))).toEqual([404, 'unknown-key-number'])
    expect(told(await post('/v1/keys/77/rotate'))).toEqual([404, 'unknown-key-number'])
    const { id } = await addAdmin('chief')
    expect(told(await post(`/v1/keys/${id}/rotate`))).toEqual([409, 'key-refused'])
    // The last one stays; of two either can be revoked, and then the other is the last.
    expect(told(await post(`/v1/keys/${id}/revoke`))).toEqual([409, 'key-refused'])
    const other = await addAdmin('deputy')
    expect((await post(`/v1/keys/${id}/revoke`)).body.state).toBe('revoked')
    expect((await post(`/v1/keys/${id}/revoke`)).status).toBe(200)
    expect(told(await post(`/v1/keys/${other.id}/revoke`))).toEqual([409, 'key-refused'])
    const vi = await post('/v1/keys', { role: 'staff', name: 'Mai' }).set('Accept-Language', 'vi')
    expect(vi.body.detail).toContain('khoá staff cần mã')
  })
})

test('an administrator sees the jobs of all keys without their files, and can hold them', async () => {
  const queued = await request(api.app)
    .post('/v1/jobs')
    .set('X-Api-Key', 'staff')
    .field('kind', 'geocode')
    .field('list', 'Nguyễn Văn A')
    .attach('file', Buffer.from('Địa chỉ\n12 Lê Lợi, Phường Bến Thành, TPHCM\n'), 'secret.csv')
  const { id } = queued.body
  expect(queued.body).toMatchObject({ owner: 'clerk', list: 'Nguyễn Văn A', file: 'secret.csv' })
  const seen = (await get('/v1/jobs')).body.jobs.find((job: { id: number }) => job.id === id)
  expect(seen).toMatchObject({ owner: 'clerk', list: '', file: null, state: 'queued' })
  expect((await get(`/v1/jobs/${id}`)).body.list).toBe('')
  expect((await post(`/v1/jobs/${id}/pause`)).body).toMatchObject({ state: 'paused', list: '' })
  expect((await post(`/v1/jobs/${id}/resume`)).body.state).toBe('queued')
  for (const under of ['preview', 'result', 'rejects'])
    expect(told(await get(`/v1/jobs/${id}/${under}`))).toEqual([403, 'not-allowed'])
  expect((await post(`/v1/jobs/${id}/cancel`)).body.state).toBe('cancelled')
  expect(told(await get(`/v1/jobs/${id}`, 'server'))).toEqual([404, 'unknown-job'])
  expect(told(await get('/v1/jobs/9999'))).toEqual([404, 'unknown-job'])
})
