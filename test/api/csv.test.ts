import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { request as send } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COLUMNS } from '../../src/bulk/addok/columns.ts'
import { cellsOf } from '../../src/bulk/cells.ts'
import { type RunningServer, startServer } from '../../src/http/server.ts'
import { CALLERS, openTestApi, type TestApi } from './support.ts'

// Other tests upload files at the same time.
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-test-'))
const { TMPDIR } = process.env

let api: TestApi
let server: RunningServer
beforeAll(async () => {
  process.env['TMPDIR'] = folder
  api = await openTestApi()
  server = await startServer(api.deps, 0, '127.0.0.1')
})
afterAll(async () => {
  await server.close()
  await api.close()
  if (TMPDIR === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = TMPDIR
  rmSync(folder, { recursive: true })
})

type Options = Record<string, string | readonly string[]>

/** Sends a file with the fields behind it, as curl does when -F data=@ comes first. */
function post(path: string, file: string | Buffer, options: Options = {}, name = 'list.csv') {
  const sent = request(api.app).post(path).set('X-Api-Key', 'server').attach('data', Buffer.from(file), name)
  for (const [field, values] of Object.entries(options))
    for (const value of [values].flat()) sent.field(field, value)
  return sent
}

/** The lines of an answer as objects. */
async function rowsOf(path: string, file: string | Buffer, options: Options = {}, delimiter = ',') {
  const { status, text, body } = await post(path, file, options)
  expect([status, body.errors]).toEqual([200, undefined])
  const [header, ...rows] = text.replace(/\n$/, '').split('\n')
  const names = cellsOf(header!, delimiter)
  return rows.map((row) => Object.fromEntries(cellsOf(row, delimiter).map((cell, i) => [names[i]!, cell])))
}

const leftOver = () => readdirSync(folder)

describe('POST /v1/search/csv', () => {
  const FILE = [
    'id,adresse,ville,note',
    '1,14 Hàng Trống,"phường Hoàn Kiếm, Hà Nội",a',
    '2,Lê Lợi,Quận 1,b',
    '3,,,c',
    '4,zzz qqq,xyz,d',
    '5,too,many,cells,here,and,there',
    '6,"phường Bến Nghé, Quận 1",TPHCM,e',
    '',
  ].join('\n')

  test('every row comes back in order with its own answer', async () => {
    const rows = await rowsOf('/v1/search/csv/', FILE, { columns: ['adresse', 'ville'] })
    expect(rows.map((row) => row['result_status'])).toEqual([
      'ok',
      'ok',
      'skipped',
      'not-found',
      'error',
      'ok',
    ])
    expect(rows.map((row) => row['id'])).toEqual(['1', '2', '3', '4', '5,too,many,cells,here,and,there', '6'])
    expect(Object.keys(rows[0]!)).toEqual(['id', 'adresse', 'ville', 'note', ...COLUMNS.search])
    expect(rows[0]).toMatchObject({
      adresse: '14 Hàng Trống',
      ville: 'phường Hoàn Kiếm, Hà Nội',
      note: 'a',
      latitude: '21.03135',
      longitude: '105.84942',
      result_label: '14 Hàng Trống, Phường Hoàn Kiếm, Thành phố Hà Nội',
      result_type: 'housenumber',
      result_id: api.ids[2],
      result_housenumber: '14',
      result_name: '14 Hàng Trống',
      result_street: 'Hàng Trống',
      result_postcode: '11024',
      result_city: 'Phường Hoàn Kiếm',
      result_citycode: '00070',
      result_context: 'Phường Hoàn Kiếm, Thành phố Hà Nội',
      result_vpostcode: api.codes[2],
      result_precision: 'household',
      result_accuracy: '10',
      result_grade: 'A',
    })
    expect(rows[1]).toMatchObject({ result_type: 'street', result_grade: 'C', result_district: 'Quận 1' })
    expect(Number(rows[1]!['result_score'])).toBeGreaterThan(Number(rows[1]!['result_score_next']))
    expect(rows[2]!['latitude']).toBe('')
    expect(rows[5]).toMatchObject({ result_oldcity: 'Phường Bến Nghé', result_citycode: '26740' })
  })

  test('the answers are those of GET /v1/search', async () => {
    const texts = [
      '14 Hàng Trống, Quận Hoàn Kiếm, Hà Nội',
      'Lê Lợi, Quận 1',
      'thôn Đông Tảo, xã Đông Tảo, Hưng Yên',
      'phường Tân Định',
      'Hà Nội',
      '99 hang trong, phuong hoan kiem, ha noi',
    ]
    const file = ['q', ...texts.map((text) => `"${text}"`)].join('\n')
    const rows = await rowsOf('/v1/search/csv', file, { columns: 'q' })
    for (const [i, q] of texts.entries()) {
      const { body } = await request(api.app).get('/v1/search').query({ q })
      const { geometry, properties } = body.features[0]
      expect(rows[i]).toMatchObject({
        latitude: String(geometry.coordinates[1]),
        longitude: String(geometry.coordinates[0]),
        result_label: properties.label,
        result_score: String(properties.score),
        result_score_next: String(body.features[1]?.properties.score ?? ''),
        result_type: properties.type,
        result_id: properties.id,
        result_context: properties.context,
        result_precision: properties.precision,
        result_grade: properties.grade,
      })
    }
  })

  test('result_columns', async () => {
    const wanted = ['latitude', 'result_score', 'result_banId']
    const [row] = await rowsOf('/v1/search/csv/', FILE, {
      columns: ['adresse', 'ville'],
      result_columns: wanted,
    })
    expect(Object.keys(row!)).toEqual(['id', 'adresse', 'ville', 'note', ...wanted])
    expect(row!['result_banId']).toBe('')
  })

  test('without columns the headers tell the address, else all of it is one', async () => {
    const [told] = await rowsOf(
      '/v1/search/csv/',
      'stt;Số nhà;Đường;Phường/Xã;Tỉnh/TP\n77;14;Hàng Trống;Hoàn Kiếm;Hà Nội\n',
      {},
      ';',
    )
    expect(told!['result_id']).toBe(api.ids[2])
    const [whole] = await rowsOf('/v1/search/csv/', 'a,b\n14 Hàng Trống,"phường Hoàn Kiếm, Hà Nội"\n')
    expect(whole!['result_id']).toBe(api.ids[2])
  })

  test('filters and the point are columns of the file', async () => {
    const near = api.deps.gazetteer.communes.find(
      ({ name, province }) => name === 'Tân Định' && province.name === 'Khánh Hòa',
    )!.inside
    const file = `voie,cp,insee,genre,y,x\nLê Lợi,71009,,,,\nLê Lợi,,26743,street,,\nphường Tân Định,,,,${near.lat},${near.lon}\nHà Nội,99999,,,,\nHà Nội,,,nonsense,,\n`
    const rows = await rowsOf('/v1/search/csv/', file, {
      columns: 'voie',
      postcode: 'cp',
      citycode: 'insee',
      type: 'genre',
      lat: 'y',
      lon: 'x',
    })
    expect(rows.map((row) => row['result_citycode'])).toEqual(['26743', '26743', expect.any(String), '', ''])
    expect(rows[2]!['result_context']).toBe('Tỉnh Khánh Hòa')
    expect(rows.slice(3).map((row) => row['result_status'])).toEqual(['not-found', 'not-found'])
  })

  test('columns that are called like ours stay, ours get a prefix', async () => {
    const file = 'q,latitude,result_id\nHà Nội,my own,mine\n'
    const [row] = await rowsOf('/v1/search/csv/', file, { columns: 'q' })
    expect(row).toMatchObject({ latitude: 'my own', result_id: 'mine', result_result_id: '01' })
    expect(Number(row!['result_latitude'])).toBeGreaterThan(20)
  })

  test('what a spreadsheet would run is made text, in the file and in the answer', async () => {
    const [row] = await rowsOf('/v1/search/csv/', 'q,=x\n"=1+1, phường Hoàn Kiếm, Hà Nội",@y\n', {
      columns: 'q',
    })
    expect(Object.keys(row!)).toContain("'=x")
    for (const [name, cell] of Object.entries(row!))
      expect([name, cell]).toEqual([name, expect.not.stringMatching(/^[=@]/)])
  })

  test.each([
    ['UTF-16 with its mark', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le'), {}],
    ['UTF-8 with its mark', (text: string) => Buffer.from(`\ufeff${text}`), {}],
    ['UTF-16 as it is said', (text: string) => Buffer.from(text, 'utf16le'), { encoding: 'UTF-16LE' }],
    ['UTF-8 as it is said', (text: string) => Buffer.from(text), { encoding: 'utf-8-sig' }],
  ])('%s is read, and answered in UTF-8', async (_name, encode, options) => {
    const { text } = await post('/v1/search/csv/', encode('q\nPhường Bến Thành\n'), {
      columns: 'q',
      ...options,
    })
    expect(text).toContain('\nPhường Bến Thành,')
  })

  test('with_bom writes a mark', async () => {
    const marked = await post('/v1/search/csv/', 'q\nHà Nội\n', { with_bom: 'true' })
    expect(marked.text.startsWith('\ufeffq,')).toBe(true)
    const bare = await post('/v1/search/csv/', 'q\nHà Nội\n')
    expect(bare.text.startsWith('q,')).toBe(true)
  })

  test('a broken row costs itself alone', async () => {
    const broken = Buffer.concat([
      Buffer.from('id,q\n1,Hà Nội\n2,"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`"\n3,Hà Nội\n4,${'x'.repeat(600)}\n5,"Hà Nội\n6,Hà Nội\n`),
    ])
    const { text } = await post('/v1/search/csv/', broken, { columns: 'q', result_columns: 'result_status' })
    const statuses = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').at(-1))
    expect(statuses).toEqual(['ok', 'error', 'ok', 'error', 'error', 'ok'])
  })

  test('a file without rows is answered with its header', async () => {
    const { status, text } = await post('/v1/search/csv/', 'q', { result_columns: 'latitude' })
    expect([status, text]).toEqual([200, 'q,latitude\n'])
  })

  test('the answer is an attachment that nothing on the way keeps', async () => {
    const { headers } = await post('/v1/search/csv/', 'q\nHà Nội\n', {}, '../../Danh sách "1".csv')
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(headers['cache-control']).toBe('no-store, no-transform')
    expect(headers['content-disposition']).toMatch(/^attachment; filename=.*geocoded\.csv/)
    expect(headers['content-disposition']).not.toContain('/')
  })

  test('thousands of rows come back in order, and the last word says how many', async () => {
    const count = 3_000
    const file = `id,q\n${Array.from({ length: count }, (_, i) => `${i},"${i} Lê Lợi, phường Bến Thành, TPHCM"\n`).join('')}`
    const { text, rows } = await raw('/v1/search/csv/', form(file, { columns: 'q' }))
    const ids = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[0]))
    expect(ids).toEqual(Array.from({ length: count }, (_, i) => i))
    expect(rows).toBe(String(count))
    await expect.poll(leftOver).toEqual([])
  })
})

describe('POST /v1/reverse/csv', () => {
  test('households, streets, communes, and rows without a point', async () => {
    const file =
      'name,lat,lon\nhome,21.03135,105.84942\nelsewhere,"10,7721","106,6983"\nswapped,106.6983,10.7721\nempty,,\nwords,here,there\nsea,15.9,109.9\nLondon,51.5,-0.12\nzero,0,0\n'
    const rows = await rowsOf('/v1/reverse/csv/', file)
    expect(Object.keys(rows[0]!)).toEqual(['name', 'lat', 'lon', ...COLUMNS.reverse])
    expect(rows.map((row) => row['result_status'])).toEqual([
      'ok',
      'ok',
      'ok',
      'skipped',
      'error',
      'not-found',
      'not-found',
      'not-found',
    ])
    expect(rows[0]).toMatchObject({ result_id: api.ids[2], result_type: 'housenumber', result_distance: '0' })
    expect(rows[1]).toMatchObject({
      result_type: 'street',
      result_precision: 'street',
      result_citycode: '26743',
      result_vpostcode: '71009QMCXR8V',
    })
    expect(Number(rows[1]!['result_distance'])).toBeLessThan(40)
    expect(rows[2]!['result_vpostcode']).toBe('71009QMCXR8V')
  })

  test.each(['latitude,longitude', 'lat,lng', 'LAT,long', 'Vĩ độ,Kinh độ'])(
    'the headers %s',
    async (header) => {
      const [row] = await rowsOf('/v1/reverse/csv', `${header}\n10.7721,106.6983\n`)
      expect(row!['result_citycode']).toBe('26743')
    },
  )

  test.each<Options>([
    { lat: 'y', lon: 'x' },
    { latitude: 'y', longitude: 'x' },
  ])('columns named by %j', async (names) => {
    const [row] = await rowsOf('/v1/reverse/csv', 'x,y\n106.6983,10.7721\n', names)
    expect(row!['result_citycode']).toBe('26743')
  })
})

describe('refusals', () => {
  const SEARCH = '/v1/search/csv/'
  test.each([
    ['no file', SEARCH, form(null, { columns: 'q' }), 400, 'missing-parameter', 'data'],
    ['a file of another name', SEARCH, form('q\n', {}, 'file'), 400, 'bad-parameter', 'file'],
    ['an unknown field', SEARCH, form('q\n', { colour: 'q' }), 400, 'unknown-parameter', 'colour'],
    ['an unknown column', SEARCH, form('q\n', { columns: 'x' }), 400, 'bad-parameter', 'columns'],
    ['an unknown filter column', SEARCH, form('q\n', { postcode: 'x' }), 400, 'bad-parameter', 'postcode'],
    [
      'an unknown result column',
      SEARCH,
      form('q\n', { result_columns: 'x' }),
      400,
      'bad-parameter',
      'result_columns',
    ],
    ['half a point', SEARCH, form('q\n', { lat: 'q' }), 400, 'bad-parameter', 'lon'],
    ['an unknown encoding', SEARCH, form('q\n', { encoding: 'x' }), 400, 'bad-parameter', 'encoding'],
    ['a long delimiter', SEARCH, form('q\n', { delimiter: '--' }), 400, 'bad-parameter', 'delimiter'],
    ['another quote', SEARCH, form('q\n', { quote: "'" }), 400, 'bad-parameter', 'quote'],
    ['neither yes nor no', SEARCH, form('q\n', { with_bom: 'x' }), 400, 'bad-parameter', 'with_bom'],
    ['a field twice', SEARCH, form('q\n', { delimiter: [',', ';'] }), 400, 'bad-parameter', 'delimiter'],
    ['a long field', SEARCH, form('q\n', { columns: 'x'.repeat(1_001) }), 400, 'bad-parameter', 'columns'],
    ['a file without points', '/v1/reverse/csv', form('q\nHà Nội\n', {}), 400, 'bad-parameter', 'lat'],
    ['an empty file', SEARCH, form('', {}), 422, 'unreadable-file', null],
    ['a picture', SEARCH, form('\x89PNG\r\n\x1a\n', {}), 422, 'unreadable-file', null],
    ['a broken header', SEARCH, form(`"q${'x'.repeat(70_000)}\n`, {}), 422, 'unreadable-file', null],
    ['too many columns', SEARCH, form(`${'q,'.repeat(600)}q\n`, {}), 422, 'unreadable-file', null],
    ['a form that breaks off', SEARCH, form('q\nHà Nội\n', {}).subarray(0, -20), 400, 'bad-parameter', null],
    [
      'too many fields',
      SEARCH,
      form('q\n', { columns: new Array(300).fill('q') }),
      400,
      'bad-parameter',
      null,
    ],
  ])('%s', async (_name, path, body, status, code, field) => {
    const answer = await raw(path, body)
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([status, code])
    expect(answer.type).toContain('application/problem+json')
    const { errors } = JSON.parse(answer.text)
    if (field) expect(errors[0].name).toBe(field)
    await expect.poll(leftOver).toEqual([])
  })

  test.each([
    ['an empty file', '', 'Tệp rỗng'],
    ['a picture', '\x89PNG\r\n\x1a\n', 'Tệp là tệp ảnh, không phải bảng đọc được.'],
    ['a broken header', `"q${'x'.repeat(70_000)}\n`, 'Dòng tiêu đề bị hỏng'],
    ['too many columns', `${'q,'.repeat(600)}q\n`, 'Tệp có hơn 500 cột.'],
  ])('%s is told of in Vietnamese too', async (_name, file, words) => {
    const { text } = await raw(SEARCH, form(file, {}), { 'Accept-Language': 'vi' })
    expect(JSON.parse(text)).toMatchObject({
      code: 'unreadable-file',
      detail: expect.stringContaining(words),
    })
  })

  test('other types of bodies', async () => {
    for (const type of [
      'text/csv',
      'application/json',
      'multipart/mixed; boundary=x',
      'multipart/form-data',
    ]) {
      const answer = await raw(SEARCH, Buffer.from('{}'), { 'Content-Type': type })
      expect([type, answer.status]).toEqual([type, 415])
    }
  })

  test('parameters in the URL are named', async () => {
    const answer = await raw(`${SEARCH}?columns=q`, form('q\n', {}))
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 'unknown-parameter'])
  })

  test('keys: a courier and a browser may not, a server may', async () => {
    const origin = CALLERS['browser']!.key!.origins[0]!
    for (const [key, status] of [
      ['courier', 403],
      ['browser', 403],
      ['nobody', 401],
      ['server', 200],
    ] as const) {
      const answer = await raw(SEARCH, form('q\nHà Nội\n', {}), { 'X-Api-Key': key, Origin: origin })
      expect([key, answer.status]).toEqual([key, status])
    }
  })

  test('5 MB without a key, 50 MB with one', async () => {
    const file = `q\n${'x'.repeat(499)}\n`.repeat(11_000)
    const refused = await raw(SEARCH, form(file, {}), { 'X-Api-Key': '' })
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([413, 'body-too-large'])
    await expect.poll(leftOver).toEqual([])
  })

  test('ten rows count as one request', async () => {
    const file = `q\n${'Hà Nội\n'.repeat(95)}`
    const before = await raw(SEARCH, form('q\n', {}))
    const after = await raw(SEARCH, form(file, {}))
    const left = (answer: { rateLimit: string }) => Number(/r=(\d+)/.exec(answer.rateLimit)![1])
    // A new minute may begin between the two.
    if (left(after) < left(before)) expect(left(before) - left(after)).toBe(10)
    expect(after.status).toBe(200)
  })
})

