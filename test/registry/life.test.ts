import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { resolveCode } from '../../src/locate/resolve.ts'
import type { RefusalCode } from '../../src/registry/life/refused.ts'
import { openLife } from '../../src/registry/life.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import type { HouseholdPoint } from '../../src/registry/types.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { encodeVpostcode } from '../../src/vpostcode/vpostcode.ts'
import { draft, hamlet, loader, point, statuses } from './helpers.ts'

const gazetteer = load()
const clerk = { actor: 'clerk', reason: 'on request' }
const second = { actor: 'second clerk', reason: 'checked on site' }
const surveyed = (north = 0, accuracy = 4): HouseholdPoint => point(north, { source: 'surveyed', accuracy })
const codeAt = (north = 0) => {
  const { lat, lon } = point(north)
  return encodeVpostcode('71009', lat, lon)
}
const house = (number: string, more: Parameters<typeof draft>[0] = {}) =>
  draft({ text: `${number} Lê Lợi, Bến Thành`, parts: { houseNumber: number, street: 'Lê Lợi' }, ...more })

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-life-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function open(path = ':memory:') {
  const store = openWriter(path)
  let now = Date.UTC(2026, 0, 1)
  const life = openLife({ store, gazetteer, engineVersion: '1', now: () => now++ })
  const registry = openRegistry(store)
  /** Registers a household and answers its id. */
  const enter = async (number: string, more: Parameters<typeof draft>[0] = {}) => {
    const [household] = await life.register(clerk, { draft: house(number, more) })
    return household!.id
  }
  const resolve = (code: string) => resolveCode({ gazetteer, households: registry }, code)
  const kinds = async (id: string) => (await registry.history(id)).map(({ kind }) => kind)
  return { store, life, registry, enter, resolve, kinds, loader: loader(store) }
}

const refused = (code: RefusalCode) => expect.objectContaining({ name: 'ChangeRefused', code })

describe('register', () => {
  test('makes a provisional household with the code of its point, its numbers and who did it why', async () => {
    const { life, registry } = open()
    const [made] = await life.register(clerk, {
      draft: house('12', { point: point(), externalId: 'A-1' }),
      externalIds: [{ scheme: 'location-identifier', value: ' 012345678901 ' }],
    })
    expect(made).toMatchObject({
      status: 'provisional',
      vpostcode: codeAt(),
      externalIds: [
        { scheme: 'location-identifier', value: '012345678901' },
        { scheme: 'office', value: 'A-1' },
      ],
    })
    expect(await registry.byExternalId('location-identifier', '012345678901')).toEqual(made)
    expect(await registry.history(made!.id)).toMatchObject([
      { kind: 'insert', actor: 'clerk', reason: 'on request', household: made },
    ])
  })

  test('refuses an address that a household has, and lets a person look at one that is like it', async () => {
    const { life, enter } = open()
    await enter('12', { point: point() })
    await expect(enter('12', { point: point(40) })).rejects.toEqual(refused('address-taken'))
    const [far] = await life.register(clerk, { draft: house('12', { point: point(80) }) })
    expect(far).toMatchObject({ review: ['same-address-far-apart'], vpostcode: null })
    const unknown = house('12', { formerCommuneCode: '26740' })
    expect((await life.register(clerk, { draft: unknown }))[0]!.review).toEqual([
      'former-commune-or-hamlet-unknown',
    ])
    const nameless = hamlet({ point: point(500) })
    await life.register(clerk, { draft: nameless })
    await expect(life.register(clerk, { draft: nameless })).rejects.toEqual(refused('address-taken'))
    await life.register(clerk, { draft: hamlet() })
    await life.register(clerk, { draft: hamlet() })
  })

  test('refuses points of no use and external ids of a wrong form or of another household', async () => {
    const { life, enter } = open()
    const given = (scheme: string, value: string) =>
      life.register(clerk, { draft: house('14'), externalIds: [{ scheme, value }] })
    await enter('12', { externalId: 'A-1' })
    await expect(given('office', 'A-1')).rejects.toEqual(refused('external-id-taken'))
    await expect(given('digital-address', '123456789')).rejects.toEqual(refused('bad-external-id'))
    await expect(given('location-identifier', '1234567890123')).rejects.toEqual(refused('bad-external-id'))
    await expect(given('office', ' ')).rejects.toEqual(refused('bad-external-id'))
    await expect(given('Two words', '1')).rejects.toEqual(refused('bad-external-id'))
    for (const value of ['A\u200b1', 'A\ufe0f1', 'A\ud8001', 'A\u00001', 'A\n1', 'A'.repeat(101)])
      await expect(given('office', value), JSON.stringify(value)).rejects.toEqual(refused('bad-external-id'))
    await expect(enter('14', { point: point(0, { accuracy: 0 }) })).rejects.toEqual(refused('bad-point'))
    await expect(enter('14', { point: point(20_000) })).rejects.toEqual(refused('point-far-from-commune'))
  })
})

