import { describe, expect, test } from 'vitest'
import { findDoor, NOTHING_KNOWN } from '../../../src/locate/door/findDoor.ts'
import { StreetMemo } from '../../../src/locate/door/street.ts'
import type { KnownDoor } from '../../../src/locate/knownHouseholds.ts'
import type { Components } from '../../../src/match/types.ts'
import { at, commune, metres, type Town, town } from './town.ts'

/** A straight street of 1,000 m to the east; number n stands at 5 m times n, odd on the north side. */
const MAIN: Town = {
  ways: [
    ['Đường Lê Lợi', [0, 0], [1000, 0]],
    ['Hẻm 42 Lê Lợi', [210, 0], [210, -150]],
    ['Hẻm 42/6 Lê Lợi', [210, -60], [260, -60]],
  ],
  houses: [
    ['10', 'Lê Lợi', 50, -12],
    ['21', 'Lê Lợi', 105, 12],
    ['91', 'Lê Lợi', 455, 12],
    ['120', 'Lê Lợi', 600, -12],
  ],
  places: [['Thôn Đông', 1500, 1500]],
}
const world = town(MAIN)
const find = (parts: Components, doors: KnownDoor[] = [], where = world) =>
  findDoor({ parts, commune, ground: null }, where, { ...NOTHING_KNOWN, doors })
const house = (houseNumber: string, doors?: KnownDoor[]) => find({ houseNumber, street: 'Lê Lợi' }, doors)
const door = (way: string, east: number, north: number, more: Partial<KnownDoor> = {}): KnownDoor => ({
  id: way,
  door: way.split('/'),
  formerCommuneCode: null,
  point: { ...at(east, north), accuracy: 10, source: 'given' },
  access: null,
  ...more,
})

test('a mapped house number is the house', () => {
  const found = house('21')
  expect(found).toMatchObject({ precision: 'building', turns: ['21'], access: null })
  expect(metres(found).east).toBeCloseTo(105, 0)
  expect(found.evidence).toEqual([{ kind: 'house', text: '21', layer: 'town' }])
})

describe('two mapped houses of one number', () => {
  const long = (second: number): Town => ({
    ways: [['Đường Lê Lợi', [0, 0], [4000, 0]]],
    houses: [
      ['1', 'Lê Lợi', 5, 12],
      ['3', 'Lê Lợi', 15, 12],
      ['5', 'Lê Lợi', 25, 12],
      ['1', 'Lê Lợi', second, 12],
    ],
  })
  const first = (where: Town) => find({ houseNumber: '1', street: 'Lê Lợi' }, [], town(where))
  test('far apart: neither is known, the error reaches both', () => {
    const found = first(long(3000))
    expect(found).toMatchObject({ precision: 'interpolated', by: 'houses' })
    expect(found.evidence).toHaveLength(2)
    expect(found.accuracy).toBeGreaterThan(2995)
  })
  test('close together: two objects of one house', () => {
    expect(first(long(60))).toMatchObject({ precision: 'building' })
  })
})

describe('between known numbers', () => {
  test('of the same side', () => {
    const found = house('51')
    expect(found.precision).toBe('interpolated')
    expect(metres(found).east).toBeGreaterThan(235)
    expect(metres(found).east).toBeLessThan(275)
    expect(metres(found).north).toBeGreaterThan(5)
    expect(found.evidence.map(({ text }) => text)).toEqual(expect.arrayContaining(['21', '91']))
  })
  test('odd and even are apart', () => {
    expect(metres(house('60')).north).toBeLessThan(-5)
    expect(metres(house('61')).north).toBeGreaterThan(5)
  })
  test('the mouth of an alley is a known number', () => {
    const found = house('44')
    expect(found.evidence).toContainEqual({ kind: 'alley', text: '42', layer: 'town' })
    expect(Math.abs(metres(found).east - 220)).toBeLessThan(25)
  })
  test('one that stands in the wrong place is not believed', () => {
    const odd = town({
      ...MAIN,
      houses: [...MAIN.houses!, ['71', 'Lê Lợi', 355, 12], ['55', 'Lê Lợi', 900, 12]],
    })
    const found = find({ houseNumber: '51', street: 'Lê Lợi' }, [], odd)
    expect(Math.abs(metres(found).east - 255)).toBeLessThan(40)
  })
  test('the error grows with the distance to the known ones', () => {
    expect(house('400').accuracy).toBeGreaterThan(2 * house('93').accuracy)
  })
})

