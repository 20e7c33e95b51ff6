import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildBoundaries, SEED_FILE, SHIPPED_INDEX } from '../../src/gazetteer/boundaries/build.ts'
import { decodeCompact, encodeCompact } from '../../src/gazetteer/boundaries/compact.ts'
import { compileBoundaries } from '../../src/gazetteer/boundaries/compile.ts'
import { type BoundaryFault, BoundaryFaults } from '../../src/gazetteer/boundaries/faults.ts'
import { ringsOf } from '../../src/gazetteer/boundaries/geojson.ts'
import { IMPORTED_INDEX, importBoundaries } from '../../src/gazetteer/boundaries/import.ts'
import { boundariesFrom, loadBoundaries } from '../../src/gazetteer/boundaries/load.ts'
import { DataUnreadable } from '../../src/gazetteer/sealed.ts'
import { patchwork, type Ring, seeded } from '../geo/shapes.ts'

const communes = ['00004', '00008', '06970', '27673'].map((code) => ({ code }))
const codes = communes.map(({ code }) => code)

const closed = (ring: Ring) => [...ring, ring[0]!].map(([x, y]) => [x / 1e6, y / 1e6])
const feature = (code: unknown, rings: unknown, type = 'Polygon') => ({
  type: 'Feature',
  properties: { code },
  geometry: { type, coordinates: rings },
})
const collection = (features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features })
/** Four communes of about 2 km that leave no gap; Ba Chẽ under its other code. */
const shapes = patchwork(2, 30, 20_000, seeded(3))
const features = shapes.map(([ring], at) => feature(at === 2 ? '06978' : codes[at], [closed(ring!)]))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boundaries-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function writeSeed(own: unknown[] = features): Buffer {
  const compact = compileBoundaries(ringsOf(own, codes, 'test'), codes, 2, 'test')
  const bytes = encodeCompact(compact)
  writeFileSync(join(folder, SEED_FILE), bytes)
  return bytes
}

function faultsOf(own: unknown[], known = codes): BoundaryFault[] {
  try {
    ringsOf(own, known, 'test')
  } catch (error) {
    if (error instanceof BoundaryFaults) return [...error.faults]
    throw error
  }
  return []
}

test('build and load: every commune answers in its own area, at sea none', () => {
  writeSeed()
  const report = buildBoundaries(folder, folder, communes)
  const boundaries = loadBoundaries(folder, communes)
  expect(report).toMatchObject({
    communes: 4,
    version: boundaries.version,
    newOverlaps: [],
    knownOverlaps: [],
  })
  expect(boundaries).toMatchObject({ use: 'shipped', toleranceMetres: 2 })
  const middles = [0, 1, 2, 3].map((at) => [16.01 + 0.02 * (at >> 1), 106.01 + 0.02 * (at & 1)] as const)
  expect(middles.map(([lat, lon]) => boundaries.communeAt(lat, lon))).toEqual([0, 1, 2, 3])
  expect(boundaries.communeAt(16.1, 106.1)).toBe(-1)
  expect(boundaries.distanceTo(1, 16.01, 106.01, 5000)).toBeGreaterThan(500)
  expect(
    boundaries
      .communesWithin(16.02, 106.02, 100)
      .map(({ index }) => index)
      .sort(),
  ).toEqual([0, 1, 2, 3])
})

test('a thread opens the shared buffer without a copy and answers the same', () => {
  writeSeed()
  buildBoundaries(folder, folder, communes)
  const first = loadBoundaries(folder, communes)
  expect(first.buffer).toBeInstanceOf(SharedArrayBuffer)
  const second = boundariesFrom(first.buffer, communes)
  expect(second.buffer).toBe(first.buffer)
  expect(second.version).toBe(first.version)
  expect(second.communeAt(16.03, 106.03)).toBe(3)
})

test('the order of communes in the gazetteer, not in the file, is the order of the answers', () => {
  writeSeed()
  const turned = [...communes].reverse()
  buildBoundaries(folder, folder, turned)
  expect(loadBoundaries(folder, turned).communeAt(16.01, 106.01)).toBe(3)
  expect(() => loadBoundaries(folder, communes)).toThrow(/made for other communes/)
})

