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
    collector.house({ id: 'w1', number: '7', street: null, place: null, ...at(50, 0) })
    collector.place({ id: 'w1', kind: 'neighbourhood', name: 'Khu chung cư 7', ...at(50, 0) })
  }
  expect(collector.counts).toMatchObject({ ways: 1, houses: 1, hamlets: 1, repeated: 3 })
})
