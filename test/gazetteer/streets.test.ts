import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dataDirectory } from '../../src/gazetteer/directory.ts'
import { load } from '../../src/gazetteer/load.ts'
import { streetKeys } from '../../src/gazetteer/streetsKey.ts'
import { readStreetTables, validateStreets } from '../../src/gazetteer/streetsTables.ts'
import { readTables } from '../../src/gazetteer/tables.ts'

const gazetteer = load()
const communes = (name: string, alley?: string) =>
  gazetteer.communesOfStreet(name, alley).map(({ commune }) => commune.name)

describe('the key of a street', () => {
  test.each([
    ['Đường Nguyễn Trãi', 'nguyen trai'],
    ['Phố Huế', 'hue'],
    ['Dương Quảng Hàm', 'duong quang ham'],
    ['Phó Đức Chính', 'pho duc chinh'],
    ['Đường số 10', '10'],
    ['Số 10A', '10a'],
    ['Số D33', 'd33'],
    ['Đại lộ Võ Văn Kiệt', 'vo van kiet'],
    ['QL1A', 'quoc lo 1'],
    ['Quốc Lộ 1', 'quoc lo 1'],
    ['ĐT 741', 'tinh lo 741'],
    ['Đường tỉnh 741', 'tinh lo 741'],
    ['HL.11', 'huong lo 11'],
    ['Đường 3 tháng 2', '3 2'],
    ['Đường 30/4', '30 4'],
    ['CMT8', 'cach mang thang 8'],
    ['CMTT', 'cach mang thang 8'],
    ['Cách Mạng Tháng Tám', 'cach mang thang 8'],
  ])('%s is %s', (name, key) => expect(streetKeys(name)[0]).toBe(key))

  test('a type word without marks may be part of the name', () => {
    expect(streetKeys('Duong Quang Ham')).toEqual(['duong quang ham', 'quang ham'])
    expect(streetKeys('Đ. Láng')).toEqual(['d lang', 'lang'])
  })
})

describe('the communes of a street', () => {
  test('are those that it runs through, the longest part first', () => {
    // Phố Huế begins in the former Hoàn Kiếm and goes on through Hai Bà Trưng
    expect(communes('Phố Huế')).toEqual(['Hai Bà Trưng', 'Cửa Nam'])
    expect(communes('Lê Văn Sỹ')).toEqual(['Nhiêu Lộc', 'Phú Nhuận', 'Tân Sơn Hòa'])
    const metres = gazetteer.communesOfStreet('Lê Văn Sỹ').map((part) => part.metres)
    expect(metres).toEqual([...metres].sort((a, b) => b - a))
    expect(communes('Láng Hạ')).toEqual(['Ô Chợ Dừa', 'Giảng Võ'])
  })

  test('are found however the name is written', () => {
    for (const name of ['le van si', 'Đường Lê Văn Sỹ', 'D. LE VAN SY', 'Lê Văn Sỹ'.normalize('NFD')])
      expect(communes(name), name).toEqual(communes('Lê Văn Sỹ'))
    expect(communes('Duong Quang Ham')).toEqual(['An Nhơn', 'Hạnh Thông'])
    expect(communes('CMT8')).toEqual(communes('Cách Mạng Tháng Tám'))
  })

  test('are fewer for one of its alleys', () => {
    expect(communes('Lê Văn Sỹ', '209/14')).toEqual(['Nhiêu Lộc'])
    expect(communes('Lê Văn Sỹ', '99999')).toEqual([])
  })

  test('count its addresses', () => {
    const [most] = gazetteer.communesOfStreet('Tôn Đức Thắng').filter(({ addresses }) => addresses > 10)
    expect(most?.commune.fullName).toBe('Phường Văn Miếu - Quốc Tử Giám')
  })

  test('are those of the nearest number on the same side of the street', () => {
    const parts = ['Nhiêu Lộc', 'Phú Nhuận', 'Tân Sơn Hòa'].map(
      (name) => gazetteer.communes.find((commune) => commune.name === name)!,
    )
    const nearest = (number: string, among = parts) => {
      const found = gazetteer.nearestNumber('Lê Văn Sỹ', number, among)
      return found && [found.number, found.commune.name]
    }
    expect(nearest('209/14')).toEqual([209, 'Nhiêu Lộc'])
    expect(nearest('211')).toEqual([209, 'Nhiêu Lộc'])
    expect(nearest('209', [parts[1]!])?.[1]).toBe('Phú Nhuận')
    expect(Number(nearest('210')?.[0]) % 2).toBe(0)
    expect(nearest('209', [])).toBeNull()
    expect(nearest('A')).toBeNull()
    expect(gazetteer.nearestNumber('Trương Văn Hoàn', '4', parts)).toBeNull()
  })

  test('are none for a street that is not mapped', () => {
    for (const name of ['Trương Văn Hoàn', '', 'xyz', 'Đường']) expect(communes(name), name).toEqual([])
  })
})

