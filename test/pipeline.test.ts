import { beforeAll, describe, expect, test } from 'vitest'
import { load } from '../src/gazetteer/load.ts'
import type { Gazetteer } from '../src/gazetteer/types.ts'
import { communeCell } from '../src/pipeline/unitCells.ts'
import { prepareRow } from '../src/pipeline.ts'
import { keysOf } from '../src/registry/canonical.ts'
import type { KeyInput } from '../src/registry/key.ts'
import { encodeVpostcode } from '../src/vpostcode/vpostcode.ts'

let gazetteer: Gazetteer
beforeAll(() => {
  gazetteer = load()
})
const folded = (text: string) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D')
/** By which the registry knows the household of a draft. */
const keyOf = (draft: KeyInput) => keysOf(draft)[0]
const prepare = (fields: Parameters<typeof prepareRow>[0]) => prepareRow(fields, gazetteer)

/** In Phường Bến Thành (26743), Ho Chi Minh City: the check vector of the code. */
const BEN_THANH = { lat: '10.7721', lon: '106.6983' }
const ADDRESS = '12 Lê Lai, Phường Bến Thành, Thành phố Hồ Chí Minh'

describe('a row with an address and a point', () => {
  test('gets the code of its cell under the postcode of its commune', () => {
    const { draft, location, rejected } = prepare({ address: ADDRESS, ...BEN_THANH })
    expect(rejected).toBeNull()
    expect(draft).toMatchObject({
      communeCode: '26743',
      postcode: '71009',
      vpostcode: '71009QMCXR8V',
      review: [],
    })
    expect(draft!.parts).toEqual({ houseNumber: '12', street: 'Lê Lai' })
    expect(location).toMatchObject({ lat: 10.7721, lon: 106.6983, precision: 'point' })
  })

  test('keeps its code when latitude and longitude are swapped or have decimal commas, and says so', () => {
    const swapped = prepare({ address: ADDRESS, lat: BEN_THANH.lon, lon: BEN_THANH.lat })
    expect(swapped.draft?.vpostcode).toBe('71009QMCXR8V')
    expect(swapped.issues).toContain('swapped-coordinates')
    const commas = prepare({ address: ADDRESS, lat: '10,7721', lon: '106,6983' })
    expect(commas.draft?.vpostcode).toBe('71009QMCXR8V')
    expect(commas.issues).toContain('decimal-comma')
  })

  test('goes to review without a code when the point lies far from the commune of the text', () => {
    const { draft, issues } = prepare({ address: ADDRESS, lat: '21.0285', lon: '105.8542' })
    expect(draft).toMatchObject({ communeCode: '26743', vpostcode: null, review: ['point-far-from-commune'] })
    expect(issues).toContain('point-far-from-commune')
  })

  test('is coded under the commune of the text when the point lies just beyond its border', () => {
    const near = gazetteer.communes.flatMap((commune) => {
      const { boundaries } = gazetteer
      // A few metres steps from an inside point towards the east until the border is crossed.
      const { lat, lon } = commune.inside
      for (let step = 1; step < 2000; step++) {
        const east = lon + step * 0.0003
        if (boundaries.communeAt(lat, east) === commune.index) continue
        const metres = boundaries.distanceTo(commune.index, lat, east, 100)
        return metres > 0 && metres < 90 ? [{ commune, lat, lon: east }] : []
      }
      return []
    })
    expect(near.length).toBeGreaterThan(100)
    for (const { commune, lat, lon } of near.slice(0, 200)) {
      const { draft } = prepare({
        address: `5 Trần Phú, ${commune.fullName}, ${commune.province.fullName}`,
        lat: lat.toFixed(6),
        lon: lon.toFixed(6),
      })
      if (draft?.communeCode !== commune.code) continue // a name that stands twice in its province
      expect(draft.vpostcode?.slice(0, 5)).toBe(commune.postcode)
    }
  })

  test('gets no code from a point of three decimals: it is good to a hundred metres only', () => {
    const { draft, location, issues } = prepare({ address: ADDRESS, lat: '10.772', lon: '106.698' })
    expect(draft).toMatchObject({ point: null, vpostcode: null, review: [] })
    expect(location?.accuracy).toBe(111)
    expect(issues).toContain('coarse-coordinates')
  })

  test('is treated as without a point when that lies abroad or cannot be read', () => {
    for (const [lat, lon, code] of [
      ['13.75', '100.5018', 'outside-coverage'],
      ['abc', '106.6983', 'bad-coordinates'],
    ] as const) {
      const { draft, issues } = prepare({ address: ADDRESS, lat, lon })
      expect(draft).toMatchObject({ communeCode: '26743', point: null, vpostcode: null })
      expect(issues).toContain(code)
    }
  })

  test('is placed by the point when the text names no unit', () => {
    const { draft, issues } = prepare({ address: 'số 7 ngõ 9', ...BEN_THANH })
    expect(draft).toMatchObject({ communeCode: '26743', vpostcode: '71009QMCXR8V', grade: 'B' })
    expect(issues).toContain('commune-from-point')
  })
})

