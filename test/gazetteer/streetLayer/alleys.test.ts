import { describe, expect, test } from 'vitest'
import { east, layerOf, line, type Pen } from './layerOf.ts'

const street = (pen: Pen) => pen.way('Lê Lợi', line([10, 0], [500, 0]))

describe('alleys', () => {
  test('hang on the innermost alley that their name says, and meet it at a mouth', () => {
    const layer = layerOf((pen) =>
      street(pen)
        .way('Hẻm 42 Lê Lợi', line([100, 0], [100, 80]))
        .way('Hẻm 42/3 Lê Lợi', line([100, 60], [150, 60]))
        .way('Hẻm 18 Bis Lê Lợi', line([200, -5], [200, -80])),
    )
    const [leLoi] = layer.streetsNamed('Lê Lợi')
    const alleys = layer.alleysOf(leLoi!)
    expect(alleys.map(({ name, key, commune }) => [name, key, commune])).toEqual([
      ['Hẻm 18 BIS Lê Lợi', 'le loi', east],
      ['Hẻm 42 Lê Lợi', 'le loi', east],
      ['Hẻm 42/3 Lê Lợi', 'le loi', east],
    ])
    const [bis, outer, inner] = alleys.map(({ alley }) => alley!)
    expect(outer).toMatchObject({ kind: 'hem', numbers: ['42'], mouth: { side: 'left' } })
    expect(outer!.parent!.row).toBe(leLoi!.row)
    expect(outer!.mouth!.along).toBeCloseTo(90, 0)
    expect(bis!.mouth).toMatchObject({ side: 'right' })
    expect(inner!.numbers).toEqual(['42', '3'])
    expect(inner!.parent!.name).toBe('Hẻm 42 Lê Lợi')
    expect(inner!.mouth!.along).toBeCloseTo(60, 0)
    expect(layer.alleysOf(alleys[1]!).map(({ name }) => name)).toEqual(['Hẻm 42/3 Lê Lợi'])
  })

  test('are found by street and numbers, and are not streets', () => {
    const layer = layerOf((pen) => street(pen).way('Hẻm 18 Bis Lê Lợi', line([200, 0], [200, -80])))
    expect(layer.alleysNamed('Lê Lợi', ['18bis'], east)).toHaveLength(1)
    expect(layer.alleysNamed('Đường Lê Lợi', ['18 BIS'])).toHaveLength(1)
    expect(layer.alleysNamed('Lê Lợi', ['18'])).toEqual([])
    expect(layer.streetsNamed('Hẻm 18 Bis Lê Lợi')).toEqual([])
    expect(layer.streetsNamed('Lê Lợi')).toHaveLength(1)
  })

  test('of the north: ngach in ngo, told once or twice', () => {
    const layer = layerOf((pen) =>
      pen
        .way('Phố Huế', line([10, 0], [500, 0]))
        .way('Ngõ 12 Phố Huế', line([100, 0], [100, 80]))
        .way('Ngách 12/5 Phố Huế', line([100, 40], [140, 40]))
        .way('Ngách 7 Ngõ 12 Phố Huế', line([100, 70], [140, 70])),
    )
    expect(layer.alleysOf(layer.streetsNamed('Phố Huế')[0]!).map(({ name }) => name)).toEqual([
      'Ngõ 12 Phố Huế',
      'Ngách 12/5 Phố Huế',
      'Ngách 12/7 Phố Huế',
    ])
  })

  test('without the name of a street take the nearest that they touch, and the numbers of an alley', () => {
    const layer = layerOf((pen) =>
      street(pen)
        .way('Nguyễn Huệ', line([10, 100], [500, 100]))
        .way('Hẻm 42', line([300, 3], [300, 60]))
        .way('Hẻm 5', line([300, 60], [340, 60])),
    )
    const [leLoi] = layer.streetsNamed('Lê Lợi')
    expect(layer.alleysOf(leLoi!).map(({ name }) => name)).toEqual(['Hẻm 42 Lê Lợi', 'Hẻm 42/5 Lê Lợi'])
    expect(layer.alleysNamed('Lê Lợi', ['42', '5'])).toHaveLength(1)
  })

  test('whose street is not mapped near stand alone', () => {
    const layer = layerOf((pen) => street(pen).way('Hẻm 42 Nguyễn Huệ', line([300, 3], [300, 60])))
    const [alley] = layer.alleysNamed('Nguyễn Huệ', ['42'])
    expect(alley!.alley).toMatchObject({ numbers: ['42'], parent: null, mouth: null })
    expect(layer.alleysOf(layer.streetsNamed('Lê Lợi')[0]!)).toEqual([])
  })

  test('that run through two communes have one mouth', () => {
    const layer = layerOf((pen) => street(pen).way('Hẻm 42 Lê Lợi', line([60, 0], [60, 50], [-60, 50])))
    const pieces = layer.alleysNamed('Lê Lợi', ['42'])
    expect(pieces).toHaveLength(2)
    expect(pieces[0]!.alley!.mouth).toEqual(pieces[1]!.alley!.mouth)
    expect(pieces[0]!.alley!.mouth!.along).toBeCloseTo(50, 0)
  })
})
