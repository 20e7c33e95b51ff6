import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import request from 'supertest'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { assignFile } from '../../src/bulk/assign.ts'
import { convertFile } from '../../src/bulk/convert.ts'
import type { FileJobSummary } from '../../src/bulk/fileJob.ts'
import { FILE_KINDS, type FileKind } from '../../src/bulk/fileKinds.ts'
import { FORMATS, type Format } from '../../src/bulk/formats.ts'
import { geocodeFile } from '../../src/bulk/geocode.ts'
import type { FileJobOptions } from '../../src/bulk/job.ts'
import { queueFile } from '../../src/bulk/openFile.ts'
import { cutFile } from '../../src/bulk/parts.ts'
import { openPartWork } from '../../src/bulk/partWork.ts'
import { reverseFile } from '../../src/bulk/reverse.ts'
import { writeXlsx } from '../../src/bulk/workbook/write.ts'
import { workOf } from '../../src/cli/fileJob.ts'
import { openPartDesk } from '../../src/cli/partDesk.ts'
import { writeResult } from '../../src/cli/partResult.ts'
import { createApp } from '../../src/http/app.ts'
import { isHouseholdId } from '../../src/registry/id.ts'
import type { Job } from '../../src/registry/jobStore.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import type { StoreWriter } from '../../src/registry/store.ts'
import { openWriter } from '../../src/store/postgres/open.ts'
import { openWriter as openFile } from '../../src/store/sqlite/open.ts'
import { dropRehearsal, openRehearsal } from '../../src/store/sqlite/rehearsal.ts'
import { gazetteer, openTestApi, type TestApi } from '../api/support.ts'
import { defaults, resultOf } from '../bulk/run.ts'
import { manyHouseholds } from '../cli/many.ts'
import { describePostgres, type PostgresServer, startServer } from './postgresServer.ts'

vi.setConfig({ testTimeout: 120_000 })

const HEADER = 'ghi chú,Địa chỉ,Vĩ độ,Kinh độ\n'
const COMMUNE = 'Phường Bến Thành, Thành phố Hồ Chí Minh'
const home = (number: number) =>
  `"${number} Lê Lợi, ${COMMUNE}",${(10.7715 + number / 1e6).toFixed(6)},106.698300`
const HOMES = `${HEADER}1,${home(12)}\n2,${home(14)}\n`
/** Known and new homes, each twice; one without a point; what is rejected, for its text and as a row. */
const ROWS = [
  `a,${home(12)}`,
  `b,${home(16)}`,
  `c,${home(12)}`,
  `d,${home(16)}`,
  'e,"18 Hàng Trống, phường Hoàn Kiếm, Hà Nội",,',
  '=f,zzzz qqqq,,',
  'g,"a ""quoted"" one",x,y,too many',
]