test('correct writes another address, decides what was in doubt, takes a verification back for another house', async () => {
  const { life, enter, kinds } = open()
  const id = await enter('12', { point: surveyed() })
  const far = await enter('12', { point: point(80) })
  const [decided] = await life.correct(clerk, far, house('12A'))
  expect(decided).toMatchObject({ review: [], vpostcode: codeAt(80), parts: { houseNumber: '12A' } })
  await expect(life.correct(clerk, far, house('12', { point: point(10) }))).rejects.toEqual(
    refused('address-taken'),
  )
  await life.verify(clerk, id)
  expect(await life.correct(clerk, id, house('12', { text: '12 đường Lê Lợi' }))).toMatchObject([
    { status: 'verified', text: '12 đường Lê Lợi' },
  ])
  expect((await life.correct(clerk, id, house('16')))[0]!.status).toBe('provisional')
  await expect(life.correct(clerk, id, house('16'))).rejects.toEqual(refused('nothing-changed'))
  await expect(
    life.correct(clerk, id, house('18', { grade: 'C', review: ['split-commune'] })),
  ).rejects.toEqual(refused('address-in-doubt'))
  expect(await kinds(id)).toEqual(['insert', 'verify', 'update', 'update'])
})

test('move: a better point always, an equal one beyond the accuracy; the old code leads to the new one', async () => {
  const { life, enter, resolve } = open()
  const id = await enter('12', { point: point() })
  await expect(life.move(clerk, id, { point: point(4) })).rejects.toEqual(refused('within-accuracy'))
  const [moved] = await life.move(clerk, id, { point: surveyed(4) })
  expect(moved).toMatchObject({ point: surveyed(4), vpostcode: codeAt(4) })
  expect(await resolve(codeAt())).toMatchObject({
    status: 'superseded',
    superseded: [{ householdId: id, current: codeAt(4) }],
  })
  await life.verify(clerk, id)
  expect((await life.move(clerk, id, { point: point(30) }))[0]).toMatchObject({
    status: 'provisional',
    vpostcode: codeAt(30),
  })
  await expect(life.move(clerk, id, { point: point(20_000) })).rejects.toEqual(
    refused('point-far-from-commune'),
  )
  const gate = { lat: point(50).lat, lon: point().lon }
  expect((await life.move(clerk, id, { access: gate }))[0]).toMatchObject({ access: gate, point: point(30) })
  await expect(life.move(clerk, id, { access: gate })).rejects.toEqual(refused('nothing-changed'))
})

