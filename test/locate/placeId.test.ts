import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { metresBetween } from '../../src/geo/flatEarth.ts'
import { placeOfId } from '../../src/locate/placeId.ts'
import { bestOnMap } from '../../src/locate/reverse.ts'

const gazetteer = load()

test('the id that a point gives of a mapped house in an alley leads back to that house', () => {
  const commune = gazetteer.commune('26824')!
  const [street] = gazetteer.streetLayers.streetsNamed('Võ Văn Ngân', commune)
  const alley = gazetteer.streetLayers
    .alleysOf(street!)
    .find(({ alley }) => alley!.numbers.join('/') === '34')!
  const house = gazetteer.streetLayers.housesOf(alley).find(({ number }) => number === '34/15')!
  const { place } = bestOnMap(gazetteer, house.lat, house.lon, 100)!
  expect(place).toMatchObject({ id: '26824_vo-van-ngan_34_15', housenumber: '34/15' })
  const back = placeOfId(place.id, gazetteer)!.place
  expect(back).toMatchObject({
    id: place.id,
    type: 'housenumber',
    housenumber: '34/15',
    precision: 'building',
  })
  expect(metresBetween(place, back)).toBeLessThan(1)
})