test('what a killed process left is removed by the next one', async () => {
  const place = mkdtempSync(join(tmpdir(), 'vpostcode-test-'))
  const first = `import('./dist/http/csvFolder.js').then(({ newCsvFolder }) => newCsvFolder())`
  const lefts: string[] = []
  for (let i = 0; i < 2; i++) {
    const child = spawn(process.execPath, ['-e', first], { env: { ...process.env, TMPDIR: place } })
    await once(child, 'exit')
    const [left, ...others] = readdirSync(place)
    expect([left, others]).toEqual([expect.stringContaining(`vpostcode-csv-${child.pid}-`), []])
    lefts.push(left!)
  }
  expect(lefts[0]).not.toBe(lefts[1])
  rmSync(place, { recursive: true })
})

describe('forms that end early or are broken', () => {
  const part = (name: string, more = '') =>
    `--frontier\r\nContent-Disposition: form-data; name="${name}"; filename="a.csv"\r\n${more}\r\n`
  // An error that nobody hears would end the process: vitest reports it, and the next request would fail.
  const goesOn = async () => {
    await expect.poll(leftOver).toEqual([])
    expect((await raw('/v1/search/csv', form('q\nHà Nội\n', {}))).rows).toBe('1')
  }

  test.each([
    ['the file ends early', `${part('data')}q\nHà`],
    ['a file of another name ends early', `${part('file')}q\nHà`],
    [
      'a long header line in the part',
      `${part('data', `X-Long: ${'x'.repeat(200_000)}\r\n`)}q\r\n--frontier--\r\n`,
    ],
    [
      'a long header line in a second part',
      `${part('data')}q\r\n${part('b', `X: ${'x'.repeat(200_000)}\r\n`)}`,
    ],
    ['a long header line, a file of another name', `${part('b', `X: ${'x'.repeat(200_000)}\r\n`)}q`],
    ['headers without an end', `--frontier\r\nContent-Disposition: form-data; name="data"; filen`],
    ['a header that is none', `--frontier\r\nno header\r\n\r\nq\r\n--frontier--\r\n`],
  ])('%s', async (_name, body) => {
    const answer = await raw('/v1/search/csv', Buffer.from(body))
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 'bad-parameter'])
    await goesOn()
  })

  test.each(['data', 'file'])('a client that leaves in the middle of a file called %s', async (name) => {
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(
      `POST /v1/search/csv HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: 100000\r\n\r\n${part(name)}q\nHà`,
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    await goesOn()
  })
})