describe('verify', () => {
  test('by a surveyed point of stated accuracy', async () => {
    const { life, enter, registry } = open()
    const id = await enter('12', { point: point() })
    await expect(life.verify(clerk, id)).rejects.toEqual(refused('no-evidence'))
    await expect(life.verify(clerk, id, { point: surveyed(3, 16) })).rejects.toEqual(refused('no-evidence'))
    await expect(life.verify(second, id, { point: point(3) })).rejects.toEqual(refused('no-evidence'))
    expect(await life.verify(clerk, id, { point: surveyed(3, 15) })).toMatchObject([
      { status: 'verified', point: surveyed(3, 15), vpostcode: codeAt(3) },
    ])
    expect((await registry.history(id)).at(-1)).toMatchObject({ kind: 'verify', evidence: 'surveyed-point' })
    await expect(life.verify(second, id)).rejects.toEqual(refused('not-provisional'))
  })

  test('by a second person than all who entered address and point', async () => {
    const { life, enter, registry } = open()
    const id = await enter('12', { point: point() })
    await life.correct(second, id, house('12B'))
    await expect(life.verify(second, id)).rejects.toEqual(refused('no-evidence'))
    // Names are written by hand.
    await expect(life.verify({ actor: ' Second  Clerk' }, id)).rejects.toEqual(refused('no-evidence'))
    expect(await life.verify({ actor: 'third' }, id)).toMatchObject([{ status: 'verified' }])
    expect((await registry.history(id)).at(-1)).toMatchObject({ evidence: 'second-person', actor: 'third' })
  })

  test('not without a place, not while in review', async () => {
    const { life, enter } = open()
    await expect(life.verify(second, await enter('12'))).rejects.toEqual(refused('no-known-place'))
    const doubtful = await enter('14', { point: point(), review: ['split-commune'], grade: 'C' })
    await expect(life.verify(second, doubtful)).rejects.toEqual(refused('in-review'))
  })
})

describe('lineage', () => {
  test('a retired household keeps its old code resolvable and names who took its place', async () => {
    const { life, enter, registry, resolve } = open()
    const [old, heir] = [await enter('12', { point: point() }), await enter('14', { point: point(20) })]
    await expect(life.retire({ actor: 'clerk' }, old)).rejects.toEqual(refused('reason-missing'))
    expect(await life.retire(clerk, old, [heir])).toMatchObject([
      { status: 'historical', successors: [heir], vpostcode: null },
    ])
    expect(await resolve(codeAt())).toMatchObject({
      status: 'superseded',
      superseded: [{ householdId: old, successors: [heir], current: codeAt(20) }],
    })
    expect(await registry.nearest(point().lat, point().lon, 5, 10)).toEqual([])
    await expect(life.retire(clerk, old)).rejects.toEqual(refused('historical'))
    await life.retire(clerk, heir)
    // Gone without a successor: the code still names its cell.
    expect(await resolve(codeAt())).toMatchObject({
      status: 'superseded',
      superseded: [{ householdId: old, successors: [], current: null }],
      commune: { code: '26743' },
      lat: expect.closeTo(point().lat, 4),
    })
  })

  test('merged: numbers, alternative addresses and a missing point go to the one that stays', async () => {
    const { life, enter, registry, store, kinds } = open()
    const stays = await enter('12', { externalId: 'A-1' })
    const leaves = await enter('12', { formerCommuneCode: '26740', point: point(), externalId: 'B-7' })
    const alley = await enter('3/5')
    await life.setMain(clerk, alley, leaves)
    await expect(life.retire(clerk, leaves)).rejects.toEqual(refused('has-alternatives'))
    await expect(life.merge(clerk, alley, [leaves])).rejects.toEqual(refused('alternative'))
    await expect(life.merge(clerk, stays, [stays])).rejects.toEqual(refused('same-household'))
    const touched = await life.merge(clerk, stays, [leaves])
    expect(touched.map(({ id }) => id)).toEqual([stays, leaves, alley])
    expect(touched).toMatchObject([
      { point: point(), vpostcode: codeAt() },
      { status: 'historical', successors: [stays], externalIds: [] },
      { status: 'alternative', of: stays },
    ])
    expect(await registry.byExternalId('office', 'B-7')).toMatchObject({ id: stays })
    expect(await registry.successors(leaves)).toMatchObject([{ id: stays }])
    expect((await registry.history(leaves)).at(-1)).toMatchObject({ kind: 'merge', related: [stays, alley] })
    expect(await kinds(stays)).toEqual(['insert', 'merge'])
    expect((await store.events('79', 0, 100)).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7])

    const [back] = await life.undo(second, stays)
    expect(back).toMatchObject({ id: stays, point: null, externalIds: [{ value: 'A-1' }] })
    expect(await registry.household(leaves)).toMatchObject({
      status: 'provisional',
      successors: [],
      externalIds: [{ scheme: 'office', value: 'B-7' }],
    })
    expect(await registry.household(alley)).toMatchObject({ of: leaves })
    await expect(life.undo(second, stays)).rejects.toEqual(refused('nothing-to-undo'))
  })

  test('split: into new ones, or parted off from one that stays; undone when no part was changed since', async () => {
    const { life, enter, registry, resolve } = open()
    const id = await enter('12', { point: point() })
    const flat = (unit: string) => ({
      draft: house('12', { parts: { houseNumber: '12', street: 'Lê Lợi', unit }, point: point(1) }),
    })
    await expect(life.split(clerk, id, [flat('1')])).rejects.toEqual(refused('too-few-parts'))
    await expect(life.split(clerk, id, [flat('1'), flat('1')])).rejects.toEqual(refused('address-taken'))
    const [old, first, next] = await life.split(clerk, id, [flat('1'), flat('2')])
    expect(old).toMatchObject({ id, status: 'historical', successors: [first!.id, next!.id] })
    // They stand in the cell of the old one: its code is theirs.
    expect(await resolve(codeAt())).toMatchObject({
      status: 'current',
      households: [{ id: first!.id }, { id: next!.id }],
      superseded: [],
    })
    const [stays, third] = await life.split(clerk, first!.id, [flat('3')], true)
    expect(stays).toMatchObject({ id: first!.id, status: 'provisional', vpostcode: codeAt(1) })
    await expect(life.undo(clerk, id)).rejects.toEqual(refused('changed-since'))

    expect((await life.undo(clerk, third!.id)).map(({ id }) => id)).toEqual([third!.id, first!.id])
    expect(await registry.household(third!.id)).toMatchObject({ status: 'historical', vpostcode: null })
    // Its address is free again.
    await life.register(clerk, flat('3'))
  })

  test('reinstate brings back what is free', async () => {
    const { life, enter, registry } = open()
    const id = await enter('12', { point: point(), externalId: 'A-1' })
    await expect(life.reinstate(clerk, id)).rejects.toEqual(refused('not-historical'))
    await life.undo(clerk, id)
    expect(await registry.byExternalId('office', 'A-1')).toBeNull()
    expect((await life.reinstate(clerk, id))[0]).toMatchObject({
      status: 'provisional',
      vpostcode: codeAt(),
      externalIds: [{ scheme: 'office', value: 'A-1' }],
    })
    await life.retire(clerk, id)
    const other = await enter('12', { point: point() })
    await expect(life.reinstate(clerk, id)).rejects.toEqual(refused('address-taken'))
    await life.undo(clerk, other)
    expect((await life.reinstate(clerk, id))[0]!.status).toBe('provisional')
  })
})

