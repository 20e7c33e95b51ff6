import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Problem } from '../../src/http/problems.ts'
import { routes } from '../../src/http/routes/index.ts'
import { startServer } from '../../src/http/server.ts'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const HEADER = 'Mã hộ,Địa chỉ,lat,lng\n'
const GOOD = `${HEADER}a,"12 Lê Lợi, Phường Bến Thành, TPHCM",10.7721,106.6983\nb,zzz qqq,,\n`
const call = (method: 'get' | 'post' | 'delete' | 'head', url: string, key = 'staff') =>
  request(api.app)[method](url).set('X-Api-Key', key)

/** Sends a form; `file` null = none. */
function send(
  fields: Record<string, string | string[]>,
  file: string | Buffer | null = GOOD,
  key = 'staff',
  name = 'danh sách.csv',
  path = '/v1/jobs',
) {
  const form = call('post', path, key)
  for (const [field, value] of Object.entries(fields))
    for (const one of Array.isArray(value) ? value : [value]) form.field(field, one)
  if (file !== null) form.attach('file', Buffer.from(file), name)
  return form
}

/** What the folder of uploads holds. */
const left = () => (existsSync(folder()) ? readdirSync(folder()) : [])
const folder = () => api.deps.bulk.uploads.folder

/** A job of a key that is done: what its process would leave behind. */
async function doneJob(key = 'staff', file = GOOD): Promise<{ id: number; path: string }> {
  const { body } = await send({ kind: 'geocode', list: `${Math.random()}` }, file, key)
  const { jobs } = api.deps.bulk
  const { output } = (await jobs.takeJob(body.id))!
  writeFileSync(output, 'a,b,c\n1,2,3\n4,5,6\n')
  writeFileSync(join(output, '..', 'input.rejects.csv'), 'a\n1\n')
  await jobs.recordProgress(body.id, { rowsDone: 2, counts: { visit: 2 }, done: 9, total: 9, outBytes: 18 })
  await jobs.finishJob(body.id, 'done', Date.now())
  return { id: body.id, path: output }
}

describe('POST /v1/preview', () => {
  const look = (fields: Record<string, string>, file: string | Buffer | null, key = 'staff') =>
    send(fields, file, key, 'list.csv', '/v1/preview')

  test('shows columns and rows, and keeps nothing', async () => {
    const before = left()
    const { status, body } = await look({}, GOOD)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      columns: { externalId: 'Mã hộ', address: 'Địa chỉ', lat: 'lat', lon: 'lng' },
      charset: 'utf-8',
      sheet: null,
      fault: null,
    })
    expect(body.rows).toHaveLength(2)
    expect(left()).toEqual(before)
  })

  test('columns that are not understood are no refusal: the fault says so, a mapping mends it', async () => {
    const file = 'Cột lạ,b\n"12 Lê Lợi",2\n'
    const { body } = await look({}, file).set('Accept-Language', 'vi')
    expect(body.fault).toContain('Không cột nào được nhận ra là địa chỉ')
    expect([body.header, body.columns]).toEqual([['Cột lạ', 'b'], {}])
    const mended = await look({ map: 'Cột lạ=address' }, file)
    expect(mended.body).toMatchObject({ fault: null, columns: { address: 'Cột lạ' } })
    expect((await look({ map: 'c=address' }, file)).body.fault).toContain('no column "c"')
  })

  test('what is no table, no file, or not for this key is refused, and nothing is left', async () => {
    const before = left()
    const told = async (asked: request.Test) => {
      const { status, body } = await asked
      return [status, body.code]
    }
    expect(await told(look({}, ''))).toEqual([422, 'unreadable-file'])
    expect(await told(look({}, Buffer.alloc(100)))).toEqual([422, 'unreadable-file'])
    expect(await told(look({ sheet: 'x' }, GOOD))).toEqual([422, 'unreadable-file'])
    expect(await told(look({ kind: 'geocode' }, null))).toEqual([400, 'missing-parameter'])
    expect(await told(look({ colour: 'red' }, GOOD))).toEqual([400, 'unknown-parameter'])
    expect(await told(look({ kind: 'burn' }, GOOD))).toEqual([400, 'bad-parameter'])
    expect(await told(look({}, GOOD, 'courier'))).toEqual([403, 'not-allowed'])
    const { looker } = api.deps.bulk
    api.deps.bulk.looker = { look: async () => null }
    expect(await told(look({}, GOOD))).toEqual([503, 'busy'])
    api.deps.bulk.looker = looker
    expect(left()).toEqual(before)
  })
})

