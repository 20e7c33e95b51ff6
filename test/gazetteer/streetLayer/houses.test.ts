import { describe, expect, test } from 'vitest'
import { at, compiled, east, layerOf, line, type Pen } from './layerOf.ts'

const streets = (pen: Pen) =>
  pen
    .way('Lê Lợi', line([10, 0], [500, 0]))
    .way('Hẻm 42 Lê Lợi', line([100, 0], [100, 80]))
    .way('Nguyễn Huệ', line([10, 200], [500, 200]))

const told = (layer: ReturnType<typeof layerOf>) =>
  Array.from({ length: layer.counts.houses }, (_, row) => layer.houseAt(row)).map(
    ({ number, street, tie, chain }) => [number, street?.name ?? null, tie, chain.join('/')],
  )

describe('house numbers', () => {
  test('of a street with more than anybody can have are looked at by every second one', () => {
    const layer = layerOf((pen) => {
      streets(pen)
      for (let number = 1; number <= 20_002; number++)
        pen.house(String(number), 'Lê Lợi', [20 + (number % 400), number % 2 === 1 ? 10 : -10])
    })
    const houses = layer.housesOf(layer.streetsNamed('Lê Lợi')[0]!)
    expect([houses.length, new Set(houses.map(({ number }) => number)).size]).toEqual([10_001, 10_001])
  })

  test('are tied to the street that they say, however it is written, with place and side', () => {
    const layer = layerOf((pen) =>
      streets(pen).house('7', 'duong Le Loi', [200, 20]).house('12', 'Lê Lợi', [300, -15]),
    )
    const houses = layer.housesOf(layer.streetsNamed('Lê Lợi')[0]!)
    expect(houses.map(({ number, tie, commune }) => [number, tie, commune])).toEqual([
      ['7', 'said', east],
      ['12', 'said', east],
    ])
    expect(houses.map(({ on }) => [Math.round(on!.along), on!.side, Math.round(on!.metres)])).toEqual([
      [190, 'left', 20],
      [290, 'right', 15],
    ])
  })

  test('with alleys in their number or street belong to the alley that is mapped, with the whole chain', () => {
    const layer = layerOf((pen) =>
      streets(pen)
        .house('42/3', 'Lê Lợi', [110, 40])
        .house('5', 'Hẻm 42 Lê Lợi', [90, 50])
        .house('42/9', 'Hẻm 42 Lê Lợi', [90, 60])
        .house('50/3', 'Lê Lợi', [220, 40]),
    )
    expect(told(layer).sort()).toEqual([
      ['42/3', 'Hẻm 42 Lê Lợi', 'said', '42/3'],
      ['42/9', 'Hẻm 42 Lê Lợi', 'said', '42/9'],
      ['5', 'Hẻm 42 Lê Lợi', 'said', '42/5'],
      ['50/3', 'Lê Lợi', 'said', '50/3'],
    ])
  })

  test('that say no street take the alley whose number theirs begins with, else the street before the door', () => {
    const layer = layerOf((pen) =>
      streets(pen)
        .house('42/7', null, [110, 70])
        .house('15', null, [300, 10])
        .house('16', null, [300, 100])
        .house('99/1', null, [110, 60]),
    )
    expect(told(layer).sort()).toEqual([
      ['15', 'Lê Lợi', 'near', '15'],
      ['16', null, null, '16'],
      ['42/7', 'Hẻm 42 Lê Lợi', 'alley', '42/7'],
      ['99/1', null, null, '99/1'],
    ])
  })

  test('are not tied to a street that they name and that is far away', () => {
    const layer = layerOf((pen) => streets(pen).house('7', 'Nguyễn Huệ', [300, -400]))
    expect(told(layer)).toEqual([['7', null, null, '7']])
  })

  test('mapped twice at one place are one house, at two places two', () => {
    const layer = layerOf((pen) =>
      streets(pen)
        .house('7', 'Lê Lợi', [200, 20])
        .house('07', 'Lê Lợi', [203, 20])
        .house('7', 'Lê Lợi', [260, 20]),
    )
    expect(told(layer)).toHaveLength(2)
  })

  test('near a point, nearest first', () => {
    const layer = layerOf((pen) => {
      streets(pen)
      for (let number = 1; number <= 40; number++) pen.house(String(number), 'Lê Lợi', [10 * number, 20])
    })
    const { lat, lon } = at(203, 20)
    expect(layer.housesNear(lat, lon, 25, 9).map(({ house }) => house.number)).toEqual([
      '20',
      '21',
      '19',
      '22',
      '18',
    ])
    expect(layer.housesNear(lat, lon, 2000, 3)).toHaveLength(3)
  })
})

test('hamlets stand in their commune; units of the map are none', () => {
  const layer = layerOf((pen) =>
    streets(pen)
      .place('Ấp Bắc', [300, 0], 'hamlet')
      .place('Phường 12', [300, 50])
      .place('Quận 1', [0, 0], 'city'),
  )
  expect(layer.hamletsOf(east).map(({ name, kind }) => [name, kind])).toEqual([['Ấp Bắc', 'hamlet']])
})

test('what cannot be used is counted by its reason, not lost silently', () => {
  const { report } = compiled((pen) =>
    streets(pen)
      .way('Lê Lợi', [10.7, 106.7])
      .way('Lê Lợi', [10.7, 106.7, 48.2, 16.3])
      .way('Lê Lợi', [10.7, 106.7, Number.NaN, 106.8])
      .way('Sảnh A', line([0, 0], [9, 9]))
      .house('ks', 'Lê Lợi', [0, 0])
      .house('7', 'Lê Lợi', [0, 9e6])
      .place('', [0, 0]),
  )
  expect(report.collected).toEqual({
    ways: 3,
    houses: 0,
    hamlets: 0,
    repeated: 0,
    unnamed: 1,
    outside: 3,
    broken: 3,
  })
})
