import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { blob, PbfFile } from '../../../scripts/osm/writePbf.ts'
import { MapUnreadable } from '../../../src/gazetteer/osm/unreadable.ts'
import { pathOf, read, writePbf } from './read.ts'

const NODES = Array.from({ length: 50 }, (_, i) => ({
  id: i + 1,
  lat: 10 + i / 100,
  lon: 106,
  tags: i % 5 ? undefined : { 'addr:housenumber': `${i}`, 'addr:street': 'Lê Lợi' },
})).map(({ tags, ...node }) => (tags ? { ...node, tags } : node))
const WAYS = Array.from({ length: 20 }, (_, i) => ({
  id: i + 1,
  refs: [i + 1, i + 2, i + 3],
  tags: { highway: 'residential', name: `Đường số ${i}` },
}))

/** A PBF with one more block. */
function pbfWith(name: string, bytes: Uint8Array): string {
  const path = pathOf(name)
  const file = new PbfFile(path)
  file.nodes(NODES)
  file.raw(bytes)
  file.close()
  return path
}
function written(name: string, content: string | Buffer): string {
  writeFileSync(pathOf(name), content)
  return pathOf(name)
}

test.each<[string, () => string, RegExp]>([
  ['an empty file', () => written('empty', ''), /is empty/],
  ['text', () => written('text', 'Lê Lợi, Quận 1'), /no OpenStreetMap PBF and no GeoJSON/],
  ['OpenStreetMap XML', () => written('xml', '<?xml version="1.0"?><osm/>'), /osmium cat/],
  ['a binary of another kind', () => written('binary', Buffer.alloc(1000)), /no OpenStreetMap PBF file/],
  [
    'a PBF without head',
    () => written('headless', blob('OSMData', Buffer.from([]))),
    /does not begin with an OSMHeader/,
  ],
  [
    'a feature that must be known',
    () => writePbf('history', [], [], { requiredFeatures: ['OsmSchema-V0.6', 'HistoricalInformation'] }),
    /needs a reader that knows HistoricalInformation/,
  ],
  [
    'zstd',
    () => pbfWith('zstd', blob('OSMData', Buffer.alloc(10), { packing: 'zstd' })),
    /packed with zstd.*osmium cat/,
  ],
  ['lzma', () => pbfWith('lzma', blob('OSMData', Buffer.alloc(10), { packing: 'lzma' })), /packed with lzma/],
  [
    'a block that unpacks to more than it says',
    () => pbfWith('bomb', blob('OSMData', Buffer.alloc(20_000_000), { size: 1000 })),
    /unpacks to more than the 1000 bytes/,
  ],
  [
    'a block that says that it unpacks to more than 32 MiB',
    () => pbfWith('large', blob('OSMData', Buffer.alloc(100), { size: 33 * 1024 ** 2 })),
    /says that it unpacks to 34603008 bytes/,
  ],
  [
    'a block of more than 32 MiB',
    () => pbfWith('long', blob('OSMData', Buffer.alloc(33 * 1024 ** 2), { packing: 'none' })),
    /more than the format's 32 MiB/,
  ],
  [
    'a block that unpacks to less',
    () => pbfWith('less', blob('OSMData', Buffer.alloc(10), { size: 20 })),
    /unpacks to 10 bytes where it says 20/,
  ],
  ['bytes behind the last block', () => pbfWith('behind', Buffer.alloc(100, 0xff)), /no valid head/],
  [
    'a block that is no block',
    () => pbfWith('noBlock', blob('OSMData', Buffer.alloc(100, 0xff))),
    /block at byte \d+: it is damaged/,
  ],
  ['GeoJSON that is cut', () => written('cut', '{"type":"FeatureCollection","features":[{"type":'), /middle/],
  [
    'gzip that is cut',
    () => written('cutGz', gzipSync('{"features":[]}').subarray(0, 20)),
    /cannot be unpacked/,
  ],
  ['a list', () => written('list', ' [1]'), /byte 1: here should an object of GeoJSON begin/],
  ['JSON without features', () => written('object', '{"a":1}'), /feature 1: its type is undefined/],
  [
    'an empty collection',
    () => written('none', '{"type":"FeatureCollection","features":[]}'),
    /holds no features/,
  ],
  [
    'a broken feature',
    () => written('broken', '{"features":[{"type":"Feature",}]}'),
    /feature 1: it is no JSON/,
  ],
  [
    'text that is not UTF-8',
    () => written('latin', Buffer.from('{"type":"Feature","properties":{"name":"L\xea"}}', 'latin1')),
    /not UTF-8/,
  ],
  ['deep nesting', () => written('deep', `{"a":${'['.repeat(1_000_000)}`), /nested more than 64 deep/],
  [
    'a feature without end',
    () => written('endless', `{"a":"${'x'.repeat(34 * 1024 ** 2)}`),
    /larger than 32 MiB/,
  ],
  ...['[10.7,106.6]', '["106.6","10.7"]', '{"length":1}', 'null', '[[106.6]]', '[[600,10],[600,11]]'].map(
    (coordinates, at): [string, () => string, RegExp] => [
      `coordinates ${coordinates}`,
      () =>
        written(
          `coordinates${at}`,
          `{"type":"Feature","properties":{"highway":"primary","name":"A"},"geometry":{"type":"LineString","coordinates":${coordinates}}}`,
        ),
      /coordinates are not those of a LineString/,
    ],
  ),
])('%s is refused with its reason', async (_, make, reason) => {
  const path = make()
  const refusal = await read(path).then(
    () => null,
    (error: unknown) => error,
  )
  expect(refusal).toBeInstanceOf(MapUnreadable)
  expect((refusal as Error).message).toMatch(reason)
  expect((refusal as Error).message).toContain(path)
})

test('a PBF that was not copied to its end is refused wherever it ends, but between two blocks', async () => {
  const path = writePbf('whole.pbf', NODES, WAYS)
  const { length } = readFileSync(path)
  let whole = 0
  for (let bytes = length - 1; bytes > 0; bytes -= 7) {
    truncateSync(path, bytes)
    const error = await read(path).then(
      () => null,
      (error: unknown) => error,
    )
    if (error === null) whole++
    else expect(error).toBeInstanceOf(MapUnreadable)
  }
  expect(whole).toBeLessThanOrEqual(2)
})

test('a changed byte in a block is read as something else or refused, and never ends otherwise', async () => {
  const whole = readFileSync(writePbf('unpacked.pbf', NODES, WAYS, { packing: 'none' }))
  const path = pathOf('changed.pbf')
  let refused = 0
  for (let at = 0; at < whole.length; at += 3) {
    const bytes = Buffer.from(whole)
    bytes[at]! ^= 1 << (at % 8)
    writeFileSync(path, bytes)
    await read(path).catch((error: unknown) => {
      expect(error).toBeInstanceOf(MapUnreadable)
      refused++
    })
  }
  expect(refused).toBeGreaterThan(50)
})

test('packed bytes that were changed are refused', async () => {
  const bytes = deflateSync(Buffer.alloc(1000))
  bytes[bytes.length - 1]! ^= 1
  const block = blob('OSMData', Buffer.alloc(1000), {})
  bytes.copy(block, block.length - bytes.length)
  await expect(read(pbfWith('checksum', block))).rejects.toThrow(/cannot be unpacked/)
})