test('the compact form comes back as it went in, in the same bytes whatever the order of the features', () => {
  const bytes = writeSeed()
  expect(writeSeed([...features].reverse())).toEqual(bytes)
  const compact = compileBoundaries(ringsOf(features, codes, 'test'), codes, 2, 'test')
  expect(decodeCompact(bytes, 'test')).toEqual(compact)
})

test('a seed or an index that is cut, changed, foreign or of another version is named, not believed', () => {
  const seed = writeSeed()
  buildBoundaries(folder, folder, communes)
  const files: [string, Buffer, () => unknown][] = [
    [SEED_FILE, seed, () => buildBoundaries(folder, folder, communes)],
    [SHIPPED_INDEX, readFileSync(join(folder, SHIPPED_INDEX)), () => loadBoundaries(folder, communes)],
  ]
  for (const [name, bytes, read] of files) {
    const spoil = (at: number) => {
      const copy = Buffer.from(bytes)
      copy[at]! ^= 1
      return copy
    }
    const spoiled: [Buffer, RegExp][] = [
      [Buffer.alloc(0), /not a file of that kind/],
      [Buffer.from('{"type":"FeatureCollection"}'), /not a file of that kind/],
      [spoil(4), /format version 0, this program reads 1/],
      [bytes.subarray(0, bytes.length - 7), /truncated/],
      [spoil(bytes.length - 9), /damaged/],
      [spoil(20), /damaged/],
    ]
    for (const [broken, message] of spoiled) {
      writeFileSync(join(folder, name), broken)
      expect(read).toThrow(message)
      expect(read).toThrow(DataUnreadable)
      expect(read).toThrow(name)
    }
    writeFileSync(join(folder, name), bytes)
    expect(read).not.toThrow()
  }
  rmSync(join(folder, SHIPPED_INDEX))
  expect(() => loadBoundaries(folder, communes)).toThrow(/cannot be read \(ENOENT\): run "npm run build"/)
})

test('an import takes the place of the shipped boundaries, and deleting it gives them back', () => {
  writeSeed()
  const shipped = buildBoundaries(folder, folder, communes)
  // The official line runs 5 km farther east: everything is moved.
  const moved = shapes.map(([ring], at) =>
    feature(codes[at], [[closed(ring!.map(([x, y]) => [x + 50_000, y]))]], 'MultiPolygon'),
  )
  const file = join(folder, 'official.geojson.gz')
  writeFileSync(file, gzipSync(collection(moved)))
  const report = importBoundaries(file, folder, communes, { toleranceMetres: 1 })
  const boundaries = loadBoundaries(folder, communes)
  expect(boundaries).toMatchObject({
    use: 'imported',
    origin: 'imported from official.geojson.gz',
    toleranceMetres: 1,
    version: report.version,
  })
  expect(boundaries.version).not.toBe(shipped.version)
  expect([boundaries.communeAt(16.01, 106.01), boundaries.communeAt(16.01, 106.06)]).toEqual([-1, 0])
  rmSync(join(folder, IMPORTED_INDEX))
  expect(loadBoundaries(folder, communes)).toMatchObject({ use: 'shipped', version: shipped.version })
})

test('a refused import leaves what was in use', () => {
  writeSeed()
  const { version } = buildBoundaries(folder, folder, communes)
  const file = join(folder, 'broken.geojson')
  for (const text of ['', 'not json', '[]', '{"type":"Feature"}', 'null', collection([])]) {
    writeFileSync(file, text)
    expect(() => importBoundaries(file, folder, communes)).toThrow(BoundaryFaults)
  }
  writeFileSync(file, gzipSync(collection(features)).subarray(0, 500))
  expect(() => importBoundaries(file, folder, communes)).toThrow(/not-geojson/)
  writeFileSync(file, collection(features))
  for (const toleranceMetres of [-1, 101, Number.NaN]) {
    expect(() => importBoundaries(file, folder, communes, { toleranceMetres })).toThrow(/0 to 100 metres/)
  }
  expect(() => importBoundaries(join(folder, 'absent'), folder, communes)).toThrow(/ENOENT/)
  expect(loadBoundaries(folder, communes).version).toBe(version)
})

