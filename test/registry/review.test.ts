import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { prepareRow } from '../../src/pipeline.ts'
import { scan } from '../../src/registry/doubts/scan.ts'
import { idCodec } from '../../src/registry/id.ts'
import { openLife } from '../../src/registry/life.ts'
import { queue, reviewCase } from '../../src/registry/review/queue.ts'
import { draft, loader, point } from './helpers.ts'

const gazetteer = load()
/** A former commune of Ha Noi that was split, and a text in it that names no street known on the map. */
const SPLIT = gazetteer.formerCommune('00103')!
const text = (number: string) =>
  `Số ${number} đường Không Tên, ${SPLIT.fullName}, ${SPLIT.district.fullName}, Hà Nội`
const doubtful = (number: string) => prepareRow({ address: text(number) }, gazetteer).draft!

function desk() {
  const one = loader()
  const ids = idCodec(one.store.secret)
  const life = openLife({ store: one.store, gazetteer, engineVersion: '1' })
  const by = { actor: 'lan' }
  const id = (n: number) => ids.idOf(n)
  const stored = async (n: number) => (await one.store.households([n]))[0]!
  const waiting = (reason?: string, limit = 100) => queue(one.store, ids, { place: null, reason, limit })
  const events = async (n: number) => (await one.store.history(n)).map(({ kind, reason }) => [kind, reason])
  return { ...one, ids, life, by, id, stored, waiting, events }
}

test('a split commune: the candidates are offered, one is picked, and the pick can be undone', async () => {
  const { load, store, ids, life, by, id, stored, waiting, events } = desk()
  await load([doubtful('5')])
  const before = await stored(1)
  expect(before).toMatchObject({ grade: 'C', review: ['split-commune'], vpostcode: null })
  expect(await waiting()).toMatchObject([
    { household: { id: id(1) }, reasons: ['split-commune'], doubts: [] },
  ])
  const { candidates } = await reviewCase(store, ids, before, gazetteer)
  const communes = candidates.map(({ communeCode }) => communeCode)
  expect([...communes].sort()).toEqual(SPLIT.successors.map(({ current }) => current.code).sort())

  const other = communes.find((code) => code !== before.communeCode)!
  await life.decide(by, id(1), { kind: 'commune', communeCode: other })
  expect(await stored(1)).toMatchObject({
    communeCode: other,
    formerCommuneCode: SPLIT.code,
    postcode: gazetteer.commune(other)!.postcode,
    review: [],
    grade: 'B',
    cleared: [{ doubt: 'commune', other: null }],
  })
  expect(await waiting()).toEqual([])
  expect((await events(1)).at(-1)).toEqual(['update', 'review: commune'])
  await life.undo({ ...by, reason: 'slip' }, id(1))
  expect(await stored(1)).toMatchObject({ ...before, updatedAt: expect.any(Number) })
  expect(await waiting('split-commune')).toHaveLength(1)
})

test('a point decides the commune that the text leaves open, and gives the code', async () => {
  const { load, life, by, id, stored } = desk()
  await load([doubtful('5')])
  const there = SPLIT.successors.map(({ current }) => current).find(({ code }) => code !== '00103')!
  const at = { ...there.inside, source: 'given' as const, accuracy: 5 }
  await life.decide(by, id(1), { kind: 'point', point: at })
  expect(await stored(1)).toMatchObject({ communeCode: there.code, point: at, review: [] })
  expect((await stored(1)).vpostcode).toMatch(new RegExp(`^${there.postcode}`))
})

test('a point far from the commune: the commune is wrong, or the point is', async () => {
  const { load, life, by, id, stored } = desk()
  const far = { lat: 21.0285, lon: 105.8542, source: 'given' as const, accuracy: 5 }
  const rows = ['1', '2', '3'].map((houseNumber) =>
    draft({ parts: { houseNumber, street: 'X' }, point: far, review: ['point-far-from-commune'] }),
  )
  await load(rows)
  await expect(life.decide(by, id(1), { kind: 'keep', others: [] })).rejects.toThrow('more than 100 m')
  await life.decide(by, id(1), { kind: 'commune', communeCode: '26743', point: null })
  expect(await stored(1)).toMatchObject({ point: null, review: [], vpostcode: null })
  await life.decide(by, id(2), { kind: 'point', point: point() })
  expect(await stored(2)).toMatchObject({ point: point(), review: [], vpostcode: '71009QMCXR8V' })
  await life.decide(by, id(3), { kind: 'reject' })
  expect(await stored(3)).toMatchObject({ status: 'historical', successors: [] })
})

