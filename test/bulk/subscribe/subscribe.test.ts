import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import request from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Manifest, registryName } from '../../../src/bulk/publish/manifest.ts'
import { openSource } from '../../../src/bulk/subscribe/source.ts'
import { subscribe } from '../../../src/bulk/subscribe/subscribe.ts'
import { scaleAt } from '../../../src/geo/flatEarth.ts'
import { createApp } from '../../../src/http/app.ts'
import { Problem } from '../../../src/http/problems.ts'
import { openLife } from '../../../src/registry/life.ts'
import { openRegistry } from '../../../src/registry/registry.ts'
import type { StoreReader, StoreWriter } from '../../../src/registry/store.ts'
import { copyDatabase } from '../../../src/store/sqlite/backup.ts'
import { copyPlace } from '../../../src/store/sqlite/copyStore.ts'
import { openBeside, openReader, openWriter } from '../../../src/store/sqlite/open.ts'
import { openTestApi, type TestApi } from '../../api/support.ts'
import { publish, snapshotOf } from '../publish/sets.ts'
import { anyStep, carryOut, lifeOf } from '../publish/steps.ts'

let api: TestApi
let server: Server
let url: string
let manifest: Manifest
/** The source. */
let app: ReturnType<typeof createApp>
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-subscribe-'))
const live = () => lifeOf({ store: api.store })

