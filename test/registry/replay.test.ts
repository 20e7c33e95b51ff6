import fc from 'fast-check'
import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import type { Doubt } from '../../src/registry/doubts/store.ts'
import { versions } from '../../src/registry/history.ts'
import { type IdCodec, idCodec } from '../../src/registry/id.ts'
import { ChangeRefused } from '../../src/registry/life/refused.ts'
import { type CheckById, type Life, openLife } from '../../src/registry/life.ts'
import { differences, replay } from '../../src/registry/replay.ts'
import { draw, openRound } from '../../src/registry/sample/draw.ts'
import type { StoredHousehold, StoreWriter } from '../../src/registry/store.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { expectCounts } from './counts.ts'
import { draft, type Loader, loader, point } from './helpers.ts'

const gazetteer = load()

/** One thing that a clerk does; numbers choose among what there is. */
const anyStep = fc.record({
  what: fc.constantFrom(
    'load',
    'register',
    'register',
    'correct',
    'move',
    'move',
    'verify',
    'retire',
    'merge',
    'split',
    'setMain',
    'addId',
    'removeId',
    'reinstate',
    'undo',
    'undo',
    'erase',
    'draw',
    'redraw',
    'check',
    'check',
    'check',
    'undoCheck',
    'decide',
    'find',
    'find',
    'observe',
    'observe',
    'observe',
  ),
  a: fc.nat(30),
  b: fc.nat(30),
  north: fc.constantFrom(0, 4, 30, 90, 200),
  number: fc.constantFrom('1', '2', '3', '4', '5'),
})
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

async function carryOut(one: Loader, life: Life, ids: IdCodec, step: Step): Promise<boolean> {
  const { what, a, b, north, number } = step
  const count = await one.store.count()
  const id = (i: number) => ids.idOf(1 + (i % Math.max(count, 1)))
  const by = { actor: `clerk ${b % 3}`, reason: what }
  const address = (unit?: string) =>
    draft({ text: `${number} X`, parts: { houseNumber: number, street: 'X', unit }, point: point(north) })
  const externalId = { scheme: 'office', value: number }
  const events = (await one.events()).length
  try {
    if (what === 'load') await one.load([address(), { ...address(), externalId: number }])
    else if (what === 'register') await life.register(by, { draft: address() })
    else if (what === 'correct') await life.correct(by, id(a), address())
    else if (what === 'move')
      await life.move(by, id(a), { point: point(north, { source: 'surveyed', accuracy: 3 + (b % 5) }) })
    else if (what === 'verify') await life.verify(by, id(a))
    else if (what === 'retire') await life.retire(by, id(a), b % 2 ? [id(b)] : [])
    else if (what === 'merge') await life.merge(by, id(a), b % 3 ? [id(b)] : [id(b), id(b + 1)])
    else if (what === 'split')
      await life.split(by, id(a), [{ draft: address('p1') }, { draft: address('p2') }], b % 2 === 0)
    else if (what === 'setMain') await life.setMain(by, id(a), b % 4 ? id(b) : null)
    else if (what === 'addId') await life.addExternalId(by, id(a), externalId)
    else if (what === 'removeId') await life.removeExternalId(by, id(a), externalId)
    else if (what === 'reinstate') await life.reinstate(by, id(a))
    else if (what === 'undo') await life.undo(by, id(a))
    else if (what === 'draw' || what === 'redraw') {
      const round = await openRound(one.store, {
        actor: 'x',
        share: 0.3,
        least: 2,
        newRound: what === 'redraw',
      })
      for await (const _ of draw(one.store, ids, [{ provinceCode: '79', communeCode: '26743' }], round));
    } else if (what === 'check')
      await life.check({ actor: `checker ${b % 3}` }, await toCheck(one, ids, a), { found: found(b) })
    else if (what === 'observe') {
      const found = b % 3 === 0 ? 'right' : b % 3 === 1 ? 'gone' : 'moved'
      await life.observe({ actor: `courier ${b % 4}` }, id(a), { found, point: b % 2 ? point(b * 9) : null })
    } else if (what === 'find') await find(one.store, a, b)
    else if (what === 'undoCheck') await life.undoCheck(by, id(a))
    else if (what === 'decide')
      await life.decide(by, id(a), b % 2 ? { kind: 'keep', others: [] } : { kind: 'reject' })
    else await life.erase(by, id(a))
    return true
  } catch (error) {
    if (!(error instanceof ChangeRefused)) throw error
    expect((await one.events()).length).toBe(events)
    return false
  }
}

