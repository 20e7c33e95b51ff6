import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { dataDirectory } from '../../src/gazetteer/directory.ts'
import { load } from '../../src/gazetteer/load.ts'
import { LayerCompiler } from '../../src/gazetteer/streetLayer/compile.ts'
import { installLayer } from '../../src/gazetteer/streetLayer/installed.ts'
import { compilerWorld } from '../../src/gazetteer/streetLayer/world.ts'

const gazetteer = load()

describe('the loaded world', () => {
  test('has every unit of both eras', () => {
    const { provinces, communes, formerProvinces, districts, formerCommunes } = gazetteer
    expect(
      [provinces, communes, formerProvinces, districts, formerCommunes].map((units) => units.length),
    ).toEqual([34, 3321, 63, 696, 10035])
    const edges = formerCommunes.flatMap((commune) => commune.successors)
    expect(edges).toHaveLength(10571 - 6)
    expect(formerCommunes.filter((commune) => commune.successors.length > 1)).toHaveLength(440)
    expect(communes.flatMap((commune) => commune.sources)).toHaveLength(edges.length)
    expect(communes.every((commune, index) => commune.index === index)).toBe(true)
    expect(formerCommunes.every((commune, index) => commune.index === index)).toBe(true)
  })

  test('keys units by code and era', () => {
    expect(gazetteer.formerCommune('26740')?.fullName).toBe('Phường Bến Nghé')
    expect(gazetteer.commune('26740')?.fullName).toBe('Phường Sài Gòn')
    expect(gazetteer.province('24', 'former')?.fullName).toBe('Tỉnh Bắc Giang')
    expect(gazetteer.province('24', 'current')?.fullName).toBe('Thành phố Bắc Ninh')
    expect(gazetteer.commune('99999')).toBeUndefined()
  })

  test('knows a commune by either of its two codes, its postcode and the prefix of that', () => {
    expect(gazetteer.commune('06978')).toBe(gazetteer.commune('06970'))
    expect(gazetteer.communeByPostcode('71009')?.fullName).toBe('Phường Bến Thành')
    expect(gazetteer.provinceByPrefix('71')?.name).toBe('Hồ Chí Minh')
    expect(gazetteer.provinceByPrefix('09')).toBeUndefined()
  })

  test('shows the type of today and when it changed', () => {
    const { type, fullName, typeChange } = gazetteer.commune('07294')!
    expect({ type, fullName, typeChange }).toEqual({
      type: 'phuong',
      fullName: 'Phường Bố Hạ',
      typeChange: { from: 'xa', to: 'phuong', on: '2026-09-20' },
    })
    expect(gazetteer.communes.filter((commune) => commune.typeChange)).toHaveLength(22)
    expect(
      gazetteer.provinces.filter((province) => province.typeChange).map((province) => province.name),
    ).toEqual(['Quảng Ninh', 'Bắc Ninh', 'Đồng Nai'])
  })

  test('puts a district under its true province although one list has it twice', () => {
    expect(gazetteer.district('794')?.province.name).toBe('Long An')
    expect(gazetteer.district('900')?.province.name).toBe('Kiên Giang')
  })

  test('keeps the second spelling of a former name', () => {
    expect(gazetteer.formerCommune('03244')).toMatchObject({ name: 'Xá Nhè', otherNames: ['Sáng Nhè'] })
    expect(gazetteer.district('540')).toMatchObject({ name: 'Quy Nhơn', otherNames: ['Qui Nhơn'] })
  })

  test('cannot be changed by a reader', () => {
    const commune = gazetteer.commune('00004')!
    for (const part of [gazetteer.communes, commune, commune.sources, commune.inside, commune.otherNames])
      expect(Object.isFrozen(part)).toBe(true)
  })
})