describe('POST /v1/jobs', () => {
  test('answers 202 with the job, whose file is on disk for its owner only', async () => {
    const { status, body, headers } = await send({ kind: 'geocode' })
    expect([status, headers['location']]).toEqual([202, `/v1/jobs/${body.id}`])
    expect(body).toMatchObject({
      kind: 'geocode',
      state: 'queued',
      file: 'danh sách.csv',
      list: 'clerk: danh sách.csv',
      rows: 0,
      error: null,
      links: {
        self: `/v1/jobs/${body.id}`,
        events: `/v1/jobs/${body.id}/events`,
        result: null,
        rejects: null,
      },
    })
    const job = (await api.deps.bulk.jobs.job(body.id))!
    expect(readFileSync(job.input, 'utf8')).toBe(GOOD)
    for (const [path, mode] of [
      [job.input, 0o600],
      [join(job.input, '..'), 0o700],
      [folder(), 0o700],
    ] as const)
      expect(statSync(path).mode & 0o777).toBe(mode)
    expect((await call('get', `/v1/jobs/${body.id}/preview`)).body).toEqual({
      header: ['Mã hộ', 'Địa chỉ', 'lat', 'lng'],
      columns: { externalId: 'Mã hộ', address: 'Địa chỉ', lat: 'lat', lon: 'lng' },
      notes: [],
      charset: 'utf-8',
      sheet: null,
      sheets: [],
      rows: [
        ['a', '12 Lê Lợi, Phường Bến Thành, TPHCM', '10.7721', '106.6983'],
        ['b', 'zzz qqq', '', ''],
      ],
    })
    // Nothing of the server's disk is told.
    expect(JSON.stringify(body)).not.toContain(folder())
  })

  test('the same file for the same work is the same job while it is not over; anything else is another one', async () => {
    const first = (await send({ kind: 'geocode', list: 'same' })).body.id
    const folders = left().length
    expect((await send({ kind: 'geocode', list: 'same' })).body.id).toBe(first)
    expect(left().length).toBe(folders)
    const others = [
      await send({ kind: 'geocode', list: 'other' }),
      await send({ kind: 'assign', list: 'same' }),
      await send({ kind: 'geocode', list: 'same', rows: '1' }),
      await send({ kind: 'geocode', list: 'same', map: 'Mã hộ=none' }),
      await send({ kind: 'geocode', list: 'same' }, `${GOOD}c,d,,\n`),
      await send({ kind: 'geocode', list: 'same' }, GOOD, 'staff:01'),
    ].map(({ body }) => body.id)
    expect(new Set([first, ...others]).size).toBe(7)
    await call('post', `/v1/jobs/${first}/cancel`)
    expect((await send({ kind: 'geocode', list: 'same' })).body.id).toBeGreaterThan(Math.max(...others))
  })

  test('an upload is taken once more for other work, by its owner, as long as it is there', async () => {
    const first = (await send({ kind: 'geocode', list: 'from', rows: '1' })).body
    const again = (await send({ kind: 'assign', from: String(first.id), map: 'Mã hộ=none' }, null)).body
    expect(again).toMatchObject({
      kind: 'assign',
      file: 'danh sách.csv',
      list: 'clerk: danh sách.csv',
      firstRows: null,
    })
    expect(again.id).not.toBe(first.id)
    const refused = async (fields: Record<string, string>, file: string | null = null, key = 'staff') => {
      const { status, body } = await send({ kind: 'geocode', ...fields }, file, key)
      return [status, body.code]
    }
    expect(await refused({ from: String(first.id) }, null, 'staff:01')).toEqual([404, 'unknown-job'])
    expect(await refused({ from: '99999' })).toEqual([404, 'unknown-job'])
    expect(await refused({ from: 'x' })).toEqual([400, 'bad-parameter'])
    expect(await refused({ from: String(first.id) }, GOOD)).toEqual([400, 'bad-parameter'])
    await call('delete', `/v1/jobs/${first.id}`)
    expect(await refused({ from: String(first.id) })).toEqual([410, 'no-file'])
    // It stands twice: the other job has its own.
    expect(readFileSync((await api.deps.bulk.jobs.job(again.id))!.input, 'utf8')).toBe(GOOD)
  })

  test('an upload that stands still is given up', { timeout: 60_000 }, async () => {
    const server = await startServer(api.deps, 0, '127.0.0.1')
    const before = left()
    const socket = connect(server.port, '127.0.0.1')
    socket.write(
      'POST /v1/jobs HTTP/1.1\r\nHost: x\r\nX-Api-Key: staff\r\nContent-Length: 5000\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n' +
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nMã hộ',
    )
    let answer = ''
    for await (const part of socket) {
      answer += part
      if (answer.includes('request-timeout')) break
    }
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
    expect(left()).toEqual(before)
    await server.close()
  })

  test('what a job may write is kept with it', async () => {
    expect((await send({ kind: 'assign' }, GOOD, 'staff:01')).body.scope).toEqual(['01'])
    expect((await send({ kind: 'geocode', list: 'x' }, GOOD, 'server')).body.scope).toBeNull()
  })

  const fields = (kind: object, ...more: unknown[]) => [kind, ...more] as const
  test.each([
    [403, 'not-allowed', fields({ kind: 'assign' }, GOOD, 'server')],
    [403, 'not-allowed', fields({ kind: 'geocode' }, GOOD, 'courier')],
    [401, 'unknown-key', fields({ kind: 'geocode' }, GOOD, 'nobody')],
    [400, 'bad-parameter', fields({ kind: 'erase' })],
    [400, 'missing-parameter', fields({})],
    [400, 'bad-parameter', fields({ kind: ['assign', 'geocode'] })],
    [400, 'missing-parameter', fields({ kind: 'geocode' }, null)],
    [400, 'unknown-parameter', fields({ kind: 'geocode', colour: 'red' })],
    [400, 'bad-parameter', fields({ kind: 'geocode', list: '' })],
    [400, 'bad-parameter', fields({ kind: 'geocode', list: 'a'.repeat(201) })],
    [400, 'bad-parameter', fields({ kind: 'geocode', list: 'a'.repeat(2_000) })],
    [400, 'bad-parameter', fields({ kind: 'geocode', rows: '0' })],
    [400, 'bad-parameter', fields({ kind: 'geocode', rows: '1.5' })],
    [400, 'bad-parameter', fields({ kind: 'assign', rows: '5' })],
    [400, 'bad-parameter', fields({ kind: 'assign', duplicates: 'yes' })],
    [400, 'bad-parameter', fields({ kind: 'geocode', format: 'pdf' })],
    [
      400,
      'bad-parameter',
      fields({ kind: 'geocode', map: Array.from({ length: 51 }, (_, i) => `${i}=lat`) }),
    ],
    [422, 'unusable-columns', fields({ kind: 'geocode', map: 'Chủ hộ=address' })],
    [422, 'unusable-columns', fields({ kind: 'geocode', map: 'Mã hộ=colour' })],
    [422, 'unusable-columns', fields({ kind: 'geocode' }, 'a,b\n1,2\n')],
    [422, 'unusable-columns', fields({ kind: 'reverse' }, 'address\n12 Lê Lợi\n')],
    [422, 'unreadable-file', fields({ kind: 'geocode' }, '')],
    [422, 'unreadable-file', fields({ kind: 'geocode' }, '\n\n')],
    [422, 'unreadable-file', fields({ kind: 'geocode' }, '%PDF-1.7 ...')],
    [422, 'unreadable-file', fields({ kind: 'geocode' }, 'PK\x03\x04 cut off')],
    [422, 'unreadable-file', fields({ kind: 'geocode', sheet: 'Sheet1' })],
    [413, 'body-too-large', fields({ kind: 'geocode' }, HEADER + 'x'.repeat(1_000_001))],
  ])('%s %s: %o', async (status, code, [wish, file, key]) => {
    const before = left()
    const { body, ...answer } = await send(wish as Record<string, string>, file as string, key as string)
    expect([answer.status, body.code]).toEqual([status, code])
    expect(JSON.stringify(body)).not.toContain(folder())
    // What is an option of the command is a field of the form here.
    expect(body.detail ?? '').not.toContain('--map')
    expect(left()).toEqual(before)
  })

  test.each([
    [{ kind: 'geocode' }, 'a,b\n1,2\n', 'Không cột nào được nhận ra là địa chỉ. Dòng đầu là: "a", "b".'],
    [{ kind: 'reverse' }, 'a,b\n1,2\n', 'Không cột nào được nhận ra là toạ độ.'],
    [
      { kind: 'geocode', map: 'x=address' },
      'a,b\n1,2\n',
      'trường map của biểu mẫu "x=address": không có cột "x"',
    ],
  ])('%o: columns that are not understood are told of in Vietnamese too', async (wish, file, words) => {
    const { body, headers } = await send(wish as Record<string, string>, file).set('Accept-Language', 'vi')
    expect([body.code, headers['content-language']]).toEqual(['unusable-columns', 'vi'])
    expect(body.detail).toContain(words)
    expect(body.detail).not.toMatch(/--map|column|header/)
  })

  test.each([
    [{ kind: 'geocode' }, '\n\n', 'Tệp rỗng: không có dòng tiêu đề.'],
    [{ kind: 'geocode' }, '%PDF-1.7 ...', 'Tệp là tài liệu PDF, không phải bảng đọc được.'],
    [{ kind: 'geocode' }, 'PK\x03\x04 cut off', 'Tệp Excel bị hỏng. Hãy mở tệp và lưu lại.'],
    [{ kind: 'geocode', sheet: 'x' }, GOOD, 'không có trang tính để chọn'],
  ])('%o, %j: a file that is no table is told of in Vietnamese too', async (wish, file, words) => {
    for (const path of ['/v1/jobs', '/v1/preview']) {
      const { body, headers } = await call('post', path)
        .set('Accept-Language', 'vi')
        .field(wish)
        .attach('file', Buffer.from(file), 'a.csv')
      expect([path, body.code, headers['content-language']]).toEqual([path, 'unreadable-file', 'vi'])
      expect(body.detail).toContain(words)
    }
  })

  test('two files, another name of the file, no form, a broken one, bytes that are not UTF-8', async () => {
    const before = left()
    const two = await send({ kind: 'geocode' }).attach('file', Buffer.from(GOOD), 'b.csv')
    expect([two.status, two.body.code]).toEqual([400, 'bad-parameter'])
    const named = await call('post', '/v1/jobs')
      .field('kind', 'geocode')
      .attach('data', Buffer.from(GOOD), 'a.csv')
    expect([named.status, named.body.errors[0].name]).toEqual([400, 'data'])
    const none = await call('post', '/v1/jobs').send({ kind: 'geocode' })
    expect([none.status, none.body.code]).toEqual([415, 'unsupported-media-type'])
    const multipart = (text: string | Buffer, type = 'multipart/form-data; boundary=x') =>
      call('post', '/v1/jobs').set('Content-Type', type).send(Buffer.from(text).toString('latin1'))
    for (const [text, type] of [
      ['', undefined],
      ['--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\ngeoc', undefined],
      ['nothing of the kind', undefined],
      ['--y', 'multipart/form-data'],
    ] as const) {
      const { status, body } = await multipart(text, type)
      expect([text, [400, 415].includes(status), body.code]).toEqual([text, true, expect.any(String)])
    }
    const bad = await send({ kind: 'geocode', list: 'tr\ufffd' })
    expect([bad.status, bad.body.errors[0].name]).toEqual([400, 'list'])
    expect(left()).toEqual(before)
  })

  test('an upload that is cut leaves nothing behind, neither a file nor a job', async () => {
    const server = await startServer(api.deps, 0, '127.0.0.1')
    const before = [left(), (await api.deps.bulk.jobs.listJobs(999)).length] as const
    const socket = connect(server.port, '127.0.0.1')
    socket.write(
      'POST /v1/jobs HTTP/1.1\r\nHost: x\r\nX-Api-Key: staff\r\nContent-Length: 5000\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n' +
        `--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\ngeocode\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${GOOD}`,
    )
    for (let i = 0; left().length === before[0].length && i < 200; i++) await setTimeout(10)
    expect(left().length).toBe(before[0].length + 1)
    socket.destroy()
    for (let i = 0; left().length > before[0].length && i < 200; i++) await setTimeout(10)
    expect([left(), (await api.deps.bulk.jobs.listJobs(999)).length]).toEqual(before)
    await server.close()
  })

  test('a registry that is busy for long answers 503, and when to ask again; nothing is left', async () => {
    const own = await openTestApi()
    const busy = async () => {
      throw new Problem('busy')
    }
    Object.assign(own.deps.bulk, { jobs: { ...own.deps.bulk.jobs, queueJob: busy } })
    const { status, body, headers } = await request(own.app)
      .post('/v1/jobs')
      .set('X-Api-Key', 'staff')
      .field('kind', 'convert')
      .attach('file', Buffer.from(GOOD), 'a.csv')
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'busy', '5'])
    expect(readdirSync(own.deps.bulk.uploads.folder)).toEqual([])
    await own.close()
  })

  test('one key has at most 50 jobs that are not over', async () => {
    const own = await openTestApi()
    for (let i = 0; i < 50; i++)
      await own.store.queueJob({
        kind: 'geocode',
        owner: 'clerk',
        fingerprint: `${i}`,
        input: '/i',
        output: '/o',
        list: '',
        options: { upload: { line: 4 } },
        engineVersion: '',
        dataVersion: '',
        startedAt: 1,
      })
    const post = (key: string) =>
      request(own.app)
        .post('/v1/jobs')
        .set('X-Api-Key', key)
        .field('kind', 'geocode')
        .attach('file', Buffer.from(GOOD), 'a.csv')
    const { status, body } = await post('staff')
    expect([status, body.code]).toEqual([429, 'too-many-at-once'])
    expect((await post('staff:01')).status).toBe(202)
    await own.close()
  })
})

