import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { idCodec } from '../../src/registry/id.ts'
import { openLife } from '../../src/registry/life.ts'
import { queue, reviewCase } from '../../src/registry/review/queue.ts'
import { blind } from '../../src/registry/sample/blind.ts'
import { type Drawn, draw, openRound } from '../../src/registry/sample/draw.ts'
import { draft, loader, point } from './helpers.ts'

const gazetteer = load()
const BEN_THANH = { provinceCode: '79', communeCode: '26743' }
const minh = { actor: 'minh' }

/** `count` households of Ben Thanh 10 m apart, entered by "test", and the tools to check them. */
async function office(count: number) {
  const one = loader()
  const ids = idCodec(one.store.secret)
  let now = Date.UTC(2026, 5, 1)
  const life = openLife({ store: one.store, gazetteer, engineVersion: '1', now: () => now++ })
  const houses = Array.from({ length: count }, (_, i) =>
    draft({
      text: `${i + 1} Lê Lợi`,
      parts: { houseNumber: String(i + 1), street: 'Lê Lợi' },
      point: point(i * 10),
    }),
  )
  await one.load(houses)
  const drawAll = async (more: Parameters<typeof openRound>[1] = { actor: 'lan', seed: 'abc' }) => {
    const round = await openRound(one.store, { ...more, now: () => now++ })
    let last: Drawn | undefined
    for await (const step of draw(one.store, ids, [BEN_THANH], round, () => now++)) last = step
    return last!
  }
  const sampled = async () => (await one.store.toCheck(BEN_THANH)).map(({ n }) => n)
  const tally = async () => {
    const [commune] = await one.store.communeTallies('79')
    return [commune!.sampled, commune!.checked, commune!.wrong]
  }
  const house = (north: number, communeCode: string | null = '26743', accuracy = 5) => ({
    found: { kind: 'house' as const, communeCode, point: { ...point(north), accuracy } },
  })
  const waiting = () => queue(one.store, ids, { place: null, limit: 100 })
  const stored = async (n: number) => (await one.store.households([n]))[0]!
  const verdictOf = async (n: number) => (await one.store.checksOf(n)).at(-1)?.verdict
  return { ...one, ids, id: ids.idOf, life, drawAll, sampled, tally, house, waiting, stored, verdictOf }
}

test('a draw is 2 % by default, 10 at least, of coded households only; whoever has the seed can draw it too', async () => {
  const { load: loadRows, store, id, drawAll, sampled } = await office(700)
  await loadRows([draft({ text: 'no point', parts: { houseNumber: '900', street: 'Lê Lợi' } })], {
    list: 'other',
  })
  expect(await drawAll()).toEqual({ communes: 1, households: 14, before: { communes: 0, households: 0 } })
  const hash = (n: number) =>
    createHash('sha256')
      .update(`abc:${id(n)}`)
      .digest('hex')
  const coded = Array.from({ length: 700 }, (_, i) => i + 1)
  const byHand = coded.sort((a, b) => (hash(a) < hash(b) ? -1 : 1)).slice(0, 14)
  expect(await sampled()).toEqual(byHand.sort((a, b) => a - b))

  // Again: nothing new, the same sample. Another round: another sample. Few households: the least.
  expect(await drawAll({ actor: 'lan' })).toEqual({
    communes: 0,
    households: 0,
    before: { communes: 1, households: 14 },
  })
  await expect(drawAll({ actor: 'lan', share: 0.05 })).rejects.toThrow('round 1 was drawn with seed abc')
  await drawAll({ actor: 'lan', newRound: true, share: 0.001 })
  expect((await store.latestRound())?.seed).toMatch(/^[0-9a-f]{16}$/)
  expect(await sampled()).toHaveLength(10)
  expect(await sampled()).not.toEqual(byHand.slice(0, 10))
  const few = await office(3)
  await few.drawAll()
  expect(await few.sampled()).toEqual([1, 2, 3])
})

