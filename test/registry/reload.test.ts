import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { prepareRow } from '../../src/pipeline.ts'
import { idCodec } from '../../src/registry/id.ts'
import { keyOf } from '../../src/registry/key.ts'
import { ChangeRefused } from '../../src/registry/life/refused.ts'
import { openLife } from '../../src/registry/life.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import { reviewCase } from '../../src/registry/review/queue.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import type { HouseholdDraft } from '../../src/registry/types.ts'
import { draft, hamlet, loader, point, statuses } from './helpers.ts'

const gazetteer = load()
const by = { actor: 'lan', reason: 'seen on site' }
/** A former commune of Ha Noi that was split, and rows in it on a street that no map knows. */
const SPLIT = gazetteer.formerCommune('00103')!
const inSplit = (front: string) =>
  prepareRow({ address: `${front}, ${SPLIT.fullName}, ${SPLIT.district.fullName}, Hà Nội` }, gazetteer).draft!
const doubtful = inSplit('Số 5 đường Không Tên')

function desk() {
  const one = loader()
  const ids = idCodec(one.store.secret)
  const life = openLife({ store: one.store, gazetteer, engineVersion: '1' })
  const id = (n: number) => ids.idOf(n)
  const stored = async (n: number) => (await one.store.households([n]))[0]!
  /** The same drafts again: what is known stays as it is. */
  const again = async (drafts: readonly HouseholdDraft[], listSince = 0) => {
    const before = await one.households()
    const outcomes = await one.load(drafts, { context: { listSince } })
    expect(await one.households()).toEqual(before)
    return outcomes.map(({ status, remark, n }) => [status, remark, n])
  }
  return { ...one, ids, life, id, stored, again }
}