describe('the relation', () => {
  const successors = (code: string) =>
    gazetteer
      .formerCommune(code)!
      .successors.map(({ current, whole, takesPopulation }) => [current.name, whole, takesPopulation])

  test('names the successor that takes the population of a split commune first', () => {
    expect(successors('00112')).toEqual([
      ['Tây Hồ', false, true],
      ['Ba Đình', false, false],
    ])
  })

  test('gives nobody the population where the notes contradict each other', () => {
    expect(successors('18796').map(([name, , takes]) => [name, takes])).toEqual([
      ['Sông Trí', false],
      ['Vũng Áng', false],
      ['Hoành Sơn', false],
    ])
  })

  test('reads three misprinted codes by the name beside them', () => {
    expect(successors('01651')).toEqual([['Phục Hòa', true, false]])
    expect(successors('01615')).toEqual([['Bế Văn Đàn', true, false]])
    expect(successors('02482')).toEqual([['Thái Bình', true, false]])
    expect(successors('02485')).toEqual([['Trung Sơn', true, false]])
    expect(successors('00556')[0]).toEqual(['Thuận An', false, true])
  })

  test('leads an island district without communes to the commune that it became', () => {
    const became = gazetteer.districts
      .filter((district) => district.becameCommune)
      .map((district) => [district.name, district.becameCommune!.fullName])
    expect(became).toEqual([
      ['Bạch Long Vĩ', 'Đặc khu Bạch Long Vĩ'],
      ['Cồn Cỏ', 'Đặc khu Cồn Cỏ'],
      ['Hoàng Sa', 'Đặc khu Hoàng Sa'],
      ['Lý Sơn', 'Đặc khu Lý Sơn'],
      ['Côn Đảo', 'Đặc khu Côn Đảo'],
    ])
    expect(gazetteer.commune('22736')!.sources.map(({ former }) => former.name)).toEqual([
      'Trường Sa',
      'Song Tử Tây',
      'Sinh Tồn',
    ])
  })
})

describe('what was gone before June 2025', () => {
  const earlier = (name: string, districtName: string) =>
    gazetteer.earlierCommunes
      .filter((commune) => commune.name === name && commune.districtName === districtName)
      .map(({ fullName, code, asOf, successors }) => [
        fullName,
        code,
        asOf,
        ...successors.map((unit) => unit.fullName),
      ])

  test('merged communes lead to their successor, with the time they stood', () => {
    expect(earlier('7', 'Quận 3')).toEqual([['Phường 7', '27124', '2020', 'Phường Võ Thị Sáu']])
    expect(earlier('9', 'Quận 8')).toEqual([['Phường 9', '27403', '2024-12-31', 'Phường Hưng Phú']])
    expect(earlier('Sơn Nga', 'Huyện Cẩm Khê')).toEqual([['Xã Sơn Nga', '08368', '2019', 'Thị trấn Cẩm Khê']])
    expect(earlier('Minh Tâm', 'Huyện Thiệu Hóa')).toEqual([
      ['Xã Minh Tâm', null, '2024-01-31', 'Thị trấn Hậu Hiền'],
    ])
  })

  test('a commune that only changed its district is reachable under the earlier one', () => {
    expect(earlier('Phước Long A', 'Quận 9')).toEqual([
      ['Phường Phước Long A', '26851', '2020-12-31', 'Phường Phước Long A'],
    ])
    const moved = gazetteer.earlierCommunes.filter(
      ({ code, district }) =>
        code && gazetteer.formerCommune(code) && gazetteer.formerCommune(code)!.district !== district,
    )
    expect(moved.length).toBeGreaterThanOrEqual(248)
  })

  test('the communes of Lý Sơn lead to the special zone by their district', () => {
    const empty = gazetteer.earlierCommunes.filter((commune) => commune.successors.length === 0)
    expect(
      empty.map(({ name, asOf, district }) => [
        name,
        asOf,
        'becameCommune' in district && district.becameCommune?.name,
      ]),
    ).toEqual([
      ['An Vĩnh', '2020', 'Lý Sơn'],
      ['An Hải', '2020', 'Lý Sơn'],
      ['An Bình', '2020', 'Lý Sơn'],
    ])
  })

  test('abolished and raised districts lead to those that took their communes', () => {
    const districts = (name: string) =>
      gazetteer.earlierDistricts
        .filter((district) => district.name === name)
        .map(({ fullName, asOf, successors }) => [fullName, asOf, ...successors.map((unit) => unit.fullName)])
    expect(districts('9')).toEqual([['Quận 9', '2020-12-31', 'Thành phố Thủ Đức']])
    expect(districts('Trà Lĩnh')).toEqual([
      ['Huyện Trà Lĩnh', '2020', 'Huyện Trùng Khánh', 'Huyện Quảng Hòa'],
    ])
    expect(districts('Lộc Hà')).toEqual([['Huyện Lộc Hà', '2024', 'Huyện Thạch Hà', 'Thành phố Hà Tĩnh']])
    expect(districts('Đạ Huoai')).toEqual([['Huyện Đạ Huoai', '2024', 'Huyện Đạ Huoai']])
    expect(districts('Dĩ An')).toEqual([['Thị xã Dĩ An', '2020', 'Thành phố Dĩ An']])
  })
})

