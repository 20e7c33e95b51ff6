import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { bestOnMap } from '../../src/locate/reverse.ts'

test('who goes to an alley in an alley leaves the street at the mouth of the outer one', () => {
  const { place } = bestOnMap(load(), 21.037224, 105.829931, 100)!
  expect([place.name, place.door!.turns]).toEqual(['Ngách 158/13 Ngọc Hà', ['158', '13']])
  // Of the ngách itself it is 72 m on.
  expect(place.door!.access).toMatchObject({ lat: 21.037854, lon: 105.829743 })
})
