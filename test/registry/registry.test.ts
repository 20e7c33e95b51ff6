import { expect, test } from 'vitest'
import { openRegistry } from '../../src/registry/registry.ts'
import { codeOf, draft, loader, point } from './helpers.ts'

async function filled() {
  const { load, store } = loader()
  const outcomes = await load([
    draft({ externalId: 'A-1', point: point() }),
    draft({ parts: { houseNumber: '14', street: 'Lê Lợi' }, point: point(40) }),
    draft({ parts: { houseNumber: '16', street: 'Lê Lợi' } }),
  ])
  return { load, registry: openRegistry(store), households: outcomes.map(({ household }) => household) }
}

test('a household by its id, its code, its number, its place', async () => {
  const { registry, households } = await filled()
  const [first, second] = households
  expect(await registry.household(first!.id)).toEqual(first)
  expect(await registry.atCode(codeOf('71009', point()), 10)).toEqual([first])
  expect(await registry.byExternalId('office', 'A-1')).toEqual(first)
  const near = await registry.nearest(point().lat, point().lon, 60, 10)
  expect(near.map(({ household }) => household)).toEqual([first, second])
  expect(near[1]!.metres).toBeCloseTo(40, 0)
  expect(await registry.nearest(point().lat, point().lon, 60, 1)).toHaveLength(1)
  expect(await registry.count()).toBe(3)
})

test('a household by its address, exact ones first', async () => {
  const { load, registry } = await filled()
  const [former] = await load([draft({ formerCommuneCode: '26740', text: 'x' })], { list: 'former' })
  const { parts, communeCode } = draft()
  const found = async (formerCommuneCode: string | null, more = {}) => {
    const homes = await registry.atAddress({ communeCode, formerCommuneCode, parts, ...more }, 10)
    return homes.map(({ formerCommuneCode }) => formerCommuneCode)
  }
  expect(former!.household.review).toEqual(['former-commune-or-hamlet-unknown'])
  expect(await found(null)).toEqual([null, '26740'])
  expect(await found('26740')).toEqual(['26740', null])
  expect(await found('26743')).toEqual([null])
  expect(await found(null, { communeCode: '26740' })).toEqual([])
  expect(await found(null, { parts: { street: 'Lê Lợi' } })).toEqual([])
})

test('unknown and mistyped ids, codes and numbers have no household', async () => {
  const { registry, households } = await filled()
  const { id } = households[0]!
  expect(await registry.household(id.slice(0, 11) + ((Number(id[11]) + 1) % 10))).toBeNull()
  expect(await registry.household(registry.ids.idOf(4))).toBeNull()
  expect(await registry.household('')).toBeNull()
  expect(await registry.history('no id')).toEqual([])
  expect(await registry.atCode('71009QMCXR8V', 10)).toEqual([])
  expect(await registry.byExternalId('office', 'A-2')).toBeNull()
})

test('a code once given leads to its household and to its code now, with dates', async () => {
  const { load, registry, households } = await filled()
  const { id } = households[0]!
  await load([draft({ externalId: 'A-1', point: point(30, { source: 'surveyed' }) })])
  const [old, now] = [codeOf('71009', point()), codeOf('71009', point(30))]
  const moved = await registry.household(id)
  expect(moved).toMatchObject({ vpostcode: now, point: point(30, { source: 'surveyed' }) })
  expect(await registry.atCode(old, 10)).toEqual([])
  expect(await registry.oldCodes(old, 10)).toEqual([
    {
      vpostcode: old,
      householdId: id,
      current: now,
      successors: [],
      communeCode: '26743',
      from: moved!.createdAt,
      until: moved!.updatedAt,
    },
  ])
  expect(await registry.knownCodes([old, now])).toEqual(new Set([now]))
  const history = await registry.history(id)
  expect(history.map(({ kind, number, actor }) => [kind, number, actor])).toEqual([
    ['insert', 1, 'test'],
    ['update', 4, 'test'],
  ])
  expect(history[1]!.changed).toEqual(expect.arrayContaining(['point', 'vpostcode']))
  expect(history.map(({ household }) => [household.id, household.vpostcode])).toEqual([
    [id, old],
    [id, now],
  ])
})