test('external ids are added and taken away by events, one holder each', async () => {
  const { life, enter, registry, kinds } = open()
  const [one, two] = [await enter('12'), await enter('14')]
  const id = { scheme: 'digital-address', value: '7100900001' }
  await life.addExternalId(clerk, one, id)
  await expect(life.addExternalId(clerk, one, id)).rejects.toEqual(refused('nothing-changed'))
  await expect(life.addExternalId(clerk, two, id)).rejects.toEqual(refused('external-id-taken'))
  await expect(life.removeExternalId(clerk, two, id)).rejects.toEqual(refused('external-id-missing'))
  await life.removeExternalId(clerk, one, id)
  await life.addExternalId(clerk, two, id)
  expect(await registry.byExternalId(id.scheme, id.value)).toMatchObject({ id: two })
  expect(await kinds(one)).toEqual(['insert', 'update', 'update'])
  await expect(life.undo(clerk, one)).rejects.toEqual(refused('external-id-taken'))
})

test('a number that a file brought can be taken away whatever its form', async () => {
  const { life, registry, loader } = open()
  const value = `A\u200b${'1'.repeat(120)}`
  const [loaded] = await loader.load([draft({ externalId: value })])
  await life.removeExternalId(clerk, loaded!.household.id, { scheme: 'office', value })
  expect(await registry.byExternalId('office', value)).toBeNull()
})