describe('loading', () => {
  const dir = mkdtempSync(join(tmpdir(), 'gazetteer-'))
  afterAll(() => rmSync(dir, { recursive: true }))
  const units = join(dir, 'units.json')

  test('says what to run when nothing is built', () => {
    expect(() => load(join(dir, 'nowhere'))).toThrow(/cannot be read \(ENOENT\): run "npm run build"/)
  })

  test('refuses a file that is cut off, another file and another format', () => {
    const text = readFileSync(join(dataDirectory(), 'units.json'), 'utf8')
    writeFileSync(units, text.slice(0, 1000))
    expect(() => load(dir)).toThrow(/cut off or broken: run "npm run build"/)
    writeFileSync(units, 'null')
    expect(() => load(dir)).toThrow(/is not a gazetteer/)
    writeFileSync(units, text.replace('"format":2', '"format":999'))
    expect(() => load(dir)).toThrow(/has format 999, this program reads 2: run "npm run build"/)
  })

  test('names the boundaries when only they are missing', () => {
    cpSync(join(dataDirectory(), 'units.json'), units)
    expect(() => load(dir)).toThrow(/boundaries.*run "npm run build"/)
  })

  test('shares the boundaries with a second load', () => {
    const second = load(undefined, gazetteer.shared)
    expect(second.boundaries.buffer).toBe(gazetteer.boundaries.buffer)
    expect(second.communes[second.boundaries.communeAt(10.7721, 106.6983)]?.fullName).toBe('Phường Bến Thành')
    expect(second.version).toBe(gazetteer.version)
  })

  test('street layers: a thread keeps those of its start, an import changes the version and is taken over', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'data-'))
    for (const name of [
      'units.json',
      'streets.json',
      'streets-osm.json',
      'streets-osm.layer',
      'boundaries.idx',
    ])
      symlinkSync(join(resolve(dataDirectory()), name), join(folder, name))
    const world = load(folder)
    expect(world.version).toBe(gazetteer.version)
    const commune = world.commune('26740')!
    const [shipped] = world.streetLayers.streetsNamed('Lê Lợi', commune)
    expect(shipped!.layer.head.notice).toBe('(c) OpenStreetMap contributors')
    const thread = load(folder, world.shared)

    const { lat, lon } = commune.inside
    const compiler = new LayerCompiler(compilerWorld(world), { ...shipped!.layer.head, name: 'mine' })
    const points = [lat, lon, lat + 1e-3, lon]
    compiler.way({ id: 'w1', name: 'Đường Mới Tinh', otherNames: [], highway: 'residential', points })
    installLayer(folder, compiler.finish().bytes)
    const stop = world.watchLayers(
      (error) => expect.unreachable(error.message),
      () => {},
    )
    const isNew = () => world.streetLayers.streetsNamed('Mới Tinh', commune).length === 1
    for (let waited = 0; waited < 60 && !isNew(); waited++) await setTimeout(50)
    stop()
    expect(isNew()).toBe(true)
    expect(world.streetLayers.streetsNamed('Lê Lợi', commune)[0]!.layer.head.name).toBe('osm-hcmc-hanoi')
    expect(world.version).toBe(`${gazetteer.version}-${world.streetLayers.version}`)
    expect(thread.streetLayers.streetsNamed('Mới Tinh', commune)).toEqual([])
    expect(thread.version).toBe(gazetteer.version)
    const again = load(folder, world.shared)
    expect(again.streetLayers.streetsNamed('Mới Tinh', commune)).toHaveLength(1)
    expect(again.version).toBe(load(folder).version)
    rmSync(folder, { recursive: true })
  })
})
