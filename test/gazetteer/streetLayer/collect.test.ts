import { expect, test } from 'vitest'
import { Collector } from '../../../src/gazetteer/streetLayer/collect.ts'
import { at, line, world } from './layerOf.ts'

test('an object counts once as each of what it is: a named building with a number is house and place', () => {
  const collector = new Collector(world)
  for (let twice = 0; twice < 2; twice++) {
    collector.way({
      id: 'w1',
      name: 'Lê Lợi',
      otherNames: [],
      highway: 'pedestrian',
      points: line([10, 0], [90, 0]),
    })
    collector.house({ id: 'w1', number: '7', street: null, ...at(50, 0) })
    collector.place({ id: 'w1', kind: 'neighbourhood', name: 'Khu chung cư 7', ...at(50, 0) })
  }
  expect(collector.counts).toMatchObject({ ways: 1, houses: 1, hamlets: 1, repeated: 3 })
})

test('what is too long for a name is broken, not lost; a way of too many points becomes several', () => {
  const collector = new Collector(world)
  const way = { id: 'w1', otherNames: [], highway: 'residential', points: line([10, 0], [90, 0]) }
  collector.way({ ...way, name: 'x'.repeat(201) })
  expect(collector.counts).toMatchObject({ ways: 0, broken: 1 })
  const points = line(...Array.from({ length: 45_000 }, (_, i) => [10 + i, i % 2] as const))
  for (let twice = 0; twice < 2; twice++) collector.way({ ...way, id: 'w2', name: 'Lê Lợi', points })
  expect(collector.counts).toMatchObject({ ways: 3, repeated: 1, broken: 1 })
  const [first, second] = collector.ways
  expect(first!.xy.slice(-2)).toEqual(second!.xy.slice(0, 2))
  expect(collector.ways.reduce((sum, { xy }) => sum + xy.length / 2, 0)).toBe(45_002)
})
