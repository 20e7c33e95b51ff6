import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import request from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Manifest } from '../../src/bulk/publish/manifest.ts'
import { publicationRoutes } from '../../src/http/routes/publications.ts'
import { publish } from '../bulk/publish/sets.ts'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
let manifest: Manifest
beforeAll(async () => {
  api = await openTestApi()
  const { folder } = api.deps.published
  expect((await get('/v1/publications')).body).toMatchObject({ publications: [] })
  await publish(api.store, folder)
  await api.assign([{ address: '7 Hàng Bài, phường Cửa Nam, Hà Nội' }], 'more')
  manifest = await publish(api.store, folder)
  // What is no set: a run that was cut off, a file of somebody.
  mkdirSync(join(folder, '.part-2026-01-01'))
  writeFileSync(join(folder, 'secret.txt'), 'secret')
})
afterAll(() => api.close())

const get = (url: string, key = 'server') => request(api.app).get(url).set('X-Api-Key', key)
const file = (path: string, key?: string) =>
  get(`/v1/publications/${manifest.set}/${path}`, key)
    .buffer()
    .parse((res, done) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)))
    })

test('the list, the manifest and its files are answered as documented, with their checksums', async () => {
  const list = await get('/v1/publications')
  expect(publicationRoutes[0]!.answer.safeParse(list.body).error?.issues).toBeUndefined()
  expect(list.headers['cache-control']).toBe('private, no-store')
  expect(list.body.registry).toBe(api.deps.published.registry)
  expect(list.body.publications[0]).toEqual({
    set: manifest.set,
    takenAt: manifest.takenAt,
    households: 5,
    bytes: manifest.bytes,
    changes: { since: list.body.publications[1].set, rows: 1 },
  })
  const { body, headers } = await get(`/v1/publications/${manifest.set}/manifest.json`)
  expect(body).toEqual(manifest)
  expect(headers['cache-control']).toContain('private')
  for (const { csv, geojsonl } of [...manifest.snapshot, ...manifest.changes!.communes])
    for (const { path, sha256 } of [csv, geojsonl]) {
      const answer = await file(path)
      expect([answer.status, answer.headers['content-type'], answer.headers['content-encoding']]).toEqual([
        200,
        'application/gzip',
        undefined,
      ])
      expect(createHash('sha256').update(answer.body).digest('hex')).toBe(sha256)
      expect(gunzipSync(answer.body).length).toBeGreaterThan(0)
    }
})

test('the feed goes on from the cursor of a manifest', async () => {
  await api.assign([{ address: '9 Hàng Bài, phường Cửa Nam, Hà Nội' }], 'later')
  for (const [query, cursor] of [
    ['', manifest.cursor],
    ['&province=01', manifest.cursors['01']!],
  ] as const) {
    const { body } = await get(`/v1/changes?since=${cursor}${query}`)
    expect(body.changes).toHaveLength(1)
    expect(body.changes[0].number).toBe(manifest.events['01']! + 1)
  }
})

test('a download that was cut goes on, and what the client has is not sent again', async () => {
  const { path } = manifest.snapshot[0]!.csv
  const whole = await file(path)
  const etag = whole.headers['etag']!
  expect((await file(path).set('If-None-Match', etag)).status).toBe(304)
  const rest = await file(path).set('Range', 'bytes=10-').set('If-Range', etag)
  expect([rest.status, rest.headers['content-range']]).toEqual([
    206,
    `bytes 10-${whole.body.length - 1}/${whole.body.length}`,
  ])
  expect(Buffer.compare(rest.body, whole.body.subarray(10))).toBe(0)
  const beyond = await get(`/v1/publications/${manifest.set}/${path}`).set('Range', 'bytes=9999999-')
  expect([beyond.status, beyond.body.code, beyond.headers['etag']]).toEqual([
    416,
    'range-not-satisfiable',
    undefined,
  ])
})

test('only server keys, and staff keys within their scope, may read; nothing outside a set can be named', async () => {
  const one = `/v1/publications/${manifest.set}/snapshot/01/00070.csv.gz`
  const paths = ['/v1/publications', `/v1/publications/${manifest.set}/manifest.json`, one]
  for (const path of paths) {
    expect((await request(api.app).get(path)).body.code).toBe('key-needed')
    for (const role of ['courier', 'admin']) expect((await get(path, role)).body.code).toBe('not-allowed')
    expect((await get(path, 'staff:01')).status).toBe(200)
  }
  expect((await get(one, 'staff:79')).body.code).toBe('outside-scope')
  for (const path of [
    '2020-01-01/manifest.json',
    `${manifest.set}/snapshot/79/00070.csv.gz`,
    '2020-01-01.9/manifest.json',
  ]) {
    const { status, body } = await get(`/v1/publications/${path}`)
    expect([path, status, body.code]).toEqual([path, 404, 'unknown-publication'])
  }
  for (const path of [
    '..%2Fsecret.txt/manifest.json',
    '.part-2026-01-01/manifest.json',
    '2026-11-22.0/manifest.json',
    `${manifest.set}/other/01/00070.csv.gz`,
    `${manifest.set}/snapshot/..%2F../00070.csv.gz`,
    `${manifest.set}/snapshot/01/..%2F..%2F..%2Fsecret.txt`,
    `${manifest.set}/snapshot/01/00070.csv`,
    `${manifest.set}/snapshot/01/00070.csv.gz?x=1`,
  ])
    expect([path, (await get(`/v1/publications/${path}`)).status]).toEqual([path, 400])
})