/** What stands between the copy and the source; answers true when it took the request. */
let between: (path: string, res: ServerResponse) => boolean = () => false
beforeAll(async () => {
  api = await openTestApi()
  api.deps.published.registry = registryName(api.store.secret)
  for (const step of fc.sample(anyStep, { numRuns: 80, seed: 3 })) await carryOut(api, live(), step)
  manifest = await publish(api.store, api.deps.published.folder)
  app = createApp(api.deps)
  server = createServer((req, res) => void (between(req.url!, res) || app(req, res))).listen(0)
  await once(server, 'listening')
  url = `http://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await api.close()
  rmSync(folder, { recursive: true, force: true })
})

const file = (name: string) => join(folder, `${name}.db`)
/** Brings a copy in step; answers why it was loaded anew. */
async function follow(
  name: string,
  more: { province?: string; signal?: AbortSignal } = {},
): Promise<string[]> {
  const { province = null, signal = new AbortController().signal } = more
  const lost: string[] = []
  await subscribe({
    ...{ place: copyPlace(file(name)), url, province, signal, once: true },
    source: openSource({ url, key: 'server', signal, onCut() {} }),
    onLost: (reason) => void lost.push(reason),
    onLoad() {},
    onFollow() {},
  })
  return lost
}

/** Rows and checksums by commune, as publishing tells them. */
async function told(store: Parameters<typeof publish>[0], lastN: number): Promise<Map<string, string>> {
  const at = mkdtempSync(join(folder, 'told-'))
  const manifest = await publish(store, at, { lastN: async () => lastN })
  const lines = snapshotOf(at, manifest, 'csv')
  return new Map(
    manifest.snapshot.map(({ commune, checksum }) => [
      commune,
      `${checksum}\n${lines.get(commune)!.join('\n')}`,
    ]),
  )
}
const toldBySource = async () => told(api.store, await api.store.count())
async function toldByCopy(name: string): Promise<Map<string, string>> {
  const store = openReader(file(name))
  const found = await told(store, 10_000)
  await store.close()
  return found
}

test('a copy equals its source after the snapshot and after any changes', async () => {
  await follow('whole')
  expect(await toldByCopy('whole')).toEqual(await toldBySource())
  for (const seed of [1, 2]) {
    for (const step of fc.sample(anyStep, { numRuns: 60, seed })) await carryOut(api, live(), step)
    await follow('whole')
    expect(await toldByCopy('whole')).toEqual(await toldBySource())
  }
}, 120_000)

test('a copy answers as its source does: by id, by code, by old code, by point and by address', async () => {
  await follow('whole')
  const copied = openReader(file('whole'))
  const copy = openRegistry(copied)
  const source = openRegistry(api.store)
  const app = createApp({
    ...api.deps,
    households: copy,
    coverage: copied,
    life: openLife({ store: openRefusing(), gazetteer: api.deps.gazetteer, engineVersion: '1' }),
  })
  const same = async (path: string, ordered = true) => {
    const [ours, theirs] = await Promise.all(
      [api.app, app].map((one) => request(one).get(path).set('X-Api-Key', 'staff')),
    )
    const body = ({ body }: request.Response) =>
      ordered ? rounded(body) : JSON.stringify(rounded(body)).split('').sort().join('')
    expect([path, ours!.status, body(theirs!)]).toEqual([path, ours!.status, body(ours!)])
  }
  let olds = 0
  for (let n = 1; n <= (await api.store.count()); n++) {
    const id = source.ids.idOf(n)
    expect(copy.ids.idOf(copy.ids.nOf(id)!)).toBe(id)
    const household = await source.household(id)
    const events = await source.history(id)
    for (const code of new Set(events.map(({ household }) => household.vpostcode)))
      if (code) {
        olds += Number(code !== household!.vpostcode)
        await same(`/v1/vpostcodes/${code}`, false)
      }
    const [ours, theirs] = await Promise.all(
      [api.app, app].map((one) => request(one).get(`/v1/households/${id}`).set('X-Api-Key', 'courier')),
    )
    expect(rounded(theirs!.body)).toEqual(rounded(ours!.body))
  }
  expect(olds).toBeGreaterThan(0)
  await same('/v1/reverse?lat=21.02886&lon=105.85243')
  await same(`/v1/search?q=${encodeURIComponent('14 Hàng Trống, phường Hoàn Kiếm, Hà Nội')}`)
  await copied.close()
}, 120_000)

/** Points are published with seven decimals. */
const rounded = (body: unknown) =>
  JSON.parse(JSON.stringify(body), (_, value) =>
    typeof value === 'number' ? Number(value.toFixed(7)) : value,
  )

/** The store that a server of a copy writes through. */
function openRefusing() {
  const store = openBeside(file('whole'))
  return {
    ...store,
    transaction: () =>
      store
        .transaction(async () => null as never)
        .catch((error) => {
          expect(error.message).toContain('is a copy of a registry elsewhere')
          throw new Problem('read-only-copy')
        }),
  }
}

test('nothing is changed in a copy, and nothing is copied over a registry of its own', async () => {
  await follow('whole')
  expect(() => openWriter(file('whole'))).toThrow('is a copy')
  const store = openBeside(file('whole'))
  await expect(store.transaction(async () => {})).rejects.toThrow('is a copy')
  const life = openLife({ store: openRefusing(), gazetteer: api.deps.gazetteer, engineVersion: '1' })
  const app = createApp({ ...api.deps, life })
  const { status, body } = await request(app)
    .post('/v1/households')
    .set('X-Api-Key', 'staff')
    .send({ address: '99 Hàng Bài, phường Cửa Nam, Hà Nội' })
  expect([status, body.code]).toEqual([403, 'read-only-copy'])
  await store.close()
  const own = openWriter(file('own'))
  await carryOut({ store: own }, lifeOf({ store: own }), {
    what: 'register',
    a: 1,
    b: 1,
    north: 0,
    place: { provinceCode: '79', communeCode: '26743', postcode: '71009' },
  })
  await own.close()
  await expect(follow('own')).rejects.toThrow('a registry of its own')
})

test('a copy of one province has its households alone, also of those that come and go', async () => {
  const of = (all: Map<string, string>) =>
    new Map([...all].filter(([commune]) => Number(commune) < 26_000 && commune !== '00000'))
  await follow('hanoi', { province: '01' })
  expect(of(await toldByCopy('hanoi'))).toEqual(of(await toldBySource()))
  for (const step of fc.sample(anyStep, { numRuns: 60, seed: 11 })) await carryOut(api, live(), step)
  await follow('hanoi', { province: '01' })
  const rowsOf = (all: Map<string, string>) =>
    [...all].map(([commune, text]) => [commune, text.split(' ')[0]])
  expect(rowsOf(of(await toldByCopy('hanoi')))).toEqual(rowsOf(of(await toldBySource())))
  await expect(follow('hanoi')).rejects.toThrow('a copy of province 01')
}, 60_000)

test('it goes on after being stopped at any moment, and survives cuts and busy answers', async () => {
  let answers = 0
  between = (_path, res) => {
    answers++
    if (answers % 3 === 0) {
      // Cut in the middle of an answer.
      res.writeHead(200, { 'Content-Length': 1_000 })
      res.write('{')
      res.destroy()
      return true
    }
    if (answers % 7 !== 0) return false
    res.writeHead(429, { 'Retry-After': '1' })
    res.end('{"code":"too-many-requests"}')
    return true
  }
  for (let stops = 0; ; stops++) {
    const stopping = new AbortController()
    const clock = setTimeout(() => stopping.abort(new Error('stopped')), 40 + stops * 60)
    const ended = await follow('cut', { signal: stopping.signal }).then(
      () => true,
      (error: Error) => {
        expect(error.message).toMatch(/stopped|aborted/)
        return false
      },
    )
    clearTimeout(clock)
    if (!ended) continue
    expect(stops).toBeGreaterThan(0)
    break
  }
  between = () => false
  expect(await toldByCopy('cut')).toEqual(await toldBySource())
}, 120_000)

/** Answers a path with something else, once or for good. */
const instead = (part: string, body: string | Buffer | ((body: unknown) => unknown), status = 200) => {
  between = (path, res) => {
    if (!path.includes(part)) return false
    if (typeof body !== 'function') res.writeHead(status).end(body)
    else
      void request(api.app)
        .get(path)
        .set('X-Api-Key', 'server')
        .then((answer) => res.end(JSON.stringify(body(answer.body))))
    return true
  }
}
let copies = 0
async function refused(): Promise<string> {
  const message = await follow(`refused-${copies++}`).then(
    () => 'nothing was wrong',
    (error: Error) => error.message,
  )
  between = () => false
  return message
}
/** A file of a set in the place of the first one, with the manifest that says so. */
function withFile(text: string, rows?: number) {
  const packed = gzipSync(text)
  between = (path, res) => {
    if (path.endsWith('manifest.json')) {
      const [first, ...others] = manifest.snapshot
      const sha256 = createHash('sha256').update(packed).digest('hex')
      const geojsonl = { path: first!.geojsonl.path, bytes: packed.length, sha256 }
      res.end(
        JSON.stringify({
          ...manifest,
          snapshot: [{ ...first, geojsonl, rows: rows ?? first!.rows }, ...others],
        }),
      )
      return true
    }
    if (!path.endsWith(manifest.snapshot[0]!.geojsonl.path)) return false
    res.end(packed)
    return true
  }
}

test('answers of a hostile or broken source are refused, within bounds', async () => {
  instead('manifest.json', ((m: Manifest) => ({
    ...m,
    snapshot: [{ ...m.snapshot[0], geojsonl: { ...m.snapshot[0]!.geojsonl, path: '../../etc/passwd' } }],
  })) as never)
  expect(await refused()).toContain('cannot be understood (snapshot.0.geojsonl.path)')
  instead('manifest.json', ((m: Manifest) => ({ ...m, registry: 'a'.repeat(32) })) as never)
  expect(await refused()).toContain('another registry')
  instead('publications', '<html>')
  expect(await refused()).toContain('is it a Vpostcode server?')
  instead('geojsonl.gz', 'no such content')
  expect(await refused()).toContain('checksum')
  instead('geojsonl.gz', Buffer.alloc(1_000_000))
  expect(await refused()).toMatch(/more than \d+ bytes/)
  withFile(`${'x'.repeat(300_000)}\n`)
  expect(await refused()).toContain('a line of more than')
  // A bomb: 200 MB in 200 kB.
  withFile('\n'.repeat(200_000_000))
  expect(await refused()).toContain('no household of commune')
  withFile('{"type":"Feature","id":"1"}\n', 1)
  expect(await refused()).toContain('line 1: this is no household')
  withFile('', 5)
  expect(await refused()).toContain('has 0 lines')
  instead('geojsonl.gz', '{"code":"unknown-publication"}', 404)
  expect(await refused()).toBe('the set was removed before all of it was copied')
  instead('publications', '{"code":"not-allowed"}', 403)
  expect(await refused()).toBe('the source refuses: 403 not-allowed')
  between = (path, res) => {
    if (!path.includes('changes')) return false
    res.writeHead(302, { Location: 'http://169.254.169.254/' }).end()
    return true
  }
  expect(await refused()).toContain('the source refuses: 302')
}, 120_000)

test('changes that were left out or told twice, and a source that was brought back, are noticed', async () => {
  await api.assign(
    [
      { address: '31 Hàng Bài, phường Cửa Nam, Hà Nội' },
      { address: '33 Hàng Bài, phường Cửa Nam, Hà Nội' },
      { address: '35 Hàng Bài, phường Cửa Nam, Hà Nội' },
    ],
    'gaps',
  )
  type Page = { changes: { at: string }[] }
  instead('changes', ((page: Page) => ({
    ...page,
    changes: page.changes.filter((_, i) => i !== page.changes.length - 2),
  })) as never)
  expect(await refused()).toMatch(/left out change \d+ of province 01/)
  instead('changes', ((page: Page) => ({ ...page, changes: [...page.changes, ...page.changes] })) as never)
  await follow('twice')
  between = () => false
  expect(await toldByCopy('twice')).toEqual(await toldBySource())
  instead('changes', ((page: object) => ({
    ...page,
    changes: [],
    next: manifest.cursor,
    more: true,
  })) as never)
  expect(await refused()).toContain('never tells it')
  instead('changes', '{"code":"bad-cursor"}', 400)
  await expect(follow('twice')).rejects.toThrow('have to be moved away there and a new one published')
  between = () => false
  api.deps.published.registry = 'e'.repeat(32)
  await expect(follow('twice')).rejects.toThrow('another registry')
  api.deps.published.registry = manifest.registry
})

test('a copy finds back by itself to a source that was brought back from a backup, and answers as before until then', async () => {
  const [path, backup, sets] = [file('living'), file('backup'), join(folder, 'sets')]
  const by = (numRuns: number, seed: number) => fc.sample(anyStep, { numRuns, seed })
  const living = async (store: StoreWriter, steps: ReturnType<typeof by>) => {
    const life = lifeOf({ store })
    for (const step of steps) await carryOut({ store }, life, step)
  }
  /** From now on this is the source. */
  const isSource = (store: StoreWriter) => {
    const published = { folder: sets, registry: registryName(store.secret) }
    app = createApp({ ...api.deps, households: openRegistry(store), coverage: store, published })
  }
  const first = openWriter(path)
  isSource(first)
  await living(first, by(150, 31))
  const before = await publish(first, sets)
  expect(before.snapshot.length).toBe(3)
  await copyDatabase(path, backup, { onProgress() {}, stop: () => false })
  await living(first, by(40, 32))
  await publish(first, sets)
  expect(await follow('back')).toEqual([])
  const old = await told(first, await first.count())
  await first.close()

  const second = openWriter(backup)
  isSource(second)
  await living(second, by(70, 33))
  const right = await told(second, await second.count())
  expect(right).not.toEqual(old)
  // A process that answers from the copy has it open all the time, with what it keeps in memory.
  const serving = openReader(file('back'))
  const near = (store: StoreReader) =>
    store.nearest({ lat: 10.7721, lon: 106.6983, scale: scaleAt(10.7721), metres: 500, limit: 20 })
  expect((await near(serving)).length).toBeGreaterThan(0)

  // It is cut at the second file of the older set: the latest one tells of what is gone.
  const stopping = new AbortController()
  let files = 0
  between = (path) => {
    if (path.includes('geojsonl')) {
      expect(path).toContain(`/${before.set}/`)
      if (++files === 2) stopping.abort(new Error('stopped'))
    }
    return false
  }
  await expect(follow('back', { signal: stopping.signal })).rejects.toThrow(/stopped|aborted/)
  expect(files).toBe(2)
  expect(await told(serving, 10_000)).toEqual(old)
  // What was loaded before the cut is not asked for again.
  expect(await follow('back')).toEqual([expect.stringContaining('brought back from a backup')])
  expect(files).toBe(1 + before.snapshot.length)
  between = () => false
  expect(await told(serving, 10_000)).toEqual(right)
  const fresh = openReader(file('back'))
  expect(await near(serving)).toEqual(await near(fresh))
  await fresh.close()
  expect(readdirSync(folder).filter((name) => name.startsWith('back.db.anew'))).toEqual([])

  // It follows as before, and its own events tell nothing of where it comes from.
  await living(second, by(30, 34))
  expect(await follow('back')).toEqual([])
  expect(await told(serving, 10_000)).toEqual(await told(second, await second.count()))
  for (const { events } of await serving.withHistory(Array.from({ length: 200 }, (_, i) => i + 1)))
    for (const { after } of events) expect(Object.keys(after ?? {})).not.toContain('registry')

  await serving.close()
  await second.close()
  app = createApp(api.deps)
}, 120_000)

test('a set that another one took the place of, under the same name, is not gone on with: the copy is loaded anew', async () => {
  const stopping = new AbortController()
  let files = 0
  between = (path) => {
    if (path.includes('geojsonl') && ++files === 2) stopping.abort(new Error('stopped'))
    return false
  }
  await expect(follow('replaced', { signal: stopping.signal })).rejects.toThrow(/stopped|aborted/)
  between = () => false
  await api.assign([{ address: '37 Hàng Bài, phường Cửa Nam, Hà Nội' }], 'replaced')
  const sets = api.deps.published.folder
  rmSync(join(sets, manifest.set), { recursive: true })
  expect((await publish(api.store, sets)).set).toBe(manifest.set)
  expect(await follow('replaced')).toEqual(['the set was replaced before all of it was copied'])
  expect(await toldByCopy('replaced')).toEqual(await toldBySource())
}, 60_000)

test('a copy of several provinces has the households of each, also of those that go from one to the other', async () => {
  const both = { province: '01,79' }
  const withEmpty = { province: '31,79' }
  await follow('both', both)
  await follow('with-empty', withEmpty)
  await follow('one', { province: '79' })
  for (const step of fc.sample(anyStep, { numRuns: 60, seed: 41 })) await carryOut(api, live(), step)
  await follow('both', both)
  await follow('with-empty', withEmpty)
  await follow('one', { province: '79' })
  // The source has no others.
  expect(await toldByCopy('both')).toEqual(await toldBySource())
  expect(await toldByCopy('with-empty')).toEqual(await toldByCopy('one'))
  await expect(follow('both', { province: '01' })).rejects.toThrow('say --province 01,79')
  await expect(follow('four', { province: '01,98' })).rejects.toThrow('knows no province 98')
}, 60_000)
