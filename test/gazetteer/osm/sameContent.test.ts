import { readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type OsmNode, type OsmWay, PbfFile, type PbfOptions } from '../../../scripts/osm/writePbf.ts'
import { pathOf, read, writePbf } from './read.ts'

const NODES: OsmNode[] = [
  { id: 1, lat: 10.7721001, lon: 106.6983003 },
  { id: 2, lat: 10.7725, lon: 106.699 },
  { id: 3, lat: 10.7731234, lon: 106.6995678 },
  { id: 4, lat: 10.774, lon: 106.7 },
  {
    id: 5,
    lat: 10.7722,
    lon: 106.6984,
    tags: { 'addr:housenumber': '130/20', 'addr:street': 'Lê Lợi', shop: 'yes' },
  },
  { id: 6, lat: 10.7, lon: 106.6, tags: { amenity: 'bench', name: 'Ghế' } },
  { id: 7, lat: 21.5, lon: 105.25, tags: { place: 'hamlet', name: 'Thôn Đông' } },
  { id: 8, lat: 21.6, lon: 105.26, tags: { place: 'city', name: 'Hà Nội' } },
  { id: 9, lat: 10.773, lon: 106.698, tags: { 'addr:housenumber': '5', 'addr:hamlet': 'Ấp 3' } },
  // far behind the others, and beyond 32 bits
  { id: 9_876_543_210, lat: 10.775, lon: 106.701 },
]
const WAYS: OsmWay[] = [
  {
    id: 11,
    refs: [1, 2, 3, 9_876_543_210],
    tags: {
      highway: 'primary',
      name: 'Đường Lê Lợi',
      alt_name: 'Lê Lợi; Le Loi ;',
      old_name: 'Bonard',
      surface: 'asphalt',
    },
  },
  { id: 12, refs: [3, 4], tags: { highway: 'residential' } },
  {
    id: 13,
    refs: [1, 2, 4, 1],
    tags: { building: 'yes', 'addr:housenumber': '14;16', 'addr:street': 'Hàm Nghi' },
  },
  { id: 14, refs: [2, 3], tags: { highway: 'construction', name: 'Đường Mới' } },
  { id: 15, refs: [1, 4], tags: { highway: 'service', 'name:vi': 'Hẻm 42', old_name: 'Hẻm cũ' } },
  { id: 16, refs: [1, 2, 3, 1], tags: { place: 'quarter', name: 'Khu phố 3' } },
  { id: 17, refs: [1, 2], tags: { railway: 'rail', name: 'Bắc Nam' } },
]

/** The same as GeoJSON: a feature for each tagged object, as the exports of OpenStreetMap have them. */
const FEATURES = [
  ...NODES.filter(({ tags }) => tags).map(({ id, lat, lon, tags }) => ({
    type: 'Feature',
    id: `node/${id}`,
    properties: tags,
    geometry: { type: 'Point', coordinates: [lon, lat] },
  })),
  ...WAYS.map(({ id, refs, tags }) => {
    const line = refs.map((ref) => {
      const { lat, lon } = NODES.find((node) => node.id === ref)!
      return [lon, lat]
    })
    const isArea = refs.at(-1) === refs[0]
    return {
      type: 'Feature',
      properties: { '@id': `way/${id}`, ...tags },
      geometry: isArea
        ? { type: 'MultiPolygon', coordinates: [[line]] }
        : { type: 'LineString', coordinates: line },
    }
  }),
]

const expected = read(writePbf('plain.osm.pbf', NODES, WAYS))
const withoutFacts = async (path: string) => {
  const { ways, houses, places } = await read(path)
  return { ways, houses, places }
}

test('what counts of a map: named ways, house numbers, places; each as its tags have it', async () => {
  expect(await expected).toEqual({
    format: 'pbf',
    date: null,
    incomplete: 0,
    ways: [
      {
        id: 'w11',
        name: 'Đường Lê Lợi',
        otherNames: ['Lê Lợi', 'Le Loi', 'Bonard'],
        highway: 'primary',
        points: [10.7721001, 106.6983003, 10.7725, 106.699, 10.7731234, 106.6995678, 10.775, 106.701],
      },
      {
        id: 'w15',
        name: 'Hẻm 42',
        otherNames: ['Hẻm cũ'],
        highway: 'service',
        points: [10.7721001, 106.6983003, 10.774, 106.7],
      },
    ],
    houses: [
      { id: 'n5', number: '130/20', street: 'Lê Lợi', lat: 10.7722, lon: 106.6984 },
      { id: 'n9', number: '5', street: null, lat: 10.773, lon: 106.698 },
      {
        id: 'w13',
        number: '14;16',
        street: 'Hàm Nghi',

        lat: (10.7721001 + 10.774) / 2,
        lon: (106.6983003 + 106.7) / 2,
      },
    ],
    places: [
      { id: 'n7', kind: 'hamlet', name: 'Thôn Đông', lat: 21.5, lon: 105.25 },
      {
        id: 'w16',
        kind: 'quarter',
        name: 'Khu phố 3',
        lat: (10.7721001 + 10.7731234) / 2,
        lon: (106.6983003 + 106.6995678) / 2,
      },
    ],
  })
})