test('a checker is told the parts and where to look, and nothing that the registry made of them', async () => {
  const { ids, id, stored } = await office(1)
  const household = {
    ...(await stored(1)),
    parts: {
      building: 'Chung cư X',
      unit: 'căn 5',
      houseNumber: '25',
      alleys: [
        { kind: 'ngo' as const, number: '78' },
        { kind: 'ngach' as const, number: '34/56' },
      ],
      street: 'Láng',
      group: 'tổ 3',
    },
  }
  const told = blind(household, { round: 2 }, ids, gazetteer)
  expect(told).toEqual({
    id: id(1),
    round: 2,
    address: 'căn 5, Chung cư X, số 25 ngách 34/56 ngõ 78 Láng, tổ 3',
    area: 'Quận 1',
    province: 'Thành phố Hồ Chí Minh',
  })
  expect(JSON.stringify(told)).not.toMatch(/Bến Thành|26743|71009|10\.77/)
})

test('what is found is compared with what stood when the sample was drawn; a check changes no household', async () => {
  const { life, id, drawAll, tally, house, waiting, stored, verdictOf } = await office(8)
  await drawAll()
  const before = await Promise.all([1, 2, 3, 4, 5, 6].map(stored))
  // 15 m of its own (its accuracy of 5 m is too bold) and 5 m of the checker's.
  await life.check(minh, id(1), house(19))
  await life.check(minh, id(2), house(10 + 21))
  await life.check(minh, id(3), { found: { kind: 'house', communeCode: '26740', point: null } })
  await life.check(minh, id(4), { found: { kind: 'none' } })
  await life.check(minh, id(5), { found: { kind: 'same-as', other: id(6) } })
  // The point tells the commune when the checker does not.
  await life.check(minh, id(6), house(50, null))
  expect(await Promise.all([1, 2, 3, 4, 5, 6].map(verdictOf))).toEqual([
    'right',
    'wrong-point',
    'wrong-commune',
    'no-such-house',
    'duplicate',
    'right',
  ])
  expect(await Promise.all([1, 2, 3, 4, 5, 6].map(stored))).toEqual(before)
  expect(await tally()).toEqual([8, 6, 4])
  expect((await waiting()).map(({ doubts }) => doubts[0])).toMatchObject([
    { kind: 'check', reason: 'wrong-point', other: null },
    { kind: 'check', reason: 'wrong-commune', other: null },
    { kind: 'check', reason: 'no-such-house', other: null },
    { kind: 'check', reason: 'duplicate', other: id(6) },
  ])

  // Put right between draw and check: it was wrong.
  await life.move({ actor: 'lan' }, id(7), { point: point(300, { source: 'surveyed' }) })
  await life.check(minh, id(7), house(300))
  expect(await verdictOf(7)).toBe('wrong-point')
})