describe('alleys', () => {
  test('a door of a mapped alley lies in it, behind its mouth', () => {
    const found = house('42/9')
    expect(found).toMatchObject({ precision: 'alley', turns: ['42', '9'] })
    expect(metres(found).east).toBeCloseTo(210, 0)
    expect(metres(found).north).toBeLessThan(-25)
    expect(metres(found.access!).east).toBeCloseTo(210, 0)
    expect(metres(found.access!).north).toBeCloseTo(0, 0)
  })
  test('the deepest mapped alley tells the place, the mouth is that at the street', () => {
    const found = house('42/6/5')
    expect(found.evidence[0]).toMatchObject({ kind: 'alley' })
    expect(metres(found).north).toBeCloseTo(-60, 0)
    expect(metres(found).east).toBeGreaterThan(215)
    expect(metres(found.access!).north).toBeCloseTo(0, 0)
  })
  test('a northern ngõ is the same chain', () => {
    const found = find({
      houseNumber: '5',
      alleys: [
        { kind: 'ngo', number: '42' },
        { kind: 'ngach', number: '6' },
      ],
      street: 'Lê Lợi',
    })
    expect(found.turns).toEqual(['42', '6', '5'])
    expect(metres(found).north).toBeCloseTo(-60, 0)
  })
  test('an alley that is not mapped begins where its number stands, on its side', () => {
    const found = house('51/20')
    expect(found.precision).toBe('interpolated')
    expect(metres(found).north).toBeGreaterThan(20)
    expect(Math.abs(metres(found).east - 255)).toBeLessThan(30)
    // Where it leaves the street is not known.
    expect(found.access).toBeNull()
  })
  test('the alley alone is its middle', () => {
    const found = find({ alleys: [{ kind: 'hem', number: '42' }], street: 'Lê Lợi' })
    expect(found.precision).toBe('alley')
    expect(metres(found).north).toBeCloseTo(-75, -1)
  })
})

describe('registered households', () => {
  test('another home at the door is the building', () => {
    const found = house('60', [door('60', 333, -20)])
    expect(found).toMatchObject({ precision: 'building', evidence: [{ kind: 'household', layer: null }] })
    expect(metres(found).east).toBeCloseTo(333, 0)
  })
  test('the doors on both sides tell it, also where the street is not mapped', () => {
    const found = find({ houseNumber: '24', street: 'Trần Phú' }, [door('22', 100, 0), door('26', 120, 0)])
    expect(found.precision).toBe('interpolated')
    expect(metres(found).east).toBeCloseTo(110, 0)
  })
  test('each has its own gate at the street; the mouth of an alley is that of all', () => {
    const gate = { access: at(90, 5) }
    const row = (way: string, doors: KnownDoor[]) => find({ houseNumber: way, street: 'Trần Phú' }, doors)
    expect(row('24', [door('22', 100, 0, gate), door('26', 120, 0)]).access).toBeNull()
    const inAlley = row('8/24', [door('8/22', 100, 0, gate), door('8/26', 120, 0, gate)])
    expect(inAlley).toMatchObject({ by: 'between', access: at(90, 5) })
  })
  test('those across the street do where its own side has none', () => {
    const found = find({ houseNumber: '24', street: 'Trần Phú' }, [door('23', 100, 0), door('25', 110, 0)])
    expect(metres(found).east).toBeCloseTo(105, 0)
  })
  test('they are further known numbers of a mapped street', () => {
    const before = metres(house('71')).east
    const found = house('71', [door('69', 700, 12), door('75', 860, 12), door('67', 690, 12)])
    expect(metres(found).east).toBeGreaterThan(before + 100)
  })
  test('one in the same alley is near', () => {
    const found = find({ houseNumber: '8/9', street: 'Trần Phú' }, [door('8/21', 77, 88)])
    expect(found.precision).toBe('alley')
    expect(metres(found).east).toBeCloseTo(77, 0)
  })
  test('its mouth is theirs', () => {
    const found = find({ houseNumber: '8/21', street: 'Trần Phú' }, [
      door('8/21', 77, 88, { access: at(70, 0) }),
    ])
    expect(metres(found.access!).east).toBeCloseTo(70, 0)
  })
})