describe('the districts of a street', () => {
  const districts = (name: string) =>
    gazetteer.districtsOfStreet(name).map(({ name, province }) => `${name}, ${province.name}`)

  test('are those of June 2025', () => {
    expect(districts('Phố Huế')).toEqual(['Hoàn Kiếm, Hà Nội', 'Hai Bà Trưng, Hà Nội'])
    expect(districts('Trương Văn Hoàn')).toEqual(['Đà Lạt, Lâm Đồng'])
    // Quận 9 of 2019 is part of Thủ Đức
    expect(districts('Tăng Nhơn Phú')).toEqual(['Thủ Đức, Hồ Chí Minh'])
  })

  test('are both that an old district was divided into', () => {
    expect(districts('Đào Duy Anh').filter((name) => name.endsWith(', Huế'))).toEqual([
      'Thuận Hóa, Huế',
      'Phú Xuân, Huế',
    ])
  })
})

test('the core of a split commune is the successor that holds the places of its name', () => {
  const core = (code: string) => gazetteer.coreOf(gazetteer.formerCommune(code)!)?.fullName ?? null
  // Phú Mỹ of the former Quận 7: Phú Thuận and Tân Mỹ have parts of it
  expect(core('27493')).toBe('Phường Tân Mỹ')
  // whole
  expect(core('00001')).toBeNull()
  for (const former of gazetteer.formerCommunes) {
    const found = gazetteer.coreOf(former)
    if (found)
      expect(former.successors.length > 1 && former.successors.some((s) => s.current === found)).toBe(true)
  }
})

test('the names are clean', () => {
  const { streetNames } = gazetteer
  expect(streetNames.length).toBeGreaterThan(15_000)
  expect(new Set(streetNames).size).toBe(streetNames.length)
  for (const name of ['Mạc Đĩnh Chi', 'Phố Huế', 'Đường số 10', 'Đường 3/2', 'Cách Mạng Tháng Tám'])
    expect(streetNames).toContain(name)
  expect(streetNames).not.toContain('Mạc Đỉnh Chi')
  const broken = streetNames.filter((name) =>
    /[,;_()]|^[a-z]|^(Hẻm|Ngách|Ngõ|Hem) \d|\s{2}|^\s|\s$/.test(name),
  )
  expect(broken).toEqual([])
})

const NONE = {
  streets: [],
  'former-streets': [],
  'osm/streets': [],
  'osm/former-streets': [],
  'osm/split-communes': [],
  'osm/former-grounds': [],
}

describe('a fault of the tables is named', () => {
  const tables = readTables('seeds')
  const sound = readStreetTables('seeds')
  test('and the committed ones have none', () => expect(validateStreets(sound, tables)).toEqual([]))

  const names = { former_district_code: '002', names: 'Phố Huế' }
  const run = { name: 'Phố Huế', number: '', commune_code: '00070', metres: '167', addresses: '0' }
  test.each([
    [{ ...names, former_district_code: '999' }, run, 'streets: no such former district 999'],
    [{ ...names, names: 'Phố Huế;Huế' }, run, 'streets: 002 has Huế twice'],
    [{ ...names, names: '' }, run, 'streets: 002 has the broken name ""'],
    [names, { ...run, commune_code: '99999' }, 'osm/streets: Phố Huế in 99999: no such current commune'],
    [
      names,
      { ...run, metres: '0' },
      'osm/streets: Phố Huế in 00070 has the broken measure "0" metres, "0" addresses',
    ],
    [
      names,
      { ...run, metres: '1.5' },
      'osm/streets: Phố Huế in 00070 has the broken measure "1.5" metres, "0" addresses',
    ],
  ])('%#', (streets, osm, fault) =>
    expect(validateStreets({ ...NONE, streets: [streets], 'osm/streets': [osm] }, tables)).toEqual([fault]),
  )
})

