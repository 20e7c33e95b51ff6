import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DataUnreadable } from '../../../src/gazetteer/sealed.ts'
import { LayerCompiler } from '../../../src/gazetteer/streetLayer/compile.ts'
import {
  installedLayers,
  installLayer,
  layersFolder,
  manifestFile,
  rollBack,
} from '../../../src/gazetteer/streetLayer/installed.ts'
import { openLayer } from '../../../src/gazetteer/streetLayer/layer.ts'
import { LiveLayers, layersFrom } from '../../../src/gazetteer/streetLayer/live.ts'
import { SHIPPED_LAYER } from '../../../src/gazetteer/streetLayer/shippedHead.ts'
import { at, communeOf, compiled, east, head, line, opened, Pen, world } from './layerOf.ts'

const leLoi = (pen: Pen) => pen.way('Lê Lợi', line([10, 0], [500, 0])).house('7', 'Lê Lợi', [200, 20])
const nguyenHue = (pen: Pen) => pen.way('Nguyễn Huệ', line([10, 0], [500, 0]))
const named = (name: string) => ({ ...head, name })

describe('the file of a layer', () => {
  const { bytes, version } = compiled(leLoi)

  test('says where it comes from', () => {
    const layer = opened(bytes)
    expect(layer.head).toEqual(head)
    expect(layer.version).toBe(version)
    expect(layer.counts).toEqual({ streets: 1, alleys: 0, houses: 1, hamlets: 0 })
  })

  test('is the same whatever the order of the objects, and another for other objects', () => {
    const one = new LayerCompiler(world, head)
    const other = new LayerCompiler(world, head)
    const draw = [
      (pen: Pen) => pen.way('Lê Lợi', line([10, 0], [200, 0])),
      (pen: Pen) => pen.way('Lê Lợi', line([200, 0], [-300, 90]), { highway: 'primary' }),
      (pen: Pen) => pen.way('Hẻm 5 Lê Lợi', line([100, 0], [100, 50])),
      (pen: Pen) => pen.house('5/1', null, [105, 20]).house('9', 'Lê Lợi', [150, 10]),
      (pen: Pen) => pen.place('Ấp 1', [50, 50]).place('Ấp 2', [60, 50]),
    ]
    for (const step of draw) step(new Pen(one))
    for (const step of draw.reverse()) step(new Pen(other))
    expect(one.finish().bytes.equals(other.finish().bytes)).toBe(true)
    expect(compiled(nguyenHue).version).not.toBe(version)
  })

  test('is refused when it is damaged, truncated, of another kind, or names a commune that is gone', () => {
    const spoil = (place: number) => {
      const copy = Buffer.from(bytes)
      copy[place]! ^= 1
      return copy
    }
    for (const [broken, why] of [
      [spoil(bytes.length - 9), /damaged/],
      [spoil(20), /damaged/],
      [spoil(4), /format version/],
      [bytes.subarray(0, bytes.length - 8), /truncated/],
      [Buffer.from('{}'), /not a file of that kind/],
    ] as const) {
      expect(() => opened(broken)).toThrow(DataUnreadable)
      expect(() => opened(broken)).toThrow(why)
    }
    const whole = Uint8Array.from(bytes).buffer
    expect(() => openLayer(whole, 'x', () => undefined)).toThrow(/no commune 00002 any more/)
  })

  test('is not made of nothing, nor under a name that is no file name', () => {
    expect(() => compiled(() => {})).toThrow(/no named way and no house number/)
    expect(() => compiled(leLoi, named('../x'))).toThrow(/a layer's name/)
    expect(() => compiled(leLoi, { ...head, notice: 'x'.repeat(501) })).toThrow(/notice/)
  })
})

describe('layers in use', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'layers-'))
    writeFileSync(join(dir, SHIPPED_LAYER), compiled(leLoi, named('shipped')).bytes)
  })
  afterEach(() => rmSync(dir, { recursive: true }))
  const live = () => new LiveLayers(dir, communeOf)
  const names = ({ current }: LiveLayers) => current.layers.map(({ head }) => head.name)

  test('an imported layer is taken over while serving; what was taken before stays as it was', async () => {
    const layers = live()
    expect(layers.isShipped).toBe(true)
    const before = layers.current
    const { version } = compiled(nguyenHue, named('new'))
    expect(installLayer(dir, compiled(nguyenHue, named('new')).bytes).live).toBe(version)
    expect(layers.current).toBe(before)
    expect(await layers.look()).toBe(true)
    expect(await layers.look()).toBe(false)
    expect(names(layers)).toEqual(['new', 'shipped'])
    expect(layers.isShipped).toBe(false)
    expect(layers.current.version).not.toBe(before.version)
    expect(layers.current.streetsNamed('Nguyễn Huệ', east)[0]!.layer.head.name).toBe('new')
    expect(before.streetsNamed('Nguyễn Huệ')).toEqual([])
    expect(names(live())).toEqual(['new', 'shipped'])
  })

  test('watching notices it by itself within two seconds', async () => {
    const layers = live()
    let changes = 0
    const stop = layers.watch(
      (error) => expect.unreachable(error.message),
      () => changes++,
    )
    installLayer(dir, compiled(nguyenHue, named('new')).bytes)
    for (let waited = 0; waited < 40 && names(layers).length < 2; waited++) await setTimeout(50)
    stop()
    expect(names(layers)).toEqual(['new', 'shipped'])
    expect(changes).toBe(1)
  })

  test('a layer that cannot be read yet leaves the others in use, and is tried again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const layers = live()
      const { live: version } = installLayer(dir, compiled(nguyenHue, named('new')).bytes)
      installLayer(dir, compiled(nguyenHue, named('other')).bytes)
      const file = join(layersFolder(dir), `new-${version}.layer`)
      const whole = readFileSync(file)
      rmSync(file)
      await expect(layers.look()).rejects.toThrow(DataUnreadable)
      expect(names(layers)).toEqual(['other', 'shipped'])
      writeFileSync(file, whole)
      expect(await layers.look()).toBe(false)
      vi.advanceTimersByTime(5_000)
      expect(await layers.look()).toBe(true)
      expect(names(layers)).toEqual(['other', 'new', 'shipped'])
    } finally {
      vi.useRealTimers()
    }
  })

  test('while a new version cannot be read the one in use stays', async () => {
    const { live: first } = installLayer(dir, compiled(leLoi, named('mine')).bytes)
    const layers = live()
    const { live: second } = installLayer(dir, compiled(nguyenHue, named('mine')).bytes)
    writeFileSync(join(layersFolder(dir), `mine-${second}.layer`), 'rubbish')
    await expect(layers.look()).rejects.toThrow(DataUnreadable)
    expect(layers.current.layers[0]!.version).toBe(first)
  })

  test('a damaged version is not gone back to', () => {
    const { live: first } = installLayer(dir, compiled(leLoi, named('mine')).bytes)
    const { live: second } = installLayer(dir, compiled(nguyenHue, named('mine')).bytes)
    writeFileSync(join(layersFolder(dir), `mine-${first}.layer`), 'rubbish')
    expect(() => rollBack(dir, 'mine')).toThrow(DataUnreadable)
    expect(installedLayers(dir)[0]!.live).toBe(second)
  })

  test.each([
    '{"format":1}',
    '{"format":1,"layers":null}',
    '{"format":1,"layers":[null]}',
    'null',
    '{"format":1,"layers":[{"name":"a","live":"ab","versions":[{"version":"ab","file":"../../a","installed":""}]}]}',
  ])('the list %s is refused with a way out', (text) => {
    installLayer(dir, compiled(nguyenHue, named('new')).bytes)
    writeFileSync(manifestFile(dir), text)
    expect(() => live()).toThrow(/manifest\.json.*delete it and import them again/)
  })

  test('a layer of the same name takes the place, and goes back version by version', async () => {
    const first = compiled(leLoi, named('mine'))
    const second = compiled((pen) => nguyenHue(leLoi(pen)), named('mine'))
    installLayer(dir, first.bytes)
    installLayer(dir, second.bytes)
    expect(installedLayers(dir)).toMatchObject([
      {
        name: 'mine',
        live: second.version,
        versions: [{ version: second.version }, { version: first.version }],
      },
    ])
    const layers = live()
    expect(names(layers)).toEqual(['mine', 'shipped'])
    expect(rollBack(dir, 'mine').live).toBe(first.version)
    await layers.look()
    expect(layers.current.layers[0]!.version).toBe(first.version)
    expect(rollBack(dir, 'mine').live).toBe(null)
    await layers.look()
    expect(layers.isShipped).toBe(true)
    expect(() => rollBack(dir, 'mine')).toThrow(/out of use/)
    expect(rollBack(dir, 'mine', second.version).live).toBe(second.version)
    expect(() => rollBack(dir, 'mine', 'ffffffffffff')).toThrow(/no version/)
    expect(() => rollBack(dir, 'other')).toThrow(/no imported layer other/)
  })

  test('one that bears the name of the shipped layer is used in its place', () => {
    installLayer(dir, compiled(nguyenHue, named('shipped')).bytes)
    expect(names(live())).toEqual(['shipped'])
    expect(live().current.streetsNamed('Lê Lợi')).toEqual([])
  })

  test('the same streets and houses of a later layer are left out', () => {
    installLayer(dir, compiled((pen) => nguyenHue(leLoi(pen)), named('new')).bytes)
    const { current } = live()
    expect(current.streetsOf(east).map(({ name, layer }) => [name, layer.head.name])).toEqual([
      ['Lê Lợi', 'new'],
      ['Nguyễn Huệ', 'new'],
    ])
    const { lat, lon } = at(200, 15)
    expect(current.housesNear(lat, lon, 100, 9).map(({ house }) => house.layer.head.name)).toEqual(['new'])
    expect(current.nearestStreets(lat, lon, 100, 9)).toHaveLength(2)
    const [street] = current.streetsNamed('Lê Lợi', east)
    expect(current.housesOf(street!)).toHaveLength(1)
  })

  test('old versions are kept for going back, but not for ever', () => {
    for (const length of [100, 200, 300, 400, 500])
      installLayer(dir, compiled((pen) => pen.way('Lê Lợi', line([10, 0], [length, 0])), named('mine')).bytes)
    expect(installedLayers(dir)[0]!.versions).toHaveLength(3)
  })

  test('a broken layer or list is told of and the layers stay in use', async () => {
    const layers = live()
    const { live: version } = installLayer(dir, compiled(nguyenHue, named('new')).bytes)
    writeFileSync(join(layersFolder(dir), `new-${version}.layer`), 'rubbish')
    await expect(layers.look()).rejects.toThrow(DataUnreadable)
    expect(names(layers)).toEqual(['shipped'])
    expect(await layers.look()).toBe(false)
    writeFileSync(manifestFile(dir), '{"format":')
    await expect(layers.look()).rejects.toThrow(DataUnreadable)
    expect(names(layers)).toEqual(['shipped'])
    expect(() => live()).toThrow(DataUnreadable)
  })

  test('bytes that are no layer are not installed', () => {
    expect(() => installLayer(dir, Buffer.from('rubbish'))).toThrow(DataUnreadable)
    expect(installedLayers(dir)).toEqual([])
  })

  test('a thread opens the buffers of its parent', () => {
    const { current } = live()
    const shared = current.layers.map(({ buffer }) => buffer)
    expect(shared[0]).toBeInstanceOf(SharedArrayBuffer)
    expect(layersFrom(shared, communeOf).version).toBe(current.version)
  })
})
