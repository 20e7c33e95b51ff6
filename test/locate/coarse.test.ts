import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { metresBetween } from '../../src/geo/flatEarth.ts'
import { findDoor } from '../../src/locate/door/findDoor.ts'
import { StreetMemo } from '../../src/locate/door/street.ts'
import type { KnownHousehold } from '../../src/locate/knownHouseholds.ts'
import { homesAt } from '../../src/locate/search.ts'

const gazetteer = load()
const streets = gazetteer.streetLayers
const world = { gazetteer, streets, memo: new StreetMemo(streets, gazetteer) }
const commune = gazetteer.commune('26824')!
const parts = { houseNumber: '34/15', street: 'Võ Văn Ngân' }
const house = findDoor({ parts, commune, ground: null }, world)
const far = { lat: house.lat + 0.02, lon: house.lon }

test('a household with a coarse point is found no worse than its text', async () => {
  const answer = async (accuracy: number) => {
    const home: KnownHousehold & { review: string[] } = {
      id: '123450678905',
      status: 'provisional',
      parts,
      communeCode: commune.code,
      postcode: commune.postcode,
      point: { ...far, accuracy },
      vpostcode: null,
      access: null,
      review: [],
    }
    const address = { communeCode: commune.code, formerCommuneCode: null, parts }
    const households = { atAddress: async () => [home] }
    return (await homesAt(address, { former: null, score: 1 }, households, gazetteer))[0]!
  }
  expect(house.precision).toBe('building')
  const coarse = await answer(3000)
  expect(coarse).toMatchObject({ id: '123450678905', precision: 'building', accuracy: house.accuracy })
  expect(metresBetween(coarse, house)).toBeLessThan(1)
  expect(await answer(10)).toMatchObject({ ...far, precision: 'household', accuracy: 10 })
})

test('a neighbour with a coarse point does not draw a mapped house to it', () => {
  const door = {
    id: '1',
    door: ['34', '15'],
    formerCommuneCode: null,
    point: { ...far, accuracy: 3000, source: 'given' as const },
    access: null,
  }
  const found = findDoor({ parts, commune, ground: null }, world, { doors: [door], hamlet: null })
  expect(metresBetween(found, house)).toBeLessThan(1)
  // Where nothing else is known it is better than the middle of the commune.
  const unmapped = { ...parts, street: 'Đường Không Có' }
  const loose = { ...door, point: { ...door.point, accuracy: 400 } }
  const told = findDoor({ parts: unmapped, commune, ground: null }, world, { doors: [loose], hamlet: null })
  expect(told).toMatchObject({ ...far, accuracy: 415 })
})