describePostgres('files in parts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpostcode-parts-'))
  let count = 0
  let server: PostgresServer
  beforeAll(async () => {
    server = await startServer()
  }, 120_000)
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  function fileOf(content: string | Uint8Array, extension = 'csv'): string {
    const path = join(folder, `${++count}.${extension}`)
    writeFileSync(path, content)
    return path
  }

  const options = (input: string, output: string, jobs: StoreWriter, format?: Format): FileJobOptions => ({
    ...defaults(input),
    output,
    jobs,
    format,
    list: input,
  })

  type Server = Awaited<ReturnType<typeof openWriter>>

  /** Does what is queued, as a worker would. */
  async function work(store: Server): Promise<void> {
    const works = new Map<number, Awaited<ReturnType<typeof openPartWork>>>()
    for (let sent = await store.tendJobs(); sent.length > 0; sent = await store.tendJobs())
      for (const { job: id, part } of sent) {
        const job = (await store.job(id))!
        if (!works.has(id))
          works.set(id, await openPartWork(job, { ...workOf(job, 'postgres:'), store, gazetteer }))
        expect(await works.get(id)!((await store.part(id, part))!)).toBe(true)
        expect(await store.part(id, part)).toBeNull()
      }
  }

  async function inParts(
    store: Server,
    kind: FileKind,
    input: string,
    format: Format = 'csv',
    duplicates = false,
  ) {
    const output = join(folder, `${++count}.${format}`)
    const given = { ...options(input, output, store, format), rejects: `${output}.rejects`, duplicates }
    const queued = await queueFile(kind, given)
    await cutFile(queued.id, kind, given, store)
    await work(store)
    const job = (await store.job(queued.id))!
    expect(job.state).toBe('done')
    const { rejects } = (await writeResult(store, job))!
    return { output, rejects, counts: job.counts, rows: job.rowsDone }
  }

  /** The same on a registry in a file. */
  async function inFile(
    store: StoreWriter,
    db: string,
    kind: FileKind,
    input: string,
    format: Format = 'csv',
  ) {
    const output = join(folder, `${++count}.${format}`)
    const given = { ...options(input, output, store, format), rejects: `${output}.rejects` }
    const runs: Record<FileKind, () => Promise<FileJobSummary>> = {
      assign: () => assignFile({ ...given, store }),
      geocode: () =>
        geocodeFile({
          ...given,
          rehearse: (path) => openRehearsal(`${path}.db`, db),
          dropRehearsal: (path) => dropRehearsal(`${path}.db`),
        }),
      reverse: () => reverseFile({ ...given, households: openRegistry(store) }),
      convert: () => convertFile(given),
    }
    const { rejects, counts, rows } = await runs[kind]()
    return { output, rejects, counts, rows }
  }

  async function pair() {
    const db = join(folder, `${++count}.db`)
    const both = { db, url: await server.newRegistry(), file: openFile(db) }
    return { ...both, server: await openWriter(both.url) }
  }

  /** What a result says, with the ids of households in the order in which they first stand there. */
  async function said(output: string, format: Format): Promise<string> {
    const text =
      format === 'xlsx'
        ? JSON.stringify((await readXlsx(readFileSync(output))).sheets.map(({ rows }) => rows))
        : readFileSync(output, 'utf8')
    const seen = new Map<string, string>()
    return text.replace(/\b[1-9]\d{4}[01]\d{6}\b/g, (id) => {
      if (isHouseholdId(id) && !seen.has(id)) seen.set(id, `household ${seen.size + 1}`)
      return seen.get(id) ?? id
    })
  }

  test('each kind of work in each format, its counts and its rejected rows come out as with a file', async () => {
    const stores = await pair()
    const homes = fileOf(HOMES)
    await inFile(stores.file, stores.db, 'assign', homes)
    await inParts(stores.server, 'assign', homes)
    const statuses: Record<string, (string | undefined)[]> = {}
    // What registers comes last.
    for (const kind of FILE_KINDS.toReversed())
      for (const format of FORMATS) {
        const input = fileOf(HEADER + ROWS.map((row) => `${row}\n`).join(''))
        const wanted = await inFile(stores.file, stores.db, kind, input, format)
        const found = await inParts(stores.server, kind, input, format)
        const what = `${kind} as ${format}`
        expect(await said(found.output, format), what).toBe(await said(wanted.output, format))
        expect([found.counts, found.rows], what).toEqual([wanted.counts, wanted.rows])
        const rejected = readFileSync(wanted.rejects!, 'utf8')
        expect(rejected.startsWith(HEADER), what).toBe(true)
        expect(readFileSync(found.rejects!, 'utf8'), what).toBe(rejected)
        if (format === 'csv') statuses[kind] = resultOf(found.output).map(({ status }) => status)
        if (kind !== 'assign') expect(await stores.server.count(), what).toBe(2)
      }
    expect(statuses).toEqual({
      convert: ROWS.map(() => undefined),
      reverse: ['unchanged', 'unchanged', 'unchanged', 'unchanged', 'rejected', 'rejected', 'rejected'],
      geocode: ['unchanged', 'assigned', 'duplicate', 'duplicate', 'visit', 'rejected', 'rejected'],
      assign: ['unchanged', 'assigned', 'duplicate', 'duplicate', 'visit', 'rejected', 'rejected'],
    })
    expect(await stores.server.count()).toBe(await stores.file.count())
    await stores.file.close()
    await stores.server.close()
  })

  test('rejected rows go back in the encoding, or as the workbook, that they came in', async () => {
    const stores = await pair()
    const cells = [
      ['Địa chỉ', 'ghi chú'],
      [`12 Lê Lợi, ${COMMUNE}`, 'x'],
      ['zzzz qqqq', 'tối & "sáng"'],
    ]
    const title = 'Danh sách hộ\r\n'
    const text = cells.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';'))
    const utf16 = fileOf(Buffer.from(`\ufeff${title}${text.join('\r\n')}\r\n`, 'utf16le'))
    const book = join(folder, `${++count}.xlsx`)
    const [header, ...rows] = cells
    await writeXlsx(book, { header: header!, numbers: new Set(), rows: [rows] })
    for (const input of [utf16, book]) {
      const wanted = await inFile(stores.file, stores.db, 'convert', input)
      const found = await inParts(stores.server, 'convert', input)
      expect(await said(found.output, 'csv')).toBe(await said(wanted.output, 'csv'))
      const bytes = readFileSync(found.rejects!)
      expect(bytes.equals(readFileSync(wanted.rejects!))).toBe(true)
      if (input === book) expect((await readXlsx(bytes)).sheets[0]!.rows).toEqual(cells.toSpliced(1, 1))
      else expect(bytes.toString('utf16le')).toBe(`\ufeff${title}${text.toSpliced(1, 1).join('\r\n')}\r\n`)
    }
    await stores.file.close()
    await stores.server.close()
  })

  test('a long file: a known home is a duplicate wherever it stands; a new one is, for geocode, within its part', async () => {
    const stores = await pair()
    const homes = fileOf(HOMES)
    await inFile(stores.file, stores.db, 'assign', homes)
    await inParts(stores.server, 'assign', homes)
    const rows = Array.from({ length: 1_100 }, (_, i) =>
      i % 500 === 7 ? `r${i},zzzz qqqq,,` : `${i},${home(i + 20)}`,
    )
    rows[10] = `known,${home(12)}`
    rows[1_050] = `known again,${home(12)}`
    rows[1_051] = `new again,${home(20)}`
    rows[1_052] = `new twice,${home(2_020)}`
    rows[1_053] = `new twice,${home(2_020)}`
    const input = fileOf(HEADER + rows.map((row) => `${row}\n`).join(''))
    for (const kind of ['convert', 'reverse', 'geocode'] as const) {
      const wanted = await inFile(stores.file, stores.db, kind, input)
      const found = await inParts(stores.server, kind, input)
      expect(found.rows).toBe(1_100)
      expect(readFileSync(found.rejects!, 'utf8')).toBe(readFileSync(wanted.rejects!, 'utf8'))
      const [theirs, ours] = [wanted, found].map(({ output }) => resultOf(output))
      if (kind === 'geocode') {
        const statuses = (list: typeof ours) => list!.slice(1_050, 1_054).map(({ status }) => status)
        expect(statuses(theirs)).toEqual(['duplicate', 'duplicate', 'assigned', 'duplicate'])
        expect(statuses(ours)).toEqual(['duplicate', 'assigned', 'assigned', 'duplicate'])
        expect(ours![1_051]!['vpostcode']).toBe(theirs![1_051]!['vpostcode'])
        for (const list of [theirs, ours]) list!.splice(1_051, 1)
      }
      const plain = (list: typeof ours) => list!.map(({ household_id, ...cells }) => cells)
      expect(plain(ours)).toEqual(plain(theirs))
    }
    expect(await stores.server.count()).toBe(2)
    await stores.file.close()
    await stores.server.close()
  })

  test('with duplicates the communes of the rows are looked through when all parts are done, each once', async () => {
    const stores = await pair()
    const commune = 'Phường Hoàn Kiếm,,Thành phố Hà Nội'
    const rows = [
      ...manyHouseholds(1_100).split('\n'),
      `T1,36 phố Hàng Trống,${commune},21.028700,105.852300,`,
      `T2,36 phố Hàng Trốngg,${commune},21.028730,105.852310,`,
    ]
    const input = fileOf(`${rows.join('\n')}\n`)
    const given = { ...options(input, join(folder, `${++count}.csv`), stores.file), store: stores.file }
    await assignFile({ ...given, duplicates: true })
    const quiet = await inParts(stores.server, 'convert', input, 'csv', true)
    expect([quiet.rows, await stores.server.doubts(null, 10)]).toEqual([1_102, []])
    const found = await inParts(stores.server, 'assign', input, 'csv', true)
    expect([found.rows, (await stores.server.count()) > 1_000]).toEqual([1_102, true])
    expect(resultOf(found.output)).toHaveLength(1_102)
    const doubts = async (store: StoreWriter) => {
      const open = await store.doubts(null, 10_000)
      const texts = open.map(async ({ kind, n, other, score }) => {
        const homes = await store.households(other === null ? [n] : [n, other])
        return [kind, score, ...homes.map(({ text }) => text).sort()].join('; ')
      })
      return (await Promise.all(texts)).sort()
    }
    const wanted = await doubts(stores.file)
    expect(wanted.join('\n')).toContain('Hàng Trốngg')
    expect(await doubts(stores.server)).toEqual(wanted)
    // Known rows lead to the same communes.
    const again = await inParts(stores.server, 'assign', input, 'csv', true)
    expect([again.rows, await doubts(stores.server)]).toEqual([1_102, wanted])
    await stores.file.close()
    await stores.server.close()
  })

  test('a node hands a file in, another one has its result and its rejected rows', async () => {
    const url = await server.newRegistry()
    const store = await openWriter(url)
    const desk = await openPartDesk(url, gazetteer)
    const api: TestApi = await openTestApi()
    const bulk = { ...api.deps.bulk, jobs: store, parts: desk }
    const app = createApp({ ...api.deps, bulk })
    const get = (path: string) => request(app).get(path).set('X-Api-Key', 'staff')
    for (const [kind, format, type] of [
      ['assign', 'csv', 'text/csv'],
      ['geocode', 'geojson', 'application/geo+json'],
      ['reverse', 'ndjson', 'application/x-ndjson'],
      ['convert', 'xlsx', 'spreadsheetml'],
    ] as const) {
      const sent = await request(app)
        .post('/v1/jobs')
        .set('X-Api-Key', 'staff')
        .field({ kind, format })
        .attach('file', Buffer.from(`${HEADER}1,${home(12)}\n2,zzzz qqqq,,\n`), 'homes.csv')
      expect([sent.status, sent.body.state]).toEqual([202, 'queued'])
      await work(store)
      const { id, output } = (await store.job(sent.body.id)) as Job
      // On another node there is no such folder.
      rmSync(dirname(output), { recursive: true })
      const { body } = await get(`/v1/jobs/${id}`)
      expect(body.links).toMatchObject({ result: `/v1/jobs/${id}/result`, rejects: `/v1/jobs/${id}/rejects` })
      const [rejects, result] = [await get(body.links.rejects), await get(body.links.result)]
      expect([rejects.status, rejects.text]).toEqual([200, `${HEADER}2,zzzz qqqq,,\n`])
      expect([result.status, result.headers['content-type']]).toEqual([200, expect.stringContaining(type)])
      expect(existsSync(output)).toBe(true)
    }
    const { status, body } = await request(app)
      .post('/v1/jobs')
      .set('X-Api-Key', 'staff')
      .field({ kind: 'assign', duplicates: 'true' })
      .attach('file', Buffer.from(`${HEADER}1,${home(12)}\n`), 'homes.csv')
    expect([status, (await store.job(body.id))?.options['duplicates']]).toEqual([202, true])
    await desk.close()
    await store.close()
    await api.close()
  })
})