describe('jobs', () => {
  test('are listed to their owner, latest first, page by page', async () => {
    const ids: number[] = []
    for (const list of ['1', '2', '3'])
      ids.push((await send({ kind: 'convert', list }, GOOD, 'staff:79')).body.id)
    const page = async (query: object) => {
      const { status, body } = await call('get', '/v1/jobs', 'staff:79').query(query)
      expect(status).toBe(200)
      return [body.jobs.map(({ id }: { id: number }) => id), body.next]
    }
    expect(await page({})).toEqual([ids.toReversed(), null])
    expect(await page({ limit: '2' })).toEqual([[ids[2], ids[1]], ids[1]])
    expect(await page({ limit: '2', before: String(ids[1]) })).toEqual([[ids[0]], null])
    for (const query of [{ limit: '0' }, { limit: '101' }, { before: 'x' }, { owner: 'clerk' }])
      expect((await call('get', '/v1/jobs').query(query)).status).toBe(400)
  })

  test('of others, of the command and those that are not there are the same 404', async () => {
    const { id } = await doneJob()
    const ofCommand = await api.store.queueJob({
      kind: 'assign',
      owner: 'clerk',
      fingerprint: 'command',
      input: '/i',
      output: '/o',
      list: '',
      options: {},
      engineVersion: '',
      dataVersion: '',
      startedAt: 1,
    })
    const foreign = [`/v1/jobs/${id}`, `/v1/jobs/${ofCommand.id}`, '/v1/jobs/99999']
    expect((await call('get', `/v1/jobs/${id}`, 'staff rotated')).body.id).toBe(id)
    expect((await call('get', '/v1/jobs', 'staff again')).body.jobs).toEqual([])
    const told: unknown[] = []
    for (const url of foreign)
      for (const [method, end] of [
        ['get', ''],
        ['delete', ''],
        ...['preview', 'events', 'result', 'rejects'].map((name) => ['get', `/${name}`] as const),
        ...['pause', 'resume', 'cancel', 'undo'].map((name) => ['post', `/${name}`] as const),
      ] as const) {
        const { status, body } = await call(method, url + end, 'staff:01')
        expect([url + end, status]).toEqual([url + end, 404])
        expect((await call(method, url + end, 'staff again')).status).toBe(404)
        told.push({ ...body, requestId: null })
      }
    expect(new Set(told.map((body) => JSON.stringify(body))).size).toBe(1)
    for (const wrong of ['x', '0', '-1', '1e3', '1'.repeat(20)])
      expect((await call('get', `/v1/jobs/${wrong}`)).body.code).toBe('bad-parameter')
    for (const [key, status] of [
      ['courier', 403],
      ['browser', 403],
    ] as const)
      expect((await call('get', '/v1/jobs', key).set('Origin', 'https://shop.example')).status).toBe(status)
    expect((await request(api.app).get('/v1/jobs')).status).toBe(401)
    expect((await call('post', `/v1/jobs/${id}/undo`, 'server')).body.code).toBe('not-allowed')
  })

  test('rest, go on and are cancelled; what is over is neither', async () => {
    const { id } = (await send({ kind: 'geocode', list: 'control' })).body
    const to = async (name: string) => {
      const { status, body } = await call('post', `/v1/jobs/${id}/${name}`)
      return status === 202 ? body.state : body.code
    }
    expect(await to('resume')).toBe('job-state')
    expect(await to('pause')).toBe('paused')
    expect(await to('pause')).toBe('paused')
    expect(await to('resume')).toBe('queued')
    expect(await to('undo')).toBe('job-state')
    expect(await to('cancel')).toBe('cancelled')
    for (const name of ['pause', 'resume', 'cancel']) expect(await to(name)).toBe('job-state')
    expect((await call('get', `/v1/jobs/${id}/result`)).body.code).toBe('job-not-done')
  })

  test('that a process works on are asked, and their files are not removed', async () => {
    const { id } = (await send({ kind: 'geocode', list: 'running' })).body
    await api.store.takeJob(id)
    // The process at work is this one here; only its requests are looked at.
    await api.store.requestJob(id, 'pause')
    expect((await call('get', `/v1/jobs/${id}`)).body).toMatchObject({ state: 'running', requested: 'pause' })
    expect((await call('post', `/v1/jobs/${id}/cancel`)).body).toMatchObject({
      state: 'running',
      requested: 'cancel',
    })
    const paused = await call('post', `/v1/jobs/${id}/pause`)
    expect([paused.status, paused.body.code]).toEqual([409, 'job-state'])
    const refused = await call('delete', `/v1/jobs/${id}`)
    expect([refused.status, refused.body.code]).toEqual([409, 'job-state'])
  })

  test('lose their files on request', async () => {
    const { id, path } = await doneJob()
    const { status, text } = await call('delete', `/v1/jobs/${id}`)
    expect([status, text, existsSync(join(path, '..'))]).toEqual([204, '', false])
    expect((await call('delete', `/v1/jobs/${id}`)).status).toBe(204)
    expect((await call('get', `/v1/jobs/${id}`)).body).toMatchObject({
      state: 'done',
      links: { result: null },
    })
    for (const name of ['result', 'rejects', 'preview']) {
      const gone = await call('get', `/v1/jobs/${id}/${name}`)
      expect([name, gone.status, gone.body.code]).toEqual([name, 410, 'no-file'])
    }
    const waiting = (await send({ kind: 'geocode', list: 'delete' })).body.id
    expect((await call('delete', `/v1/jobs/${waiting}`)).status).toBe(204)
    expect((await call('get', `/v1/jobs/${waiting}`)).body.state).toBe('cancelled')
  })
})