describe('a column of provinces', () => {
  test.each(['Quảng Ngãi', 'quang ngai', 'Tỉnh Quảng Ngãi', 'QUẢNG NGÃI'])(
    '%s is the province',
    (province) => {
      const { understanding, issues } = prepare({
        address: 'Số 3 Trần Phú',
        commune: 'xã Tịnh Khê',
        province,
      })
      expect(issues).not.toContain('province-missing')
      expect(understanding?.current?.province.code).toBe('51')
      expect(understanding?.current?.commune?.name).toBe('Tịnh Khê')
    },
  )

  test.each(['Hà Nội', 'HN', 'Thành phố Huế', 'Sài Gòn'])('%s is read as it was', (province) => {
    expect(prepare({ address: 'Số 3 Trần Phú', province }).understanding?.current?.province.type).toBe(
      'thanh-pho',
    )
  })
})

describe('a column of communes', () => {
  test.each(['Long Biên', 'long bien', 'Phường Long Biên'])('%s is the ward, not the district', (commune) => {
    const { understanding } = prepare({
      houseNumber: '12',
      street: 'Nguyễn Văn Cừ',
      commune,
      province: 'Hà Nội',
    })
    expect(understanding).toMatchObject({
      grade: 'A',
      current: { commune: { fullName: 'Phường Long Biên' } },
    })
  })

  test('a name that wards and communes bear, or no district, is left as it is', () => {
    for (const name of ['Tân Phú', 'Bến Thành', 'Xã Long Biên', ''])
      expect([name, communeCell(name, '', gazetteer)]).toEqual([name, name])
    expect(communeCell('Tân Phú', 'Hồ Chí Minh', gazetteer)).toBe('Phường Tân Phú')
  })
})

describe('a code in the text', () => {
  test.each(['71009QMCXR8V', '71009 qmcx-r8v', '7P28QMCX+R8V'])('%s is a point', (code) => {
    const { draft, location, issues } = prepare({ address: `số 7 ngõ 9, ${code}` })
    expect(draft).toMatchObject({ communeCode: '26743', vpostcode: '71009QMCXR8V', review: [] })
    expect(location).toMatchObject({ precision: 'point' })
    expect(location!.accuracy).toBeLessThan(3)
    expect(issues).toContain('commune-from-point')
  })

  test('without its first digits is meant near the commune of the text', () => {
    expect(prepare({ address: `QMCX+R8V, ${ADDRESS}` }).draft?.vpostcode).toBe('71009QMCXR8V')
  })

  test('of ten digits is good to ten metres', () => {
    const { draft, location } = prepare({ address: '7P28QMCX+R8, phường Bến Thành, TPHCM' })
    expect(draft?.vpostcode).toMatch(/^71009QMCX/)
    expect(location!.accuracy).toBeGreaterThan(9)
  })

  test('beside a given point confirms it, or leaves both to a person', () => {
    const address = `${ADDRESS}, 71009QMCXR8V`
    const agreeing = prepare({ address, ...BEN_THANH })
    expect(agreeing.draft).toMatchObject({ point: { lat: Number(BEN_THANH.lat) }, review: [] })
    const apart = prepare({ address, lat: '10.7745', lon: '106.6950' })
    expect(apart.draft).toMatchObject({ vpostcode: null, review: ['code-far-from-point'] })
  })

  test('that lies outside the commune of the text goes to review', () => {
    const { draft } = prepare({ address: '12 Hàng Trống, phường Hoàn Kiếm, Hà Nội, 71009QMCXR8V' })
    expect(draft).toMatchObject({ communeCode: '26743', vpostcode: null, grade: 'C' })
    expect(draft!.review.length).toBeGreaterThan(0)
  })

  test.each(['99999QMCXR8V', '8FWC2345+G6', 'QMCX+R8V'])('%s names no place by itself', (code) => {
    expect(prepare({ address: code }).rejected).toBe('not-understood')
  })
})