test('an erased household keeps id, commune and the course of events, nothing else, on disk too', async () => {
  const path = join(folder, 'erased.db')
  const { life, registry, store, resolve } = open(path)
  const secret = 'ngõ Bí Mật'
  const drafted = (number: string) =>
    house(number, { text: `${number} ${secret}`, parts: { houseNumber: number, street: secret } })
  const id = (
    await life.register(
      { actor: 'clerk', reason: 'asked by phone for 987654' },
      {
        draft: { ...drafted('987654'), point: point() },
        externalIds: [{ scheme: 'office', value: 'KEEP-NOT' }],
      },
    )
  )[0]!.id
  await life.correct(clerk, id, drafted('987655'))
  await life.move(clerk, id, { point: point(60) })
  await life.erase(second, id)
  expect(await registry.household(id)).toMatchObject({
    id,
    status: 'historical',
    text: '',
    parts: {},
    point: null,
    vpostcode: null,
    externalIds: [],
    communeCode: '26743',
  })
  const history = await registry.history(id)
  expect(history.map(({ kind }) => kind)).toEqual(['insert', 'update', 'update', 'erase'])
  expect(JSON.stringify(history)).not.toMatch(/98765|Bí Mật|10\.77/)
  expect(await resolve(codeAt())).toMatchObject({ status: 'unregistered', superseded: [] })
  for (const change of [life.undo, life.reinstate, life.erase])
    await expect(change(clerk, id)).rejects.toEqual(refused('erased'))
  // What was freed is overwritten before the database is closed.
  for (const file of [path, `${path}-wal`])
    if (existsSync(file)) expect(readFileSync(file).toString('latin1')).not.toMatch(/98765[45]|KEEP-NOT/)
  await store.close()
})

describe('a list that is loaded again', () => {
  const file = [
    house('12', { point: point(), externalId: 'A' }),
    house('14', { point: point(20), externalId: 'B' }),
    hamlet({ point: point(500) }),
    hamlet({ point: point(600) }),
  ]

  test('after a merge leads to the household that stayed', async () => {
    const { life, loader } = open()
    const ids = (await loader.load(file)).map(({ household }) => household.id)
    await life.merge(clerk, ids[0]!, [ids[1]!])
    await life.merge(clerk, ids[2]!, [ids[3]!])
    const again = await loader.load(file)
    expect(statuses(again)).toEqual(['unchanged', 'duplicate', 'unchanged', 'duplicate'])
    expect(again.map(({ household }) => household.id)).toEqual([ids[0], ids[0], ids[2], ids[2]])
    const other = await loader.load(file.toReversed(), { list: 'another' })
    expect(new Set(other.map(({ household }) => household.id))).toEqual(
      new Set([ids[0], ids[2], other[0]!.household.id]),
    )
    expect(await loader.load(file).then(statuses)).toEqual(statuses(again))
  })

  test('after a retirement asks a person, once', async () => {
    const { life, loader, store } = open()
    const ids = (await loader.load(file)).map(({ household }) => household.id)
    for (const id of [ids[0]!, ids[2]!]) await life.retire(clerk, id)
    const again = await loader.load(file)
    expect(statuses(again)).toEqual(['review', 'unchanged', 'review', 'unchanged'])
    expect(again.map(({ conflict }) => conflict)).toEqual([
      'household-retired',
      null,
      'household-retired',
      null,
    ])
    expect(await store.count()).toBe(6)
    expect(statuses(await loader.load(file))).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged'])
    expect(await store.count()).toBe(6)
  })

  test('after what it entered was undone enters it anew', async () => {
    const { life, loader, store } = open()
    const ids = (await loader.load(file)).map(({ household }) => household.id)
    for (const id of ids) await life.undo(clerk, id)
    expect(statuses(await loader.load(file))).toEqual(['assigned', 'assigned', 'assigned', 'assigned'])
    expect(statuses(await loader.load(file))).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged'])
    expect(await store.count()).toBe(8)
  })
})