describe('GET /v1/jobs/{id}/result', () => {
  const TEXT = 'a,b,c\n1,2,3\n4,5,6\n'
  test('whole, by HEAD, in ranges, and again after a cut', async () => {
    const { id } = await doneJob()
    const url = `/v1/jobs/${id}/result`
    const whole = await call('get', url)
    expect([whole.status, whole.text]).toEqual([200, TEXT])
    expect(whole.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="job-${id}.result.csv"`,
      'content-length': '18',
      'accept-ranges': 'bytes',
    })
    const etag = whole.headers['etag']!
    expect(etag).toMatch(/^"/)
    const head = await call('head', url)
    expect([head.status, head.headers['content-length'], head.headers['etag']]).toEqual([200, '18', etag])
    const range = (value: string, more: Record<string, string> = {}) =>
      call('get', url).set({ Range: value, ...more })
    const part = await range('bytes=6-', { 'If-Range': etag })
    expect([part.status, part.text, part.headers['content-range']]).toEqual([
      206,
      TEXT.slice(6),
      'bytes 6-17/18',
    ])
    expect((await range('bytes=-6')).text).toBe(TEXT.slice(-6))
    expect((await range('bytes=0-0')).text).toBe('a')
    const other = await range('bytes=6-', { 'If-Range': '"another"' })
    expect([other.status, other.text]).toEqual([200, TEXT])
    const beyond = await range('bytes=18-')
    expect([beyond.status, beyond.body.code, beyond.headers['content-range']]).toEqual([
      416,
      'range-not-satisfiable',
      'bytes */18',
    ])
    const known = await call('get', url).set('If-None-Match', etag)
    expect([known.status, known.text]).toEqual([304, ''])
    const zipped = await range('bytes=0-5').set('Accept-Encoding', 'gzip')
    expect([zipped.headers['content-encoding'], zipped.text]).toEqual([undefined, TEXT.slice(0, 6)])
    expect((await call('get', `/v1/jobs/${id}/rejects`)).text).toBe('a\n1\n')
  })
})

describe('GET /v1/jobs/{id}/events', () => {
  test('begins with the job as it is, follows it, and ends with its end', async () => {
    const { id } = (await send({ kind: 'geocode', list: 'events' })).body
    const answer = call('get', `/v1/jobs/${id}/events`)
      .set('Last-Event-ID', '41')
      .buffer(true)
      .parse((res, done) => {
        let text = ''
        res.setEncoding('utf8').on('data', (part) => {
          text += part
        })
        res.on('end', () => done(null, text))
      })
      .then(({ headers, body }) => ({ headers, text: body as string }))
    await setTimeout(300)
    await api.store.takeJob(id)
    await setTimeout(800)
    await api.store.finishJob(id, 'failed', Date.now(), 'no')
    const { headers, text } = await answer
    expect(headers['content-type']).toBe('text/event-stream; charset=utf-8')
    const events = [...text.matchAll(/^id: (\d+)\nevent: (\w+)\ndata: (.*)\n\n/gm)].map(
      ([, number, event, data]) => [number, event, JSON.parse(data!).state],
    )
    expect(events).toEqual([
      ['1', 'progress', 'queued'],
      ['2', 'progress', 'running'],
      ['3', 'end', 'failed'],
    ])
  })

  test('ten streams of one key at once; one that its client leaves makes room', async () => {
    const { id } = (await send({ kind: 'geocode', list: 'streams' }, GOOD, 'staff:79')).body
    const server = await startServer(api.deps, 0, '127.0.0.1')
    const url = `http://127.0.0.1:${server.port}/v1/jobs/${id}/events`
    const open = async () => {
      const leave = new AbortController()
      const { status } = await fetch(url, { headers: { 'X-Api-Key': 'staff:79' }, signal: leave.signal })
      return { status, leave }
    }
    const streams = await Promise.all(Array.from({ length: 10 }, open))
    expect(streams.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect((await open()).status).toBe(429)
    streams[0]!.leave.abort()
    await setTimeout(1_200)
    expect((await open()).status).toBe(200)
    for (const { leave } of streams) leave.abort()
    const began = Date.now()
    await server.close()
    // The last one ends by itself when the server stops.
    expect(Date.now() - began).toBeLessThan(8_000)
  })
})

test('the examples of every route over jobs are answered as documented', async () => {
  const { id: done } = await doneJob()
  const { id: waiting } = (await send({ kind: 'assign', list: 'examples' })).body
  const assigned = (await send({ kind: 'assign', list: 'examples done' })).body.id
  await api.store.finishJob(assigned, 'done', Date.now())
  for (const route of routes.filter(({ tag }) => tag === 'jobs')) {
    expect(route.examples.length).toBeGreaterThan(0)
    for (const { params, query, form } of route.examples) {
      const id = route.path.endsWith('/undo') ? assigned : params?.['id'] === '2' ? waiting : done
      const asked = form
        ? send(
            form['kind'] ? { kind: form['kind'] } : {},
            String(form['file']),
            'staff',
            'list.csv',
            route.path,
          )
        : call(route.method as 'get', route.path.replace('{id}', String(id))).query(query ?? {})
      const { status, body, text, headers } = await asked.buffer(true)
      expect([route.path, status]).toEqual([route.path, route.status ?? 200])
      if (status === 204) continue
      const json = headers['content-type']!.includes('json')
      expect([route.path, route.answer.safeParse(json ? body : text).error?.issues ?? []]).toEqual([
        route.path,
        [],
      ])
    }
  }
})
