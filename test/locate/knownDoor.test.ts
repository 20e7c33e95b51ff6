import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import type { KnownHousehold } from '../../src/locate/knownHouseholds.ts'
import { homesAt, withHouseholds } from '../../src/locate/search.ts'

const gazetteer = load()
const commune = gazetteer.commune('26824')!
const parts = { houseNumber: '34/15', street: 'Võ Văn Ngân' }
const address = { communeCode: commune.code, formerCommuneCode: null, parts }
const home = (id: string, point: KnownHousehold['point']) => ({
  id,
  status: 'provisional' as const,
  parts,
  communeCode: commune.code,
  postcode: commune.postcode,
  point,
  vpostcode: null,
  access: null,
  review: [],
})

test('the door of a registered home is not looked for', async () => {
  const read = {
    get place(): never {
      throw new Error('looked for')
    },
    reading: { former: null, score: 0.9 },
    address,
  }
  const known = { atAddress: async () => [home('1', { lat: 10.85, lon: 106.76, accuracy: 5 })] }
  const found = await withHouseholds([read], known, gazetteer)
  expect(found).toMatchObject([{ id: '1', lat: 10.85, score: 0.9 }])
  const nobody = { atAddress: async () => [] }
  await expect(withHouseholds([read], nobody, gazetteer)).rejects.toThrow('looked for')
})

test('the homes at one door without a point ask for its neighbours once', async () => {
  let asked = 0
  const households = {
    atAddress: async () => [home('1', null), home('2', null), home('3', null)],
    onStreet: async () => {
      asked++
      return []
    },
  }
  expect(await homesAt(address, { former: null, score: 1 }, households, gazetteer)).toHaveLength(3)
  expect(asked).toBe(1)
})