/** Looks through a commune and finds something about households, also what was found in another commune before. */
async function find(store: StoreWriter, a: number, b: number): Promise<void> {
  const count = await store.count()
  const found: Doubt[] = []
  for (let n = 1 + (b % 4); n < count; n += 1 + (a % 5))
    found.push({
      ...{ score: 0.9, reason: 'x', metres: null },
      ...(n % 3 ? { kind: 'duplicate', n, other: n + 1 } : { kind: 'numbering', n, other: null }),
    })
  const communeCode = a % 3 ? '26743' : '26740'
  await store.transaction((tx) => tx.writeDoubts({ provinceCode: '79', communeCode }, found, 1_000 * b))
}

/** One that waits for a check, when there is one. */
async function toCheck({ store }: Loader, ids: IdCodec, a: number): Promise<string> {
  const open = await store.toCheck({ provinceCode: '79', communeCode: '26743' })
  return ids.idOf(open.length > 0 ? open[a % open.length]!.n : 1 + (a % Math.max(await store.count(), 1)))
}

const found = (b: number): CheckById['found'] =>
  b % 4 === 0
    ? { kind: 'none' }
    : { kind: 'house', communeCode: null, point: { ...point(b * 7), accuracy: 5 } }

const done = new Map<string, number>()

test('the event list replayed from zero gives the same registry and counts; every code ever given resolves', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 60 }), async (steps) => {
      const one = loader()
      const life = openLife({ store: one.store, gazetteer, engineVersion: '1' })
      const ids = idCodec(one.store.secret)
      for (const step of steps)
        if (await carryOut(one, life, ids, step)) done.set(step.what, (done.get(step.what) ?? 0) + 1)
      const events = await one.events()
      expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1))

      const stored = await one.households()
      const all = new Map<number, StoredHousehold[]>()
      for (const household of stored)
        all.set(household.n, versions(household, await one.store.history(household.n)))
      const again = openWriter(':memory:')
      expect(await replay(one.store, again)).toEqual({ events: events.length, gaps: [] })
      expect(await differences(one.store, again)).toEqual([])
      await again.close()

      await expectCounts(one.store)

      const holders = new Map<string, number>()
      for (const { n, externalIds, status, successors, vpostcode } of stored) {
        for (const { scheme, value } of externalIds) {
          expect(holders.has(`${scheme} ${value}`)).toBe(false)
          holders.set(`${scheme} ${value}`, n)
          expect(await one.store.byExternalId(scheme, value)).toBe(n)
        }
        if (status === 'historical') expect(vpostcode).toBeNull()
        else expect(successors).toEqual([])
        const codes = all.get(n)!.flatMap(({ vpostcode }) => vpostcode ?? [])
        for (const code of new Set(codes)) {
          const here = (await one.store.atCode(code, 100)).includes(n)
          const old = (await one.store.oldCodes(code, 100)).filter((alias) => alias.n === n)
          expect([code, here]).toEqual([code, code === vpostcode])
          if (!here) expect(old.length).toBeGreaterThan(0)
        }
      }
      await one.store.close()
    }),
    { numRuns: 30, seed: 2025 },
  )
  // The random steps did everything at least once.
  expect([...done.keys()].sort()).toEqual([
    'addId',
    'check',
    'correct',
    'decide',
    'draw',
    'erase',
    'find',
    'load',
    'merge',
    'move',
    'observe',
    'redraw',
    'register',
    'reinstate',
    'removeId',
    'retire',
    'setMain',
    'split',
    'undo',
    'undoCheck',
    'verify',
  ])
}, 120_000)
