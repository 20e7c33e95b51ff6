import { describe, expect, test } from 'vitest'
import { east, layerOf, line, north, west } from './layerOf.ts'

describe('ways to streets', () => {
  test('ways of one name that hang together are one street, whatever their spelling', () => {
    const layer = layerOf((pen) =>
      pen
        .way('Đường Lê Lợi', line([10, 0], [200, 0]))
        .way('Le Loi', line([200, 0], [300, 0]))
        .way('Lê Lợi', line([300, 20], [400, 20])),
    )
    const streets = layer.streetsNamed('đường lê lợi')
    expect(streets.map(({ name, key, commune }) => [name, key, commune])).toEqual([
      ['Lê Lợi', 'le loi', east],
    ])
    expect(streets[0]!.metres).toBeCloseTo(390, 0)
  })

  test('two streets of one name that do not hang together stay apart, with their neighbourhoods', () => {
    const layer = layerOf((pen) =>
      pen
        .way('Đường số 3', line([100, 0], [200, 0]))
        .way('Đường Số 3', line([300, 0], [500, 0]))
        .place('Cư xá Đông', [150, 50])
        .place('Cư xá Tây', [420, 50]),
    )
    expect(
      layer.streetsNamed('Đường số 3').map((one) => [Math.round(one.metres), one.neighbourhood]),
    ).toEqual([
      [200, 'Cư xá Tây'],
      [100, 'Cư xá Đông'],
    ])
  })

  test('a street is cut at the border of communes within a few metres, and measured through', () => {
    const layer = layerOf((pen) =>
      pen.way('Lê Lợi', line([-300, 0], [500, 0])).way('Lê Lợi', line([500, 0], [600, 0])),
    )
    const [first, second] = layer.pieces(layer.streetsNamed('Lê Lợi', east)[0]!)
    expect([first!.commune, second!.commune]).toEqual([west, east])
    expect(first!.whole).toBe(second!.whole)
    expect(first!.from).toBe(0)
    expect(Math.abs(first!.to - 300)).toBeLessThan(2)
    expect(second!.from).toBe(first!.to)
    expect(second!.to).toBeCloseTo(900, 0)
    expect(layer.streetsNamed('Lê Lợi', west)).toHaveLength(1)
    expect(layer.streetsOf(west)).toHaveLength(1)
  })

  test('of a road through the country the stretch around a piece is asked for', () => {
    const layer = layerOf((pen) =>
      pen
        .way('Quốc lộ 1', line([-300, 0], [300, 0], [300, 40_000]))
        .way('Hẻm 1 Quốc lộ 1', line([-200, 0], [-200, 50]))
        .way('Hẻm 1 Quốc lộ 1', line([300, 30_000], [350, 30_000])),
    )
    const around = (commune: typeof west) => {
      const [street] = layer.streetsNamed('QL1', commune)
      return layer.pieces(street!).map((piece) => piece.commune)
    }
    expect([west, east, north].map(around)).toEqual([
      [west, east],
      [west, east, north],
      [east, north],
    ])
    const alleys = layer.alleysOf(layer.streetsNamed('QL1', west)[0]!)
    expect(alleys.map(({ commune }) => commune)).toEqual([west])
  })

  test('a street that only touches another commune is not cut', () => {
    const layer = layerOf((pen) => pen.way('Lê Lợi', line([5, 0], [5, 90], [-3, 95], [5, 100], [5, 200])))
    expect(layer.counts.streets).toBe(1)
  })

  test('both carriageways are measured from the same end', () => {
    const layer = layerOf((pen) =>
      pen
        .way('Lê Lợi', line([10, 0], [310, 0], [610, 0]))
        .way('Lê Lợi', line([610, 30], [310, 30], [10, 30])),
    )
    const [street, ...others] = layer.streetsNamed('Lê Lợi')
    expect(others).toEqual([])
    expect(street!.to).toBeLessThan(650)
    for (const [e, n] of [
      [110, -1],
      [110, 31],
      [510, -1],
      [510, 31],
    ] as const) {
      const [lat, lon] = line([e, n]) as [number, number]
      const [hit] = layer.nearestStreets(lat, lon, 20, 1)
      expect(Math.abs(hit!.along - (e - 10))).toBeLessThan(32)
    }
  })

  test('other and old names lead to a street, behind those that bear it as their name', () => {
    const layer = layerOf((pen) =>
      pen
        .way('Lê Lợi', line([100, 0], [900, 0]), { otherNames: ['Đại lộ Bonnard', 'Nguyễn Huệ'] })
        .way('Nguyễn Huệ', line([100, 900], [200, 900])),
    )
    expect(layer.streetsNamed('Bonnard').map(({ name }) => name)).toEqual(['Lê Lợi'])
    expect(layer.streetsNamed('Nguyễn Huệ').map(({ name }) => name)).toEqual(['Nguyễn Huệ', 'Lê Lợi'])
    expect(layer.streetsNamed('Lê Lợi')[0]!.otherNames).toEqual(['Đại lộ Bonnard', 'Nguyễn Huệ'])
  })

  test('names that say no street make none, and a bridge only when its name is a street elsewhere', () => {
    const layer = layerOf((pen) =>
      pen
        .way('Vòng xoay Lăng Cha Cả', line([100, 0], [200, 0]))
        .way('Cầu Sài Gòn', line([100, 50], [200, 50]))
        .way('Lê Lợi', line([100, 90], [200, 90])),
    )
    expect(layer.streetsOf(east).map(({ name }) => name)).toEqual(['Lê Lợi'])
  })

  test('names stand in the order of their keys', () => {
    const layer = layerOf((pen) =>
      pen
        .way('Nguyễn Huệ', line([100, 0], [200, 0]))
        .way('Đường số 10', line([100, 50], [200, 50]))
        .way('Lê Lợi', line([100, 90], [200, 90])),
    )
    const names = Array.from({ length: layer.nameCount }, (_, i) => layer.nameAt(i))
    expect(names.map(({ key, name }) => [key, name])).toEqual([
      ['10', 'Đường số 10'],
      ['le loi', 'Lê Lợi'],
      ['nguyen hue', 'Nguyễn Huệ'],
    ])
    expect(names[1]!.streets.map(({ name }) => name)).toEqual(['Lê Lợi'])
  })
})

describe('the nearest streets to a point', () => {
  const layer = layerOf((pen) =>
    pen
      .way('Lê Lợi', line([100, 0], [500, 0]))
      .way('Nguyễn Huệ', line([300, 40], [300, 400]))
      .way('Đường số 1', line([100, 900], [200, 900])),
  )
  const near = (e: number, n: number, metres: number, limit: number) => {
    const [lat, lon] = line([e, n]) as [number, number]
    return layer
      .nearestStreets(lat, lon, metres, limit)
      .map(({ street, metres, along, side }) => [street.name, Math.round(metres), Math.round(along), side])
  }
  test('nearest first, with the place on it, the side and the distance', () => {
    expect(near(250, 30, 100, 5)).toEqual([
      ['Lê Lợi', 30, 150, 'left'],
      ['Nguyễn Huệ', 51, 0, 'left'],
    ])
    expect(near(250, -30, 35, 5)).toEqual([['Lê Lợi', 30, 150, 'right']])
    expect(near(250, 1, 35, 5)).toEqual([['Lê Lợi', 1, 150, 'on']])
  })
  test('within the distance asked for and no more than asked for', () => {
    expect(near(250, 30, 29, 5)).toEqual([])
    expect(near(250, 30, 2000, 1)).toHaveLength(1)
    expect(near(250, 30, 2000, 5)).toHaveLength(3)
  })
})