describe('slow clients', () => {
  /** Sends the beginning of a form, and waits. */
  async function dawdle(key: string, from: RunningServer = server) {
    const socket = connect(from.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(
      `POST /v1/search/csv HTTP/1.1\r\nHost: x\r\n${key ? `X-Api-Key: ${key}\r\n` : ''}Content-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: 100000\r\n\r\n--${BOUNDARY}\r\n`,
    )
    return socket
  }
  const small = form('q\nHà Nội\n', {})
  const outcome = async (headers: Record<string, string>, port = server.port) => {
    const { status, text } = await raw('/v1/search/csv', small, headers, port)
    return status === 200 ? status : JSON.parse(text).code
  }

  test('an address without a key sends two files at once; keys and other addresses go on', async () => {
    const trusting = await openTestApi({ settings: { trustProxy: 1 } })
    const other = await startServer(trusting.deps, 0, '127.0.0.1')
    const slow = await Promise.all([dawdle('', other), dawdle('', other)])
    const without = { 'X-Api-Key': '' }
    await expect.poll(() => outcome(without, other.port)).toBe('too-many-at-once')
    expect(await outcome({ ...without, 'X-Forwarded-For': '192.0.2.1' }, other.port)).toBe(200)
    expect(await outcome({}, other.port)).toBe(200)
    for (const socket of slow) socket.destroy()
    await expect.poll(() => outcome(without, other.port)).toBe(200)
    await other.close()
    await trusting.close()
  })

  test('a key has four files under way at once; an address, and other keys, go on', async () => {
    const slow = await Promise.all(Array.from({ length: 4 }, () => dawdle('server')))
    await expect.poll(() => leftOver().length).toBe(4)
    const refused = await raw('/v1/search/csv', small, { 'X-Api-Key': 'server' })
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([429, 'too-many-at-once'])
    expect(refused.retryAfter).toBe('5')
    expect(await outcome({ 'X-Api-Key': '' })).toBe(200)
    expect(await outcome({ 'X-Api-Key': 'staff' })).toBe(200)
    for (const socket of slow) socket.destroy()
    await expect.poll(() => outcome({ 'X-Api-Key': 'server' })).toBe(200)
  })

  test('uploads that do not come hold no place of work', async () => {
    const keys = ['server', 'staff', 'staff:01'].flatMap((key) => [key, key, key, key])
    const slow = await Promise.all(keys.map((key) => dawdle(key)))
    await expect.poll(() => leftOver().length).toBe(12)
    expect(await outcome({ 'X-Api-Key': '' })).toBe(200)
    for (const socket of slow) socket.destroy()
    await expect.poll(leftOver).toEqual([])
  })
})

describe('cut connections', () => {
  test('a client that leaves in the middle of its upload leaves nothing behind', async () => {
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    const body = form(`q\n${'Hà Nội\n'.repeat(10_000)}`, {})
    socket.write(
      `POST /v1/search/csv HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    socket.write(body.subarray(0, body.length / 2))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(leftOver().length).toBe(1)
    socket.destroy()
    await expect.poll(leftOver).toEqual([])
  })

  test('a client that leaves in the middle of its answer leaves nothing behind', async () => {
    const file = `q\n${'Hà Nội\n'.repeat(30_000)}`
    const body = form(file, {})
    await new Promise<void>((resolve) => {
      const sent = send(
        {
          port: server.port,
          host: '127.0.0.1',
          method: 'POST',
          path: '/v1/search/csv',
          headers: headersOf(body),
        },
        (response) => response.once('data', () => resolve(void sent.destroy())),
      )
      sent.on('error', () => {})
      sent.end(body)
    })
    await expect.poll(leftOver).toEqual([])
    // The service goes on.
    expect((await raw('/v1/search/csv', form('q\nHà Nội\n', {}))).rows).toBe('1')
  })

  test('a failure on the way cuts the stream, which a client sees', async () => {
    const failing = await openTestApi({
      atAddress: async () => {
        throw new Error('the disk is gone')
      },
    })
    const other = await startServer(failing.deps, 0, '127.0.0.1')
    const body = form('q\n"14 Hàng Trống, phường Hoàn Kiếm, Hà Nội"\n', {})
    await expect(raw('/v1/search/csv', body, {}, other.port)).rejects.toThrow(/aborted|hang up/)
    await other.close()
    await failing.close()
    await expect.poll(leftOver).toEqual([])
  })
})

const BOUNDARY = 'frontier'

/** A form as bytes; the file stands first. */
function form(file: string | null, fields: Options, name = 'data'): Buffer {
  const parts: Buffer[] = []
  if (file !== null)
    parts.push(
      Buffer.from(
        `--frontier\r\nContent-Disposition: form-data; name="${name}"; filename="list.csv"\r\nContent-Type: text/csv\r\n\r\n`,
      ),
      Buffer.from(file, file.startsWith('\x89') ? 'latin1' : 'utf8'),
      Buffer.from('\r\n'),
    )
  for (const [field, values] of Object.entries(fields))
    for (const value of [values].flat())
      parts.push(
        Buffer.from(`--frontier\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`),
      )
  return Buffer.concat([...parts, Buffer.from('--frontier--\r\n')])
}

const headersOf = (body: Buffer) => ({
  'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
  'Content-Length': body.length,
  'X-Api-Key': 'server',
})

/** Sends bytes to the running server; rejects when the answer is cut. An empty key is none. */
function raw(path: string, body: Buffer, headers: Record<string, string> = {}, port = server.port) {
  const all: Record<string, string | number> = { ...headersOf(body), ...headers }
  if (all['X-Api-Key'] === '') delete all['X-Api-Key']
  return new Promise<{
    status: number
    type: string
    text: string
    rows: string | undefined
    rateLimit: string
    retryAfter: string | undefined
  }>((resolve, reject) => {
    const sent = send({ port, host: '127.0.0.1', method: 'POST', path, headers: all }, (response) => {
      const blocks: Buffer[] = []
      response.on('data', (block) => blocks.push(block))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          type: response.headers['content-type'] ?? '',
          text: Buffer.concat(blocks).toString(),
          rows: response.trailers['x-rows'],
          retryAfter: response.headers['retry-after'],
          rateLimit: String(response.headers['ratelimit'] ?? ''),
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