test('every fault of a file has its name', () => {
  const [a, b, c, d] = features
  const ring = closed(shapes[0]![0]!)
  const cases: [unknown[], string, RegExp][] = [
    [[a, b, c, d, { type: 'Feature', properties: {}, geometry: null }], 'missing-code', /feature 4/],
    [[a, b, c, feature(27673, [ring])], 'missing-code', /feature 3/],
    [[a, b, c, d, null], 'missing-code', /feature 4/],
    [[a, b, c, d, feature('99999', [ring])], 'unknown-code', /99999/],
    [[a, b, c, d, d], 'duplicate-code', /27673/],
    [[a, b, c, d, feature('06970', [ring])], 'duplicate-code', /06970/],
    [[a, b, c], 'missing-commune', /27673/],
    [[a, b, c, { ...feature('27673', [ring]), geometry: null }], 'not-a-polygon', /without geometry/],
    [[a, b, c, feature('27673', [106, 16], 'Point')], 'not-a-polygon', /Point/],
    [[a, b, c, feature('27673', [])], 'bad-ring', /27673/],
    [[a, b, c, feature('27673', [ring.slice(0, 3)])], 'bad-ring', /four positions/],
    [[a, b, c, feature('27673', [ring.slice(0, -1)])], 'bad-ring', /four positions/],
    [[a, b, c, feature('27673', [ring.with(2, ['106', null] as never)])], 'bad-ring', /four positions/],
    [[a, b, c, feature('27673', [ring.map(([x, y]) => [y!, x!])])], 'not-degrees', /27673/],
    [[a, b, c, feature('27673', [ring.map(([x, y]) => [x! * 1e4, y! * 1e5])])], 'not-degrees', /27673/],
  ]
  for (const [own, code, detail] of cases) {
    const faults = faultsOf(own)
    expect(faults.map((fault) => fault.code)).toContain(code)
    expect(faults.find((fault) => fault.code === code)!.detail).toMatch(detail)
  }
  expect(faultsOf(features)).toEqual([])
})

test('communes that overlap stop the build with their codes and square kilometres, but for the known three', () => {
  const over = (own: readonly string[]) => {
    const wide = shapes.map(([ring], at) =>
      feature(own[at], [closed(ring!.map(([x, y]) => (at === 1 ? [x - 5000, y] : [x, y])))]),
    )
    return () => compileBoundaries(ringsOf(wide, own, 'test'), own, 2, 'test')
  }
  expect(over(codes)).toThrow(/overlap: 00004 and 00008 share 1\.\d+ km2/)
  const known = ['02647', '02683', '06970', '27673']
  const compact = over(known)()
  writeFileSync(join(folder, SEED_FILE), encodeCompact(compact))
  const report = buildBoundaries(
    folder,
    folder,
    known.map((code) => ({ code })),
  )
  expect(report.knownOverlaps.map((overlap) => overlap.codes)).toEqual([['02647', '02683']])
  expect(report.newOverlaps).toEqual([])
  // The seed can be hand-made or old: the build checks it again.
  writeFileSync(join(folder, SEED_FILE), encodeCompact({ ...compact, codes }))
  expect(() => buildBoundaries(folder, folder, communes)).toThrow(/00004 and 00008 share/)
})

test('a ring that crosses itself is named', () => {
  const bow: Ring = [
    [106_000_000, 16_000_000],
    [106_020_000, 16_020_000],
    [106_020_000, 16_000_000],
    [106_000_000, 16_020_000],
  ]
  const own = [feature('00004', [closed(bow)])]
  expect(() => compileBoundaries(ringsOf(own, ['00004'], 'test'), ['00004'], 2, 'test')).toThrow(
    /self-crossing: 00004: its rings enclose 0\.00 km2 but cover 2\.\d+ km2/,
  )
})

test('a seed without a commune, or with one too many, stops the build', () => {
  writeSeed()
  expect(() => buildBoundaries(folder, folder, [...communes, { code: '00025' }])).toThrow(
    /missing-commune: 00025/,
  )
  expect(() => buildBoundaries(folder, folder, communes.slice(1))).toThrow(/unknown-code: 00004/)
})

test('areas more than a tenth off the declared ones are reported and stop nothing', () => {
  writeSeed()
  const report = buildBoundaries(
    folder,
    folder,
    communes.map(({ code }, at) => ({ code, declaredKm2: at === 1 ? 2 : 4.738 })),
  )
  expect(report.areaDifferences.map(({ code, declaredKm2 }) => [code, declaredKm2])).toEqual([['00008', 2]])
})
