import { expect, test } from 'vitest'
import { load } from '../../../src/gazetteer/load.ts'
import type { Street } from '../../../src/gazetteer/streetLayer/types.ts'

const gazetteer = load()
const { streetLayers } = gazetteer
const [layer] = streetLayers.layers
const rows = layer!.counts.streets + layer!.counts.alleys
const all = Array.from({ length: rows }, (_, row) => layer!.streetAt(row))
const commune = (name: string, province: string) =>
  gazetteer.communes.find((one) => one.name === name && one.province.name === province)!

test('the default start has the streets of Ho Chi Minh City and inner Hà Nội, with their notice', () => {
  expect(layer!.head).toMatchObject({ name: 'osm-hcmc-hanoi', notice: '(c) OpenStreetMap contributors' })
  expect(layer!.counts.streets).toBeGreaterThan(5_000)
  expect(rows).toBeGreaterThan(12_000)
  expect(layer!.counts.houses).toBeGreaterThan(19_000)
  expect(layer!.counts.hamlets).toBeGreaterThan(200)
})

test('of the mapped alleys nineteen in twenty hang on a parent, and nine in ten have a mouth', () => {
  const alleys = all.filter(({ alley }) => alley)
  const share = (holds: (street: Street) => boolean) => alleys.filter(holds).length / alleys.length
  expect(alleys.length).toBeGreaterThan(6_000)
  expect(share(({ alley }) => alley!.parent !== null)).toBeGreaterThan(0.95)
  expect(share(({ alley }) => alley!.mouth !== null)).toBeGreaterThan(0.9)
})

test('Lê Văn Sỹ runs through three communes, its alleys have theirs, and numbers fall along it', () => {
  const [street] = streetLayers.streetsNamed('Lê Văn Sỹ', commune('Nhiêu Lộc', 'Hồ Chí Minh'))
  expect(streetLayers.pieces(street!).map((piece) => piece.commune.name)).toEqual([
    'Tân Sơn Hòa',
    'Phú Nhuận',
    'Nhiêu Lộc',
  ])
  const alleys = streetLayers.alleysOf(street!)
  const inner = alleys.find(({ alley }) => alley!.numbers.join('/') === '63/14')!
  expect(inner.alley!.parent!.name).toBe('Hẻm 63 Lê Văn Sỹ')
  const along = (number: string) => {
    const [alley] = streetLayers.alleysNamed('Lê Văn Sỹ', [number], commune('Phú Nhuận', 'Hồ Chí Minh'))
    return alley!.alley!.mouth!.along
  }
  expect(along('33')).toBeGreaterThan(along('95'))
  expect(along('95')).toBeGreaterThan(along('183'))
})

test('a ngách of Hà Nội hangs on its ngõ', () => {
  const ngach = all.filter(({ alley }) => alley?.kind === 'ngach' && alley.numbers.length > 1)
  expect(ngach.length).toBeGreaterThan(100)
  const onNgo = ngach.filter(({ alley }) => alley!.parent?.alley?.kind === 'ngo')
  expect(onNgo.length / ngach.length).toBeGreaterThan(0.6)
  for (const { alley } of onNgo)
    expect(alley!.numbers.slice(0, alley!.parent!.alley!.numbers.length)).toEqual(
      alley!.parent!.alley!.numbers,
    )
})

test('every street has a line, and stands in the commune that its line lies in', () => {
  for (const street of all.filter((_, row) => row % 7 === 0)) {
    const [line] = street.lines
    const middle = 2 * Math.floor(line!.points.length / 4)
    const near = gazetteer.boundaries.distanceTo(
      street.commune.index,
      line!.points[middle]!,
      line!.points[middle + 1]!,
      50,
    )
    expect(near, street.name).toBeLessThan(15)
    expect(street.from).toBeLessThanOrEqual(street.to)
  }
})