describe('a row without a point', () => {
  test('waits for a visit where its street and number put it', () => {
    const { draft, location } = prepare({ address: ADDRESS })
    expect(draft).toMatchObject({ point: null, vpostcode: null, review: [] })
    expect(['interpolated', 'street']).toContain(location!.precision)
    expect(location!.accuracy).toBeGreaterThan(100)
  })

  test('whose house number is on the map stands there and has a code', () => {
    const { draft, location } = prepare({
      address: '59 phố Quốc Tử Giám, phường Văn Miếu - Quốc Tử Giám, Hà Nội',
    })
    expect(location).toMatchObject({ precision: 'building' })
    expect(draft).toMatchObject({ point: { source: 'mapped' }, review: [] })
    expect(draft!.vpostcode).toBe(encodeVpostcode(draft!.postcode, draft!.point!.lat, draft!.point!.lon))
  })

  test('of a street that nobody knows waits at the middle of its commune', () => {
    const { draft, location } = prepare({ address: '5 Không Ai Biết, xã Cần Giờ, TP Hồ Chí Minh' })
    expect(draft).toMatchObject({ point: null, vpostcode: null })
    expect(location).toMatchObject({ precision: 'commune' })
  })

  test('goes to review when its former commune was split', () => {
    const split = gazetteer.formerCommunes.find(
      ({ successors }) => successors.length > 1 && !successors.some(({ takesPopulation }) => takesPopulation),
    )!
    const { draft } = prepare({
      address: `${split.fullName}, ${split.district.fullName}, ${split.province.fullName}`,
    })
    expect(draft).toMatchObject({ grade: 'C', vpostcode: null, review: ['split-commune'] })
  })
})

describe('columns', () => {
  test('of parts make one address, numbers of wards and districts get their words', () => {
    const { draft } = prepare({
      houseNumber: '130/20',
      street: 'Lê Văn Sỹ',
      commune: '13',
      district: '3',
      province: 'TP HCM',
      unit: 'P. 301',
    })
    expect(draft!.parts).toMatchObject({ houseNumber: '130/20', street: 'Lê Văn Sỹ', unit: 'P. 301' })
    // Phường 13 was merged into Phường 12 before June 2025.
    expect(draft!.formerCommuneCode).toBe('27130')
  })

  test('phones, persons and notes are kept out of what is stored', () => {
    const { draft } = prepare({ address: `anh Tuấn 0912 345 678, ${ADDRESS}, giao giờ hành chính` })
    expect(JSON.stringify(draft)).not.toMatch(/0912|345|Tuấn|hành chính/)
    expect(draft!.parts).toEqual({ houseNumber: '12', street: 'Lê Lai' })
  })
})

describe('rejected rows', () => {
  test.each([
    ['no-address', {}],
    ['no-address', { address: '   ' }],
    ['input-too-long', { address: 'x'.repeat(501) }],
    ['not-understood', { address: 'không có gì' }],
    ['not-understood', { address: '???', ...BEN_THANH }],
  ])('%s', (code, fields) => {
    const { draft, rejected, issues } = prepare(fields)
    expect(draft).toBeNull()
    expect(rejected).toBe(code)
    expect(issues).toContain(code)
  })
})