describe('without a number that tells', () => {
  test('a street is its middle', () => {
    const found = find({ street: 'Lê Lợi' })
    expect(found.precision).toBe('street')
    expect(metres(found).east).toBeGreaterThan(450)
    expect(metres(found).east).toBeLessThan(550)
    expect(found.accuracy).toBeGreaterThan(400)
  })
  test('a lot on a street too', () => {
    expect(house('BL.A-10').precision).toBe('street')
    // a day that a spreadsheet has made of "6/1"
    expect(house('44202').precision).toBe('street')
  })
  test('so is number 0, and more alleys than there are: the text of a door is no proof of it', () => {
    expect(house('0').precision).toBe('street')
    expect(house('42/1/2/3/4/5/6/7/8').precision).toBe('street')
  })
  test('a lot stands on no side of the street', () => {
    expect(Math.abs(metres(house('B6')).north)).toBeLessThan(1)
  })
  test('a former commune draws the street towards it', () => {
    const ground = { ...at(100, 0), spread: 200 }
    const found = findDoor({ parts: { street: 'Lê Lợi' }, commune, ground }, world)
    expect(metres(found).east).toBeLessThan(300)
  })
  test('a hamlet of the map, and one of the registry before it', () => {
    const asked = { parts: { hamlet: 'thôn Đông' }, commune, ground: null }
    expect(findDoor(asked, world)).toMatchObject({ precision: 'hamlet', evidence: [{ layer: 'town' }] })
    const hamlet = { ...at(1400, 1400), radius: 150, households: 30 }
    const found = findDoor(asked, world, { doors: [], hamlet })
    expect(metres(found).east).toBeCloseTo(1400, 0)
    expect(found).toMatchObject({ precision: 'hamlet', evidence: [{ layer: null }] })
  })
  test('else the ground of the former commune, else the middle of the commune', () => {
    const ground = { ...at(100, 0), spread: 200 }
    expect(findDoor({ parts: {}, commune, ground }, world)).toMatchObject({
      precision: 'commune',
      evidence: [{ kind: 'former-commune' }],
    })
    expect(find({ street: 'Không Có' })).toMatchObject({ precision: 'commune', ...commune.inside })
  })
})

test('who asks for a street alone does not wait until its houses are gathered', () => {
  const asked: string[] = []
  const streets = new Proxy(world.streets, {
    get(layer, name) {
      asked.push(String(name))
      const value = Reflect.get(layer, name)
      return typeof value === 'function' ? value.bind(layer) : value
    },
  })
  const fresh = { ...world, streets, memo: new StreetMemo(streets, world.gazetteer) }
  expect(find({ street: 'Lê Lợi' }, [door('7', 20, 10)], fresh).precision).toBe('street')
  expect(asked).not.toContain('housesOf')
  expect(find({ houseNumber: '21', street: 'Lê Lợi' }, [], fresh).precision).toBe('building')
  expect(asked).toContain('housesOf')
})

describe('a street at the edge of the map', () => {
  const cut: Town = {
    ways: [['Đường Lê Lợi', [0, 0], [1000, 0]]],
    houses: [
      ['10', 'Lê Lợi', 50, -12],
      ['20', 'Lê Lợi', 100, -12],
      ['40', 'Lê Lợi', 200, -12],
    ],
  }
  const grid: NonNullable<Town['ways']> = [-1000, -800, -600, -400, 1400, 1600, 1800, 2000].map((east) => [
    `Đường Ngang ${east}`,
    [east, -400],
    [east, 400],
  ])
  const ask = (where: Town) => find({ houseNumber: '400', street: 'Lê Lợi' }, [], town(where))

  test('may run on: its error reaches the place where the number should be', () => {
    const found = ask(cut)
    expect(found.precision).toBe('street')
    expect(metres(found).east + found.accuracy).toBeGreaterThan(2000)
  })
  test('ends where the map goes on without it', () => {
    expect(ask({ ...cut, ways: [...cut.ways!, ...grid] }).accuracy).toBeLessThan(ask(cut).accuracy / 2)
  })
})