test('the checker is another person, once a round, at a household that is in the sample and there', async () => {
  const { life, id, drawAll, tally, house } = await office(12)
  await drawAll({ actor: 'lan', share: 0.0001, least: 11, seed: 'x' })
  const refused = (code: string) => expect.objectContaining({ name: 'ChangeRefused', code })
  const check = (n: number, actor: string, what: Parameters<typeof life.check>[2]) =>
    life.check({ actor }, id(n), what)
  const results = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) => check(i + 1, 'minh', house(i * 10))),
  )
  const rejected = results.filter(({ status }) => status === 'rejected')
  expect(rejected).toEqual([{ status: 'rejected', reason: refused('not-in-sample') }])
  const [n, other] = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [i + 1] : []))

  // The same once more is known; something else has to be taken back first.
  expect(await check(n!, ' Mi nh ', house((n! - 1) * 10))).toBe(false)
  await expect(check(n!, 'minh', { found: { kind: 'none' } })).rejects.toEqual(refused('checked-already'))
  await expect(check(n!, 'hoa', house((n! - 1) * 10))).rejects.toEqual(refused('checked-already'))
  await life.undoCheck({ actor: 'lan' }, id(n!))
  await expect(life.undoCheck({ actor: 'lan' }, id(n!))).rejects.toEqual(refused('not-checked'))
  expect(await tally()).toEqual([11, 10, 0])

  await expect(check(n!, ' TEST', { found: { kind: 'none' } })).rejects.toEqual(refused('same-person'))
  await life.addExternalId({ actor: 'hoa' }, id(n!), { scheme: 'office', value: '7' })
  await expect(check(n!, 'hoa', { found: { kind: 'none' } })).rejects.toEqual(refused('same-person'))
  await expect(check(n!, 'an', { ...house(0), round: 2 })).rejects.toEqual(refused('round-over'))
  await expect(check(n!, 'an', house(0, '26743', 51))).rejects.toEqual(refused('bad-point'))
  await expect(check(n!, 'an', house(90_000))).rejects.toEqual(refused('point-far-from-commune'))
  const nowhere = { found: { kind: 'house' as const, communeCode: '26743', point: null } }
  await expect(check(n!, 'an', nowhere)).rejects.toEqual(refused('check-incomplete'))
  await expect(check(n!, 'an', { found: { kind: 'same-as', other: id(n!) } })).rejects.toEqual(
    refused('same-household'),
  )
  expect(await tally()).toEqual([11, 10, 0])
  await life.retire({ actor: 'lan', reason: 'gone' }, id(n!))
  expect(await tally()).toEqual([10, 10, 0])
  await expect(check(n!, 'an', { found: { kind: 'none' } })).rejects.toEqual(refused('historical'))
  // What was checked keeps its result when it ends.
  await life.retire({ actor: 'lan', reason: 'gone' }, id(other!))
  expect(await tally()).toEqual([10, 10, 0])
})

test('a wrong one waits for a decision, which closes it and can be undone; a later check opens it again', async () => {
  const { store, ids, life, id, drawAll, house, waiting, stored, tally } = await office(3)
  await drawAll()
  await life.check(minh, id(1), house(60))
  const shown = await reviewCase(store, ids, await stored(1), gazetteer)
  expect(shown).toMatchObject({
    doubts: [{ kind: 'check', reason: 'wrong-point', metres: expect.closeTo(60, 0) }],
    checks: [{ actor: 'minh', verdict: 'wrong-point', found: { communeCode: '26743' }, undoneAt: null }],
  })
  const lan = { actor: 'lan' }
  await life.decide(lan, id(1), { kind: 'point', point: point(60, { source: 'surveyed' }) })
  expect(await waiting()).toEqual([])
  expect(await tally()).toEqual([3, 1, 1])
  await life.undo({ ...lan, reason: 'slip' }, id(1))
  expect(await waiting()).toHaveLength(1)
  await life.decide(lan, id(1), { kind: 'keep', others: [] })
  expect(await waiting()).toEqual([])

  await drawAll({ actor: 'lan', newRound: true })
  await life.check({ actor: 'hoa' }, id(1), house(70))
  expect(await waiting()).toMatchObject([{ household: { id: id(1) }, doubts: [{ kind: 'check' }] }])
  // Taken back, the check before stands again.
  await life.undoCheck(lan, id(1))
  expect((await waiting())[0]?.doubts).toMatchObject([{ metres: expect.closeTo(60, 0) }])

  // Two that a checker takes for one home are a pair, as when a search finds them.
  await life.check(minh, id(2), { found: { kind: 'same-as', other: id(3) } })
  await life.decide(lan, id(2), { kind: 'distinct', others: [id(3)] })
  expect(await waiting()).toHaveLength(1)
})

test('of an erased household its result stays, what was found does not', async () => {
  const { store, life, id, drawAll, house, tally } = await office(2)
  await drawAll()
  await life.check(minh, id(1), house(60))
  await life.erase({ actor: 'lan', reason: 'asked for' }, id(1))
  await life.erase({ actor: 'lan', reason: 'asked for' }, id(2))
  expect(await store.checksOf(1)).toMatchObject([{ verdict: 'wrong-point', found: null, metres: null }])
  expect(await tally()).toEqual([1, 1, 1])
})
