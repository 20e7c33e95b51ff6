import { expect, test } from 'vitest'
import { metresBetween } from '../../src/geo/flatEarth.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import { lineOf, placeOf } from '../../src/registry/streetLine.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { batch, household } from '../store/contract.ts'
import { point } from './helpers.ts'

const COMMUNE = household(1).communeCode

async function registered(homes: readonly ReturnType<typeof household>[]) {
  const store = openWriter(':memory:')
  await store.transaction((tx) => tx.write(batch(homes.map((household) => ({ kind: 'insert', household })))))
  return openRegistry(store)
}
const numbered = (numbers: readonly string[], street = 'Lê Lợi') =>
  numbers.map((houseNumber, i) => household(i + 1, { parts: { houseNumber, street } }))

async function doorsAround(houseNumber: string, numbers: readonly string[], each = 2, street = 'Lê Lợi') {
  const registry = await registered(numbered(numbers))
  const doors = await registry.onStreet(COMMUNE, street, houseNumber, each)
  return doors.map(({ door }) => door.join('/'))
}

test('the doors around a number: at it, then on each side below and above', async () => {
  const numbers = Array.from({ length: 60 }, (_, i) => String(i + 1))
  expect(await doorsAround('30', numbers)).toEqual(['30', '28', '26', '32', '34', '29', '27', '31', '33'])
  expect(await doorsAround('1', numbers)).toEqual(['1', '3', '5', '2', '4'])
  expect(await doorsAround('200', numbers, 1)).toEqual(['60', '59'])
})

test('of an alley its own doors first, from the next number on and before it', async () => {
  const numbers = ['130/3/1', '130/20', '130/22/5', '130/40', '128', '131', '132/1']
  expect(await doorsAround('130/20/14/3', numbers)).toEqual(['130/20', '130/22/5', '130/3/1', '128', '131'])
})

test('street names are compared as the address key does; another street of the commune is another one', async () => {
  expect(await doorsAround('4', ['2', '6'], 2, 'đường LE LOI')).toEqual(['2', '6'])
  expect(await doorsAround('4', ['2', '6'], 2, 'Lê Lai')).toEqual([])
  expect(await doorsAround('4', ['2', '6'], 2, '')).toEqual([])
  expect(await doorsAround('Lô A', ['2', '6'])).toEqual([])
})

test('what was registered or put right answers at once', async () => {
  const store = openWriter(':memory:')
  const registry = openRegistry(store)
  const ask = async () => (await registry.onStreet(COMMUNE, 'Lê Lợi', '5', 4)).map(({ door }) => door[0])
  const seven = household(1, { parts: { houseNumber: '7', street: 'Lê Lợi' } })
  await store.transaction((tx) => tx.write(batch([{ kind: 'insert', household: seven }])))
  expect(await ask()).toEqual(['7'])
  const after = { parts: { houseNumber: '9', street: 'Lê Lợi' } }
  const change = {
    kind: 'update' as const,
    household: { ...seven, ...after },
    before: { parts: seven.parts },
    after,
  }
  await store.transaction((tx) => tx.write(batch([change])))
  expect(await ask()).toEqual(['9'])
})

test('the middle and the spread of a hamlet', async () => {
  const homes = Array.from({ length: 200 }, (_, i) =>
    household(i + 1, { parts: { hamlet: i % 2 ? 'Thôn Đông Tảo' : 'thôn dong tao' }, point: point(i) }),
  )
  const far = household(300, { parts: { hamlet: 'thôn Phú Thị' }, point: point(5000) })
  const onStreet = household(301, {
    parts: { hamlet: 'thôn Đông Tảo', street: 'Đường 5', houseNumber: '1' },
    point: point(9000),
  })
  const registry = await registered([...homes, far, onStreet])
  const hamlet = (await registry.hamlet(COMMUNE, 'thôn Đông Tảo'))!
  expect(hamlet.households).toBe(32)
  // They stand a metre apart on 200 m: a sample of 32 finds the middle to some metres, nine in ten within 90.
  expect(metresBetween(hamlet, point(100))).toBeLessThan(25)
  expect(hamlet.radius).toBeGreaterThan(70)
  expect(hamlet.radius).toBeLessThan(115)
  expect(await registry.hamlet(COMMUNE, 'thôn Không Có')).toBeNull()
  expect(await registry.hamlet('00004', 'thôn Đông Tảo')).toBeNull()
})

test('where a door lies along its street', () => {
  expect(placeOf({ houseNumber: '25B' })).toEqual({ inAlley: false, number: 25, next: 0 })
  expect(placeOf({ houseNumber: '130/20/14/3' })).toEqual({ inAlley: true, number: 130, next: 20 })
  expect(placeOf({ houseNumber: 'K448/H20/2' })).toEqual({ inAlley: true, number: 448, next: 20 })
  const north = { houseNumber: '25', alleys: [{ kind: 'ngo' as const, number: '78' }] }
  expect(placeOf(north)).toEqual({ inAlley: true, number: 78, next: 25 })
  expect(placeOf({ houseNumber: 'BL.A-10' })).toBeNull()
  expect(placeOf({})).toBeNull()
  expect(lineOf(household(1, { parts: { houseNumber: '999999999', street: 'Lê Lợi' } }))).toBeLessThan(
    2 ** 53,
  )
})