describe('a file that is loaded again after a person has decided', () => {
  const other = SPLIT.successors
    .map(({ current }) => current)
    .find(({ code }) => code !== doubtful.communeCode)!
  const far = gazetteer.commune('26743')!

  test('another commune of the split one, or any other: the row leads to the household and changes nothing', async () => {
    for (const communeCode of [other.code, far.code])
      for (const externalId of [null, 'A-1']) {
        const { load, life, id, stored, again } = desk()
        const file = [{ ...doubtful, externalId }]
        await load(file)
        await life.decide(by, id(1), { kind: 'commune', communeCode })
        const remark = communeCode === far.code ? 'corrected-since' : null
        expect(await again(file)).toEqual([['unchanged', remark, 1]])
        expect((await stored(1)).communeCode).toBe(communeCode)
        // The text leaves it open also in a list that comes later.
        expect(
          statuses(await load(file, { list: 'later', context: { listSince: Date.now() + 1e6 } })),
        ).toEqual(['unchanged'])
      }
  })

  test('a text without a house in a split commune', async () => {
    const { load, life, id, again } = desk()
    const file = [inSplit('Thôn Đông'), inSplit('Thôn Đông')]
    await load(file)
    await life.decide(by, id(1), { kind: 'commune', communeCode: other.code })
    await life.decide(by, id(2), { kind: 'commune', communeCode: far.code })
    expect((await again(file)).map(([status, , n]) => [status, n])).toEqual([
      ['unchanged', 1],
      ['unchanged', 2],
    ])
  })

  test('another guess of the commune alone makes no second household', async () => {
    const { load, again } = desk()
    await load([doubtful])
    const guess = { ...doubtful, communeCode: other.code, postcode: other.postcode }
    expect(await again([guess])).toEqual([['unchanged', null, 1]])
    // What the text leaves open, not likeness, leads there.
    expect((await load([{ ...guess, alsoIn: [] }]))[0]).toMatchObject({ status: 'review', n: 2 })
  })

  test('another house number, commune or point: not doubled, not taken back; with a number neither', async () => {
    for (const externalId of [null, 'A-1']) {
      const { load, life, id, stored, again } = desk()
      const file = ['12', '14', '16', '18'].map((houseNumber, i) =>
        draft({
          parts: { houseNumber, street: 'X' },
          point: i === 1 ? null : point(i * 200),
          externalId: externalId && `${externalId}-${i}`,
        }),
      )
      await load(file)
      await life.correct(by, id(1), draft({ parts: { houseNumber: '12A', street: 'X' }, point: point(30) }))
      await life.correct(by, id(2), draft({ communeCode: '26740', postcode: '71006' }))
      await life.move(by, id(3), { point: point(320, { source: 'surveyed', accuracy: 3 }) })
      await life.verify(by, id(4), { point: point(500, { source: 'surveyed', accuracy: 3 }) })
      const held = await Promise.all([1, 2, 3, 4].map(stored))
      expect(await again(file)).toEqual([1, 2, 3, 4].map((n) => ['unchanged', 'corrected-since', n]))
      expect(await Promise.all([1, 2, 3, 4].map(stored))).toEqual(held)
      // What the row says today is no remark any more.
      await life.undo(by, id(1))
      expect((await again(file))[0]).toEqual(['unchanged', null, 1])
    }
  })

  test('a wrong point that was taken away does not come back', async () => {
    const { load, life, id, stored, again } = desk()
    const file = [draft({ point: point() })]
    await load(file)
    await life.decide(by, id(1), { kind: 'commune', communeCode: '26743', point: null })
    expect(await again(file)).toEqual([['unchanged', 'corrected-since', 1]])
    expect((await stored(1)).point).toBeNull()
    // Another point is news.
    expect(statuses(await load([draft({ point: point(40) })]))).toEqual(['updated'])
  })

  test('the old address of a corrected household in a list that comes later is for a person to look at', async () => {
    const { load, store, ids, life, id, stored } = desk()
    await load([draft()])
    await life.correct(by, id(1), draft({ parts: { houseNumber: '14', street: 'Lê Lợi' } }))
    const later = { list: 'later', context: { listSince: Date.now() + 1e6 } }
    const [outcome] = await load([draft()], later)
    expect(outcome).toMatchObject({ status: 'review', conflict: 'corrected-since', n: 2 })
    const { alike } = await reviewCase(store, ids, await stored(2), gazetteer)
    expect(alike.map((household) => household.id)).toEqual([id(1)])
    await life.decide(by, id(2), { kind: 'merge', into: id(1) })
    expect((await load([draft()], later))[0]).toMatchObject({ status: 'unchanged', n: 1 })
  })

  test('a rejected household is not made anew, and the row says so; a list that comes later asks once more', async () => {
    const { load, store, life, id, again } = desk()
    const file = [draft(), hamlet(), draft({ parts: { houseNumber: '9', street: 'X' }, externalId: 'A-1' })]
    await load(file)
    for (const n of [1, 2, 3]) await life.decide(by, id(n), { kind: 'reject' })
    expect(await again(file)).toEqual([1, 2, 3].map((n) => ['unchanged', 'household-rejected', n]))
    const later = { list: 'later', context: { listSince: Date.now() + 1e6 } }
    expect((await load([draft()], later))[0]).toMatchObject({
      status: 'review',
      conflict: 'household-retired',
    })
    expect((await load([draft()], later))[0]).toMatchObject({ status: 'unchanged', conflict: null })
    expect(await store.count()).toBe(4)
    // Undone, it is as before.
    await life.undo(by, id(3))
    expect((await again(file))[2]).toEqual(['unchanged', null, 3])
  })

  test('whatever a person did: a second load makes and changes nothing', async () => {
    const anyDraft = fc
      .record({
        houseNumber: fc.constantFrom(undefined, '1', '2', '3'),
        hamlet: fc.constantFrom(undefined, 'thôn A'),
        north: fc.constantFrom(null, 0, 110, 220),
        numbered: fc.constantFrom(false, false, true),
        doubt: fc.constantFrom(false, false, true),
      })
      .map(({ houseNumber, hamlet, north, numbered, doubt }) => {
        const parts = { houseNumber, street: houseNumber && 'X', hamlet }
        const review = doubt ? ['split-commune'] : []
        return draft({
          parts,
          point: north === null ? null : point(north),
          externalId: numbered ? 'A' : null,
          review,
        })
      })
    const anyStep = fc.record({
      what: fc.constantFrom('correct', 'move', 'verify', 'commune', 'point', 'reject', 'undo'),
      n: fc.nat(20),
      commune: fc.constantFrom('26743', '26740'),
      number: fc.constantFrom('1', '4', '5', '6'),
      north: fc.constantFrom(4, 30, 90, 200),
    })
    const done = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyDraft, { minLength: 1, maxLength: 12 }),
        fc.array(anyStep, { minLength: 1, maxLength: 12 }),
        async (drafts, steps) => {
          // Numbers are unique in a file.
          const file = drafts.map((one, i) => ({ ...one, externalId: one.externalId && `A-${i}` }))
          const { load, store, life, id, again } = desk()
          await load(file)
          for (const { what, n, commune, number, north } of steps) {
            const m = 1 + (n % (await store.count()))
            const one = id(m)
            const here = point(north, { source: 'surveyed', accuracy: 3 })
            const parts = { houseNumber: number, street: 'X' }
            const wanted = { kind: 'commune' as const, communeCode: commune }
            try {
              if (what === 'correct') await life.correct(by, one, draft({ parts, communeCode: commune }))
              else if (what === 'move') await life.move(by, one, { point: here })
              else if (what === 'verify') await life.verify(by, one, { point: here })
              else if (what === 'commune') await life.decide(by, one, wanted)
              else if (what === 'point') await life.decide(by, one, { kind: 'point', point: here })
              else if (what === 'reject') await life.decide(by, one, { kind: 'reject' })
              else if ((await store.history(m)).at(-1)!.actor === by.actor) await life.undo(by, one)
              done.set(what, (done.get(what) ?? 0) + 1)
            } catch (error) {
              if (!(error instanceof ChangeRefused)) throw error
            }
          }
          for (const [status] of await again(file)) expect(['unchanged', 'duplicate']).toContain(status)
          await store.close()
        },
      ),
      { numRuns: 50, seed: 2026, endOnFailure: true },
    )
    expect(done.size).toBe(7)
  }, 120_000)
})