test('two households held against each other: the same, or not the same; both can be undone', async () => {
  const { load, store, life, by, id, stored, waiting, events } = desk()
  const rows = [draft({ formerCommuneCode: '26743', point: point() }), draft({ point: point(2) })]
  await load(rows)
  for await (const _ of scan(store, [{ provinceCode: '79', communeCode: '26743' }], gazetteer));
  expect(await waiting()).toMatchObject([
    { household: { id: id(2) }, doubts: [{ kind: 'duplicate', other: id(1), reason: 'both-eras' }] },
  ])
  expect(await waiting('duplicate')).toHaveLength(1)

  await life.decide(by, id(2), { kind: 'distinct', others: [id(1)] })
  expect(await stored(1)).toMatchObject({ cleared: [{ doubt: 'duplicate', other: 2 }] })
  expect(await stored(2)).toMatchObject({ review: [], cleared: [{ doubt: 'duplicate', other: 1 }] })
  expect((await stored(2)).vpostcode).not.toBeNull()
  expect(await waiting()).toEqual([])
  for await (const _ of scan(store, [{ provinceCode: '79', communeCode: '26743' }], gazetteer));
  expect(await waiting()).toEqual([])

  const because = { ...by, reason: 'they are one' }
  await life.undo(because, id(1))
  expect([(await stored(1)).cleared, (await stored(2)).review]).toEqual([
    [],
    ['former-commune-or-hamlet-unknown'],
  ])
  for await (const _ of scan(store, [{ provinceCode: '79', communeCode: '26743' }], gazetteer));
  expect(await waiting()).toHaveLength(1)

  // The one in review stays: what was held against it is gone with the other.
  await life.decide(because, id(1), { kind: 'merge', into: id(2) })
  expect(await stored(1)).toMatchObject({ status: 'historical', successors: [2] })
  expect(await stored(2)).toMatchObject({ review: [] })
  expect((await stored(2)).vpostcode).not.toBeNull()
  expect(await waiting()).toEqual([])
  expect((await events(2)).at(-1)).toEqual(['merge', 'they are one'])
  await life.undo(because, id(2))
  expect(await waiting()).toHaveLength(1)
})

test('a house out of its numbering is right as it stands', async () => {
  const { load, store, life, by, id, waiting } = desk()
  const street = Array.from({ length: 30 }, (_, i) =>
    draft({ parts: { houseNumber: String(2 * i + 1), street: 'Lê Lợi' }, point: point(i * 5) }),
  )
  street[10] = draft({ parts: { houseNumber: '21', street: 'Lê Lợi' }, point: point(-700) })
  await load(street)
  for await (const _ of scan(store, [{ provinceCode: '79', communeCode: '26743' }], gazetteer));
  expect(await waiting('numbering')).toMatchObject([{ household: { id: id(11) }, reasons: [] }])
  await life.decide(by, id(11), { kind: 'keep', others: [] })
  expect(await waiting()).toEqual([])
})

test('findings of another kind, and those about households in review, take no places of the list', async () => {
  const { load, store, id, waiting } = desk()
  const street = Array.from({ length: 30 }, (_, i) =>
    draft({ parts: { houseNumber: String(2 * i + 1), street: 'Lê Lợi' }, point: point(i * 5) }),
  )
  street[10] = draft({ parts: { houseNumber: '21', street: 'Lê Lợi' }, point: point(-700) })
  const pair = [draft({ formerCommuneCode: '26743', point: point() }), draft({ point: point(2) })]
  await load([...street, ...pair])
  for await (const _ of scan(store, [{ provinceCode: '79', communeCode: '26743' }], gazetteer));
  const found = await store.doubts(null, 9)
  expect(found.map(({ kind }) => kind)).toEqual(['duplicate', 'numbering'])
  expect(await waiting('numbering', 1)).toMatchObject([{ household: { id: id(11) } }])
  expect(await waiting(undefined, 2)).toMatchObject([
    { household: { id: id(32) }, doubts: [{ kind: 'duplicate' }] },
    { household: { id: id(11) }, doubts: [{ kind: 'numbering' }] },
  ])
})