describe('one door', () => {
  test.each([
    [
      'phường Hải Châu, Đà Nẵng',
      [
        'K123/45/7 Hoàng Diệu',
        '45/7 Kiệt 123 Hoàng Diệu',
        '123/45/7 Kiệt 123 Hoàng Diệu',
        '7 Kiệt 123/45 Hoàng Diệu',
      ],
    ],
    [
      'phường Phú Nhuận, Thành phố Hồ Chí Minh',
      ['130/25/14 Lê Văn Sỹ', '25/14 hẻm 130 Lê Văn Sỹ', '14 hẻm 130/25 Lê Văn Sỹ'],
    ],
    [
      'phường Kim Liên, Hà Nội',
      [
        '9A ngách 82/7 ngõ 82 Phạm Ngọc Thạch',
        '9A ngách 82/7 Phạm Ngọc Thạch',
        '9A ngách 7 ngõ 82 Phạm Ngọc Thạch',
      ],
    ],
  ])('has one key, however its alleys are told: %s', (units, doors) => {
    const keys = doors.map((door) => keyOf(prepareRow({ address: `${door}, ${units}` }, gazetteer).draft!))
    expect(new Set(keys).size).toBe(1)
  })

  test.each([
    [
      'phường Thuận Giao, Thành phố Hồ Chí Minh',
      ['10 Sóc Bông', '10 soc bong', '10 Đường Sóc Bông', '10, Sóc Bông'],
    ],
    [
      'xã Tân Thạnh, tỉnh Tây Ninh',
      [
        '93/8/60 Đường Dương Văn Dương',
        '93/8/60 duong duong van duong',
        '93/8/60 Dương Văn Dương',
        '93/8/60 duong van duong',
      ],
    ],
    [
      'phường Hoàn Kiếm, Hà Nội',
      ['12 Hàng Đường', '12 Phố Hàng Đường', '12 hang duong', '12 pho hang duong', '12 P. Hàng Đường'],
    ],
    [
      'phường An Lạc, Thành phố Hồ Chí Minh',
      ['12 Kinh Dương Vương', '12 kinh duong vuong', '12 Đ. Kinh Dương Vương', '12 DUONG KINH DUONG VUONG'],
    ],
    [
      'phường Giảng Võ, Hà Nội',
      ['Số 5 ngõ 12 Láng Hạ', 'so 5 ngo 12 lang ha', 'so 5 ngo 12 duong lang ha', 'Số 5 ngõ 12 P. Láng Hạ'],
    ],
    [
      'phường Bình Trị Đông, Thành phố Hồ Chí Minh',
      ['12/3 Hương lộ 2', '12/3 huong lo 2', '12/3 HL2', '12/3 duong huong lo 2'],
    ],
    ['xã Tân Hưng, tỉnh Đồng Nai', ['7 Xóm Trại', '7 xom trai', 'Số nhà 7, Xóm Trại', 'so nha 7 xom trai']],
  ])('has one key, however its street is spelled: %s', (units, doors) => {
    const { lat, lon } = prepareRow({ address: units }, gazetteer).location!
    const keys = doors.map((door) => {
      const place = door !== folded(door) ? units : folded(units)
      return keyOf(
        prepareRow({ address: `${door}, ${place}`, lat: `${lat}`, lon: `${lon}` }, gazetteer).draft!,
      )
    })
    expect(new Set(keys).size).toBe(1)
  })

  test('a kiệt by its short form names no house', () => {
    const [short, whole] = ['K200', 'Kiệt 200'].map(
      (kiet) => prepareRow({ address: `${kiet} Hoàng Diệu, phường Hải Châu, Đà Nẵng` }, gazetteer).draft!,
    )
    expect(short!.parts).toEqual({ alleys: [{ kind: 'kiet', number: '200' }], street: 'Hoàng Diệu' })
    expect(keyOf(short!)).toBe(keyOf(whole!))
  })
})