test('a household from before streets were written plainly is found by the text that it came from', async () => {
  const { load, ids, store, again } = desk()
  const file = [draft({ parts: { houseNumber: '12', street: 'Đ. Lê Lợi' } })]
  await load(file)
  const [now] = await store.households([1])
  const written = { ...now!, parts: file[0]!.parts, key: keyOf(file[0]!) }
  const before = { parts: now!.parts, key: now!.key }
  const after = { parts: written.parts, key: written.key }
  await store.transaction((tx) =>
    tx.write({
      ...{ changes: [{ kind: 'update', household: written, before, after }] },
      ...{ lineOf, at: 1, actor: 'test', job: null },
    }),
  )
  expect(await again(file)).toEqual([['unchanged', null, 1]])
  expect(await openRegistry(store).atAddress(file[0]!, 5)).toMatchObject([{ id: ids.idOf(1) }])
  // Whoever writes it out has another text, as before.
  const plain = [draft({ parts: { houseNumber: '12', street: 'Lê Lợi' }, point: null })]
  expect(statuses(await load(plain))).toEqual(['visit'])
})

test('a street that is a day is one street, in figures and in words, also for households from before', async () => {
  const ways = ['Đường 3/2', '03-02', '3 Tháng 2', 'Đường Ba Tháng Hai', 'ba thang hai']
  const drafts = ways.map((street) => draft({ parts: { houseNumber: '12', street }, point: null }))
  const { load, store } = desk()
  const others = ways.slice(1).map(() => 'duplicate')
  expect(statuses(await load(drafts))).toEqual(['visit', ...others])
  for (const { parts, ...place } of drafts) {
    const [now] = await store.households([1])
    const after = { parts, key: keyOf({ ...place, parts }) }
    await store.transaction((tx) =>
      tx.write({
        changes: [
          {
            kind: 'update',
            household: { ...now!, ...after },
            before: { parts: now!.parts, key: now!.key },
            after,
          },
        ],
        ...{ lineOf, at: 1, actor: 'test', job: null },
      }),
    )
    expect([parts.street, ...statuses(await load(drafts))]).toEqual([parts.street, 'unchanged', ...others])
  }
})
