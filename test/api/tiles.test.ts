import { PbfReader } from 'pbf'
import { pino } from 'pino'
import request from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const get = (path: string) => request(api.app).get(path).responseType('blob')
const tileAt = (lat: number, lon: number, z: number) => {
  const x = Math.floor(((lon + 180) / 360) * 2 ** z)
  const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z)
  return `${z}/${x}/${y}`
}
const version = () => api.deps.gazetteer.version

interface Layer {
  name: string
  values: unknown[]
  /** Twice the area of each ring of each polygon: exterior rings are above 0. */
  areas: number[]
  extent: number
}

/** The layers of a tile, read by the rules of the Mapbox Vector Tile specification. */
function read(bytes: Buffer): Layer[] {
  return new PbfReader(bytes).readFields<Layer[]>((tag, layers, tile) => {
    if (tag !== 3) return
    const layer: Layer = { name: '', values: [], areas: [], extent: 0 }
    layers.push(layer)
    tile.readMessage((field, _, part) => {
      if (field === 1) layer.name = part.readString()
      else if (field === 5) layer.extent = part.readVarint()
      else if (field === 4)
        part.readMessage(
          (kind, __, value) => layer.values.push(kind === 1 ? value.readString() : value.readDouble()),
          null,
        )
      else if (field === 2) {
        const feature = { type: 0, commands: [] as number[] }
        part.readMessage((kind, __, one) => {
          if (kind === 3) feature.type = one.readVarint()
          else if (kind === 4) one.readPackedVarint(feature.commands)
        }, null)
        if (feature.type === 3) layer.areas.push(...areasOf(feature.commands))
      }
    }, null)
  }, [])
}

function areasOf(commands: number[]): number[] {
  const areas: number[] = []
  let ring: [number, number][] = []
  let [x, y] = [0, 0]
  for (let i = 0; i < commands.length; ) {
    const [command, count] = [commands[i]! & 7, commands[i]! >> 3]
    i++
    if (command === 7) {
      areas.push(
        ring.reduce(
          (sum, [ax, ay], k) =>
            sum + ax * ring[(k + 1) % ring.length]![1] - ring[(k + 1) % ring.length]![0] * ay,
          0,
        ),
      )
      ring = []
      continue
    }
    for (let k = 0; k < count; k++, i += 2) {
      x += (commands[i]! >> 1) ^ -(commands[i]! & 1)
      y += (commands[i + 1]! >> 1) ^ -(commands[i + 1]! & 1)
      ring.push([x, y])
    }
  }
  return areas
}

test('the description names tiles of the data in use, and whose streets they show', async () => {
  const { body, headers } = await request(api.app).get('/tiles.json')
  expect(body).toMatchObject({
    tilejson: '3.0.0',
    tiles: [`tiles/${version()}/{z}/{x}/{y}`],
    attribution: expect.stringContaining('OpenStreetMap'),
  })
  expect(headers['cache-control']).toBe('no-cache')
})

test('a tile in a city has its communes, streets and house numbers; far away the communes alone', async () => {
  const near = await get(`/tiles/${version()}/${tileAt(10.7743, 106.7012, 16)}`)
  expect(near.headers).toMatchObject({
    'content-type': 'application/vnd.mapbox-vector-tile',
    'cache-control': 'public, max-age=31536000, immutable',
  })
  const layers = Object.fromEntries(read(near.body).map((layer) => [layer.name, layer]))
  expect(layers['communes']!.values).toContain('26740')
  expect(layers['streets']!.values).toContain('Lê Lợi')
  expect(layers['houses']!.values.length).toBeGreaterThan(10)
  const far = read((await get(`/tiles/${version()}/${tileAt(10.7743, 106.7012, 8)}`)).body)
  expect(far.map(({ name }) => name)).toEqual(['communes', 'places'])
  expect(far[0]!.values.length).toBeGreaterThan(200)
  for (const { areas, extent } of [...Object.values(layers), ...far]) {
    expect(extent).toBe(4096)
    // Holes are few: most rings are exteriors, turned as the format asks.
    expect(areas.filter((area) => area < 0).length).toBeLessThanOrEqual(areas.length / 10)
  }
})

test('a tile with a hole in a commune turns it the other way', async () => {
  const { communes, boundaries } = api.deps.gazetteer
  const holed = communes.find(({ index }) => {
    const work = boundaries.outline([index])
    for (;;) {
      const step = work.next()
      if (step.done) return step.value.some((rings) => rings.length > 1 && rings[1]!.length > 40)
    }
  })!
  const { lat, lon } = holed.inside
  const [layer] = read((await get(`/tiles/${version()}/${tileAt(lat, lon, 10)}`)).body)
  expect(layer!.areas.some((area) => area < 0)).toBe(true)
})

test('tiles are the same compressed and not, unchanged ones answer 304, of older data they are not kept', async () => {
  const path = `/tiles/${version()}/${tileAt(21.0312, 105.8493, 14)}`
  const packed = await get(path).set('Accept-Encoding', 'gzip')
  const plain = await get(path).set('Accept-Encoding', 'identity')
  expect([packed.headers['content-encoding'], plain.headers['content-encoding']]).toEqual(['gzip', undefined])
  expect(Buffer.compare(packed.body, plain.body)).toBe(0)
  expect((await get(path).set('If-None-Match', packed.headers['etag']!)).status).toBe(304)
  const older = await get(path.replace(version(), '000000000000'))
  expect([older.status, older.headers['cache-control']]).toEqual([200, 'no-cache'])
})

test.each(['6/50/28', '17/0/0', '10/1024/0', '10/0/-1', '10/a/1', '10/1/1.5', '10/1', '1e1/1/1'])(
  'there is no tile %s',
  async (path) => {
    expect((await get(`/tiles/${version()}/${path}`)).status).toBe(404)
  },
)

test('of many at once those that would wait too long are refused, and asked again they are answered', async () => {
  const paths = Array.from({ length: 90 }, (_, i) => `/tiles/${version()}/15/${26_000 + i}/15390`)
  const statuses = await Promise.all(paths.map(async (path) => (await get(path)).status))
  expect(new Set(statuses)).toEqual(new Set([200, 429]))
  expect((await get(paths[statuses.indexOf(429)]!)).status).toBe(200)
})

test('one address holds a share of the tiles that wait, others are still answered; what is refused is no error in the log', async () => {
  const lines: { level: number; status?: number }[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const own = await openTestApi({ log, settings: { trustProxy: 1 } })
  const server = own.app.listen(0)
  const ask = (from: string, x: number) =>
    request(server).get(`/tiles/${version()}/14/${x}/7000`).set('X-Forwarded-For', from)
  const [one, others] = await Promise.all([
    Promise.all(Array.from({ length: 200 }, (_, i) => ask('203.0.113.7', 12_000 + i))),
    Promise.all(Array.from({ length: 10 }, (_, i) => ask('203.0.113.8', 13_000 + i))),
  ])
  const many = await Promise.all(
    Array.from({ length: 200 }, (_, i) => ask(`203.0.113.${10 + (i % 10)}`, 9_000 + i)),
  )
  server.close()
  await own.close()
  const refused = one.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused[0]!.body.code).toBe('too-many-at-once')
  expect(others.map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect(new Set(many.map(({ status }) => status))).toEqual(new Set([200, 503]))
  expect(lines.filter(({ level }) => level >= 50)).toEqual([])
  expect(lines.filter(({ level }) => level === 40).map(({ status }) => status)).toContain(503)
})