test('a core that is no part of its commune is a fault', () => {
  const cores = (code: string, core: string, places: string) => {
    const row = { former_code: code, core_commune_code: core, places }
    return validateStreets({ ...NONE, 'osm/split-communes': [row] }, readTables('seeds'))
  }
  expect(cores('00112', '00004', '1')).toEqual([])
  expect(cores('00112', '00008', '0')).toEqual([
    'osm/split-communes: no part of 00112 went to 00008',
    'osm/split-communes: 00112 has "0" places',
  ])
})

test('the ground of a former commune lies in the commune that took it', () => {
  const faults = (code: string, commune: string, lat: string) => {
    const row = { former_code: code, commune_code: commune, lat, lon: '105.85', spread_metres: '200' }
    return validateStreets({ ...NONE, 'osm/former-grounds': [row] }, readTables('seeds'))
  }
  expect(faults('00079', '00070', '21.025')).toEqual([])
  expect(faults('00079', '00004', '20.5')).toEqual([
    'osm/former-grounds: 00079 in 00004 went elsewhere',
    'osm/former-grounds: 00079 in 00004 lies outside it',
  ])
})

test('a street in a former commune that is none, or of which nothing went there, is a fault', () => {
  const tables = readTables('seeds')
  const ward = { former_code: '00079', names: 'Tràng Tiền;Cổ Tân' }
  const run = { name: 'Tràng Tiền', number: '', commune_code: '00070', former_code: '00079', metres: '9' }
  const faults = (wards: object, runs: object) =>
    validateStreets(
      { ...NONE, 'former-streets': [{ ...ward, ...wards }], 'osm/former-streets': [{ ...run, ...runs }] },
      tables,
    )
  expect(faults({}, {})).toEqual([])
  expect(faults({ former_code: '99999', names: '' }, {})).toEqual([
    'former-streets: no such former commune 99999',
    'former-streets: 99999 has the broken name ""',
  ])
  expect(faults({}, { commune_code: '00004', metres: '0' })).toEqual([
    'osm/former-streets: Tràng Tiền in 00079, now 00004,: nothing of 00079 went there',
    'osm/former-streets: Tràng Tiền in 00079, now 00004, has the broken measure "0" metres',
  ])
})

describe('loading', () => {
  test('says what to run when the streets are missing or of another build', () => {
    const dir = mkdtempSync(join(tmpdir(), 'streets-'))
    for (const name of ['units.json', 'streets-osm.json'])
      cpSync(join(dataDirectory(), name), join(dir, name))
    const shared = gazetteer.shared
    expect(() => load(dir, shared)).toThrow(/streets\.json cannot be read \(ENOENT\): run "npm run build"/)
    const text = readFileSync(join(dataDirectory(), 'streets.json'), 'utf8')
    writeFileSync(join(dir, 'streets.json'), text.replace(/"version":"\w+"/, '"version":"000000000000"'))
    expect(() => load(dir, shared).streetNames).toThrow(/not of this gazetteer: run "npm run build"/)
    rmSync(dir, { recursive: true })
  })
})

const MADE = [
  'streets.csv',
  'former-streets.csv',
  'osm/streets.csv',
  'osm/former-streets.csv',
  'osm/split-communes.csv',
]
const shared = resolve(process.env.VPOSTCODE_SHARED ?? '../shared')

// the reference data is not part of the repository: without it nothing can be made again
test.skipIf(!existsSync(join(shared, 'data/streets')))(
  'the script makes the committed tables, byte for byte',
  { timeout: 180_000 },
  () => {
    const dir = mkdtempSync(join(tmpdir(), 'streets-'))
    cpSync('seeds', join(dir, 'seeds'), { recursive: true })
    for (const name of MADE) rmSync(join(dir, 'seeds', name))
    const script = ['--import', import.meta.resolve('tsx'), resolve('scripts/seeds/streets.ts')]
    const run = spawnSync(process.execPath, script, {
      cwd: dir,
      env: { ...process.env, VPOSTCODE_SHARED: shared },
    })
    expect(run.status, String(run.stderr)).toBe(0)
    for (const name of MADE)
      expect(
        readFileSync(join(dir, 'seeds', name), 'utf8') === readFileSync(join('seeds', name), 'utf8'),
        name,
      ).toBe(true)
    rmSync(dir, { recursive: true })
  },
)