const { ways, houses, places } = await expected

test.each<[string, PbfOptions]>([
  ['nodes one by one', { dense: false }],
  ['blocks that are not packed', { packing: 'none' }],
  ['finer coordinates', { granularity: 1 }],
  ['offsets', { granularity: 100, latOffset: 7_000_000_000, lonOffset: -3_000_000_000 }],
  [
    'offsets, one by one',
    { dense: false, granularity: 50, latOffset: 1_000_000_000, lonOffset: 9_000_000_000 },
  ],
])('the same from a PBF with %s', async (name, options) => {
  expect(await withoutFacts(writePbf(`${name}.pbf`, NODES, WAYS, options))).toEqual({ ways, houses, places })
})

test('the same when ways stand before their nodes, in any order, between relations, in many blocks', async () => {
  const path = pathOf('unsorted.pbf')
  const file = new PbfFile(path)
  const byTurns = <T>(list: T[]) => list.map((_, at) => list[(at * 3) % list.length]!)
  for (const way of byTurns(WAYS)) file.ways([way])
  file.relations([{ id: 1, tags: { type: 'multipolygon', building: 'yes', 'addr:housenumber': '99' } }])
  for (const node of byTurns(NODES)) file.nodes([node])
  file.relations([{ id: 2, tags: { type: 'route', name: 'Tuyến 1', highway: 'primary' } }])
  file.close()
  expect(await withoutFacts(path)).toEqual({ ways, houses, places })
})

test.each<[string, string | Buffer]>([
  ['FeatureCollection', JSON.stringify({ type: 'FeatureCollection', features: FEATURES })],
  [
    'FeatureCollection with other members, in lines',
    JSON.stringify(
      { name: 'features', crs: { features: [1, { a: ']}' }] }, features: FEATURES, bbox: [1, 2] },
      null,
      1,
    ),
  ],
  ['one feature a line', `\ufeff${FEATURES.map((feature) => `${JSON.stringify(feature)}\r\n`).join('')}\n`],
  ['a sequence (RFC 8142)', FEATURES.map((feature) => `\x1e${JSON.stringify(feature)}\n`).join('')],
  ['gzip', gzipSync(JSON.stringify({ type: 'FeatureCollection', features: FEATURES }))],
])('the same from GeoJSON: %s', async (name, content) => {
  const path = pathOf(`${name.replaceAll(/\W/g, '')}.geojson`)
  writeFileSync(path, content)
  expect(await withoutFacts(path)).toEqual({ ways, houses, places })
})

test('features that are cut by the ends of what is read at once are whole', async () => {
  const path = pathOf('long.geojson')
  const note = '"}]{[\\'.repeat(40_001)
  const some = FEATURES.map((feature) => ({ ...feature, properties: { note, ...feature.properties } }))
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features: some }))
  expect(readFileSync(path).length).toBeGreaterThan(2_000_000)
  expect(await withoutFacts(path)).toEqual({ ways, houses, places })
})

test('the day of the data comes from the head of the PBF', async () => {
  const path = writePbf('dated.pbf', NODES, WAYS, { timestamp: Date.UTC(2026, 9, 31, 20, 21) / 1000 })
  expect((await read(path)).date).toBe('2026-10-31')
})

test('a way falls into the pieces whose nodes are in the file; a house stays one', async () => {
  const nodes = [1, 2, 4, 5, 7].map((id) => ({ id, lat: 10 + id / 1000, lon: 106 }))
  const path = writePbf('pieces.pbf', nodes, [
    { id: 1, refs: [1, 2, 3, 4, 5, 6, 7], tags: { highway: 'primary', name: 'Lê Lợi' } },
    { id: 2, refs: [1, 2, 3, 1], tags: { 'addr:housenumber': '7' } },
    { id: 3, refs: [3, 6], tags: { highway: 'primary', name: 'Hàm Nghi' } },
    { id: 4, refs: [1, 2], tags: { highway: 'primary', name: 'Pasteur' } },
  ])
  const { ways, houses, incomplete } = await read(path)
  expect(ways.map(({ id, points }) => [id, points])).toEqual([
    ['w1', [10.001, 106, 10.002, 106]],
    ['w1-2', [10.004, 106, 10.005, 106]],
    ['w4', [10.001, 106, 10.002, 106]],
  ])
  expect(houses).toEqual([{ id: 'w2', number: '7', street: null, lat: (10.001 + 10.002) / 2, lon: 106 }])
  expect(incomplete).toBe(3)
})
